"""The drawings of a report, as Vega-Lite specifications. Pure: data in, data out.

Times are written without a zone and drawn as UTC. What a chart shows is in its data, so that a
test can compare it with a query.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dashboards.palette import ACTIONS, PALETTE
from dashboards.reports.course import Wave
from dashboards.reports.figures import Call, CallStep, Expected, Mood, Part, Step
from dashboards.reports.phrases import ACTION_WORDS, language, number, share
from dashboards.reports.shapes import (
    AGAINST,
    FAINT,
    FOR,
    GRID,
    INK,
    NEGATIVE,
    POSITIVE,
    SHOWN_PARTS,
    VOLUME,
    WIDTH,
    Spec,
    drawn,
    ranking,
    short,
    stacked,
    time_axis,
    zulu,
)


def course_chart(
    steps: Sequence[Step],
    expected: Sequence[Expected],
    wave: Wave | None,
    marks: Sequence[tuple[datetime, str]],
    span: tuple[datetime, datetime, int],
) -> Spec:
    """Draw the volume of one entity, those mentions that call against, and what was usual.

    `marks` are moments with their names; `span` is from, to and the length of a step in seconds.
    """
    from_at, to_at, unit = span
    length = timedelta(seconds=unit)
    rows = [
        {
            "start": zulu(one.time),
            "end": zulu(one.time + length),
            "mentions": one.mentions,
            "against": one.posts_against,
        }
        for one in steps
    ]
    top = max((one.mentions for one in steps), default=1)
    domain = [zulu(from_at), zulu(to_at)]
    across = {
        "x": {
            "field": "start", "type": "temporal", "scale": {"type": "utc", "domain": domain},
            "axis": time_axis(to_at - from_at),
        },
        "x2": {"field": "end"},
    }  # fmt: skip
    layers: list[Spec] = [
        _bars(rows, across, "mentions", VOLUME, top),
        _bars(rows, across, "against", AGAINST, top),
    ]
    if expected:
        layers.append(_expected_line(expected, length))
    elif wave is not None and wave.usual:
        layers.append(_usual_rule(wave.usual))
    if wave is not None:
        layers += _peak_label(wave, length, from_at + (to_at - from_at) / 2)
    layers += _mark_rules(marks, from_at + (to_at - from_at) * 0.8)
    return drawn({"width": WIDTH - 40, "height": 230, "layer": layers})


def multiples_chart(
    steps: Sequence[Step],
    names: Mapping[str, str],
    order: Sequence[str],
    span: tuple[datetime, datetime, int],
) -> Spec:
    """Draw one small chart an entity, all on one scale, side by side."""
    from_at, to_at, unit = span
    rows = [
        {
            "entity": names.get(one.entity, one.entity),
            "at": zulu(one.time),
            "end": zulu(one.time + timedelta(seconds=unit)),
            "mentions": one.mentions,
            "against": one.posts_against,
        }
        for one in steps
    ]
    columns = 3 if len(order) in (3, 6) else len(order)
    width = (WIDTH - 40) // columns - 18
    axis = {**time_axis(to_at - from_at), "tickCount": 3 if width > 150 else 2}
    x = {
        "field": "at", "type": "temporal", "axis": axis,
        "scale": {"type": "utc", "domain": [zulu(from_at), zulu(to_at)]},
    }  # fmt: skip
    layer = [
        {
            "mark": {"type": "bar", "color": color},
            "encoding": {
                "x": x,
                "x2": {"field": "end"},
                "y": {"field": field, "type": "quantitative"},
                "y2": {"datum": 0},
            },
        }
        for field, color in (("mentions", VOLUME), ("against", AGAINST))
    ]
    header = {"labelAnchor": "start", "labelOrient": "top"}
    sorted_names = [names.get(entity, entity) for entity in order]
    return drawn(
        {
            "data": {"values": rows},
            "facet": {
                "field": "entity", "type": "nominal", "sort": sorted_names, "header": header
            },
            "columns": columns,
            "spacing": {"row": 24, "column": 18},
            "spec": {"width": width, "height": 90, "layer": layer},
        }
    )  # fmt: skip


def calls_chart(calls: Sequence[Call]) -> Spec:
    """Draw what is called for, by action, coloured by direction."""
    rows = [
        {
            "name": f"{ACTION_WORDS.get(one.action, one.action)}"
            + (" (in favour)" if one.direction == "for" else ""),
            "value": one.posts_calling,
            "color": AGAINST if one.direction == "against" else FOR,
            "label": number(one.posts_calling),
        }
        for one in calls[:SHOWN_PARTS]
    ]
    return ranking(rows, WIDTH)


def parts_chart(parts: Sequence[Part], *, are_languages: bool) -> Spec:
    """Draw platforms or languages by their part of all mentions; a long tail is one bar."""
    whole = sum(one.mentions for one in parts) or 1
    shown = list(parts[:SHOWN_PARTS])
    rows = [
        {
            "name": language(one.name) if are_languages else one.name or "not told",
            "value": one.mentions,
            "color": VOLUME,
            "label": f"{share(one.mentions / whole)}  {number(one.mentions)}",
        }
        for one in shown
    ]
    if rest := sum(one.mentions for one in parts[SHOWN_PARTS:]):
        label = f"{share(rest / whole)}  {number(rest)}"
        rows.append({"name": "all others", "value": rest, "color": GRID, "label": label})
    return ranking(rows, WIDTH // 2 - 20)


def calling_chart(steps: Sequence[CallStep], span: tuple[datetime, datetime, int]) -> Spec:
    """Draw when action against was called for, by action."""
    order = sorted(
        {one.action for one in steps},
        key=lambda action: -sum(one.posts_calling for one in steps if one.action == action),
    )
    rows = [
        {
            "at": zulu(one.time),
            "end": zulu(one.time + timedelta(seconds=span[2])),
            "series": ACTION_WORDS.get(one.action, one.action),
            "place": order.index(one.action),
            "value": one.posts_calling,
        }
        for one in steps
    ]
    colors = [PALETTE[ACTIONS.get(action, "grey")][0] for action in order]
    domain = [ACTION_WORDS.get(action, action) for action in order]
    return stacked(rows, span, (domain, colors), is_share=False)


def mood_chart(steps: Sequence[Mood], span: tuple[datetime, datetime, int]) -> Spec:
    """Draw how the mood is divided, each step as a whole."""
    kinds = (
        ("negative", NEGATIVE, "negative_posts"),
        ("not sure, or not read", GRID, ""),
        ("neutral", "#b8c0c8", "neutral_posts"),
        ("positive", POSITIVE, "positive_posts"),
    )
    rows = [
        {
            "at": zulu(one.time),
            "end": zulu(one.time + timedelta(seconds=span[2])),
            "series": name,
            "place": place,
            "value": getattr(one, field) if field else one.unsure_posts + one.unread_posts,
        }
        for one in steps
        for place, (name, _, field) in enumerate(kinds)
    ]
    return stacked(
        rows, span, ([name for name, *_ in kinds], [color for _, color, _ in kinds]), is_share=True
    )


def _bars(rows: Sequence[Spec], across: Spec, field: str, color: str, top: int) -> Spec:
    y = {"field": field, "type": "quantitative", "scale": {"domain": [0, top * 1.12]}}
    return {
        "data": {"values": [row for row in rows if row[field]]},
        "mark": {"type": "bar", "color": color},
        "encoding": {**across, "y": y, "y2": {"datum": 0}},
    }


def _expected_line(expected: Sequence[Expected], length: timedelta) -> Spec:
    rows = [{"at": zulu(one.time + length / 2), "expected": one.expected} for one in expected]
    return {
        "data": {"values": rows},
        "mark": {"type": "line", "color": INK, "strokeWidth": 1.4, "strokeDash": [4, 2]},
        "encoding": {
            "x": {"field": "at", "type": "temporal"},
            "y": {"field": "expected", "type": "quantitative"},
        },
    }


def _usual_rule(usual: float) -> Spec:
    return {
        "data": {"values": [{"usual": usual}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [4, 2]},
        "encoding": {"y": {"field": "usual", "type": "quantitative"}},
    }


def _peak_label(wave: Wave, length: timedelta, middle: datetime) -> list[Spec]:
    is_late = wave.peak_at > middle
    row = {
        "at": zulu(wave.peak_at + (timedelta() if is_late else length)),
        "peak": wave.peak,
        "label": f"{number(wave.peak)} mentions",
    }
    mark = {
        "type": "text", "fontWeight": "bold", "align": "right" if is_late else "left",
        "dx": -6 if is_late else 6, "dy": 2, "baseline": "top",
    }  # fmt: skip
    return [
        {
            "data": {"values": [row]},
            "mark": mark,
            "encoding": {
                "x": {"field": "at", "type": "temporal"},
                "y": {"field": "peak", "type": "quantitative"},
                "text": {"field": "label"},
            },
        }
    ]


def _mark_rules(marks: Sequence[tuple[datetime, str]], late_after: datetime) -> list[Spec]:
    if not marks:
        return []
    layers: list[Spec] = []
    for place, (at, name) in enumerate(marks):
        is_late = at > late_after
        x = {"field": "at", "type": "temporal"}
        data = {"values": [{"at": zulu(at), "label": short(name)}]}
        text = {
            "type": "text", "align": "right" if is_late else "left", "dx": -5 if is_late else 5,
            "color": FAINT, "fontSize": 11, "baseline": "top",
        }  # fmt: skip
        encoding = {"x": x, "y": {"value": 2 + 15 * (place % 3)}, "text": {"field": "label"}}
        rule = {"type": "rule", "color": FAINT, "strokeDash": [2, 2]}
        layers.append({"data": data, "mark": rule, "encoding": {"x": x}})
        layers.append({"data": data, "mark": text, "encoding": encoding})
    return layers
