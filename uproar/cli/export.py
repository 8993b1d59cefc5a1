"""`uproar export`: the mentions of a run as one file."""

import contextlib
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import click

from uproar.cli.invocation import Invocation
from uproar.cli.writing import replacing
from uproar.errors import InputError

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from dashboards.exports.columns import Row
    from dashboards.exports.read import Selection
    from dashboards.exports.write import Form

FORMS: "dict[str, Form]" = {
    ".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
PACKED = (".gz", ".zst")
BLOCK_ROWS = 4096
STDOUT = "-"


def _show_columns(context: click.Context, _parameter: click.Parameter, value: object) -> None:
    """Print what the columns mean, and end."""
    if not value or context.resilient_parsing:
        return
    from dashboards.exports.columns import CALLS, COLUMNS, FLAT_CALLS, FOURCAT
    from uproar.cli.tables import console, table_of

    rows = [
        (kind, column.name, column.meaning)
        for kind, columns in (
            ("every form", COLUMNS), ("CSV", FLAT_CALLS), ("in `calls`", CALLS), ("4CAT", FOURCAT)
        )
        for column in columns
    ]  # fmt: skip
    console().print(table_of(("of", "column", "meaning"), rows))
    context.exit()


@click.command()
@click.argument("run")
@click.option(
    "--out",
    required=True,
    help="File to write: .parquet, .csv or .ndjson, the latter two also .gz or .zst; - is stdout.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "4cat", "ndjson", "parquet"]),
    help="By the name of the file where it is not given.",
)
@click.option("--entity", "entities", multiple=True, help="Only of this one; may stand repeatedly.")
@click.option("--since", help="Observed from then on: RFC 3339, or how long ago (90m, 24h, 7d).")
@click.option("--until", help="Observed before then, the same way.")
@click.option(
    "--columns",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_columns,
    help="Say what each column means.",
)
@click.pass_obj
def export(
    invocation: Invocation,
    run: str,
    out: str,
    form: "Form | None",
    entities: tuple[str, ...],
    since: str | None,
    until: str | None,
) -> None:
    """Write the mentions of RUN into one file, in order of time.

    One row a mention: a post about two entities has two. For 4CAT it is one row a post, in the
    columns that its import wants. `uproar replay` reads each of them again as the same posts.
    Deleted posts are not in it. In a CSV nothing is a formula. The file comes whole or not at all,
    and only you can read it: it holds what people wrote. `uproar runs export` writes a run with
    its totals, dead letters and checksums.

    Example: uproar export demo --out demo.parquet --entity epik
    """
    from dashboards.exports.read import END, FIRST, Selection
    from uproar.cli.asking import whole_reader
    from uproar.cli.ranges import parse_moment

    form = form or form_of(out)
    _check(out, form)
    selection = Selection(
        run=run,
        entities=entities,
        from_at=parse_moment(since, "--since") or FIRST,
        to_at=parse_moment(until, "--until") or END,
    )
    if selection.to_at <= selection.from_at:
        raise InputError("the range ends before it begins", hint="check --since and --until")
    with _opened(out) as file, whole_reader(invocation) as client:
        count = write_mentions(client, selection, form, file)
    what = "posts" if form == "4cat" else "mentions"
    click.echo(f"Exported {count:,} {what} of `{run}` into {out}", err=True)


def write_mentions(client: "Client", selection: "Selection", form: "Form", file: IO[bytes]) -> int:
    """Write what was selected; return the number of rows. Raises InputError where there is none."""
    from dashboards.exports.read import mentions
    from dashboards.exports.write import WRITERS

    def rows(sql: str) -> "Iterator[Row]":
        found = client.execute_iter(
            sql, with_column_types=True, settings={"max_block_size": BLOCK_ROWS}
        )
        names = [name for name, _ in next(found)]
        for row in found:
            yield dict(zip(names, row, strict=True))

    count = WRITERS[form](mentions(rows, selection), file)
    if not count:
        raise InputError(
            f"there is nothing of run `{selection.run}` to export"
            + (" in this selection" if _is_narrow(selection) else ""),
            hint="`uproar runs list` names the runs there are, and from when to when they go",
        )
    return count


def form_of(out: str) -> "Form":
    """Return the form that a file's name asks for. Raises InputError."""
    path = Path(out)
    inner = Path(path.stem) if path.suffix in PACKED else path
    form = FORMS.get(inner.suffix.lower())
    if form is None:
        raise InputError(
            f"`--out`: wanted a name that ends in .parquet, .csv or .ndjson, found `{out}`",
            hint="for example: --out run.parquet; or say --format",
        )
    return form


def _check(out: str, form: "Form") -> None:
    if form == "parquet" and (out == STDOUT or out.endswith(PACKED)):
        raise InputError(
            "Parquet is packed by itself, and goes into a file",
            hint="for example: --out run.parquet",
        )


def _is_narrow(selection: "Selection") -> bool:
    from dashboards.exports.read import END, FIRST

    return bool(selection.entities) or (selection.from_at, selection.to_at) != (FIRST, END)


@contextlib.contextmanager
def _opened(out: str) -> Iterator[IO[bytes]]:
    """Lend the file to write into, packing what goes in where its name says so."""
    if out == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with replacing(Path(out)) as file:
        if out.endswith(".gz"):
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0) as packed:
                yield cast("IO[bytes]", packed)
        elif out.endswith(".zst"):
            import zstandard

            compressor: Any = zstandard.ZstdCompressor()
            with compressor.stream_writer(file, closefd=False) as packed:
                yield packed
        else:
            yield file
