"""The trust bar: may the figures be believed? Pure: no clock, no table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from dashboards.panels import Column, Panel

TRUST = Panel(
    id="trust",
    title="How far the run is stored, and what could not be used",
    why="Figures after the watermark are not complete yet; dead letters are missing from all.",
    unit="time",
    shape="stats",
    height=3,
    columns=(
        Column(name="watermark", label="Stored up to (UTC)", unit="time"),
        Column(name="stored_at", label="Last news", unit="time"),
        Column(name="read_records", label="Records read", unit="records"),
        Column(name="kept_posts", label="Posts kept", unit="records"),
        Column(name="dead_letters", label="Dead letters", unit="records", color="orange"),
    ),
)
"""Stands on top of each Grafana board; the built-in page shows the same facts in its own bar."""

State = Literal["empty", "current", "replaying", "late", "finished", "interrupted"]

LATE_AFTER_SECONDS = 60.0
"""Live: a watermark older than this reads as late. Producers send one every few seconds."""
SILENT_AFTER_SECONDS = 30.0
"""Any run: without news for this long while it should be running, it reads as late."""


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a run. `behind_seconds` is how old the watermark of a live run is."""

    run: str
    state: State
    sentence: str
    watermark: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    behind_seconds: float | None
    silent_seconds: float | None
    dead_letters: int
    read_records: int
    kept_posts: int
    stamp: str
    """Changes whenever something new is stored."""


def judge(run: str, facts: Mapping[str, Any]) -> Trust:
    """Say how far a run can be trusted, from the one row of `queries/trust.sql`."""
    asked_at: datetime = facts["asked_at"]
    watermark: datetime | None = facts["watermark"]
    stored_at: datetime | None = facts["stored_at"]
    silent = (asked_at - stored_at).total_seconds() if stored_at else None
    behind = (asked_at - watermark).total_seconds() if watermark and run == "live" else None
    state = _state(facts, silent, behind)
    return Trust(
        run=run,
        state=state,
        sentence=_SENTENCES[state],
        watermark=watermark,
        first_at=facts["first_minute"],
        last_at=facts["last_minute"],
        behind_seconds=behind,
        silent_seconds=silent,
        dead_letters=facts["dead_letters"] or 0,
        read_records=facts["read_records"] or 0,
        kept_posts=facts["kept_posts"] or 0,
        stamp=f"{facts['newest_version']}/{stored_at}/{facts['dead_letters']}/{state}",
    )


def _state(facts: Mapping[str, Any], silent: float | None, behind: float | None) -> State:
    states = set(facts["states"] or ())
    if facts["watermark"] is None and facts["last_minute"] is None:
        return "empty"
    if facts["is_finished"]:
        return "finished"
    if "interrupted" in states and "running" not in states:
        return "interrupted"
    if silent is None or silent > SILENT_AFTER_SECONDS:
        return "late"
    if behind is None:
        return "replaying"
    return "late" if behind > LATE_AFTER_SECONDS else "current"


_SENTENCES: dict[State, str] = {
    "empty": "Nothing is stored yet",
    "current": "Live and complete up to the watermark",
    "replaying": "Replaying: complete up to the watermark",
    "late": "Late: newer posts may be missing, this is not calm",
    "finished": "Finished: everything that was read is stored",
    "interrupted": "Interrupted: complete up to the watermark only",
}
