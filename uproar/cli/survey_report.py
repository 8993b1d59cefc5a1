"""How the findings of a dry run look on a terminal."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from uproar.cli.tables import console, table_of

if TYPE_CHECKING:
    from producers.survey import FileSurvey
    from uproar.cli.surveying import Findings

MOST_ROWS = 31
MOST_FILES = 30
MOST_NAMES = 8
BAR_CHARACTERS = 40
_ROUNDINGS = ("%Y-%m-%d", "%Y-%m", "%Y")
_SPANS = {10: "day", 7: "month", 4: "year"}
"""What a row of so many characters stands for."""


def print_findings(found: "Findings") -> None:
    """Print everything on stdout, for a person."""
    total = found.total
    shown: list[RenderableType] = [_files(found.files)]
    if len(found.files) > MOST_FILES:
        shown.append(Text(f"and {len(found.files) - MOST_FILES:,} more files"))
    shown += [Text(), table_of(("all files", ""), _facts(found))]
    if total.posts_by_day:
        shown += [Text(), _histogram(total.posts_by_day)]
    if total.mentions:
        rows = sorted(total.mentions.items(), key=lambda item: (-item[1], item[0]))
        shown += [Text(), table_of(("entity", "posts that may mention it"), rows)]
    if total.dead_letters:
        shown += [Text(), _unreadable(found.files)]
    if found.skipped:
        passed = [(one.name, one.why) for one in found.skipped[:MOST_FILES]]
        shown += [Text(), table_of((f"{len(found.skipped):,} skipped", "it"), passed)]
    console().print(Group(*shown))


def histogram(posts_by_day: Mapping[date, int]) -> list[tuple[str, int, str]]:
    """Return rows of a span, its posts and a bar: by day, or by month or year where they are many.

    >>> histogram({date(2021, 1, 18): 4, date(2021, 1, 20): 8})[1:]
    [('2021-01-19', 0, ''), ('2021-01-20', 8, '████████████████████████████████████████')]
    """
    counts: Mapping[str, int] = {}
    for rounding in _ROUNDINGS:
        counts = _counted(posts_by_day, rounding)
        if len(counts) <= MOST_ROWS:
            break
    most = max(counts.values())
    return [
        (span, count, "█" * (-(-count * BAR_CHARACTERS // most)))
        for span, count in sorted(counts.items())
    ]


def _counted(posts_by_day: Mapping[date, int], rounding: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    first, last = min(posts_by_day), max(posts_by_day)
    if (last - first).days <= MOST_ROWS:  # also days without a post
        counts.update(
            {f"{first + timedelta(days=n):{rounding}}": 0 for n in range((last - first).days)}
        )
    for day, count in posts_by_day.items():
        counts[f"{day:{rounding}}"] += count
    return counts


def _histogram(posts_by_day: Mapping[date, int]) -> RenderableType:
    rows = histogram(posts_by_day)
    return table_of((_SPANS[len(rows[0][0])], "posts", ""), rows)


def _files(files: list["FileSurvey"]) -> RenderableType:
    columns = (
        "file",
        "format",
        "read",
        "kept",
        "filtered",
        "deletions",
        "unreadable",
        "first",
        "last",
    )
    rows = [
        (
            file.name, file.format, file.read, file.kept, file.filtered, file.deletions, file.dead,
            _day(file.first_at), _day(file.last_at),
        )
        for file in files[:MOST_FILES]
    ]  # fmt: skip
    return table_of(columns, rows)


def _facts(found: "Findings") -> list[tuple[str, str]]:
    total = found.total
    rows = [
        ("read", f"{total.read:,} records, {total.bytes / 1e6:,.1f} MB unpacked"),
        ("kept", f"{total.kept:,}" + ("" if found.tracks else " (nothing is tracked)")),
        ("filtered", f"{total.filtered:,}" + _outside(total)),
        ("deletions", f"{total.deletions:,}"),
        ("unreadable", f"{total.dead:,}"),
    ]
    if total.first_at and total.last_at:
        rows.append(("first", f"{total.first_at:%Y-%m-%d %H:%M:%S} UTC"))
        rows.append(("last", f"{total.last_at:%Y-%m-%d %H:%M:%S} UTC"))
    rows.append(("languages, declared", _shares(total.declared, total.posts)))
    rows.append(
        (f"languages, in {total.looked_at:,} texts", _shares(total.detected, total.looked_at))
    )
    rows.append(("order", "of time" if found.is_in_order else "not of time, beyond the window"))
    seconds = found.read_seconds
    rate = f"{total.read / seconds:,.0f} records/s, {total.bytes / 1e6 / seconds:,.1f} MB/s"
    rows.append(("read at", rate))
    pace = "full speed" if found.speed is None else f"{found.speed:g}x"
    rows.append((f"a replay at {pace}", f"about {_time(found.replay_seconds)}"))
    return rows


def _outside(total: "FileSurvey") -> str:
    return f", {total.outside:,} of them outside the bounds" if total.outside else ""


def _unreadable(files: list["FileSurvey"]) -> RenderableType:
    rows: list[tuple[Any, ...]] = [
        (
            reason,
            known.count,
            file.name,
            ", ".join(f"{position:,}" for position in known.positions)
            + (", …" if known.count > len(known.positions) else ""),
            known.detail,
            known.sample,
        )
        for file in files
        for reason, known in sorted(file.dead_letters.items(), key=lambda item: -item[1].count)
    ]
    columns = ("unreadable", "records", "file", "lines", "what was found", "the first")
    return table_of(columns, rows[:MOST_FILES])


def _shares(counts: Mapping[str, int], total: int) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{name or 'not said'} {count / total:.0%}" for name, count in ranked[:MOST_NAMES]]
    return ", ".join(named + (["…"] if len(ranked) > MOST_NAMES else [])) or "–"


def _day(time: Any) -> str:
    return f"{time:%Y-%m-%d}" if time else "–"


def _time(seconds: float) -> str:
    """Say how long something takes.

    >>> _time(0.2), _time(3725)
    ('1 s', '1:02:05')
    """
    return (
        f"{max(1, round(seconds))} s" if seconds < 120 else str(timedelta(seconds=round(seconds)))
    )
