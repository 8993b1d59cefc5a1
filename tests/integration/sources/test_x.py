"""X's filtered stream, spoken by a server of this machine."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from producers.cursors import Cursor, Cursors
from producers.live import Watching
from producers.sources.source import Refused, Source
from producers.sources.x import ComplianceStream, FilteredStream
from tests.integration.sources.driving import served, watched
from tests.producers.test_replay import Memory
from uproar.config import Entity

pytestmark = pytest.mark.integration

BEARER = "an-invented-token"
QUILLHOST = Entity(id="quillhost", name="Quillhost", aliases=("@quillhost_help",))
OTHER = Entity(id="other", name="Otherhost")


def line(number: int, text: str = "Quillhost again") -> bytes:
    data = {"id": str(number), "text": text, "author_id": "7",
            "created_at": "2026-01-18T09:30:00.000Z"}  # fmt: skip
    return json.dumps({"data": data, "matching_rules": [{"id": "1", "tag": "uproar 0"}]}).encode()


class Api:
    """Streams pieces of bytes as they stand, then a blank line every so often; keeps rules."""

    def __init__(self, *takes: list[bytes | int]) -> None:
        self.takes = list(takes)
        self.rules: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.refuses = ""
        self.has_backfill = True

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {BEARER}":
            return web.json_response({"title": "Unauthorized"}, status=401)
        if request.path.endswith("/rules"):
            return await self.change(request)
        self.asked.append(dict(request.query))
        if "backfill_minutes" in request.query and not self.has_backfill:
            return web.json_response({"title": "Invalid Request"}, status=400)
        take = self.takes.pop(0) if self.takes else []
        if take and isinstance(take[0], int):
            reset = str(int((datetime.now(UTC) + timedelta(seconds=1)).timestamp()))
            return web.Response(status=take[0], headers={"x-rate-limit-reset": reset})
        answer = web.StreamResponse()
        await answer.prepare(request)
        for piece in take:
            assert isinstance(piece, bytes)
            await answer.write(piece)
            await asyncio.sleep(0.01)
        while not take or take[-1] != b"":
            await answer.write(b"\r\n")
            await asyncio.sleep(0.05)
        return answer

    async def change(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            held = [{"id": id_, **rule} for id_, rule in self.rules.items()]
            return web.json_response({"data": held} if held else {"meta": {"result_count": 0}})
        wanted = await request.json()
        for rule in wanted.get("add", ()):
            if self.refuses and self.refuses in rule["value"]:
                return web.json_response({"errors": [{"title": "Invalid Rule"}]}, status=201)
            self.rules[str(len(self.rules) + 100)] = rule
        for id_ in wanted.get("delete", {}).get("ids", ()):
            del self.rules[id_]
        return web.json_response({"meta": {}}, status=201)


async def read(
    api: Api,
    folder: Path,
    until: Callable[[Memory, Watching], bool],
    make: Callable[[str], Source] = lambda url: FilteredStream((QUILLHOST,), BEARER, url),
) -> tuple[Memory, Watching]:
    outlet = Memory()
    async with served(every=api.answer) as url:
        watching = await watched(make(url), folder, outlet, lambda one: until(outlet, one))
    return outlet, watching


def has(count: int) -> Callable[[Memory, Watching], bool]:
    return lambda outlet, _: len(outlet.posts) + len(outlet.letters) >= count


def ids(outlet: Memory) -> list[str]:
    return [post.post_id for post in outlet.posts]


def test_rules_are_set_from_the_entities_and_those_of_others_left_alone(tmp_path: Path) -> None:
    api = Api([line(1) + b"\r\n"])
    api.rules = {
        "1": {"value": "cats", "tag": "somebody else's"},
        "2": {"value": '"Old name"', "tag": "uproar 0"},
    }
    outlet, _ = asyncio.run(read(api, tmp_path, has(1)))
    assert ids(outlet) == ["1"]
    values = sorted(rule["value"] for rule in api.rules.values())
    assert values == ['"Quillhost" OR @quillhost_help', "cats"]


def test_other_entities_are_told_to_x_while_the_stream_goes_on(tmp_path: Path) -> None:
    api = Api([line(1) + b"\r\n"])
    streams: list[FilteredStream] = []

    def make(url: str) -> Source:
        streams.append(FilteredStream((QUILLHOST,), BEARER, url))
        return streams[0]

    def until(outlet: Memory, _: Watching) -> bool:
        if outlet.posts:
            streams[0].follow((QUILLHOST, OTHER))
        return any("Otherhost" in rule["value"] for rule in api.rules.values())

    asyncio.run(read(api, tmp_path, until, make))
    assert len(api.rules) == 1
    assert len(api.asked) == 1


def test_a_rule_that_x_refuses_ends_it_with_what_to_do(tmp_path: Path) -> None:
    api = Api()
    api.refuses = "Quillhost"
    with pytest.raises(Refused, match="rule") as refused:
        asyncio.run(read(api, tmp_path, has(1)))
    assert "uproar.yaml" in refused.value.hint


def test_lines_in_pieces_blank_lines_and_rubbish(tmp_path: Path) -> None:
    whole = line(1) + b"\r\n\r\n" + b"\xff\x00\r\n" + b"{\r\n" + line(2) + b"\r\n"
    pieces: list[bytes | int] = [whole[at : at + 37] for at in range(0, len(whole), 37)]
    outlet, _ = asyncio.run(read(Api(pieces), tmp_path, has(4)))
    assert ids(outlet) == ["1", "2"]
    assert len(outlet.letters) == 2


def test_a_stream_that_is_cut_is_opened_again_with_backfill(tmp_path: Path) -> None:
    api = Api([line(1) + b"\r\n" + line(2)[:30], b""], [line(1) + b"\r\n" + line(2) + b"\r\n"])
    outlet, _ = asyncio.run(read(api, tmp_path, has(3)))
    assert ids(outlet) == ["1", "1", "2"]
    assert [asked.get("backfill_minutes") for asked in api.asked] == [None, "5"]
    assert not outlet.letters


def test_a_plan_without_backfill_is_asked_without_and_the_gap_is_told(tmp_path: Path) -> None:
    api = Api([line(1) + b"\r\n", b""], [line(2) + b"\r\n"])
    api.has_backfill = False
    outlet, _ = asyncio.run(read(api, tmp_path, has(3)))
    assert ids(outlet) == ["1", "2"]
    assert [letter.reason for letter in outlet.letters] == ["gap"]


def test_an_absence_that_is_longer_than_the_backfill_is_a_gap(tmp_path: Path) -> None:
    long_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    Cursors(tmp_path).save(Cursor(source="x", cursor=long_ago))
    outlet, _ = asyncio.run(read(Api([line(1) + b"\r\n"]), tmp_path, has(2)))
    assert [letter.reason for letter in outlet.letters] == ["gap"]
    assert long_ago in outlet.letters[0].detail


def test_a_stream_without_posts_moves_the_watermark_on(tmp_path: Path) -> None:
    def until(outlet: Memory, _: Watching) -> bool:
        return len(outlet.watermarks) > 2

    outlet, _ = asyncio.run(read(Api([]), tmp_path, until))
    first, *_, last = (mark.observed_before for mark in outlet.watermarks)
    assert first < last


@pytest.mark.parametrize("status", [429, 503])
def test_a_status_that_goes_by_is_waited_for(tmp_path: Path, status: int) -> None:
    api = Api([status], [line(1) + b"\r\n"])
    outlet, watching = asyncio.run(read(api, tmp_path, has(1)))
    assert ids(outlet) == ["1"]
    assert watching.health.reconnects == 1


def test_a_token_that_is_not_valid_ends_it_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="401") as refused:
        asyncio.run(
            read(Api(), tmp_path, has(1), lambda url: FilteredStream((QUILLHOST,), "another", url))
        )
    assert "developer.x.com" in refused.value.hint


def test_silence_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.sources.x.SILENT_SECONDS", 0.02)
    whys: set[str] = set()

    def until(_: Memory, one: Watching) -> bool:
        whys.add(one.health.why)
        return one.health.reconnects > 1

    asyncio.run(read(Api([]), tmp_path, until))
    assert any("nothing for" in why for why in whys)


def test_deletions_come_by_the_compliance_stream(tmp_path: Path) -> None:
    gone = {"delete": {"tweet": {"id": "1", "author_id": "7"}, "event_at": "2026-01-18T10:00:00Z"}}
    api = Api([json.dumps({"data": gone}).encode() + b"\r\n"])
    outlet, _ = asyncio.run(
        read(
            api,
            tmp_path,
            lambda outlet, _: bool(outlet.deletions),
            lambda url: ComplianceStream(3, BEARER, url),
        )
    )
    assert outlet.deletions[0].post_id == "1"
    assert api.asked[0]["partition"] == "3"
