"""`uproar replay FILE…`: a historical dataset through the same pipeline as live posts."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.errors import InputError
from uproar.records import LIVE_RUN, UNKNOWN_RUN

if TYPE_CHECKING:
    from producers.columns import ColumnMap

RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")

TAKEN = {LIVE_RUN: "the run of live posts", UNKNOWN_RUN: "where dead letters go that name no run"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--run", help="Name of the run that the rows belong to; the first file's, if none.")
@click.option(
    "--speed", default="max", show_default=True, help="Hours go by as minutes at 60x; or max."
)
@click.option("--from", "start", help="Only posts from this time on (RFC 3339; UTC if no zone).")
@click.option("--to", "end", help="Only posts before this time.")
@click.option(
    "--columns",
    help="For other formats: text=body,created_at=date,id=post_id,…, or a name they are saved "
    "under in uproar.yaml.",
)
@click.option(
    "--format", "format_", help="What is in FILES, where that is not to be found out: reddit, …"
)
@click.option(
    "--keep-all",
    is_flag=True,
    help="Send also posts that mention no tracked entity: to Kafka, for readers of your own.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what is in FILES; send nothing, start and need nothing."
)
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: as JSON.")
@click.option(
    "--loop", is_flag=True, help="Again and again until Ctrl-C, each time into an empty run."
)
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write what became of each file, as JSON."
)
@click.pass_obj
def replay(
    invocation: Invocation,
    files: tuple[Path, ...],
    run: str | None,
    speed: str,
    start: str | None,
    end: str | None,
    columns: str | None,
    format_: str | None,
    *,
    keep_all: bool,
    dry_run: bool,
    as_json: bool,
    loop: bool,
    report: Path | None,
) -> None:
    """Send the posts of FILES through the pipeline as if new.

    They go in order of time.

    FILES are files, folders and patterns; JSON Lines, JSON arrays, CSV and Parquet, plain, packed
    (gzip, zstd, bzip2, xz) or in zip and tar archives. What is in them is recognised by content:
    Twitter, X, Bluesky, Mastodon, Reddit, Telegram, YouTube, Parler, feeds, GDELT, 4CAT, our own
    lines (docs/formats.md lists them); anything else with --columns. The same files into the same
    run again change nothing; after an interruption the same command goes on where everything was
    stored.

    Example: uproar replay january.jsonl.zst --run january --speed 60x
    """
    from producers.pace import check_bounds, parse_bound, parse_speed
    from uproar.cli.replaying import Request, replay_and_store
    from uproar.cli.surveying import Look, look

    name = _run_name(run, files[0])
    asked = Look(
        files=files,
        speed=parse_speed(speed),
        start=parse_bound(start, "--from") if start else None,
        end=parse_bound(end, "--to") if end else None,
        columns=_columns(invocation, columns, format_),
        keep_all=keep_all,
    )
    check_bounds(asked.start, asked.end)
    if dry_run:
        look(invocation, asked, as_json=as_json)
        return
    if as_json:
        raise InputError("`--json` belongs to `--dry-run`", hint="add --dry-run, or leave it out")
    request = Request(
        run=name, loops=loop, starts_anew=loop, report=report, **msgspec.structs.asdict(asked)
    )
    replay_and_store(invocation, request)


def _columns(invocation: Invocation, given: str | None, format_: str | None) -> "ColumnMap | None":
    """Read `--columns` or `--format`; the configuration only where it names a saved map."""
    from producers.columns import ColumnMap, columns_of
    from producers.formats import named_format

    if format_ is not None:
        if given is not None:
            raise InputError("`--format` and `--columns` both say how to read: wanted one of them")
        return ColumnMap({}, format=named_format(format_))
    if not given:
        return None
    return columns_of(given, {} if "=" in given else read_config(invocation.config).columns)


def _run_name(given: str | None, first: Path) -> str:
    """Return the run's name. Raises InputError when it cannot be one.

    >>> _run_name(None, Path("old/Tweets of 2015.csv.gz"))
    'Tweets-of-2015'
    """
    if given is None:
        stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", first.name.split(".")[0]).strip("-.")
        return stem if RUN_NAME.fullmatch(stem) and stem not in TAKEN else "replay"
    if not RUN_NAME.fullmatch(given):
        raise InputError(
            f"`--run`: wanted letters, digits, `_`, `.` and `-`, found `{given}`",
            hint="for example: --run january-2021",
        )
    if given in TAKEN:
        raise InputError(f"`--run`: `{given}` is {TAKEN[given]}; a replay is another one")
    return given
