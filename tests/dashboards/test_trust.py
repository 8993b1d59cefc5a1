from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.trust import judge

NOW = datetime(2021, 1, 10, 12, tzinfo=UTC)


def facts(**known: Any) -> dict[str, Any]:
    return {
        "watermark": NOW - timedelta(seconds=2),
        "stored_at": NOW - timedelta(seconds=1),
        "is_finished": 0,
        "states": ["running"],
        "read_records": 10,
        "kept_posts": 5,
        "dead_letters": 0,
        "first_minute": NOW - timedelta(hours=1),
        "last_minute": NOW,
        "newest_version": 1,
        "asked_at": NOW,
    } | known


OLD = NOW - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("run", "known", "state"),
    [
        ("live", {}, "current"),
        ("live", {"watermark": OLD}, "late"),
        ("live", {"stored_at": OLD}, "late"),
        ("live", {"watermark": None, "stored_at": None}, "late"),
        ("live", {"watermark": None, "stored_at": None, "last_minute": None}, "empty"),
        ("wave", {"watermark": OLD}, "replaying"),
        ("wave", {"stored_at": OLD}, "late"),
        ("wave", {"stored_at": OLD, "is_finished": 1, "states": ["finished"]}, "finished"),
        ("wave", {"states": ["finished"]}, "replaying"),
        ("wave", {"states": ["interrupted"]}, "interrupted"),
        ("wave", {"states": ["interrupted", "running"]}, "replaying"),
    ],
)
def test_a_run_is_never_called_better_than_its_facts(
    run: str, known: dict[str, Any], state: str
) -> None:
    assert judge(run, facts(**known)).state == state


def test_late_data_is_not_called_calm() -> None:
    assert "not calm" in judge("live", facts(watermark=OLD)).sentence


def test_the_stamp_changes_when_and_only_when_something_is_stored() -> None:
    later = NOW + timedelta(seconds=1)
    assert judge("live", facts()).stamp == judge("live", facts(asked_at=later)).stamp
    assert judge("live", facts()).stamp != judge("live", facts(newest_version=2)).stamp
    assert judge("live", facts()).stamp != judge("live", facts(stored_at=NOW)).stamp
    assert judge("live", facts()).stamp != judge("live", facts(dead_letters=1)).stamp
