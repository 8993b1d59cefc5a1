"""What a dry run counts."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from producers.inputs import inspect_all
from producers.intake import Intake
from producers.plan import ReplayPlan
from producers.replay import replay
from producers.survey import MOST_READ, STORED_PER_SECOND, FileSurvey, Survey, replay_seconds
from producers.surveying import look_through
from tests.producers.archives import tar_of, write
from tests.producers.test_replay import Memory, Quillhost
from uproar.pseudonym import Pseudonyms

RECORDINGS = Path(__file__).parents[1] / "recordings"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def survey(*files: Path, keep_all: bool = False, end: datetime | None = None) -> Survey:
    found = Survey(
        lambda text: ["quillhost"] if "Quillhost" in text else [],
        lambda text: "en" if "Quillhost" in text else "und",
    )
    plan = plan_for(*files, keep_all=keep_all, end=end)
    inputs = inspect_all(files, None).inputs
    look_through(inputs, Intake(plan, Quillhost()), found, NOW, iter(range(99)).__next__, _ignore)
    return found


def plan_for(*files: Path, keep_all: bool = False, end: datetime | None = None) -> ReplayPlan:
    names = Pseudonyms("an invented key, long enough")
    return ReplayPlan(files=files, run="r", names=names, keep_all=keep_all, end=end)


@pytest.mark.parametrize("name", ["uproar.jsonl", "twitter_v1.jsonl", "airline.csv"])
@pytest.mark.parametrize("keep_all", [True, False])
@pytest.mark.parametrize("end", [None, datetime(2021, 1, 18, 9, 31, tzinfo=UTC)])
def test_a_survey_counts_what_a_replay_would(
    name: str, keep_all: bool, end: datetime | None
) -> None:
    path = RECORDINGS / name
    total = survey(path, keep_all=keep_all, end=end).total()
    plan = plan_for(path, keep_all=keep_all, end=end)
    report = replay(plan, Quillhost(), Memory(), lambda _: None).report
    assert (total.read, total.kept, total.filtered, total.deletions) == (
        report.read, report.kept, report.filtered, report.deletions,
    )  # fmt: skip
    assert {name: reason.count for name, reason in total.dead_letters.items()} == dict(
        report.dead_letters
    )


def test_dead_letters_are_told_with_lines_and_a_sample() -> None:
    (file,) = survey(RECORDINGS / "uproar.jsonl").files
    wrong = file.dead_letters["wrong-shape"]
    assert wrong.count == len(wrong.positions) == 2
    assert wrong.detail.startswith("wanted")
    assert wrong.sample


def test_days_languages_and_mentions_are_counted_by_file(tmp_path: Path) -> None:
    posts = [
        {"id": str(n), "created_at": f"2021-01-{18 + n % 2}T09:30:00Z", "lang": lang,
         "text": "Quillhost" if n % 3 else "Something else"}
        for n, lang in enumerate(["en", "en", "de", None, "fr", "en"])
    ]  # fmt: skip
    data = "\n".join(map(json.dumps, posts)).encode()
    found = survey(write(tmp_path, tar_of({"a": data, "b": data, "c": b"a note"})))
    assert [file.name for file in found.files] == ["dump/a", "dump/b"]
    first = found.files[0]
    assert first.posts_by_day == {date(2021, 1, 18): 3, date(2021, 1, 19): 3}
    assert first.declared == {"en": 3, "de": 1, "": 1, "fr": 1}
    assert first.detected == {"en": 4, "und": 2}
    assert first.mentions == {"quillhost": 4}
    assert first.bytes == len(data) - 5  # without its line feeds
    total = found.total()
    assert total.mentions == {"quillhost": 8}
    assert (total.read, total.looked_at) == (12, 12)
    assert total.posts_by_day == {date(2021, 1, 18): 6, date(2021, 1, 19): 6}
    assert found.is_in_order()


def test_languages_are_looked_for_in_a_sample_alone(tmp_path: Path) -> None:
    line = json.dumps({"text": "Quillhost", "created_at": "2021-01-18T09:30:00Z"})
    total = survey(write(tmp_path, "\n".join([line] * 3_000).encode())).total()
    assert (total.posts, total.looked_at) == (3_000, 158)
    total = survey(
        *(write(tmp_path, "\n".join([line] * 200).encode(), f"{n:02}") for n in range(30))
    ).total()
    assert total.looked_at == MOST_READ


def test_a_replay_takes_as_long_as_its_slowest_part() -> None:
    total = FileSurvey("all", "", 0, kept=10 * STORED_PER_SECOND)
    assert replay_seconds(total, read_seconds=3, speed=None) == 10
    assert replay_seconds(total, read_seconds=30, speed=None) == 30
    total.first_at = datetime(2021, 1, 18, tzinfo=UTC)
    total.last_at = datetime(2021, 1, 19, tzinfo=UTC)
    assert replay_seconds(total, read_seconds=3, speed=60) == 1_440


def _ignore(_: int) -> None:
    return None
