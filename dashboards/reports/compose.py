"""From figures to a document: which answers, in which order. Pure."""

from collections.abc import Sequence
from datetime import datetime

from dashboards.reports import charts, story
from dashboards.reports.course import Wave, find_wave, leading
from dashboards.reports.demands import demands_section, quoted
from dashboards.reports.document import (
    Block,
    Chart,
    Document,
    Paragraph,
    Section,
    Stat,
    Table,
)
from dashboards.reports.events import events_section
from dashboards.reports.figures import Facts
from dashboards.reports.methods import method
from dashboards.reports.phrases import (
    listed,
    moment,
    number,
    share,
    times,
    unit_word,
)
from dashboards.reports.quotes import cleaned
from dashboards.reports.shapes import SHOWN_PARTS
from dashboards.reports.trusting import trust_section

SHOWN_MARKS = 4
MARKS_ACROSS = 12
"""Nearer to each other than a twelfth of the chart, their names would lie on each other."""


def compose(facts: Facts, *, with_queries: bool = False) -> Document:
    """Return the report on what was gathered; `with_queries` also the SQL of every figure."""
    facts = cleaned(facts)
    lead = leading(facts.entities)
    waves = [
        wave
        for entity in dict.fromkeys((lead, *(one.entity for one in facts.entities)))
        if (wave := _wave(facts, entity)) is not None
    ]
    first = waves[0] if waves else None
    sections = (
        _what_happened(facts, lead, waves),
        demands_section(facts),
        _who(facts),
        _mood(facts, lead),
        events_section(facts),
        trust_section(facts),
    )
    return Document(
        kicker=_kicker(facts),
        title=story.headline(facts, first, lead),
        deck=story.deck(facts, first, lead),
        stats=_stats(facts, first),
        sections=[one for one in sections if one.blocks],
        method=method(facts),
        made_at=facts.asked_at,
        queries=facts.queries if with_queries else (),
    )


def _kicker(facts: Facts) -> str:
    asked = [facts.name_of(entity) for entity in facts.asked_entities]
    whom = f" · {listed(asked)}" if asked else ""
    return f"Run {facts.run}{whom} · {moment(facts.from_at)} to {moment(facts.to_at)} UTC"


def _stats(facts: Facts, wave: Wave | None) -> list[Stat]:
    totals, loud = facts.totals, facts.loudest
    stats = [
        Stat(label="mentions", value=number(totals.mentions), query="totals",
             note=f"{share(totals.repeats / totals.mentions)} repeat another"),
        Stat(label="authors", value=number(totals.unique_authors), query="totals",
             note=f"the loudest: {share(loud.of_the_loudest / loud.known_mentions)}"
             if loud.known_mentions else "none is known"),
    ]  # fmt: skip
    if wave is not None:
        unit = unit_word(facts.unit_seconds)
        value = times(wave.times_usual) if wave.times_usual else number(wave.peak)
        note = f"{number(wave.peak)} in one {unit}, usually {number(wave.usual)}"
        stats.append(
            Stat(label="the usual, at its peak" if wave.times_usual else f"in the highest {unit}",
                 value=value, note=note, query="course",
                 is_alarming=wave.started_at is not None)
        )  # fmt: skip
    stats += [
        Stat(label="call for action against", value=number(totals.posts_against), query="totals",
             note=f"{share(totals.against_share)} of all mentions",
             is_alarming=totals.posts_against > 0),
        Stat(label="negative", value=share(totals.negative_share), query="totals",
             note="where the mood is sure"),
    ]  # fmt: skip
    return stats


def _what_happened(facts: Facts, lead: str, waves: Sequence[Wave]) -> Section:
    first = waves[0] if waves else None
    name, unit = facts.name_of(lead), unit_word(facts.unit_seconds)
    steps = [one for one in facts.course if one.entity == lead]
    expected = [one for one in facts.expected if one.entity == lead]
    span = (facts.from_at, facts.to_at, facts.unit_seconds)
    line = "what the detector expected" if expected else f"a usual {unit}"
    blocks: list[Block] = [
        Paragraph(story.onset(facts, first)),
        Chart(
            id="course",
            title=f"Mentions of {name} by {unit}, and those that call for action against it",
            note=f"Red: posts that call against. Dashed: {line}. Times in UTC.",
            alt=story.onset(facts, first),
            spec=charts.course_chart(steps, expected, first, _marks(facts, lead), span),
            query="course",
            columns=(unit, "mentions", "calling against"),
            rows=[
                (moment(one.time), number(one.mentions), number(one.posts_against))
                for one in sorted(steps, key=lambda one: (-one.mentions, one.time))[:5]
            ],
        ),
    ]
    if len(facts.entities) > 1:
        blocks += _entities(facts, waves)
    return Section(title="What happened, and when it began", blocks=blocks)


