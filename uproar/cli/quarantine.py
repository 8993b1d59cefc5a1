"""What became of each file of a replay: kept, filtered, and what could not be used, and where."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from uproar.errors import InputError
from uproar.printable import printable

if TYPE_CHECKING:
    from producers.plan import ReplayResult
    from producers.tally import FileTally

SHOWN_FILES = 20
SHOWN_EXAMPLES = 3


def print_quarantine(result: "ReplayResult") -> None:
    """Say on stderr what of which file could not be used, with the first places of each reason."""
    faulty = [(source, counts) for source, counts in result.files if counts.dead_letters]
    for source, counts in faulty[:SHOWN_FILES]:
        click.echo(f"{printable(source.name)}: {_counted(counts)}", err=True)
        for reason, count in counts.dead_letters.most_common():
            click.echo(f"  {count:,} {reason}: {'; '.join(_places(counts, reason))}", err=True)
    if (more := len(faulty) - SHOWN_FILES) > 0:
        click.echo(f"and {more:,} more files; `--report FILE` writes all", err=True)


def write_report(path: Path, result: "ReplayResult") -> None:
    """Write the same as JSON, of every file. Raises InputError where the file cannot be written."""
    content: dict[str, Any] = {
        "run": result.report.run,
        "files": [
            {
                "name": source.name,
                "format": source.format,
                "size_bytes": source.size_bytes,
                "read": counts.read,
                "kept": counts.kept,
                "filtered": counts.filtered,
                "deletions": counts.deletions,
                "dead_letters": counts.dead_letters,
                "record_bytes": {**counts.bytes, "read": counts.bytes.total()},
                "examples": counts.examples,
            }
            for source, counts in result.files
        ],
        "skipped": [{"name": one.name, "why": one.why} for one in result.skipped],
    }
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    except OSError as error:
        raise InputError(f"cannot write `{path}`: {error.strerror}") from error


def _counted(counts: "FileTally") -> str:
    parts = {
        "kept": counts.kept,
        "filtered": counts.filtered,
        "deletions": counts.deletions,
        "unusable": counts.dead_letters.total(),
    }
    told = ", ".join(f"{count:,} {name}" for name, count in parts.items() if count)
    return f"{counts.read:,} records of {counts.bytes.total():,} bytes: {told}"


def _places(counts: "FileTally", reason: str) -> Iterator[str]:
    examples: Sequence[Any] = counts.examples.get(reason, ())
    for example in examples[:SHOWN_EXAMPLES]:
        yield f"line {example.position:,}: {printable(example.detail)[:120]}"
    if counts.dead_letters[reason] > SHOWN_EXAMPLES:
        yield "…"
