"""The invented recording holds what it is there for, and is the same for the same seed."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.chaos.recording import BROKEN_LINES, draw_recording

RECORDS = 3_000


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return draw_recording(1, RECORDS)


@pytest.fixture(scope="module")
def records(lines: list[bytes]) -> list[dict[str, Any]]:
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def test_a_seed_gives_the_same_lines_and_another_seed_others(lines: list[bytes]) -> None:
    assert draw_recording(1, RECORDS) == lines
    assert draw_recording(2, RECORDS) != lines
    assert len(lines) == RECORDS


def test_it_holds_repeats_edits_and_deletions_of_posts_and_of_accounts(
    lines: list[bytes], records: list[dict[str, Any]]
) -> None:
    assert len(lines) - len(set(lines)) > 50
    assert sum(record.get("revision", 0) > 0 for record in records) > 50
    assert sum(record.get("deleted", False) for record in records) > 50
    assert sum(record.get("deleted_account", False) for record in records) >= 3
    assert any(record.get("id", "").startswith("unknown-") for record in records)


def test_some_records_stand_too_late_and_some_edits_and_deletions_come_before_their_post(
    records: list[dict[str, Any]],
) -> None:
    first: dict[str, str] = {}
    for record in records:
        if "id" in record and isinstance(record.get("text"), str | None):
            kind = "deleted" if record.get("deleted") else f"{record.get('revision', 0)}"
            first.setdefault(record["id"], kind)
    assert {"0", "1", "deleted"} <= set(first.values())
    times = [
        datetime.fromisoformat(record["created_at"]).astimezone(UTC)
        for record in records
        if str(record.get("created_at")).startswith("2024")
    ]
    assert times != sorted(times)


def test_every_way_to_be_unreadable_is_in_it(lines: list[bytes]) -> None:
    assert max(map(len, lines)) > 16 * 1024 * 1024
    broken = [line for line in lines if b"broken-" in line or b'"deleted": true}' in line]
    assert len(broken) >= len(BROKEN_LINES) - 2


def test_some_minutes_have_many_authors(records: list[dict[str, Any]]) -> None:
    seen: Counter[str] = Counter()
    for at, _ in {(str(r.get("created_at"))[:16], r.get("author")) for r in records}:
        seen[at] += 1
    busiest = [count for at, count in seen.most_common(3) if at.startswith("2024")]
    assert min(busiest) > 50
