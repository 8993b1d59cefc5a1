"""Mastodon's streaming API and timelines, spoken by a server of this machine."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from producers.cursors import Cursors
from producers.live import Watching
from producers.sources.mastodon import Instance
from producers.sources.source import Refused
from tests.integration.sources.driving import served, watched
from tests.producers.test_replay import Memory
from uproar.source_config import Mastodon

pytestmark = pytest.mark.integration

TOKEN = "an-invented-token"
BEGAN = datetime.now(UTC) - timedelta(hours=2)


def id_at(number: int) -> str:
    """An id as Mastodon makes them: ten a second."""
    return str(int((BEGAN + timedelta(seconds=number / 10)).timestamp() * 1_000) << 16)


def status(number: int, text: str = "Quillhost again", **changes: Any) -> dict[str, Any]:
    return {
        "id": id_at(number),
        "created_at": (BEGAN + timedelta(seconds=number / 10)).isoformat(),
        "content": f"<p>{text}</p>",
        "visibility": "public",
        "uri": f"https://town.example/statuses/{number}",
        "account": {"id": "7", "acct": "baker", "url": "https://town.example/@baker"},
        **changes,
    }


def update(number: int, kind: str = "update", **changes: Any) -> str:
    payload = json.dumps(status(number, **changes))
    return json.dumps({"stream": ["public"], "event": kind, "payload": payload})


def deletion(number: int) -> str:
    return json.dumps({"stream": ["public"], "event": "delete", "payload": id_at(number)})


class Town:
    """An instance: `frames` are streamed to whoever comes, `statuses` are its timeline."""

    def __init__(self, frames: list[Any]) -> None:
        self.frames = frames
        self.statuses: list[dict[str, Any]] = []
        self.subscriptions: list[dict[str, str]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: list[web.Response] = []
        self.is_cut = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "The access token is invalid"}, status=401)
        if self.answers:
            return self.answers.pop(0)
        if request.path == "/api/v1/streaming":
            return await self.stream(request)
        self.asked.append((request.path, dict(request.query)))
        since = int(request.query["min_id"])
        newer = [one for one in self.statuses if int(one["id"]) > since]
        return web.json_response(newer[: int(request.query["limit"])][::-1])

    async def stream(self, request: web.Request) -> web.StreamResponse:
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        frames, self.frames = self.frames, []
        sending = asyncio.create_task(self.send(wire, frames))
        async for message in wire:
            if message.type is WSMsgType.TEXT:
                self.subscriptions.append(json.loads(message.data))
        await sending
        return wire

    async def send(self, wire: web.WebSocketResponse, frames: list[Any]) -> None:
        await asyncio.sleep(0.05)
        for frame in frames:
            if frame is None:
                await wire.close()
            elif isinstance(frame, bytes):
                await wire.send_bytes(frame)
            else:
                await wire.send_str(frame)


async def read(
    town: Town, folder: Path, count: int, token: str = TOKEN, **settings: Any
) -> tuple[Memory, Watching]:
    outlet = Memory()
    async with served(every=town.answer) as url:
        instance = Instance(Mastodon(instance=url, **settings), token)
        instance.name = "mastodon:town.example"

        def is_done(_: Watching) -> bool:
            return len(outlet.posts) + len(outlet.deletions) + len(outlet.letters) >= count

        watching = await watched(instance, folder, outlet, is_done)
    return outlet, watching


def texts(outlet: Memory) -> list[str]:
    return [post.text for post in outlet.posts]


def test_statuses_edits_and_deletions_come_from_every_stream_that_is_asked_for(
    tmp_path: Path,
) -> None:
    town = Town([update(1), update(2, content="nothing"), deletion(1),
                 update(3, "status.update", edited_at=datetime.now(UTC).isoformat())])  # fmt: skip
    reading = read(town, tmp_path, 3, streams=("public:local",), hashtags=("#ShutItDown",))
    outlet, _ = asyncio.run(reading)
    assert [post.revision > 0 for post in outlet.posts] == [False, True]
    assert [one.post_id for one in outlet.deletions] == [id_at(1)]
    assert {"type": "subscribe", "stream": "public:local"} in town.subscriptions
    assert {"type": "subscribe", "stream": "hashtag", "tag": "ShutItDown"} in town.subscriptions
    assert datetime.now(UTC) - outlet.posts[0].observed_at < timedelta(minutes=1)


def test_what_passed_while_nobody_looked_is_read_from_the_timelines_in_its_own_minute(
    tmp_path: Path,
) -> None:
    asyncio.run(read(Town([update(1)]), tmp_path, 1))
    town = Town([])
    town.statuses = [status(number, f"Quillhost {number}") for number in range(130)]
    outlet, _ = asyncio.run(read(town, tmp_path, 129))
    assert {f"Quillhost {number}" for number in range(2, 130)} <= set(texts(outlet))
    assert outlet.posts[0].observed_at == outlet.posts[0].created_at
    assert int(town.asked[0][1]["min_id"]) < int(id_at(0))  # a little before the cursor
    assert Cursors(tmp_path).load("mastodon:town.example").cursor == id_at(129)


def test_a_backfill_that_breaks_off_begins_again_for_every_timeline(tmp_path: Path) -> None:
    asyncio.run(read(Town([update(1)]), tmp_path, 1))
    town = Town([])
    town.statuses = [status(number, f"Quillhost {number}") for number in range(2, 12)]
    reset = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    passed: list[str] = []
    answer = town.answer

    async def limited(request: web.Request) -> web.StreamResponse:
        passed.append(request.path)
        if len(passed) == 3:  # the stream, the first timeline, then the second
            return web.json_response({}, status=429, headers={"X-RateLimit-Reset": reset})
        return await answer(request)

    town.answer = limited  # type: ignore[method-assign]
    asyncio.run(read(town, tmp_path, 30, hashtags=("one",)))
    assert [path.rpartition("/")[2] for path in passed] == [
        "streaming", "public", "one", "streaming", "public", "one"
    ]  # fmt: skip


def test_more_than_can_be_read_back_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.sources.mastodon.MOST_PAGES", 2)
    asyncio.run(read(Town([update(1)]), tmp_path, 1))
    town = Town([])
    town.statuses = [status(number) for number in range(2, 200)]
    outlet, _ = asyncio.run(read(town, tmp_path, 81))
    assert [letter.reason for letter in outlet.letters] == ["gap"]


def test_a_stream_that_ends_is_opened_again(tmp_path: Path) -> None:
    town = Town([update(1), None])
    town.statuses = [status(2)]
    outlet, watching = asyncio.run(read(town, tmp_path, 2))
    assert [post.post_id for post in outlet.posts] == [id_at(1), id_at(2)]
    assert watching.health.reconnects >= 1


def test_a_hashtag_without_posts_is_no_dead_wire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.sources.sockets.PING_SECONDS", 0.1)

    async def run() -> Watching:
        town = Town([])
        async with served(every=town.answer) as url:
            instance = Instance(Mastodon(instance=url), TOKEN)
            began = asyncio.get_running_loop().time()
            return await watched(
                instance,
                tmp_path,
                Memory(),
                lambda _: asyncio.get_running_loop().time() > began + 1.5,
                silent_seconds=0.5,
            )

    watching = asyncio.run(run())
    assert watching.health.reconnects == 0
    assert datetime.now(UTC) - watching.heard_at < timedelta(seconds=1)


def test_a_token_that_is_not_valid_ends_it_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="401") as refused:
        asyncio.run(read(Town([]), tmp_path, 1, token="another"))
    assert "read:statuses" in refused.value.hint


def test_an_error_within_the_stream_ends_it_with_what_to_do(tmp_path: Path) -> None:
    town = Town([json.dumps({"error": "Missing one or more required scopes", "status": 401})])
    with pytest.raises(Refused, match="required scopes") as refused:
        asyncio.run(read(town, tmp_path, 1))
    assert "read:statuses" in refused.value.hint


@pytest.mark.parametrize("answer", [429, 500, 502])
def test_an_instance_in_trouble_is_waited_for(tmp_path: Path, answer: int) -> None:
    town = Town([update(1)])
    town.answers = [web.Response(status=answer)]
    outlet, _ = asyncio.run(read(town, tmp_path, 1))
    assert len(outlet.posts) == 1


def test_rubbish_is_dead_letters_and_the_stream_goes_on(tmp_path: Path) -> None:
    broken = json.dumps({"event": "update", "payload": '{"id": '})
    town = Town([update(1), b"\xff\x00", "{", broken, "[]", update(2)])
    outlet, _ = asyncio.run(read(town, tmp_path, 6))
    assert [post.post_id for post in outlet.posts] == [id_at(1), id_at(2)]
    assert len(outlet.letters) == 4
