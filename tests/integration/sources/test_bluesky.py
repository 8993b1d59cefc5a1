"""Bluesky's Jetstream, spoken by servers of this machine."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from producers.cursors import Cursors
from producers.live import Watching
from producers.sources.bluesky import Jetstream
from producers.sources.jetstream import Cursor
from producers.sources.source import Refused
from tests.integration.sources.driving import frame_of, raw_server, served, upgraded, watched
from tests.producers.test_replay import Memory
from uproar.source_config import Bluesky

pytestmark = pytest.mark.integration

DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
BEGAN = datetime.now(UTC) - timedelta(minutes=2)


def moment(number: float) -> datetime:
    return BEGAN + timedelta(seconds=number / 10)


def event(number: int, text: str = "Quillhost again", **changes: Any) -> dict[str, Any]:
    """An event of v1; ten of them make a second."""
    record = {"$type": "app.bsky.feed.post", "createdAt": moment(number).isoformat(), "text": text}
    commit = {"rev": "3", "operation": "create", "collection": "app.bsky.feed.post",
              "rkey": str(number), "record": record, "cid": "b"}  # fmt: skip
    at = int(moment(number).timestamp() * 1_000_000)
    return {"did": DID, "time_us": at, "kind": "commit", "commit": {**commit, **changes}}


def event_v2(number: int, text: str = "Quillhost again") -> dict[str, Any]:
    old = event(number, text)
    payload = {"$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": number, "did": DID,
               "time": moment(number).isoformat(), **old["commit"]}  # fmt: skip
    return {"$type": "message", "payload": payload}


class Relay:
    """Sends what it has behind the cursor, then what is added; breaks off where it is told to."""

    def __init__(self, events: list[Any], *, cut_after: int | None = None, floor: int = 0) -> None:
        self.events = events
        self.cut_after = cut_after
        self.floor = floor
        self.asked: list[dict[str, str]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        cursor = int(request.query.get("cursor", 0))
        number = 0
        while not wire.closed:
            if number >= len(self.events):
                await asyncio.sleep(0.01)
                continue
            one = self.events[number]
            number += 1
            if isinstance(one, bytes):
                await wire.send_bytes(one)
            elif one["time_us"] >= cursor and number > self.floor:
                await wire.send_str(json.dumps(one))
            if self.cut_after is not None and number >= self.cut_after:
                self.cut_after = None
                assert request.transport is not None
                request.transport.abort()
                break
        return wire


def source(url: str, path: str = "/subscribe", version: Any = "v1") -> Jetstream:
    return Jetstream(Bluesky(url=f"{url.replace('http', 'ws')}{path}", version=version))


def rkeys(outlet: Memory) -> list[int]:
    return [int(post.post_id.rpartition("/")[2]) for post in outlet.posts]


def has(count: int, outlet: Memory) -> Any:
    return lambda _: len(outlet.posts) + len(outlet.letters) >= count


async def read(relay: Relay, folder: Path, count: int, outlet: Memory | None = None) -> Memory:
    outlet = outlet or Memory()
    async with served(subscribe=relay.answer) as url:
        await watched(source(url), folder, outlet, has(count, outlet))
    return outlet


def test_posts_come_with_the_relays_time_and_what_mentions_nothing_is_counted(
    tmp_path: Path,
) -> None:
    relay = Relay([event(1), event(2, "nothing of note"), event(3)])
    outlet = asyncio.run(read(relay, tmp_path, 2))
    assert rkeys(outlet) == [1, 3]
    assert abs(outlet.posts[0].observed_at - moment(1)) < timedelta(milliseconds=2)
    assert relay.asked[0]["wantedCollections"] == "app.bsky.feed.post"
    assert "cursor" not in relay.asked[0]


def test_deletions_edits_and_accounts_that_are_gone_are_honoured(tmp_path: Path) -> None:
    gone = event(2, operation="delete", rkey="1")
    del gone["commit"]["record"]
    edit = event(3, "Quillhost, mended", operation="update", rkey="1")
    account = {"did": DID, "time_us": event(4)["time_us"], "kind": "account",
               "account": {"active": False, "did": DID, "status": "deleted"}}  # fmt: skip
    outlet = asyncio.run(read(Relay([event(1), edit, gone, account, event(5)]), tmp_path, 3))
    assert [post.revision > 0 for post in outlet.posts] == [False, True, False]
    assert len(outlet.deletions) == 1
    assert sum(type(one).__name__ == "AccountDeletion" for one in outlet.records) == 1


def test_a_restart_goes_on_a_little_before_the_cursor(tmp_path: Path) -> None:
    relay = Relay([event(number) for number in range(200)])
    asyncio.run(read(relay, tmp_path, 200))
    relay.events += [event(number) for number in range(200, 220)]
    again = asyncio.run(read(relay, tmp_path, 70))
    assert set(rkeys(again)) >= set(range(200, 220))
    assert 100 < min(rkeys(again)) < 200  # five seconds of ten a second
    assert not again.letters


def test_a_relay_that_breaks_off_is_opened_again_without_loss(tmp_path: Path) -> None:
    relay = Relay([event(number) for number in range(100)], cut_after=60)
    outlet = asyncio.run(read(relay, tmp_path, 140))
    assert set(rkeys(outlet)) == set(range(100))
    assert len(relay.asked) == 2


def test_a_relay_that_closes_in_mid_frame_costs_no_post(tmp_path: Path) -> None:
    connections = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        connections.append(head)
        writer.write(upgraded(head))
        writer.write(frame_of(json.dumps(event(1)).encode()))
        whole = frame_of(json.dumps(event(2)).encode())
        writer.write(whole[:40] if len(connections) == 1 else whole)
        await writer.drain()
        await asyncio.sleep(0.05 if len(connections) == 1 else 5)

    async def run() -> Memory:
        outlet = Memory()
        async with raw_server(answer) as place:
            await watched(source(f"http://{place}"), tmp_path, outlet, has(3, outlet))
        return outlet

    assert rkeys(asyncio.run(run())) == [1, 1, 2]
    assert b"cursor=" in connections[1]


def test_a_relay_that_is_away_for_long_costs_nothing_that_it_still_has(tmp_path: Path) -> None:
    relay = Relay([event(number) for number in range(20)], cut_after=20)
    refusals = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal refusals
        if relay.asked and refusals < 8:
            refusals += 1
            assert request.transport is not None
            request.transport.abort()
        return await relay.answer(request)

    async def run() -> Memory:
        outlet = Memory()
        async with served(subscribe=answer) as url:
            await watched(source(url), tmp_path, outlet, has(40, outlet))
        return outlet

    outlet = asyncio.run(run())
    assert all("cursor" in asked for asked in relay.asked[1:])
    assert not outlet.letters


def test_a_relay_that_is_silent_is_left_and_the_next_one_asked(tmp_path: Path) -> None:
    silent, speaking = Relay([]), Relay([event(1)])

    async def run() -> Memory:
        outlet = Memory()
        async with served(subscribe=silent.answer) as one, served(subscribe=speaking.answer) as two:
            jetstream = source(one)
            jetstream._urls += source(two)._urls
            await watched(jetstream, tmp_path, outlet, has(1, outlet), silent_seconds=0.2)
        return outlet

    assert rkeys(asyncio.run(run())) == [1]
    assert len(silent.asked) == 1


def test_a_cursor_that_is_too_old_is_noticed_though_the_relay_does_not_say_so(
    tmp_path: Path,
) -> None:
    asyncio.run(read(Relay([event(1)]), tmp_path, 1))
    # The relay keeps what came from number 500 on, 50 s later.
    outlet = asyncio.run(read(Relay([event(500), event(501)]), tmp_path, 3))
    [letter] = outlet.letters
    assert letter.reason == "gap"
    assert "no longer" in letter.detail
    assert rkeys(outlet) == [500, 501]


def test_rubbish_is_dead_letters_and_the_stream_goes_on(tmp_path: Path) -> None:
    rubbish: list[Any] = [b"\xff\xfe\x00rubbish", b"{", b"[1,2]", b'"words"', b"", b"{}"]
    outlet = asyncio.run(read(Relay([event(1), *rubbish, event(2)]), tmp_path, 8))
    assert rkeys(outlet) == [1, 2]
    assert len(outlet.letters) == len(rubbish)


def test_text_that_is_no_utf8_does_not_end_the_connection(tmp_path: Path) -> None:
    connections = 0

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        bad = json.dumps(event(1)).encode().replace(b"again", b"\xc3\x28")
        good = json.dumps(event(2)).encode()
        writer.write(upgraded(head) + frame_of(bad) + frame_of(good))
        await writer.drain()
        await asyncio.sleep(5)

    async def run() -> Memory:
        outlet = Memory()
        async with raw_server(answer) as place:
            await watched(source(f"http://{place}"), tmp_path, outlet, has(2, outlet))
        return outlet

    outlet = asyncio.run(run())
    assert rkeys(outlet) == [2]
    assert [letter.reason for letter in outlet.letters] == ["not-utf8"]
    assert connections == 1


def test_a_frame_of_20_mb_is_one_dead_letter(tmp_path: Path) -> None:
    relay = Relay([event(1), event(2, "Quillhost " + "a" * 20_000_000), event(3)])
    outlet = asyncio.run(read(relay, tmp_path, 3))
    assert rkeys(outlet) == [1, 3]
    [letter] = outlet.letters
    assert letter.reason == "text-too-long"
    assert letter.size_bytes > 20_000_000
    assert len(letter.payload) <= 16_384


def test_a_frame_that_cannot_be_received_is_passed_at_the_price_of_a_gap(tmp_path: Path) -> None:
    asked = []

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        asked.append(b"cursor=" in head)
        writer.write(upgraded(head))
        if len(asked) == 1 or asked[-1]:
            writer.write(frame_of(json.dumps(event(1)).encode()) if len(asked) == 1 else b"")
            writer.write(bytes([0x81, 127]) + (1 << 40).to_bytes(8, "big"))  # says: a terabyte
        else:
            writer.write(frame_of(json.dumps(event(9)).encode()))
        await writer.drain()
        await asyncio.sleep(1)

    async def run() -> Memory:
        outlet = Memory()
        async with raw_server(answer) as place:
            await watched(source(f"http://{place}"), tmp_path, outlet, lambda _: 9 in rkeys(outlet))
        return outlet

    outlet = asyncio.run(run())
    assert [letter.reason for letter in outlet.letters] == ["gap"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_status_that_goes_by_is_waited_for(tmp_path: Path, status: int) -> None:
    relay = Relay([event(1)])
    answers = [web.Response(status=status)]

    async def answer(request: web.Request) -> web.StreamResponse:
        return answers.pop() if answers else await relay.answer(request)

    async def run() -> tuple[Memory, Watching]:
        outlet = Memory()
        async with served(subscribe=answer) as url:
            watching = await watched(source(url), tmp_path, outlet, has(1, outlet))
        return outlet, watching

    outlet, watching = asyncio.run(run())
    assert rkeys(outlet) == [1]
    assert watching.health.reconnects == 1


def test_an_address_that_is_none_of_a_relay_is_refused_with_what_to_do(tmp_path: Path) -> None:
    async def run() -> None:
        async with served(every=_not_found) as url:
            await watched(source(url), tmp_path, Memory())

    with pytest.raises(Refused, match="404") as refused:
        asyncio.run(run())
    assert "uproar.yaml" in refused.value.hint


async def _not_found(_: web.Request) -> web.StreamResponse:
    return web.Response(status=404)


def test_a_relay_that_never_stops_sending_does_not_keep_us_from_stopping(tmp_path: Path) -> None:
    whole = frame_of(json.dumps(event(1)).encode()) * 100

    async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(upgraded(head))
        while True:
            writer.write(whole)
            await writer.drain()

    async def run() -> None:
        outlet = Memory()
        async with raw_server(answer) as place:
            await watched(source(f"http://{place}"), tmp_path, outlet, has(1, outlet))

    began = time.monotonic()
    asyncio.run(run())
    assert time.monotonic() - began < 10


def test_one_relay_that_refuses_us_does_not_keep_us_from_the_next(tmp_path: Path) -> None:
    relay = Relay([event(1)])

    async def run() -> Memory:
        outlet = Memory()
        async with served(every=_not_found) as one, served(subscribe=relay.answer) as two:
            jetstream = source(one)
            jetstream._urls += source(two)._urls
            await watched(jetstream, tmp_path, outlet, has(1, outlet))
        return outlet

    assert rkeys(asyncio.run(run())) == [1]


def test_an_event_from_the_future_moves_neither_cursor_nor_watermark(tmp_path: Path) -> None:
    ahead = event(2)
    ahead["time_us"] += 24 * 3600 * 1_000_000
    outlet = asyncio.run(read(Relay([event(1), ahead]), tmp_path, 2))
    assert outlet.watermarks[-1].observed_before < datetime.now(UTC)
    assert moment(1).isoformat() in (Cursors(tmp_path).load("bluesky").cursor or "")


def test_frames_out_of_order_do_not_take_the_cursor_back(tmp_path: Path) -> None:
    asyncio.run(read(Relay([event(9), event(3), event(9), event(4)]), tmp_path, 4))
    assert moment(9).isoformat() in (Cursors(tmp_path).load("bluesky").cursor or "")


class RelayV2:
    """Speaks the second protocol: a number as the cursor, and words about its age."""

    def __init__(self, events: list[Any], *, oldest: int = 0, says_so: bool = True) -> None:
        self.events = events
        self.oldest = oldest
        self.says_so = says_so
        self.asked: list[dict[str, str]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        cursor = int(request.query.get("cursor", self.oldest))
        if cursor < self.oldest and self.says_so:
            error = {"error": "CursorTooOld", "message": "it is too old"}
            return web.json_response(error, status=400)
        wire = web.WebSocketResponse()
        await wire.prepare(request)
        if cursor < self.oldest:
            kind = "network.bsky.jetstream.subscribeEvents#info"
            payload = {"$type": kind, "name": "OutdatedCursor"}
            await wire.send_json({"$type": "message", "payload": payload})
        for one in self.events:
            if one.get("payload", {}).get("seq", cursor) >= cursor:
                await wire.send_json(one)
        await asyncio.sleep(0.3)
        return wire


async def read_v2(relay: RelayV2, folder: Path, count: int, port: list[str]) -> Memory:
    outlet = Memory()
    async with served(events=relay.answer) as url:
        jetstream = source(url, "/events", "v2")
        # The same relay as before, though a test's port is another one.
        port[:] = port or jetstream._urls
        real = jetstream._address

        def address(url: str, cursor: Any) -> str:
            return real(port[0], cursor).replace(port[0], url)

        jetstream._address = address  # type: ignore[method-assign]
        jetstream._cursor_at = lambda place, _: Jetstream._cursor_at(  # type: ignore[assignment,method-assign]
            jetstream, place, port[0]
        )
        await watched(jetstream, folder, outlet, has(count, outlet))
    return outlet


def test_the_second_protocol_goes_on_at_its_number(tmp_path: Path) -> None:
    port: list[str] = []
    first = RelayV2([event_v2(1), event_v2(2)])
    assert rkeys(asyncio.run(read_v2(first, tmp_path, 2, port))) == [1, 2]
    again = RelayV2([event_v2(number) for number in range(1, 5)])
    assert rkeys(asyncio.run(read_v2(again, tmp_path, 3, port))) == [2, 3, 4]
    assert again.asked[0] == {
        "collections": "app.bsky.feed.post", "maxMessageSizeBytes": "1000000", "cursor": "2"
    }  # fmt: skip


@pytest.mark.parametrize("says_so", [True, False])
def test_a_number_that_is_too_old_is_a_gap_and_the_stream_goes_on(
    tmp_path: Path, says_so: bool
) -> None:
    port: list[str] = []
    asyncio.run(read_v2(RelayV2([event_v2(1)]), tmp_path, 1, port))
    relay = RelayV2([event_v2(50)], oldest=50, says_so=says_so)
    outlet = asyncio.run(read_v2(relay, tmp_path, 2, port))
    assert [letter.reason for letter in outlet.letters] == ["gap"]
    assert rkeys(outlet) == [50]


def test_another_relay_is_asked_by_time_for_it_numbers_by_itself() -> None:
    jetstream = source("http://127.0.0.1:1", "/events", "v2")
    address = jetstream._address(
        jetstream._urls[0], Cursor(at=moment(0), number=7, relay="ws://another.example")
    )
    assert int(address.rpartition("=")[2]) > 1_000_000_000_000_000


def test_a_relay_that_finds_us_too_slow_is_opened_again(tmp_path: Path) -> None:
    relay = RelayV2([event_v2(1), {"$type": "error", "error": "ConsumerTooSlow"}])

    whys: set[str] = set()

    def heard_of(watching: Watching) -> bool:
        whys.add(watching.health.why)
        return watching.health.reconnects > 1

    async def run() -> None:
        async with served(events=relay.answer) as url:
            jetstream = source(url, "/events", "v2")
            await watched(jetstream, tmp_path, Memory(), heard_of)

    asyncio.run(run())
    assert any("ConsumerTooSlow" in why for why in whys)
