"""YouTube's Data API, spoken by a server of this machine."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from producers.live import Watching
from producers.sources.source import Refused
from producers.sources.youtube import Comments
from tests.integration.sources.driving import served, watched
from tests.producers.test_replay import Memory
from uproar.source_config import Youtube

pytestmark = pytest.mark.integration

KEY = "an-invented-key"
BEGAN = datetime(2026, 1, 18, 9, tzinfo=UTC)


def thread(number: int, second: int | None = None, text: str = "Quillhost") -> dict[str, Any]:
    at = f"{BEGAN + timedelta(seconds=number if second is None else second):%Y-%m-%dT%H:%M:%SZ}"
    snippet = {"textOriginal": f"{text} {number}", "authorChannelId": {"value": "UCbaker"},
               "publishedAt": at, "updatedAt": at, "videoId": "v1"}  # fmt: skip
    top = {"kind": "youtube#comment", "id": f"t{number}", "snippet": snippet}
    return {"kind": "youtube#commentThread", "id": f"t{number}",
            "snippet": {"videoId": "v1", "topLevelComment": top, "isPublic": True}}  # fmt: skip


class Api:
    """Threads by video or channel, the newest first; a string is the reason of a refusal."""

    def __init__(self, **threads: list[dict[str, Any]] | str) -> None:
        self.threads: dict[str, Any] = dict(threads)
        self.found: list[str] = []
        self.asked: list[str] = []
        self.pages = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-Goog-Api-Key") != KEY:
            return self.refused(400, "badRequest")
        assert "key" not in request.query
        if request.path.endswith("/search"):
            items = [{"id": {"kind": "youtube#video", "videoId": name}} for name in self.found]
            return web.json_response({"items": items})
        name = request.query.get("videoId") or request.query["allThreadsRelatedToChannelId"]
        self.asked.append(name)
        threads = self.threads.get(name, "videoNotFound")
        if isinstance(threads, str):
            return self.refused(404 if threads.endswith("NotFound") else 403, threads)
        start = int(request.query.get("pageToken", "0"))
        page = threads[start : start + 100]
        body: dict[str, Any] = {"kind": "youtube#commentThreadListResponse", "items": page}
        if start + 100 < len(threads):
            body["nextPageToken"] = str(start + 100)
        return web.json_response(body)

    def refused(self, status: int, reason: str) -> web.Response:
        error = {"code": status, "errors": [{"reason": reason}]}
        return web.json_response({"error": error}, status=status)


async def read(
    api: Api,
    folder: Path,
    until: Callable[[Memory, Watching], bool],
    key: str = KEY,
    **settings: Any,
) -> tuple[Memory, Watching]:
    outlet = Memory()
    async with served(every=api.answer) as url:
        source = Comments(Youtube(**settings), key, api=url)
        source._turns._every_seconds = 0.1
        watching = await watched(source, folder, outlet, lambda one: until(outlet, one))
    return outlet, watching


def ids(outlet: Memory) -> list[str]:
    return [post.post_id for post in outlet.posts]


def test_new_threads_come_once_also_those_of_the_same_second(tmp_path: Path) -> None:
    threads = [thread(1, 5)]
    api = Api(v1=threads)

    def until(outlet: Memory, _: Watching) -> bool:
        if len(outlet.posts) == 1 and len(threads) == 1:
            threads[:0] = [thread(3, 6), thread(2, 5)]
        return len(outlet.posts) >= 3 and len(api.asked) > 5

    outlet, _ = asyncio.run(read(api, tmp_path, until, videos=("v1",)))
    assert ids(outlet) == ["t1", "t2", "t3"]


def test_a_restart_reads_back_to_what_was_seen(tmp_path: Path) -> None:
    api = Api(UCtown=[thread(1)])
    asyncio.run(read(api, tmp_path, lambda outlet, _: bool(outlet.posts), channels=("UCtown",)))
    api.threads["UCtown"] = [thread(number) for number in range(250, 0, -1)]
    outlet, _ = asyncio.run(
        read(api, tmp_path, lambda outlet, _: len(outlet.posts) >= 249, channels=("UCtown",))
    )
    assert ids(outlet) == [f"t{number}" for number in range(2, 251)]
    assert not outlet.letters


def test_closed_comments_keep_no_other_video_waiting(tmp_path: Path) -> None:
    api = Api(v1=[thread(1)], v2="commentsDisabled")
    outlet, watching = asyncio.run(
        read(
            api,
            tmp_path,
            lambda outlet, one: bool(outlet.posts and one.health.troubles),
            videos=("v2", "v1"),
        )
    )
    assert ids(outlet) == ["t1"]
    assert "commentsDisabled" in watching.health.troubles[0]


def test_what_a_search_finds_is_read_and_closed_comments_there_are_no_trouble(
    tmp_path: Path,
) -> None:
    api = Api(v1=[thread(1)], v2="commentsDisabled")
    api.found = ["v2", "v1"]
    outlet, watching = asyncio.run(
        read(api, tmp_path, lambda outlet, _: bool(outlet.posts), searches=("Quillhost",))
    )
    assert ids(outlet) == ["t1"]
    assert not watching.health.troubles


def test_a_key_that_is_not_valid_ends_it_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="400") as refused:
        asyncio.run(read(Api(), tmp_path, lambda *_: False, key="another", videos=("v1",)))
    assert "console.cloud.google.com" in refused.value.hint


@pytest.mark.parametrize("is_told", [True, False])
def test_a_quota_that_is_used_up_is_waited_for_until_the_day_ends(
    tmp_path: Path, is_told: bool
) -> None:
    threads: Any = "quotaExceeded" if is_told else [thread(1)]
    units = 10_000 if is_told else 2

    async def run() -> None:
        outlet = Memory()
        async with served(every=Api(v1=threads).answer) as url:
            source = Comments(Youtube(videos=("v1",), units_a_day=units), KEY, api=url)
            source._turns._every_seconds = 0.05

            def until(one: Watching) -> bool:
                if one.health.state != "waiting" or one.health.until is None:
                    return False
                seen.append((one.health.why, one.health.until))
                return True

            await watched(source, tmp_path, outlet, until)

    seen: list[tuple[str, datetime]] = []
    asyncio.run(run())
    why, wait_until = seen[0]
    assert "quota" in why
    wait = wait_until - datetime.now(UTC)
    assert timedelta(0) < wait < timedelta(days=1, minutes=2)
