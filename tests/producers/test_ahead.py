"""Other processes that look ahead change how long a replay takes, and nothing else."""

import gzip
import json
import os
import signal
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import producers.ahead
from producers.ahead import Rules, Scouts, processes_for
from producers.inputs import Part, inspect, parts
from producers.intake import Intake, Timed
from producers.ordering import fits_window
from producers.parsed import Control, Frame
from producers.plan import ReplayPlan
from producers.replay import replay
from tests.producers.archives import PACKERS, tar_of, zip_of
from tests.producers.test_replay import Hands, Memory
from uproar.config import Entity
from uproar.errors import InputError
from uproar.mentions import MentionMatcher
from uproar.pseudonym import Pseudonyms
from uproar.records import DeadLetter

NOW = datetime(2021, 3, 1, tzinfo=UTC)
FIRST = datetime(2021, 1, 18, tzinfo=UTC)
ENTITIES = (Entity(id="epik", name="Epik", aliases=("epik.com", "@EpikLLC")),)
PLAN = ReplayPlan(files=(), run="r", names=Pseudonyms("an invented key!"))
RECORDINGS = Path(__file__).parents[1] / "recordings"
CSV = b"id,text,created_at,platform\n1,Shut down Epik,2021-01-18,p\n2,Nothing,2021-01-18,p\n"
ODD = (
    b"", b"   ", b"{", b"not json at all", b"[1, 2]", b'{"text": "\xff"}',
    b'{"id": "9", "text": "a"}\r',
    b'{"id": "7", "deleted": true, "platform": "p"}', b"\xef\xbb\xbf{}",
    b'{"author": "ada", "deleted_account": true, "platform": "p", "created_at": "2021-01-20"}',
)  # fmt: skip

Outcome = tuple[Frame, Timed | DeadLetter | Control]


def line(number: int) -> bytes:
    text = "Shut down Epik" if number % 13 == 0 else "Nothing of note, isn’t it… " * (number % 5)
    record: dict[str, object] = {
        "id": str(number),
        "text": text,
        "platform": "p",
        "author": f"somebody{number % 7}",
        "created_at": (FIRST + timedelta(seconds=number)).isoformat(),
    }
    if number % 17 == 0:
        record["revision"] = 1
    if number % 19 == 0:
        record["created_at"] = "1970-01-01"
    if number % 23 == 0:
        del record["id"]
    return json.dumps(record).encode()


def lines(count: int) -> Sequence[bytes]:
    made: list[bytes] = []
    for number in range(count):
        made.append(line(number))
        if number % 11 == 0:
            made.append(ODD[number // 11 % len(ODD)])
    return made


def scouts(rules: Rules | None = None, processes: int = 2) -> Scouts:
    helped = Scouts(rules or Rules(ENTITIES), processes, worthwhile_bytes=0)
    helped.begin()
    return helped


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(producers.ahead, "BLOCK_BYTES", 4_000)
    monkeypatch.setattr(producers.ahead, "_READ_AGAIN", 1.0)


def judged(
    path: Path,
    plan: ReplayPlan,
    helped: Scouts | None,
    on_record: Callable[[int], None] = lambda _: None,
) -> tuple[list[Outcome], datetime | None, int]:
    """Return what becomes of each record, the time of the latest, and the bytes read."""
    intake = Intake(plan, MentionMatcher(ENTITIES))
    found: list[Outcome] = []
    counted: list[int] = []
    for part in parts(inspect(path, None), counted.append):
        assert isinstance(part, Part)
        records = helped.records(part, lambda: NOW) if helped else part.records
        for frame, values in records:
            for index, value in enumerate(values):
                outcome = intake.judge(frame, index, value, part.source.name, NOW)
                found.append((frame, outcome))
                on_record(len(found))
    return found, intake.latest, sum(counted)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """Every recording there is, and lines packed in every way that is read."""
    folder = tmp_path_factory.mktemp("packed")
    whole = b"\n".join(lines(300))
    members = {"a.jsonl": whole, "b/c.jsonl.gz": gzip.compress(whole), "d.csv": CSV}
    made = {"lines.zip": zip_of(members), "lines.tar": tar_of(members)}
    made |= {"lines.tar.gz": gzip.compress(made["lines.tar"])}
    made |= {f"lines.jsonl.{name}": pack(whole) for name, pack in PACKERS.items()}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    recordings = (path for path in RECORDINGS.rglob("*") if path.is_file())
    return [*sorted(folder.iterdir()), *sorted(recordings)]


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_whatever_can_be_read_comes_to_the_same_with_any_number_of_processes(
    packed: Sequence[Path], processes: int
) -> None:
    seen = 0
    with scouts(processes=processes) as helped:
        for path in packed:
            try:
                expected = judged(path, PLAN, None)
            except InputError:  # a part of an archive that holds no posts by itself
                continue
            assert judged(path, PLAN, helped) == expected, path.name
            seen += len(expected[0])
    assert seen > 2_000
    assert (helped.blocks_seen > 0) is (processes > 0)


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_sent_and_where_it_goes_on_are_the_same_with_any_number_of_processes(
    tmp_path: Path, processes: int
) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(lines(2_000)))
    for position in (0, 700):
        outlets = [Memory(), Memory()]
        results = []
        for outlet, count in zip(outlets, (0, processes), strict=True):
            plan = ReplayPlan(
                files=(path,), run="r", names=PLAN.names, resume_position=position, fuse_share=1.0
            )
            with scouts(processes=count) as helped:
                results.append(
                    replay(
                        plan, MentionMatcher(ENTITIES), outlet, lambda _: None, clock=Hands(),
                        scouts=helped,
                    )
                )  # fmt: skip
        assert outlets[0].records == outlets[1].records
        assert outlets[0].letters == outlets[1].letters
        assert len(outlets[0].letters) > 100
        one, other = results
        assert (one.report, one.position, one.control) == (
            other.report,
            other.position,
            other.control,
        )


@pytest.mark.parametrize("end", [b"\n", b"", b"\n\n\n", b'\n{"id": "1", "te'])
def test_all_outcomes_are_those_of_one_process_in_the_same_order(
    tmp_path: Path, end: bytes
) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines(600)) + end)
    with scouts() as helped:
        assert judged(path, PLAN, helped) == judged(path, PLAN, None)


