"""What was measured at several sizes, as a log-log picture and as tables in Markdown. Pure."""

from collections.abc import Sequence

from benchmarks.growth_figures import Size, Written
from benchmarks.line_chart import Axis, Chart, Line, picture, powers
from benchmarks.queries import USUAL, WHOLE_RUN, Timing
from dashboards.palette import SERIES

TARGET_MS = 100.0
SCOPES = {
    ("one", "6 h"): "one entity, 6 h",
    ("all", "24 h"): "all entities, 24 h",
    ("one", "all"): "one entity, the year",
    ("all", "all"): "all entities, the year",
}
MOST_NAMED = 16


def drawn(sizes: Sequence[Size]) -> str:
    """Return the picture: each panel's processor time, what a board opens with and all there is.

    Named are those above `TARGET_MS` at the largest size.
    """
    charts = [
        _panels(sizes, "What boards open with (6 h of one entity, 24 h of all)", USUAL[:2]),
        _panels(sizes, "The most that can be asked (the whole year)", USUAL[2:]),
        _writing(sizes),
    ]
    note = (
        "Each line is a panel: milliseconds of the server's processor a query; "
        f"named where above {TARGET_MS:.0f} ms at the largest size. Both axes are logarithmic"
    )
    return picture("Growth: panels and writing against stored reactions", note, charts)


def tables(sizes: Sequence[Size]) -> str:
    """Return the tables: what storing costs, what is stored, and what each panel takes."""
    return "\n".join([*_filling(sizes), "", *_written(sizes), "", *_asked(sizes)]) + "\n"


def _across(sizes: Sequence[Size]) -> Axis:
    return Axis("stored reactions", powers(6, 8), "logarithmic")


def _panels(sizes: Sequence[Size], title: str, scopes: Sequence[tuple[str, str]]) -> Chart:
    lines = []
    for name in dict.fromkeys(one.query for size in sizes for one in size.timings):
        for scope in scopes:
            points = []
            for size in sizes:
                found = _found(size, name, scope)
                if found is not None:
                    points.append((float(size.reactions), max(1.0, found.cpu_milliseconds)))
            if points:
                lines.append((f"{name}, {scope[0]}", points))
    slow = sorted(lines, key=lambda line: -line[1][-1][1])[:MOST_NAMED]
    named = {name for name, points in slow if points[-1][1] > TARGET_MS}
    return Chart(
        title,
        _across(sizes),
        Axis("milliseconds of processor time", powers(0, 4), "logarithmic"),
        [
            Line(name, points, SERIES[place % len(SERIES)] if name in named else "")
            for place, (name, points) in enumerate(lines)
        ],
        limit=TARGET_MS,
    )


def _writing(sizes: Sequence[Size]) -> Chart:
    lines = []
    for place, one in enumerate(sizes[0].written):
        color = SERIES[place % len(SERIES)]
        through, alone = [], []
        for size in sizes:
            written = _of(size, one.records)
            through.append((float(size.reactions), 1e6 / written.cpu_microseconds))
            alone.append((float(size.reactions), 1e6 / written.cpu_microseconds_alone))
        lines.append(Line(f"batches of {one.records:,}, through the sink", through, color))
        lines.append(Line(f"batches of {one.records:,}, rows alone", alone, color))
    return Chart(
        "Writing: through the sink, with states and all totals, and rows alone",
        _across(sizes),
        Axis("records a second of processor time", powers(2, 6), "logarithmic"),
        lines,
    )


def _filling(sizes: Sequence[Size]) -> list[str]:
    heads = [f"{size.reactions / 1e6:,.0f} M" for size in sizes]
    lines = ["| stored | " + " | ".join(heads) + " |", "|---|" + "---|" * len(sizes)]

    def row(words: str, *cells: str) -> None:
        lines.append(f"| {words} | " + " | ".join(cells) + " |")

    for name in dict.fromkeys(table.name for size in sizes for table in size.tables):
        if name.startswith("reactions") or name == "post_states":
            of_each = [{table.name: table for table in size.tables}.get(name) for size in sizes]
            cells = [
                f"{table.rows / 1e6:,.1f} M, {table.parts} parts, {table.bytes / 1e9:.2f} GB"
                if table
                else ""
                for table in of_each
            ]
            row(f"`{name}`: rows, parts, disk", *cells)
    row("disk of all tables", *(f"{sum(t.bytes for t in s.tables) / 1e9:.1f} GB" for s in sizes))
    row("most parts at once, all tables", *(f"{size.filled.most_parts:,}" for size in sizes))
    row("most memory of the server", *(f"{size.peak_bytes / 1e9:.2f} GB" for size in sizes))
    for name, words in (("reactions", "invented and stored"), ("states", "states and deletions"),
                        ("totals", "totals of the minute, hour, day; calls")):  # fmt: skip
        cells = []
        for size in sizes:
            step = size.filled.steps[name]
            cells.append(
                f"{1e6 * step.cpu_seconds / size.reactions:.1f} µs, "
                f"{size.reactions / step.seconds / 1000:,.0f} k/s"
            )
        row(f"filling, {words}: processor time a reaction, speed", *cells)
    return lines


def _written(sizes: Sequence[Size]) -> list[str]:
    heads = [f"{size.reactions / 1e6:,.0f} M" for size in sizes]
    lines = [
        "| through the sink, then rows alone | " + " | ".join(heads) + " |",
        "|---|" + "---|" * len(sizes),
    ]
    for one in sizes[0].written:
        cells = []
        for size in sizes:
            written = _of(size, one.records)
            cells.append(
                f"{written.a_second:,.0f}/s, {written.cpu_microseconds:,.0f} µs; "
                f"{written.a_second_alone:,.0f}/s, {written.cpu_microseconds_alone:,.0f} µs"
            )
        lines.append(f"| batches of {one.records:,} | " + " | ".join(cells) + " |")
    return lines


def _asked(sizes: Sequence[Size]) -> list[str]:
    """Return a row for each panel: its processor time at each size, in each scope."""
    heads = [f"{size.reactions / 1e6:,.0f}" for size in sizes]
    lines = [
        "| query | " + " | ".join(f"{words}: {' · '.join(heads)} M" for words in SCOPES.values())
        + " |",
        "|---|" + "---|" * len(SCOPES),
    ]  # fmt: skip
    for name in dict.fromkeys(one.query for one in sizes[-1].timings):
        if _found(sizes[-1], name, (WHOLE_RUN, WHOLE_RUN)):
            cells = [_cells(sizes, name, (WHOLE_RUN, WHOLE_RUN)), *([""] * (len(SCOPES) - 1))]
            lines.append(f"| {name} (whole run) | " + " | ".join(cells) + " |")
        else:
            cells = [_cells(sizes, name, scope) for scope in SCOPES]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _cells(sizes: Sequence[Size], name: str, scope: tuple[str, str]) -> str:
    cells = []
    for size in sizes:
        found = _found(size, name, scope)
        if found is None or found.error:
            cells.append("**failed**" if found else "")
            continue
        words = f"{found.cpu_milliseconds:.0f}"
        cells.append(f"**{words}**" if found.cpu_milliseconds > TARGET_MS else words)
    return " · ".join(cells)


def _found(size: Size, name: str, scope: tuple[str, str]) -> Timing | None:
    asked = {(one.query, one.entities, one.range): one for one in size.timings}
    return asked.get((name, *scope))


def _of(size: Size, records: int) -> Written:
    return next(one for one in size.written if one.records == records)