def _entities(facts: Facts, waves: Sequence[Wave]) -> list[Block]:
    unit = unit_word(facts.unit_seconds)
    found = {one.entity: one for one in waves}
    rows = []
    for one in facts.entities[:12]:
        wave = found.get(one.entity)
        began = wave.started_at if wave else None
        rows.append((
            facts.name_of(one.entity), number(one.mentions), number(one.unique_authors),
            number(wave.usual) if wave else "–", number(wave.peak) if wave else "–",
            moment(began) if began else "–", share(one.negative_share),
            number(one.posts_against), number(one.posts_for),
        ))  # fmt: skip
    drawn = list(dict.fromkeys(step.entity for step in facts.course))
    order = [one.entity for one in facts.entities if one.entity in drawn]
    return [
        Table(
            title="Who was talked about",
            columns=("", "mentions", "authors", f"usual {unit}", "peak", "wave began (UTC)",
                     "negative", "against", "for"),
            numeric=frozenset({1, 2, 3, 4, 6, 7, 8}),
            rows=rows,
            query="entities",
        ),
        Chart(
            id="multiples",
            title=f"Each of them by {unit}, on one scale",
            note="Red: posts that call for action against.",
            alt="One small chart for each entity; the table above has its figures.",
            spec=charts.multiples_chart(
                facts.course,
                facts.names,
                order,
                (facts.from_at, facts.to_at, facts.unit_seconds),
            ),
            query="course",
        ),
    ]  # fmt: skip


def _who(facts: Facts) -> Section:
    def drawn(name: str, title: str, *, are_languages: bool) -> Chart:
        parts = facts.languages if are_languages else facts.platforms
        return Chart(
            id=name,
            title=title,
            alt=story.tongues(facts) if are_languages else story.where(parts),
            spec=charts.parts_chart(parts, are_languages=are_languages),
            query=name,
            columns=("", "mentions", "calling against"),
            rows=[
                (one.name or "–", number(one.mentions), number(one.posts_against))
                for one in parts[:SHOWN_PARTS]
            ],
        )

    blocks: list[Block] = [Paragraph(f"{story.crowd(facts)} {story.tongues(facts)}")]
    if facts.languages:
        blocks.append(drawn("languages", "Languages", are_languages=True))
    if facts.platforms:
        blocks.append(drawn("platforms", "Platforms", are_languages=False))
    return Section(title="Who speaks, and in which languages", blocks=blocks)


def _mood(facts: Facts, lead: str) -> Section:
    blocks: list[Block] = [Paragraph(story.mood_shift(facts, lead))]
    if facts.mood:
        blocks.append(
            Chart(
                id="mood",
                title=f"The mood of mentions by {unit_word(facts.bar_seconds)}",
                alt=story.mood_shift(facts, lead),
                spec=charts.mood_chart(facts.mood, (facts.from_at, facts.to_at, facts.bar_seconds)),
                query="mood",
            )
        )
    blocks += quoted(facts, "", "Negative posts, without a call", "negative")
    blocks += quoted(facts, "", "Positive posts, without a call", "positive")
    return Section(title="The mood", blocks=blocks)


def _marks(facts: Facts, entity: str) -> list[tuple[datetime, str]]:
    """Return the moments that the chart names: known events, else alerts, as far as they fit."""
    events = [(one.starts_at, one.title) for one in facts.annotations if one.entity in ("", entity)]
    fired = [
        (one.fired_at, f"alert: {one.signal.replace('_', ' ')}")
        for one in facts.alerts
        if one.entity == entity
    ]
    apart = (facts.to_at - facts.from_at) / MARKS_ACROSS
    marks: list[tuple[datetime, str]] = []
    for at, name in sorted(events or fired):
        is_inside = facts.from_at <= at <= facts.to_at
        if is_inside and (not marks or at - marks[-1][0] >= apart):
            marks.append((at, name))
    return marks[:SHOWN_MARKS]


def _wave(facts: Facts, entity: str) -> Wave | None:
    return find_wave(facts.course, entity, facts.from_at, facts.to_at, facts.unit_seconds)
