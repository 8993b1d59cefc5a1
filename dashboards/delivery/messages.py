"""The messages: what a person reads who was not looking. Pure.

Of a group of alerts about one entity, the gravest is told with its reasons, the others in a line
each. Whatever strangers wrote is harmless (`dashboards.delivery.harmless`), and short.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

import msgspec

from dashboards.alerts.explanation import Explanation, addresses_of
from dashboards.alerts.lane import Alert
from dashboards.delivery.body import Line, as_html, as_markdown, as_text
from dashboards.delivery.harmless import harmless
from dashboards.delivery.headlines import (
    SIGNAL_NAMES,
    amount,
    count,
    headline,
    lasting,
    moment,
    named,
    percent,
    stretch,
)
from dashboards.delivery.orders import Kind, Letter
from uproar.notify_config import SEVERITIES
from uproar.records import LIVE_RUN

MOST_TITLE = 180
MOST_OTHERS = 10
"""Alerts of a group that are told beside the gravest."""
MOST_WORDS = 5
LATE_NEWS = timedelta(minutes=15)
"""A live alert that is delivered so long after it fired says so."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An alert with its reasons; None where it could not be explained."""

    alert: Alert
    explanation: Explanation | None


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a group of alerts is about, and where to see it: addresses end without a slash."""

    name: str
    page: str = ""
    grafana: str = ""


def fired_letter(group: Sequence[Told], about: About, now: datetime) -> Letter:
    """Say what fired, the gravest first, and why."""
    ranked = sorted(group, key=lambda told: _rank(told.alert))
    first, others = ranked[0], ranked[1:]
    severity = first.alert.threshold.severity
    title = f"{about.name}: {headline(first.alert)}{_of_run(first.alert)}"
    if others:
        title = f"{title} (and {len(others)} more)"
    lines = [*_opening(first, about, now), *_reasons(first.explanation), *_others(others)]
    lines += _ways(first, about)
    return _letter(f"[{severity}] {title}", lines, cast(Kind, severity))


def resolved_letter(group: Sequence[Told], about: About) -> Letter:
    """Say that it is over, how long it was, and how high it went."""
    ranked = sorted(group, key=lambda told: _rank(told.alert))
    first = ranked[0].alert
    more = f" (and {len(ranked) - 1} more)" if len(ranked) > 1 else ""
    what = "the data is current again" if first.threshold.signal == "late" else "back to normal"
    title = f"{about.name}: {what} after {lasting(_length(first))}{more}{_of_run(first)}"
    lines = [Line("item", _over(told.alert)) for told in ranked[: MOST_OTHERS + 1]]
    lines = [Line("sentence", "What was announced is over."), *lines, *_links(ranked[0], about)]
    return _letter(f"[resolved] {title}", lines, "resolved")


def trial_letter(channel: str) -> Letter:
    """Return a message that only shows that a channel works."""
    lines = [
        Line(
            "sentence",
            f"Alerts of Uproar will come here. This is a trial of the channel {channel}.",
        )
    ]
    return _letter("[test] Uproar can reach you", lines, "info")


def _rank(alert: Alert) -> tuple[int, str, str]:
    severity = SEVERITIES.index(alert.threshold.severity)
    return (-severity, f"{alert.started_at:%Y%m%d%H%M}", alert.id)


def _opening(told: Told, about: About, now: datetime) -> Iterator[Line]:
    alert = told.alert
    if alert.threshold.signal == "late":
        since = moment(alert.started_at)
        yield Line("sentence", f"What is stored ends at {since}. Since then silence is not calm:")
        yield Line(
            "sentence",
            "a source, a worker or the sink does not keep up. `uproar status` tells which.",
        )
        return
    times = ""
    if alert.expected >= 1 and alert.value / alert.expected >= 2:
        times = f", {alert.value / alert.expected:.1f} times as much"
    yield Line("sentence", f"{about.name}: {headline(alert)}{times}.")
    yield Line(
        "item",
        f"since {moment(alert.started_at)}, fired at {moment(alert.fired_at, alert.started_at)}",
    )
    if alert.ended_at is not None:
        yield Line("item", f"it is over already: {_over(alert)}")
    elif alert.run == LIVE_RUN and now - alert.fired_at > LATE_NEWS:
        yield Line("item", f"told {lasting(now - alert.fired_at)} after it fired")


def _reasons(found: Explanation | None) -> Iterator[Line]:
    if found is None or not found.posts:
        return
    if found.calls:
        calls = ", ".join(
            f"{_action(name)} {count(posts)}"
            for name, posts in list(found.calls.items())[:MOST_WORDS]
        )
        words = ", ".join(f"“{harmless(one.words, 40)}”" for one in found.evidence[:3])
        yield Line("item", f"calls: {calls}" + (f"; in words such as {words}" if words else ""))
    if found.terms:
        terms = ", ".join(
            f"“{harmless(one.term, 40)}” in {count(one.posts)} posts (usually {count(one.usual)})"
            for one in found.terms[:MOST_WORDS]
        )
        yield Line("item", f"new: {terms}")
    loudest = f"; the loudest wrote {percent(found.loudest_share)}" if found.loudest_share else ""
    whole = f" of {count(found.posts)} posts" if found.posts != found.newest else ""
    yield Line(
        "item", f"{count(found.authors)} authors of {count(found.newest)} posts{whole}{loudest}"
    )
    shares = (
        (found.reposts_share, "reposts"),
        (found.copies_share, "copies"),
        (found.near_duplicates_share, "near duplicates"),
    )
    repeated = ", ".join(f"{percent(share)} {what}" for share, what in shares if share is not None)
    if repeated:
        yield Line("item", repeated)
    yield from _mood(found)
    spread = [_spread(found.platforms), _spread(found.languages)]
    yield Line("item", "; ".join(part for part in spread if part))


def _mood(found: Explanation) -> Iterator[Line]:
    if found.negative_share is None:
        return
    before = found.negative_share_before
    usual = f" ({percent(before)} in the 24 hours before)" if before is not None else ""
    yield Line("item", f"negative: {percent(found.negative_share)}{usual}")


def _others(others: Sequence[Told]) -> Iterator[Line]:
    if others:
        yield Line("sentence", "Also:")
    for told in others[:MOST_OTHERS]:
        severity = told.alert.threshold.severity
        yield Line("item", f"[{severity}] {headline(told.alert)}")
    if len(others) > MOST_OTHERS:
        yield Line("item", f"and {len(others) - MOST_OTHERS} more: `uproar alerts list`")


def _ways(told: Told, about: About) -> Iterator[Line]:
    """Say where to see it, how to have it explained, and how to be left alone."""
    yield from _links(told, about)
    alert = told.alert
    if alert.threshold.entity:
        yield Line("command", "Every figure, checked", f"uproar alerts explain {alert.id}")
        what = f"{alert.threshold.entity} {alert.threshold.signal}"
        yield Line("command", "Mute for 2 hours", f"uproar alerts mute {what} --for 2h")


def _links(told: Told, about: About) -> Iterator[Line]:
    alert = told.alert
    where = addresses_of(alert, alert.started_at, alert.fired_at)
    if told.explanation is not None:
        where = {"board": told.explanation.board, "grafana": told.explanation.grafana}
    if where["board"] and about.page:
        yield Line("link", "The board at that time", f"{about.page}/{where['board']}")
    if where["grafana"] and about.grafana:
        yield Line("link", "The same in Grafana", f"{about.grafana}{where['grafana']}")


def _over(alert: Alert) -> str:
    ended = alert.ended_at or alert.fired_at
    if alert.threshold.signal == "late":
        return f"late from {moment(alert.started_at)} to {moment(ended, alert.started_at)}"
    return (
        f"{named(alert)} from {moment(alert.started_at)} to {moment(ended, alert.started_at)} "
        f"({lasting(_length(alert))}), at most {amount(alert, alert.peak_value)} in "
        f"{stretch(alert)} at {moment(alert.peak_at, alert.started_at)}, "
        f"against {amount(alert, alert.expected)}"
    )


def _length(alert: Alert) -> timedelta:
    return (alert.ended_at or alert.fired_at) - alert.started_at


def _action(name: str) -> str:
    action, _, direction = name.partition(" ")
    words = harmless(action.replace("_", " "))
    return words if direction == "against" else f"{words} ({harmless(direction)})"


def _spread(counts: dict[str, int]) -> str:
    return ", ".join(
        f"{harmless(name or 'unknown')} {count(posts)}"
        for name, posts in list(counts.items())[:MOST_WORDS]
    )


def _of_run(alert: Alert) -> str:
    return "" if alert.run == LIVE_RUN else f" (run {harmless(alert.run)})"


def _letter(title: str, lines: Sequence[Line], kind: Kind) -> Letter:
    short = title if len(title) <= MOST_TITLE else title[: MOST_TITLE - 1] + "…"
    return Letter(
        title=short,
        text=as_text(lines),
        markdown=as_markdown(lines),
        html=as_html(lines),
        kind=kind,
    )


__all__ = ["SIGNAL_NAMES", "About", "Told", "fired_letter", "resolved_letter", "trial_letter"]
