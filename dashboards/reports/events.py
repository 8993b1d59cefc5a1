"""What the watcher announced in the range, and what is known to have happened. Pure."""

from collections import Counter

from dashboards.reports.document import Block, Paragraph, Section, Table
from dashboards.reports.figures import Facts
from dashboards.reports.phrases import count_of, listed, moment, number

SHOWN_ALERTS = 12


def events_section(facts: Facts) -> Section:
    """Return the section on what was announced and what is known; without blocks where nothing."""
    blocks: list[Block] = []
    if facts.spikes:
        spikes = [
            (facts.name_of(one.entity), moment(one.started_at), moment(one.peak_at),
             moment(one.ended_at) if one.ended_at else "lasts", number(one.mentions),
             number(round(one.expected, 1)), number(one.peak_mentions))
            for one in facts.spikes
        ]  # fmt: skip
        blocks.append(
            Table(
                title="Spikes, as the watcher found them",
                columns=("entity", "began (UTC)", "peak", "ended", "mentions", "expected",
                         "peak minute"),
                numeric=frozenset({4, 5, 6}),
                rows=spikes,
                query="spikes",
            )
        )  # fmt: skip
    if facts.alerts:
        blocks += _alerts(facts)
    if facts.annotations:
        events = [
            (moment(one.starts_at), facts.name_of(one.entity) if one.entity else "all",
             one.title, one.text)
            for one in facts.annotations
        ]  # fmt: skip
        blocks.append(
            Table(
                title="Known events",
                columns=("from (UTC)", "entity", "event", ""),
                rows=events,
                query="annotations",
            )
        )
    return Section(title="Alerts and known events", blocks=blocks)


def _alerts(facts: Facts) -> list[Block]:
    signals = Counter(one.signal.replace("_", " ") for one in facts.alerts)
    kinds = listed([f"{count} for {signal}" for signal, count in signals.most_common()])
    shown = facts.alerts[:SHOWN_ALERTS]
    told = f"{count_of(len(facts.alerts), 'alert')} fired in this range: {kinds}."
    if len(facts.alerts) > len(shown):
        told += f" The first {len(shown)}:"
    rows = [
        (moment(one.fired_at), facts.name_of(one.entity) if one.entity else "the run",
         one.signal.replace("_", " ") + (f": {one.term}" if one.term else ""), one.severity,
         number(round(one.value, 2)), number(round(one.expected, 2)), one.silence)
        for one in shown
    ]  # fmt: skip
    return [
        Paragraph(told),
        Table(
            title="Alerts",
            note="Value: posts or a share when it fired, and the limit or expectation it exceeded.",
            columns=("fired (UTC)", "entity", "signal", "severity", "value", "limit", "held back"),
            numeric=frozenset({4, 5}),
            rows=rows,
            query="alerts",
        ),
    ]
