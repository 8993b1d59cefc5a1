"""How each threshold stands now: calm, or why that cannot be said. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from dashboards.alerts.expectation import WARM_UP
from dashboards.alerts.judge import JudgeState
from dashboards.alerts.lateness import LATE_AFTER
from dashboards.alerts.sync import Key
from dashboards.alerts.terms import LEARNING
from dashboards.alerts.thresholds import Threshold

if TYPE_CHECKING:
    from dashboards.alerts.store import RunMark


class Fired(msgspec.Struct, frozen=True, kw_only=True):
    """Of a threshold in a run: its last alert, and since when one lasts."""

    last_fired_at: datetime
    last_id: str
    lasting_since: datetime | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold and its state: `not judged`, `firing`, `late`, `muted`, `learning` or `calm`.

    The first of these that holds. `since` is when it began to fire, the time up to which things are
    known where it is late, and the end of a mute.
    """

    threshold: Threshold
    state: str
    since: datetime | None
    last_fired_at: datetime | None
    last_id: str


def standing(
    threshold: Threshold,
    mark: "RunMark | None",
    fired: Mapping[Key, Fired],
    judge: JudgeState | None,
    now: datetime,
) -> Standing:
    """Tell how a threshold stands in a run whose mark is given; None: nothing is known of it."""
    last = fired.get(threshold.key)
    state, since = _state(threshold, mark, last, judge, now)
    return Standing(
        threshold=threshold,
        state=state,
        since=since,
        last_fired_at=last.last_fired_at if last else None,
        last_id=last.last_id if last else "",
    )


def _state(
    threshold: Threshold,
    mark: "RunMark | None",
    last: Fired | None,
    judge: JudgeState | None,
    now: datetime,
) -> tuple[str, datetime | None]:
    if mark is None or mark.judged_before is None:
        return "not judged", None
    if last is not None and last.lasting_since is not None:
        return "firing", last.lasting_since
    known_before = min(mark.observed_before, mark.judged_before)
    if not mark.is_finished and now - known_before >= LATE_AFTER:
        return "late", known_before
    if threshold.is_muted(known_before if mark.is_finished else now):
        return "muted", threshold.muted_until if threshold.muted_until > now else None
    if judge is None or is_learning(threshold, judge, known_before):
        return "learning", None
    return "calm", None


def is_learning(threshold: Threshold, judge: JudgeState, at: datetime) -> bool:
    """Tell whether a signal cannot fire yet, for too little is known of what is usual."""
    if threshold.signal == "new_term":
        began = judge.terms.began
        return began is None or at - began < LEARNING
    if threshold.signal == "spike":
        first = judge.detector.first
        return first is None or (at - first).total_seconds() < WARM_UP
    return False
