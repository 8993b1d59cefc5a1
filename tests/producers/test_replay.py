"""A whole replay, into memory: what is counted, what is sent, and where it goes on."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.announce import NOTHING_YET
from producers.plan import Progress, ReplayPlan, ReplayResult
from producers.replay import replay
from tests.producers.archives import tar_of
from uproar.errors import InputError
from uproar.pseudonym import Pseudonyms
from uproar.records import (
    AccountDeletion,
    DeadLetter,
    Deletion,
    Note,
    Post,
    RunReport,
    Watermark,
)

RECORDINGS = Path(__file__).parents[1] / "recordings"
NAMES = Pseudonyms("an invented key, long enough")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BEGAN = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)


class Quillhost:
    """Finds one name."""

    def may_mention(self, text: str) -> bool:
        return "Quillhost" in text


class Memory:
    """An outlet that keeps what it is given, in order."""

    partitions = 1

    def __init__(self) -> None:
        self.records: list[Post | Deletion | AccountDeletion | Watermark | Note] = []
        self.letters: list[DeadLetter] = []
        self.life = ""

    def begin(self, run: str, source: str, started_at: datetime) -> None:
        self.life = f"{run} {source}"

    def send(self, record: Post | Deletion | AccountDeletion) -> int:
        assert self.life
        self.records.append(record)
        return 1

    def send_dead_letter(self, letter: DeadLetter) -> None:
        self.letters.append(letter)

    def send_note(self, note: Note) -> None:
        self.records.append(note)

    def send_watermark(self, watermark: Watermark) -> None:
        self.records.append(watermark)

    def flush_idle(self, seconds: float) -> None:
        """Nothing waits here."""

    def flush(self) -> None:
        """Nothing waits here."""

    @property
    def posts(self) -> list[Post]:
        return [record for record in self.records if isinstance(record, Post)]

    @property
    def deletions(self) -> list[Deletion]:
        return [record for record in self.records if isinstance(record, Deletion)]

    @property
    def watermarks(self) -> list[Watermark]:
        return [record for record in self.records if isinstance(record, Watermark)]


class Hands:
    """A clock that moves only when somebody sleeps, or by a step whenever it is read."""

    def __init__(self, step: float = 0.0) -> None:
        self.moved = 0.0
        self.slept = 0.0
        self._step = step

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.moved)

    def seconds(self) -> float:
        self.moved += self._step
        return self.moved

    def sleep(self, seconds: float) -> None:
        self.moved += seconds
        self.slept += seconds


def run(
    outlet: Memory,
    *files: Path,
    clock: Hands | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    **options: Any,
) -> ReplayResult:
    plan = ReplayPlan(files=files, run="january", names=NAMES, **options)
    return replay(
        plan, Quillhost(), outlet, on_progress, clock=clock or Hands(), should_stop=should_stop
    )


def write(path: Path, seconds: list[int], text: str = "Quillhost again") -> Path:
    lines = [
        json.dumps({"id": str(place), "text": text, "created_at": BEGAN.timestamp() + second})
        for place, second in enumerate(seconds, 1)
    ]
    path.write_text("\n".join(lines))
    return path


def balance(result: ReplayResult) -> None:
    report = result.report
    dead = sum(report.dead_letters.values())
    assert report.read == report.kept + report.filtered + report.deletions + dead


def test_every_record_of_a_mixed_file_is_counted_with_what_became_of_it() -> None:
    outlet = Memory()
    result = run(outlet, RECORDINGS / "uproar.jsonl")
    report = result.report
    assert (report.read, report.kept, report.filtered, report.deletions) == (12, 3, 1, 1)
    assert report.dead_letters == {
        "truncated-line": 1,
        "time-out-of-range": 1,
        "no-time": 1,
        "bad-time": 1,
        "no-text": 1,
        "wrong-shape": 2,
    }
    balance(result)
    assert report.state == "finished"
    assert report.inputs == ("uproar.jsonl",)
    assert [letter.position for letter in outlet.letters] == [7, 8, 9, 10, 11, 12, 13]
    assert {letter.source for letter in outlet.letters} == {"uproar.jsonl"}
    assert {letter.stage for letter in outlet.letters} == {"replay"}


def test_posts_are_sent_in_order_of_time_with_their_deletions() -> None:
    outlet = Memory()
    run(outlet, RECORDINGS / "uproar.jsonl")
    assert [(post.post_id, post.revision) for post in outlet.posts] == [
        ("u1", 0), ("u1", 1), ("2", 0)
    ]  # fmt: skip
    assert [(gone.platform, gone.post_id) for gone in outlet.deletions] == [("mastodon", "2")]
    assert {post.run for post in outlet.posts} == {"january"}


def test_control_records_are_told_apart_but_reported_among_the_filtered() -> None:
    outlet = Memory()
    result = run(outlet, RECORDINGS / "twitter_v1.jsonl", RECORDINGS / "x_v2_pages.jsonl")
    assert result.control == 2 + 2
    assert result.report.deletions == 2
    balance(result)
    assert [source.format for source, _ in result.files] == ["Twitter v1.1", "X v2"]


def test_a_bad_post_of_a_page_has_its_own_dead_letter() -> None:
    outlet = Memory()
    run(outlet, RECORDINGS / "x_v2_pages.jsonl")
    (letter,) = outlet.letters
    assert (letter.position, letter.part, letter.reason) == (1, 1, "wrong-shape")
    assert letter.payload == b'{"id": 17, "text": "Its id is no text"}'


def test_keep_all_sends_what_mentions_nothing() -> None:
    outlet = Memory()
    result = run(outlet, RECORDINGS / "uproar.jsonl", keep_all=True)
    assert (result.report.kept, result.report.filtered) == (4, 0)


def test_no_handle_leaves_the_producer() -> None:
    outlet = Memory()
    run(outlet, RECORDINGS / "twitter_v1.jsonl", keep_all=True)
    assert {len(post.author) for post in outlet.posts} == {32}
    assert not any("invented" in (post.url or "") + post.author for post in outlet.posts)


def test_the_last_record_is_a_watermark_that_ends_the_source_behind_its_last_minute() -> None:
    outlet = Memory()
    result = run(outlet, RECORDINGS / "uproar.jsonl")
    report, last = outlet.records[-2:]
    assert report == result.report
    assert isinstance(last, Watermark)
    assert (last.is_last, last.position) == (True, 12)
    assert last.observed_before == datetime(2021, 1, 18, 9, 32, tzinfo=UTC)
    assert last.source == result.report.source


def test_the_run_is_reported_before_its_first_post() -> None:
    outlet = Memory()
    run(outlet, RECORDINGS / "uproar.jsonl")
    report = outlet.records[1]  # behind the manifest
    assert isinstance(report, RunReport)
    assert report.state == "running"


def test_posts_outside_the_bounds_are_counted_as_filtered(tmp_path: Path) -> None:
    outlet = Memory()
    path = write(tmp_path / "a", [0, 60, 120, 180])
    start, end = BEGAN + timedelta(minutes=1), BEGAN + timedelta(minutes=3)
    result = run(outlet, path, start=start, end=end)
    assert [post.post_id for post in outlet.posts] == ["2", "3"]
    assert result.report.filtered == 2
    assert (result.report.first_at, result.report.last_at) == (start, end - timedelta(minutes=1))
    balance(result)


def test_a_deletion_passes_whatever_the_bounds_say() -> None:
    outlet = Memory()
    result = run(outlet, RECORDINGS / "uproar.jsonl", end=BEGAN)
    assert (result.report.kept, result.report.deletions) == (0, 1)
    assert outlet.watermarks[-1].observed_before == NOTHING_YET


def test_sixty_times_the_pace_takes_a_sixtieth_of_the_time(tmp_path: Path) -> None:
    clock = Hands()
    path = write(tmp_path / "a", [0, 600, 3600])
    run(Memory(), path, clock=clock, speed=60.0)
    assert clock.slept == pytest.approx(60, abs=0.1)


def test_a_watermark_goes_out_every_second_and_moves_on_in_a_silence(tmp_path: Path) -> None:
    outlet, clock = Memory(), Hands()
    run(outlet, write(tmp_path / "a", [0, 600]), clock=clock, speed=60.0)
    marks = outlet.watermarks[:-1]
    times = [BEGAN, *(mark.observed_before for mark in marks), BEGAN + timedelta(seconds=600)]
    steps = [after - before for before, after in pairwise(times)]
    assert all(timedelta(0) < step <= timedelta(seconds=60) for step in steps)
    assert {mark.position for mark in marks} == {1}


def test_nobody_waits_for_a_deletion_long_after_the_last_post(tmp_path: Path) -> None:
    path = write(tmp_path / "a", [0])
    gone = {"deleted": True, "id": "1", "created_at": (NOW - timedelta(days=1)).isoformat()}
    path.write_text(path.read_text() + "\n" + json.dumps(gone))
    outlet, clock = Memory(), Hands()
    run(outlet, path, clock=clock, speed=1.0)
    assert clock.slept == 0
    assert len(outlet.deletions) == 1
    assert outlet.watermarks[-1].observed_before == BEGAN + timedelta(minutes=1)


def test_records_later_than_the_window_are_sent_and_counted(tmp_path: Path) -> None:
    outlet = Memory()
    path = write(tmp_path / "a", [10, 11, 12, 1])
    result = run(outlet, path, window_records=2)
    assert result.out_of_order == 1
    assert len(outlet.posts) == 4


def test_the_window_reaches_over_all_files(tmp_path: Path) -> None:
    outlet = Memory()
    run(outlet, write(tmp_path / "b", [60, 180]), write(tmp_path / "a", [0, 120]))
    times = [post.created_at for post in outlet.posts]
    assert times == sorted(times)


def test_a_sort_sends_everything_in_order_whatever_the_window(tmp_path: Path) -> None:
    outlet = Memory()
    path = write(tmp_path / "a", [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    result = run(outlet, path, window_records=2, is_sorted=True, sort_folder=tmp_path / "room")
    assert [post.post_id for post in outlet.posts] == [str(place) for place in range(10, 0, -1)]
    assert result.out_of_order == 0
    balance(result)


def test_the_files_of_an_archive_are_reported_each_and_those_without_posts_counted(
    tmp_path: Path,
) -> None:
    data = (RECORDINGS / "uproar.jsonl").read_bytes()
    path = tmp_path / "dump.tar"
    path.write_bytes(tar_of({"a.jsonl": data, "README": b"a note", "b.jsonl": data}))
    outlet = Memory()
    result = run(outlet, path)
    assert result.report.read == 24
    assert [one.name for one in result.skipped] == ["dump.tar/README"]
    assert {letter.source for letter in outlet.letters} == {"dump.tar/a.jsonl", "dump.tar/b.jsonl"}
    balance(result)


def test_people_who_write_the_same_without_a_name_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a"
    line = json.dumps({"text": "Boycott Quillhost", "created_at": BEGAN.isoformat()})
    path.write_text("\n".join([line] * 3))
    outlet = Memory()
    run(outlet, path)
    assert len({post.post_id for post in outlet.posts}) == 3


def test_what_has_no_id_gets_the_same_one_in_every_replay(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text(json.dumps({"text": "Quillhost", "created_at": BEGAN.isoformat()}))
    first, second = Memory(), Memory()
    run(first, path)
    run(second, path)
    assert len(first.posts[0].post_id) == 32
    assert first.posts[0].post_id == second.posts[0].post_id


def test_nothing_is_sent_where_one_of_the_files_cannot_be_used(tmp_path: Path) -> None:
    outlet = Memory()
    with pytest.raises(InputError):
        run(outlet, RECORDINGS / "uproar.jsonl", tmp_path / "nowhere")
    assert outlet.records == []


def test_progress_ends_when_every_record_has_had_its_outcome() -> None:
    shown: list[Progress] = []
    run(Memory(), RECORDINGS / "uproar.jsonl", on_progress=shown.append)
    assert (shown[-1].share, shown[-1].settled, shown[-1].kept) == (1.0, 12, 3)


def test_what_is_only_read_ahead_is_no_progress_and_the_pace_tells_what_remains(
    tmp_path: Path,
) -> None:
    shown: list[Progress] = []
    path = write(tmp_path / "a", [0, 60, 120, 180])
    run(Memory(), path, speed=60.0, on_progress=shown.append)
    half = next(progress for progress in shown if progress.settled == 2)
    assert half.share == 0.5
    assert half.remaining_seconds == 2.0


def test_a_post_is_received_when_it_is_sent_not_when_it_is_read_ahead(tmp_path: Path) -> None:
    outlet = Memory()
    run(outlet, write(tmp_path / "a", [0, 60]), speed=60.0)
    first, second = outlet.posts
    assert second.received_at - first.received_at >= timedelta(seconds=0.9)


def test_a_report_of_very_many_files_still_fits_a_message(tmp_path: Path) -> None:
    outlet = Memory()
    files = [write(tmp_path / f"{'long' * 40}-{number:03}", [number]) for number in range(150)]
    result = run(outlet, *files)
    assert len(result.report.inputs) == 101
    assert result.report.inputs[-1] == "and 50 more"


def test_an_interrupted_replay_says_so_and_does_not_end_the_source(tmp_path: Path) -> None:
    outlet, clock = Memory(), Hands()
    path = write(tmp_path / "a", [0, 60, 120, 180])
    result = run(outlet, path, clock=clock, speed=60.0, should_stop=lambda: clock.slept > 1.5)
    assert [post.post_id for post in outlet.posts] == ["1", "2"]
    assert (result.report.state, result.report.read, result.position) == ("interrupted", 2, 2)
    assert outlet.watermarks[-1].is_last is False
    assert outlet.watermarks[-1].position == 2
    balance(result)


def test_ctrl_c_trusts_only_the_position_that_was_announced(tmp_path: Path) -> None:
    class Interrupted(Hands):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if self.slept > 2.5:
                raise KeyboardInterrupt

    outlet = Memory()
    path = write(tmp_path / "a", [0, 60, 120, 180])
    result = run(outlet, path, clock=Interrupted(), speed=60.0)
    assert result.report.state == "interrupted"
    assert result.position == outlet.watermarks[-2].position


@given(
    seconds=st.lists(st.integers(0, 40), min_size=1, max_size=60),
    window=st.integers(1, 8),
    stop_after=st.integers(1, 40),
    bad=st.sets(st.integers(0, 59)),
    is_sorted=st.booleans(),
)
def test_wherever_a_replay_is_stopped_going_on_from_its_position_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    seconds: list[int],
    window: int,
    stop_after: int,
    bad: set[int],
    is_sorted: bool,
) -> None:
    path = write(tmp_path_factory.mktemp("a") / "a", seconds)
    lines = path.read_text().split("\n")
    path.write_text("\n".join("{" if n in bad and n else line for n, line in enumerate(lines)))
    whole, first, second = Memory(), Memory(), Memory()
    expected = run(whole, path, window_records=window, is_sorted=is_sorted)
    clock = Hands(step=0.2)
    stopped = run(
        first,
        path,
        window_records=window,
        is_sorted=is_sorted,
        speed=4.0,
        clock=clock,
        should_stop=lambda: clock.moved > stop_after,
    )
    balance(stopped)
    resumed = run(
        second,
        path,
        window_records=window,
        is_sorted=is_sorted,
        resume_position=stopped.position,
    )
    balance(resumed)
    assert {post.post_id for post in [*first.posts, *second.posts]} == {
        post.post_id for post in whole.posts
    }
    assert {letter.position for letter in [*first.letters, *second.letters]} == {
        letter.position for letter in whole.letters
    }
    assert resumed.report.read == expected.report.read == len(seconds)
    assert resumed.report.kept == expected.report.kept
    assert len(second.posts) + len(second.letters) <= len(seconds) - stopped.position


@given(st.lists(st.integers(0, 100), min_size=1, max_size=50), st.integers(50, 60))
def test_no_post_is_older_than_a_watermark_before_it(
    tmp_path_factory: pytest.TempPathFactory, seconds: list[int], window: int
) -> None:
    outlet = Memory()
    path = write(tmp_path_factory.mktemp("a") / "a", seconds)
    run(outlet, path, window_records=window, speed=10.0)
    before = NOTHING_YET
    for record in outlet.records:
        if isinstance(record, Watermark):
            assert record.observed_before >= before
            before = record.observed_before
        elif isinstance(record, Post):
            assert record.observed_at >= before
