"""`uproar replay FILE…`: a historical dataset through the same pipeline as live posts."""

import re
from pathlib import Path

import click

from uproar.cli.invocation import Invocation
from uproar.errors import InputError
from uproar.records import LIVE_RUN, UNKNOWN_RUN

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
@click.option("--columns", help="For other formats: text=body,created_at=date,id=post_id,…")
@click.option(
    "--keep-all",
    is_flag=True,
    help="Send also posts that mention no tracked entity: to Kafka, for readers of your own.",
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
    *,
    keep_all: bool,
) -> None:
    """Send the posts of FILES through the pipeline as if new.

    They go in order of time.

    JSON Lines, JSON arrays and CSV, plain or compressed (.gz, .zst, .bz2), recognised by content:
    Uproar's own lines, Twitter v1.1, X v2 as twarc writes it, tweet CSV; anything else with
    --columns. The same files into the same run again change nothing; after an interruption the
    same command goes on where everything was stored.

    Example: uproar replay january.jsonl.zst --run january --speed 60x
    """
    from producers.columns import parse_columns
    from producers.pace import check_bounds, parse_bound, parse_speed
    from uproar.cli.replaying import Request, replay_and_store

    request = Request(
        files=files,
        run=_run_name(run, files[0]),
        speed=parse_speed(speed),
        start=parse_bound(start, "--from") if start else None,
        end=parse_bound(end, "--to") if end else None,
        columns=parse_columns(columns) if columns else None,
        keep_all=keep_all,
    )
    check_bounds(request.start, request.end)
    replay_and_store(invocation, request)


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
