"""The timings as a table in Markdown. Pure."""

from collections.abc import Sequence

from benchmarks.queries import RANGES, WHOLE_RUN, Timing


def table(timings: Sequence[Timing], target_ms: float) -> str:
    """Return a row a query: milliseconds (processor time) a range, all entities · one.

    What is above the target stands in bold.
    """
    found = {(one.query, one.entities, one.range): one for one in timings}
    lines = [
        "| query | " + " | ".join(RANGES) + " |",
        "|---|" + "---|" * len(RANGES),
    ]
    for query in dict.fromkeys(one.query for one in timings):
        if whole := found.get((query, WHOLE_RUN, WHOLE_RUN)):
            cells = [_cell(whole, target_ms), *([""] * (len(RANGES) - 1))]
            lines.append(f"| {query} (whole run) | " + " | ".join(cells) + " |")
            continue
        cells = [
            f"{_cell(found[query, 'all', name], target_ms)} · "
            f"{_cell(found[query, 'one', name], target_ms)}"
            for name in RANGES
        ]
        lines.append(f"| {query} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(timing: Timing, target_ms: float) -> str:
    if timing.error:
        return "**failed**"
    text = f"{timing.milliseconds:.0f} ({timing.cpu_milliseconds:.0f})"
    return f"**{text}**" if timing.milliseconds > target_ms else text
