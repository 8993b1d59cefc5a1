"""A live source, driven into memory: what is sent, when its cursor is saved, what comes twice."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from producers.cursors import Cursor, Cursors
from producers.filter import Matcher
from producers.formats import uproar_lines
from producers.live import Watching
from producers.lives import REORDERED
from producers.parsed import Parsed
from producers.plan import ReplayPlan
from producers.sources.source import Arrived, Frame, Frames, Gap, Lost, Quiet, Refused
from tests.producers.test_replay import NAMES, Memory, Quillhost
from uproar.records import LIVE_RUN, Deletion, Post, RunReport, Watermark

NOON = datetime(2026, 1, 18, 12, tzinfo=UTC)


def post(number: int, text: str = "Quillhost again") -> Arrived:
    line = {"id": str(number), "text": text, "platform": "mastodon", "created_at": 1610962200}
    return Arrived(json.dumps(line).encode(), str(number), NOON + timedelta(seconds=number))


def deletion(number: int) -> Arrived:
    line = {"id": str(number), "deleted": True, "platform": "mastodon"}
    return Arrived(json.dumps(line).encode(), f"d{number}", NOON + timedelta(seconds=50))


class Recorded:
    """A source that plays its takes: one for each time it is opened. An error ends a take."""

    name = "recorded"

    def __init__(self, *takes: Sequence[Frame | Exception]) -> None:
        self._takes = list(takes)
        self.opened: list[str | None] = []

    async def frames(self, after: str | None) -> Frames:
        self.opened.append(after)
        take = self._takes.pop(0) if self._takes else [Refused("the end", "none")]
        for step in take:
            if isinstance(step, Exception):
                raise step
            yield step

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        return uproar_lines.parse(raw)


QUILLHOST = Quillhost()


class Quick:
    """A clock that shows the true time, but sleeps never."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return datetime.now(UTC).timestamp()

    def sleep(self, seconds: float) -> None:
        """Nobody waits here."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.wire.FIRST_WAIT_SECONDS", 0.001)


def watch(
    source: Recorded,
    folder: Path,
    outlet: Memory,
    matcher: Callable[[], Matcher] = lambda: QUILLHOST,
) -> Watching:
    plan = ReplayPlan(files=(), run=LIVE_RUN, names=NAMES)
    watching = Watching(source, plan, matcher, outlet, Cursors(folder), clock=Quick())
    with pytest.raises(Refused):
        asyncio.run(watching.run(asyncio.Event()))
    return watching


def sent(outlet: Memory) -> list[str]:
    return [record.post_id for record in outlet.records if isinstance(record, Post)]


def test_what_mentions_something_is_sent_with_the_relays_time_and_the_rest_is_counted(
    tmp_path: Path,
) -> None:
    outlet = Memory()
    tally = watch(Recorded([post(1), post(2, "nothing"), deletion(1)]), tmp_path, outlet).tally
    assert sent(outlet) == ["1"]
    assert (tally.kept, tally.filtered, tally.deletions) == (1, 1, 1)
    assert outlet.posts[0].observed_at == NOON + timedelta(seconds=1)
    assert outlet.posts[0].created_at.year == 2021
    assert [type(one) for one in outlet.deletions] == [Deletion]


def test_a_wire_that_breaks_is_opened_again_behind_the_last_frame(tmp_path: Path) -> None:
    outlet = Memory()
    source = Recorded([post(1), post(2), Lost("cut")], [post(2), post(3)])
    watching = watch(source, tmp_path, outlet)
    assert source.opened[:2] == [None, "2"]
    assert sent(outlet) == ["1", "2", "2", "3"]
    assert watching.health.reconnects == 2


def test_a_source_that_is_refused_ends_and_is_not_asked_again(tmp_path: Path) -> None:
    source = Recorded([post(1), Refused("the token is not valid", "make another")])
    watch(source, tmp_path, Memory())
    assert len(source.opened) == 1


def test_a_restart_goes_on_behind_what_was_acknowledged_and_counts_on(tmp_path: Path) -> None:
    watch(Recorded([post(1), post(2, "nothing")]), tmp_path, Memory())
    source, outlet = Recorded([post(3)]), Memory()
    watching = watch(source, tmp_path, outlet)
    assert source.opened[0] == "2"
    assert (watching.tally.kept, watching.tally.filtered, watching.tally.resumed) == (2, 1, 1)
    [report, *_] = [one for one in outlet.records if isinstance(one, RunReport)]
    assert (report.resume_position, report.read) == (2, 2)


def test_a_cursor_is_never_saved_before_the_broker_has_acknowledged_what_it_covers(
    tmp_path: Path,
) -> None:
    class Unreliable(Memory):
        def flush(self) -> None:
            raise ConnectionError("the broker is gone")

    source = Recorded([post(1)])
    plan = ReplayPlan(files=(), run=LIVE_RUN, names=NAMES)
    watching = Watching(source, plan, Quillhost, Unreliable(), Cursors(tmp_path), clock=Quick())
    with pytest.raises(ConnectionError):
        asyncio.run(watching.run(asyncio.Event()))
    assert Cursors(tmp_path).load("recorded").cursor is None


def test_a_gap_that_the_platform_made_is_a_dead_letter_that_says_which(tmp_path: Path) -> None:
    outlet = Memory()
    gap = Gap(NOON, NOON + timedelta(hours=2), "the relay keeps a day only")
    tally = watch(Recorded([gap, post(1)]), tmp_path, outlet).tally
    assert tally.dead_letters == {"gap": 1}
    assert NOON.isoformat() in outlet.letters[0].detail


def test_rubbish_is_a_dead_letter_and_the_stream_goes_on(tmp_path: Path) -> None:
    outlet = Memory()
    watching = watch(Recorded([Arrived(b"\xff\x00"), Arrived(b"[]"), post(1)]), tmp_path, outlet)
    assert sent(outlet) == ["1"]
    assert watching.tally.dead_letters.total() == 2


def test_silence_with_a_sign_of_life_moves_the_watermark_on(tmp_path: Path) -> None:
    outlet = Memory()
    later = NOON + timedelta(minutes=5)
    watch(Recorded([post(1), Quiet(later)]), tmp_path, outlet)
    marks = [one for one in outlet.records if isinstance(one, Watermark)]
    assert marks[-1].observed_before == later - REORDERED


def test_new_entities_count_for_the_frames_that_come_behind_them(tmp_path: Path) -> None:
    class Nothing:
        def may_mention(self, text: str) -> bool:
            return False

    matchers: list[Matcher] = [Nothing(), Nothing(), Quillhost()]
    outlet = Memory()
    watch(
        Recorded([post(1), post(2)]),
        tmp_path,
        outlet,
        lambda: matchers.pop(0) if len(matchers) > 1 else matchers[0],
    )
    assert sent(outlet) == ["2"]


def test_an_orderly_end_is_the_sources_last_word(tmp_path: Path) -> None:
    class Endless(Recorded):
        async def frames(self, after: str | None) -> Frames:
            yield post(1)
            await asyncio.sleep(60)

    async def stopped_soon(watching: Watching) -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, stop.set)
        await watching.run(stop)

    outlet = Memory()
    plan = ReplayPlan(files=(), run=LIVE_RUN, names=NAMES)
    matcher = Quillhost()
    watching = Watching(Endless(), plan, lambda: matcher, outlet, Cursors(tmp_path), clock=Quick())
    asyncio.run(stopped_soon(watching))
    marks = [one for one in outlet.records if isinstance(one, Watermark)]
    assert marks[-1].is_last
    assert Cursors(tmp_path).load("recorded").cursor == "1"


def test_a_source_that_was_never_let_in_holds_nothing_up(tmp_path: Path) -> None:
    outlet = Memory()
    watching = watch(
        Recorded([Refused("the token is not valid", "make another")]), tmp_path, outlet
    )
    assert outlet.watermarks[-1].is_last
    assert datetime.now(UTC) - outlet.watermarks[-1].observed_before < timedelta(minutes=1)
    reports = [one.state for one in outlet.records if isinstance(one, RunReport)]
    assert reports[-1] == "interrupted"
    assert (watching.health.state, watching.health.hint) == ("refused", "make another")


def test_a_source_that_is_away_for_long_steps_aside_and_comes_back_as_another_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.live.WATERMARK_SECONDS", 0.05)
    outlet = Memory()
    source = Recorded([post(1), Lost("away", wait_seconds=0.5)], [post(2)])
    plan = ReplayPlan(files=(), run=LIVE_RUN, names=NAMES)
    watching = Watching(
        source, plan, lambda: QUILLHOST, outlet, Cursors(tmp_path), clock=Quick(), aside_seconds=0.1
    )
    with pytest.raises(Refused):
        asyncio.run(watching.run(asyncio.Event()))
    assert [one.is_last for one in outlet.watermarks].count(True) == 2
    assert len({one.started_at for one in outlet.watermarks}) == 2
    reports = [one for one in outlet.records if isinstance(one, RunReport)]
    assert (reports[-1].resume_position, reports[-1].kept, reports[-1].sent) == (1, 2, 1)


def test_a_clock_of_a_relay_that_is_ahead_skips_nothing(tmp_path: Path) -> None:
    outlet = Memory()
    ahead = Arrived(post(1).raw, "1", datetime.now(UTC) + timedelta(days=1))
    watch(Recorded([ahead]), tmp_path, outlet)
    assert outlet.watermarks[-1].observed_before <= datetime.now(UTC)


def test_frames_out_of_order_and_twice_are_sent_and_the_watermark_never_goes_back(
    tmp_path: Path,
) -> None:
    outlet = Memory()
    watch(Recorded([post(5), post(3), post(5), post(6)]), tmp_path, outlet)
    assert sent(outlet) == ["5", "3", "5", "6"]
    marks = [one.observed_before for one in outlet.watermarks]
    assert marks == sorted(marks)


def test_a_post_without_an_id_has_the_same_one_whenever_it_comes(tmp_path: Path) -> None:
    outlet = Memory()
    line = Arrived(b'{"text": "Quillhost", "platform": "rss", "created_at": 1610962200}')
    watch(Recorded([line, post(1), line]), tmp_path, outlet)
    first, _, again = sent(outlet)
    assert first == again


def test_a_slow_outlet_neither_stops_the_wire_from_being_answered_nor_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.handover.MOST_BYTES", 1_000)

    class Slow(Memory):
        def send(self, record: Any) -> int:
            time.sleep(0.02)
            return super().send(record)

    class Eager(Recorded):
        yielded = ticks = 0

        async def frames(self, after: str | None) -> Frames:
            for number in range(100):
                self.yielded += 1
                yield post(number)
            raise Refused("the end", "none")

    async def watched() -> int:
        source, outlet, stop = Eager(), Slow(), asyncio.Event()
        plan = ReplayPlan(files=(), run=LIVE_RUN, names=NAMES)
        watching = Watching(source, plan, lambda: QUILLHOST, outlet, Cursors(tmp_path))
        running = asyncio.create_task(watching.run(stop))
        ticks = 0
        while not outlet.posts:
            await asyncio.sleep(0.005)
        for _ in range(10):
            await asyncio.sleep(0.005)
            ticks += 1
        assert source.yielded < 40
        stop.set()
        await running
        return ticks

    assert asyncio.run(watched()) == 10


def test_cursors_are_for_their_owner_only_and_a_torn_one_is_none(tmp_path: Path) -> None:
    cursors = Cursors(tmp_path / "cursors")
    for name in ("mastodon:a.example", "mastodon:a-example"):
        cursors.save(Cursor(source=name, cursor=name, counts={"kept": 3}))
    assert cursors.load("mastodon:a.example").cursor == "mastodon:a.example"
    files = sorted((tmp_path / "cursors").iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    for file in files:
        file.write_bytes(b'{"source"')
    assert cursors.load("mastodon:a.example") == Cursor(source="mastodon:a.example")


def test_where_the_broker_forgets_a_source_goes_on_from_what_is_stored(tmp_path: Path) -> None:
    cursors = Cursors(tmp_path)
    for number in range(1, 200):
        at = NOON + timedelta(seconds=number)
        cursors.save(Cursor(source="a", cursor=str(number), position=10 * number, at=at))
    assert cursors.load("a").cursor == "199"
    again = cursors.load("a", stored=1_985)
    assert (again.cursor, again.position) == ("198", 1_980)
    assert int(cursors.load("a", stored=1_000).cursor or 0) <= 100
    assert cursors.load("a", stored=5).cursor == "1"
    # From then on those are forgotten whose records are read anew.
    cursors.save(Cursor(source="a", cursor="151", position=1_510, at=NOON + timedelta(seconds=300)))
    assert cursors.load("a").cursor == "151"


def test_a_disk_that_takes_no_cursor_costs_repeats_but_not_the_source(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    outlet = Memory()
    watch(Recorded([post(1)]), tmp_path / "file", outlet)
    assert sent(outlet) == ["1"]
    assert "cannot save a cursor" in caplog.text
