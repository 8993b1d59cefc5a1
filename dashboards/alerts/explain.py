"""Explains an alert: the figures of its stretch, by query. Each statement is a file.

Guarantee: what `explain` answers can be had again from the tables by `explain_again`, with the
statements that `statements_of` returns. At most the newest `MOST_POSTS` posts of the stretch are
looked at one by one. Neither a text nor an author is in an explanation, only figures, words that
several authors use, and which posts to look at. All raise the driver's errors.
"""

from datetime import datetime
from typing import Any

import msgspec
from clickhouse_driver import Client

from dashboards.alerts.explanation import (
    DAY,
    Evidence,
    Explanation,
    Sample,
    addresses_of,
    measured_of,
    new_terms,
    stretch_of,
    without_figures,
)
from dashboards.alerts.lane import Alert
from dashboards.alerts.store import statement

MOST_POSTS = 5_000
MOST_BEFORE = 2_000
"""Posts before the stretch, or a minute more, whose words its own are compared with."""
MOST_SHOWN = 6
"""Languages and platforms that are told one by one."""

_WANTED = {
    "calls_to_action": "calls",
    "calls_share": "calls",
    "negative_share": "negative",
    "new_term": "term",
}
_PARTS = ("totals", "authors", "copies", "evidence", "baseline", "terms", "samples")


def explain(client: Client, alert: Alert) -> Explanation:
    """Return the figures of an alert that fires; what was seen and expected is the alert's own."""
    if not alert.threshold.entity:
        return without_figures(alert)
    since, until = stretch_of(alert)
    found, _ = _found(client, alert)
    return Explanation(
        since=since,
        until=until,
        seen=alert.value,
        expected=alert.expected,
        calls=_calls(found["totals"]),
        evidence=tuple(
            Evidence(action=action, direction=direction, words=words, posts=posts)
            for action, direction, words, posts in found["evidence"]
        ),
        terms=new_terms({term: (posts, usual) for term, posts, usual in found["terms"]}),
        samples=tuple(
            Sample(platform=platform, post_id=post_id) for platform, post_id in found["samples"]
        ),
        **_counted(found["totals"], found["authors"][0], found["copies"][0]),
        **addresses_of(alert, since, until),
    )


def explain_again(client: Client, alert: Alert) -> tuple[Explanation, tuple[str, ...]]:
    """Return the figures by query alone, and the names of those that no query gives."""
    now = explain(client, alert)
    if not alert.threshold.entity:
        return now, ("seen", "expected")
    seen = _seen(client, alert)
    if alert.threshold.signal == "spike":
        rows = client.execute(statement("explain_expected"), _asked_measured(alert))
        return msgspec.structs.replace(now, seen=seen, expected=float(rows[0][0])), ()
    # What a term was usually used is remembered by the watcher alone; a limit is part of the alert.
    unknown = ("expected",) if alert.threshold.signal == "new_term" else ()
    return msgspec.structs.replace(now, seen=seen), unknown


def statements_of(client: Client, alert: Alert) -> list[tuple[str, str]]:
    """Return the name and the text of every statement behind the figures, ready to be run."""
    if not alert.threshold.entity:
        return []
    _, parameters = _found(client, alert)
    asked = [(name, parameters) for name in _PARTS]
    asked.append((_seen_by(alert.threshold.signal), _asked_measured(alert)))
    if alert.threshold.signal == "spike":
        asked.append(("expected", _asked_measured(alert)))
    context = client.connection.context
    return [
        (name, client.substitute_params(statement(f"explain_{name}"), parameters, context))
        for name, parameters in asked
    ]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A sample post that is still there."""

    platform: str
    post_id: str
    observed_at: datetime
    text: str
    url: str


def texts_of(client: Client, alert: Alert, explanation: Explanation) -> list[Shown]:
    """Return the sample posts of an explanation that still exist."""
    posts = [(one.platform, one.post_id) for one in explanation.samples]
    if not posts:
        return []
    rows = client.execute(statement("explain_texts"), {**_asked(alert), "posts": posts})
    return [Shown(**dict(zip(Shown.__struct_fields__, row, strict=True))) for row in rows]


def _found(client: Client, alert: Alert) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Return what each statement answers, and what they were asked with."""
    asked = _asked(alert)
    found: dict[str, list[Any]] = {}
    for name in _PARTS:
        found[name] = client.execute(statement(f"explain_{name}"), asked)
        if name == "copies":
            asked["newest"] = found[name][0][0]
        if name == "baseline":
            asked["baseline_since"], asked["baseline_posts"] = found[name][0]
    return found, asked


