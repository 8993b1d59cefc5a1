"""The answer is right: small recordings whose outcome anybody can work out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.chaos.answer import Answer, Reading, work_out
from tests.chaos.product import CONFIG
from tests.chaos.stored import differences
from uproar.config_file import read_config

MINUTE = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return Reading(read_config(CONFIG).entities, "vader")


def line(second: int | None, **given: Any) -> bytes:
    record = {"id": "1", "platform": "mastodon", "author": "ada", "text": "Quillhost is awful"}
    at = {} if second is None else {"created_at": MINUTE.timestamp() + second}
    return json.dumps({**record, **at, **given}).encode()


def ids(answer: Answer) -> list[tuple[str, int]]:
    return sorted((row[2], row[3]) for row in answer.rows)


def test_a_repeat_counts_once(reading: Reading) -> None:
    answer = work_out([line(1), line(1), line(2, id="2", author="bob")], reading)
    assert ids(answer) == [("1", 0), ("2", 0)]
    ((place, counted),) = answer.totals.items()
    assert place == ("quillhost", MINUTE, "mastodon", "en")
    assert (counted["posts"], counted["authors"], counted["negative"]) == (2, 2, 2)
    assert (answer.counts["read"], answer.counts["kept"], answer.position) == (3, 3, 3)
    assert answer.watermark == MINUTE.replace(minute=1)


def test_an_edit_replaces_wherever_it_stands_and_keeps_the_time_of_the_first(
    reading: Reading,
) -> None:
    edit = line(90, revision=1, text="Zelmora is awful")
    for lines in ([line(1), edit], [edit, line(1)]):
        assert work_out(lines, reading).rows == {
            ("zelmora", "mastodon", "1", 1, MINUTE.replace(second=1), "negative")
        }


def test_a_first_revision_that_mentions_nothing_does_not_fix_the_time(reading: Reading) -> None:
    answer = work_out([line(1, text="Rain again"), line(90, revision=1)], reading)
    assert {row[4] for row in answer.rows} == {MINUTE.replace(minute=1, second=30)}
    assert answer.counts["filtered"] == 1


@pytest.mark.parametrize("second", [0, 1, 5, None])
def test_a_deletion_removes_whenever_it_comes(reading: Reading, second: int | None) -> None:
    gone: dict[str, object] = {"id": "1", "platform": "mastodon", "deleted": True}
    if second is not None:
        gone["created_at"] = MINUTE.timestamp() + second
    answer = work_out([line(1), json.dumps(gone).encode(), line(9, revision=1)], reading)
    assert (answer.rows, answer.totals, answer.counts["deletions"]) == (set(), {}, 1)


def test_an_account_takes_along_what_was_posted_until_then(reading: Reading) -> None:
    gone = {"platform": "mastodon", "author": "ada", "deleted_account": True}
    lines = [
        line(1),
        json.dumps({**gone, "created_at": MINUTE.timestamp() + 5}).encode(),
        line(5, id="2"),
        line(6, id="3"),
        line(1, id="4", author="bob"),
        line(1, id="5", platform="bluesky"),
        line(9, revision=1),
    ]
    assert ids(work_out(lines, reading)) == [("3", 0), ("4", 0), ("5", 0)]


def test_each_fault_has_its_reason_and_its_line(reading: Reading) -> None:
    lines = [
        line(1),
        b"{oops}",
        b'{"text": "cut o',
        b'{"text": "h\xe9las"}',
        line(1, text=7),
        line(1, text="x" * 100_001),
        line(1, url="x" * 5_000),
        line(None),
        line(None, created_at="soon"),
        line(None, created_at="9999-12-31T23:59:59Z"),
    ]
    assert [reason for _, reason in sorted(work_out(lines, reading).dead_letters)] == [
        "not-json", "truncated-line", "not-utf8", "wrong-shape", "text-too-long",
        "field-too-long", "no-time", "bad-time", "time-out-of-range",
    ]  # fmt: skip


def test_every_difference_is_named(reading: Reading) -> None:
    wanted, found = work_out([line(1)], reading), work_out([line(2), b"{oops}"], reading)
    assert differences(wanted, wanted) == []
    told = differences(wanted, found)
    assert [" ".join(one.split()[:2]) for one in told] == [
        "row missing:", "row not", "dead letter", "count dead", "count read:", "end position:",
    ]  # fmt: skip