def test_bounds_are_kept_and_deletions_without_a_time_come_behind_the_posts_before_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(lines(600)))
    start, end = FIRST + timedelta(seconds=100), FIRST + timedelta(seconds=400)
    plan = ReplayPlan(files=(), run="r", names=PLAN.names, start=start, end=end)
    with scouts(Rules(ENTITIES, start, end)) as helped:
        assert judged(path, plan, helped) == judged(path, plan, None)


def test_an_endless_line_is_one_dead_letter_and_what_follows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    long = b'{"id": "1", "text": "' + b"x" * (17 << 20) + b'"}'
    path.write_bytes(b"\n".join([*lines(100), long, *lines(100), long]))
    with scouts() as helped:
        found = judged(path, PLAN, helped)
    assert found == judged(path, PLAN, None)
    reasons = [one.reason for _, one in found[0] if isinstance(one, DeadLetter)]
    assert reasons.count("line-too-long") == 2


def test_packed_and_damaged_files_and_files_in_archives_are_read_alike(tmp_path: Path) -> None:
    whole = b"\n".join(lines(600))
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(whole)[:-4_000])
    archive = tmp_path / "two.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.jsonl", whole)
        file.writestr("b.jsonl", b"\n".join(lines(50)))
    with scouts() as helped:
        for path in (cut, archive):
            assert judged(path, PLAN, helped) == judged(path, PLAN, None)


def test_where_much_is_kept_the_most_is_read_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producers.ahead, "_READ_AGAIN", 0.0)
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(lines(2_000)))
    with scouts() as helped:
        assert judged(path, PLAN, helped) == judged(path, PLAN, None)


def test_a_process_that_is_killed_costs_no_record(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(lines(2_000)))
    with scouts() as helped:

        def kill(count: int) -> None:
            if count == 500:
                os.kill(helped.pids()[0], signal.SIGKILL)

        assert judged(path, PLAN, helped, kill) == judged(path, PLAN, None)


def test_a_reading_that_is_given_up_does_not_answer_for_the_next(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(lines(600)))
    with scouts() as helped:
        found = parts(inspect(path, None), lambda _: None)  # which closes the file when it goes
        part = next(found)
        assert isinstance(part, Part)
        records = helped.records(part, lambda: NOW)
        next(records)
        records.close()  # type: ignore[attr-defined]
        helped.begin()
        assert judged(path, PLAN, helped) == judged(path, PLAN, None)


def test_no_process_outlives_the_replay(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(lines(300)))
    with scouts() as helped:
        judged(path, PLAN, helped)
        pids = helped.pids()
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_small_file_starts_no_process(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b"\n".join(lines(50)))
    with Scouts(Rules(ENTITIES), 2) as helped:
        assert judged(path, PLAN, helped) == judged(path, PLAN, None)
        assert helped.pids() == []


@pytest.mark.parametrize("is_shuffled", [False, True])
def test_whether_the_order_can_be_mended_in_a_window_is_told_alike(
    tmp_path: Path, *, is_shuffled: bool
) -> None:
    path = tmp_path / "posts.jsonl"
    made = [line(number) for number in range(600)]
    path.write_bytes(b"\n".join([*made[300:], *made[:300]] if is_shuffled else made))
    plan = ReplayPlan(files=(path,), run="r", names=PLAN.names, window_records=100)
    inputs = [inspect(path, None)]
    alone = fits_window(inputs, plan, NOW, lambda _: None)
    with scouts(Rules(())) as helped:
        assert fits_window(inputs, plan, NOW, lambda _: None, scouts=helped) is alone
    assert alone is not is_shuffled


def test_the_replay_itself_keeps_a_core(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, wanted, found in ((1, 2, 0), (2, 2, 1), (8, 2, 2), (8, 0, 0)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)))
        assert processes_for(wanted) == found
