"""The table of a run of the chaos test, for a terminal and in Markdown. Pure."""

from collections.abc import Sequence
from typing import Final

from tests.chaos.play import Outcome

COLUMNS: Final = (
    "round", "seed", "records", "pace", "producer", "worker", "sink", "ClickHouse", "broker",
    "all at once", "page", "paused", "workers + −", "seconds", "repeats", "rows again",
    "totals behind", "final",
)  # fmt: skip


def row(outcome: Outcome) -> tuple[str, ...]:
    """Return the cells of a round."""
    dealt = outcome.dealt
    removed = dealt["remove added worker"] + dealt["kill added worker"]
    paused = sum(count for what, count in dealt.items() if what.startswith("pause"))
    return (
        str(outcome.wish.number),
        str(outcome.wish.seed),
        f"{outcome.wish.posts:,}",
        outcome.pace,
        *(str(dealt[f"kill {victim}"]) for victim in ("producer", "worker", "sink", "clickhouse")),
        str(dealt["kill broker"] + dealt["stop broker"]),
        str(dealt["kill owner"]),
        str(dealt["kill page"]),
        str(paused),
        f"{dealt['add added worker']} {removed}",
        f"{outcome.seconds:.0f}",
        f"{outcome.repeats:,}",
        f"{outcome.again:,}",
        f"{outcome.wrong:,}",
        str(len(outcome.differences)) if outcome.differences else "none",
    )


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Return the whole table."""
    rows = [row(outcome) for outcome in outcomes]
    lines = [_line(COLUMNS), _line(["---:"] * len(COLUMNS)), *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
