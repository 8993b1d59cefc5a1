"""Why an alert fired, in figures, and whether they still hold. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec

from dashboards.alerts.judge import SPIKE_MINUTES
from dashboards.alerts.lane import MINUTE, Alert

LONGEST = timedelta(hours=6)
"""So much of what led to an alert is looked at, at most."""
DAY = timedelta(days=1)
BEFORE_AND_AFTER = timedelta(hours=2)
"""What a board shows around the stretch of an alert."""
MOST_TERMS = 8


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Words that show a call to action, and how many posts have them."""

    action: str
    direction: str
    words: str
    posts: int


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A word or hashtag that is new, how many posts have it, and how many usually would."""

    term: str
    posts: int
    usual: float


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Which post to look at. Its text stays in `reactions` alone, so that a deletion counts."""

    platform: str
    post_id: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of an alert's stretch, from `since`, before `until`.

    Shares are in [0, 1], and None of nothing. `seen` and `expected` are those of the threshold.
    Counts and the figures on sentiment are of all posts, those on authors, copies, terms and
    evidence of the newest `newest` of them. `board` and `grafana` are the ends of addresses.
    """

    since: datetime
    until: datetime
    seen: float
    expected: float
    posts: int = 0
    newest: int = 0
    authors: int = 0
    loudest_share: float | None = None
    reposts_share: float | None = None
    copies_share: float | None = None
    near_duplicates_share: float | None = None
    negative_share: float | None = None
    negative_share_before: float | None = None
    sentiment: float | None = None
    sentiment_before: float | None = None
    calls: dict[str, int] = {}
    evidence: tuple[Evidence, ...] = ()
    terms: tuple[Term, ...] = ()
    languages: dict[str, int] = {}
    platforms: dict[str, int] = {}
    samples: tuple[Sample, ...] = ()
    board: str = ""
    grafana: str = ""


def stretch_of(alert: Alert) -> tuple[datetime, datetime]:
    """Return the stretch that explains an alert: since it was above, and all it was measured in."""
    start = min(alert.started_at, measured_of(alert)[0])
    start = max(start, alert.fired_at - max(LONGEST, MINUTE))
    return start.replace(second=0, microsecond=0), alert.fired_at


def measured_of(alert: Alert) -> tuple[datetime, datetime]:
    """Return the stretch over which the value was measured with which an alert fired."""
    minutes = SPIKE_MINUTES if alert.threshold.signal == "spike" else alert.threshold.minutes
    return alert.fired_at - minutes * MINUTE, alert.fired_at


def without_figures(alert: Alert) -> Explanation:
    """Return what there is to say of an alert about the run itself."""
    since, until = alert.started_at, alert.fired_at
    return Explanation(
        since=since,
        until=until,
        seen=alert.value,
        expected=alert.expected,
        **addresses_of(alert, since, until),
    )


def addresses_of(alert: Alert, since: datetime, until: datetime) -> dict[str, Any]:
    """Return where the boards show an alert: on the built-in page, and in a Grafana."""
    start = int((since - BEFORE_AND_AFTER).timestamp())
    end = int((until + BEFORE_AND_AFTER).timestamp())
    entity = alert.threshold.entity
    board = "entity" if entity else "pipeline"
    chosen = {"run": alert.run} | ({"entity": entity} if entity else {})
    page = urlencode({"board": board, **chosen, "from": start, "to": end})
    variables = {f"var-{name}": value for name, value in chosen.items()}
    times = {"from": start * 1000, "to": end * 1000}
    return {
        "board": f"?{page}",
        "grafana": f"/d/uproar-{board}?{urlencode({**variables, **times})}",
    }


def new_terms(rows: Mapping[str, tuple[int, float]]) -> tuple[Term, ...]:
    """Return the terms worth telling, most telling first.

    A word that is part of a phrase or hashtag among them says nothing more.
    """
    phrases = [term for term in rows if " " in term or term.startswith("#")]
    told = [term for term in rows if term in phrases or not any(term in one for one in phrases)]
    return tuple(
        Term(term=term, posts=rows[term][0], usual=round(rows[term][1], 2))
        for term in told[:MOST_TERMS]
    )


State = Literal["holds", "changed", "unknown"]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as it was when the alert fired, and as a query gives it now."""

    name: str
    then: Any
    now: Any
    state: State


def compared(then: Explanation, now: Explanation, *, unknown: tuple[str, ...] = ()) -> list[Figure]:
    """Compare two explanations of one alert, figure by figure.

    `unknown` are figures that no query gives. Samples are not compared: others may be chosen.
    """
    return list(_compared(then, now, unknown))


_APART = ("since", "until", "samples", "board", "grafana")


def _compared(then: Explanation, now: Explanation, unknown: tuple[str, ...]) -> Iterator[Figure]:
    for name in Explanation.__struct_fields__:
        if name in _APART:
            continue
        before, after = getattr(then, name), getattr(now, name)
        state: State = "holds" if _alike(before, after) else "changed"
        if name in unknown:
            state, after = "unknown", None
        yield Figure(name=name, then=before, now=after, state=state)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return abs(one - other) <= max(1e-6, 1e-4 * abs(one))
    return bool(one == other)