def _asked(alert: Alert) -> dict[str, Any]:
    since, until = stretch_of(alert)
    return {
        **_span(alert, since, until),
        "before": int((since - max(DAY, until - since)).timestamp()),
        "most_before": MOST_BEFORE,
        "wanted": _WANTED.get(alert.threshold.signal, ""),
        "direction": alert.threshold.direction,
        "term": alert.term,
    }


def _asked_measured(alert: Alert) -> dict[str, Any]:
    return _span(alert, *measured_of(alert)) | {"term": alert.term, "most": 2**31}


def _span(alert: Alert, since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "run": alert.run,
        "entity": alert.threshold.entity,
        "since": int(since.timestamp()),
        "until": int(until.timestamp()),
        "most": MOST_POSTS,
    }


def _seen_by(signal: str) -> str:
    """Return the statement that measures a signal."""
    return {"author_share": "authors", "copies_share": "copies", "new_term": "voices"}.get(
        signal, "seen"
    )


def _seen(client: Client, alert: Alert) -> float:
    signal = alert.threshold.signal
    name = _seen_by(signal)
    ((first, *rest),) = client.execute(statement(f"explain_{name}"), _asked_measured(alert))
    if name == "authors":
        return rest[1] / first if first else 0.0
    if name == "copies":
        return rest[0] / first if first else 0.0
    if name == "voices":
        return float(first)
    against, in_favour, either, negative, sure = rest
    calls = {"against": against, "for": in_favour}.get(alert.threshold.direction, either)
    if signal == "calls_to_action":
        return float(calls)
    if signal == "calls_share":
        return calls / first if first else 0.0
    if signal == "negative_share":
        return negative / sure if sure else 0.0
    return float(first)


def _calls(totals: list[tuple[Any, ...]]) -> dict[str, int]:
    now = _of(totals, is_now=1)
    return _ranked(now[7], len(now[7]))


def _counted(
    totals: list[tuple[Any, ...]], authors: tuple[Any, ...], copies: tuple[Any, ...]
) -> dict[str, Any]:
    """Return the figures that are counts, shares and means."""
    now, before = _of(totals, is_now=1), _of(totals, is_now=0)
    known, voices, loudest = authors
    newest, copied, near = copies
    return {
        "posts": now[1],
        "newest": newest,
        "authors": voices,
        "loudest_share": _share(loudest, known),
        "reposts_share": _share(now[2], now[1]),
        "copies_share": _share(copied, newest),
        "near_duplicates_share": _share(near, newest),
        "negative_share": _share(now[4], now[3]),
        "negative_share_before": _share(before[4], before[3]),
        "sentiment": _share(now[5], now[6]),
        "sentiment_before": _share(before[5], before[6]),
        "languages": _ranked(now[9], MOST_SHOWN),
        "platforms": _ranked(now[8], MOST_SHOWN),
    }


def _of(totals: list[tuple[Any, ...]], *, is_now: int) -> tuple[Any, ...]:
    nothing: tuple[Any, ...] = (is_now, 0, 0, 0, 0, 0.0, 0, {}, {}, {})
    return next((row for row in totals if row[0] == is_now), nothing)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None


def _ranked(counts: dict[str, int], most: int) -> dict[str, int]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {name: count for name, count in ranked[:most] if count}
