"""`uproar dead-letters`: what could not be used, and what of it can be today."""

from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.errors import InputError
from uproar.printable import printable, printable_cell

if TYPE_CHECKING:
    from sinks.letters import StoredLetter

SHOWN_LETTERS = 10
SHOWN_BYTES = 1_024
SHOWN_LINES = 64
LIST_COLUMNS = (
    "run", "stage", "reason", "letters", "read again", "first", "last", "newest at", "because",
)  # fmt: skip

_RUN = click.option("--run", required=True, help="The run that they belong to.")
_REASON = click.option("--reason", default="", help="Only those of one reason.")
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, on stdout.")


@click.group("dead-letters")
def dead_letters() -> None:
    """List, look at and read again what could not be used.

    A dead letter is a record that could not be used, with the reason, where it stood, and its
    first 16 KiB.
    """


@dead_letters.command("list")
@click.option("--run", default="", help="Only those of one run.")
@_REASON
@_JSON
@click.pass_obj
def letters_list(invocation: Invocation, run: str, reason: str, *, as_json: bool) -> None:
    """Count dead letters by run, stage and reason, with the newest example of each.

    Example: uproar dead-letters list --run january
    """
    import msgspec

    from sinks.letters import count_letters
    from uproar.cli.asking import whole_reader
    from uproar.cli.tables import console, table_of

    with whole_reader(invocation) as client:
        counts = count_letters(client, run, reason)
    if as_json:
        for one in counts:
            click.echo(msgspec.json.encode(one))
        return
    if not counts:
        click.echo("No dead letters.", err=True)
        return
    rows = [
        (
            one.run, one.stage, one.reason, one.letters, one.read_again,
            f"{one.first_at:%Y-%m-%d %H:%M}", f"{one.last_at:%Y-%m-%d %H:%M}",
            f"{one.example_source}:{one.example_position}", one.example_detail,
        )
        for one in counts
    ]  # fmt: skip
    console().print(table_of(LIST_COLUMNS, [tuple(map(printable_cell, row)) for row in rows]))


@dead_letters.command("show")
@_RUN
@_REASON
@click.option("--at", "place", default="", help="Only those at a place: FILE:LINE.")
@click.option("--most", default=SHOWN_LETTERS, show_default=True, help="Show at most so many.")
@click.option("--hex", "as_hex", is_flag=True, help="The bytes as hexadecimal digits.")
@_JSON
@click.pass_obj
def letters_show(
    invocation: Invocation,
    run: str,
    reason: str,
    place: str,
    most: int,
    *,
    as_hex: bool,
    as_json: bool,
) -> None:
    """Show dead letters with their bytes, in the order of their places.

    What strangers wrote is made printable: nothing in it moves the cursor. With --json the bytes
    come whole, in Base64.

    Example: uproar dead-letters show --run january --reason no-text --most 3
    """
    import msgspec

    from sinks.letters import letters
    from uproar.cli.asking import whole_reader

    with whole_reader(invocation) as client:
        found = list(letters(client, run, reason, _place(place), max(most, 1)))
    for letter in found:
        if as_json:
            click.echo(msgspec.json.encode(letter))
        else:
            _show(letter, as_hex=as_hex)
    if not found:
        click.echo("No such dead letters: `uproar dead-letters list` counts all.", err=True)


@dead_letters.command("replay")
@_RUN
@_REASON
@click.option("--columns", default="", help="As the replay was told: text=body,… or a saved name.")
@click.option("--header", default="", help="Of rows of a table: the header line of their file.")
@click.option("--dry-run", is_flag=True, help="Only say what can be used today; send nothing.")
@_JSON
@click.pass_obj
def letters_replay(
    invocation: Invocation,
    run: str,
    reason: str,
    columns: str,
    header: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read the dead letters of a run again, with the readers and rules of today.

    What is usable now goes through Kafka into the same run, and counts as a dead letter no more
    once it is stored. To be done after an update of Uproar, or with what a file's rows lacked.
    Repeating it changes nothing.

    Example: uproar dead-letters replay --run january --dry-run
    """
    from uproar.cli.mending import Asked, mend, preview
    from uproar.cli.mending import show as show_outcome

    asked = Asked(run=run, reason=reason, columns=columns, header=header)
    outcome = preview(invocation, asked) if dry_run else mend(invocation, asked)
    show_outcome(outcome, as_json=as_json)
    if dry_run:
        click.echo("Nothing was sent.", err=True)


def _place(given: str) -> tuple[str, int]:
    """Read `--at`. Raises InputError.

    >>> _place("a:b.jsonl:17")
    ('a:b.jsonl', 17)
    """
    if not given:
        return ("", 0)
    source, _, position = given.rpartition(":")
    if not source or not (position.isascii() and position.isdigit() and len(position) < 19):
        raise InputError(
            f"`--at`: wanted FILE:LINE, found `{given[:200]}`", hint="for example: --at a.jsonl:17"
        )
    return source, int(position)


def _show(letter: "StoredLetter", *, as_hex: bool) -> None:
    part = f", part {letter.part}" if letter.part else ""
    place = f"{letter.source}:{letter.position}{part}"
    click.echo(printable(f"{place}  {letter.stage}  {letter.reason}"))
    click.echo(f"  {printable(letter.detail)}")
    kept = letter.payload[:SHOWN_BYTES]
    for line in _hex_lines(kept) if as_hex else _text_lines(kept):
        click.echo(f"  | {line}")
    if letter.size_bytes > len(kept):
        rest = "" if letter.is_whole else f"; only the first {len(letter.payload):,} are kept"
        click.echo(f"  the first {len(kept):,} of {letter.size_bytes:,} bytes{rest}")
    click.echo()


def _text_lines(content: bytes) -> list[str]:
    text = content.decode("utf-8", "backslashreplace")
    lines = [printable(line) for line in text.split("\n")]
    more = len(lines) - SHOWN_LINES
    return lines if more <= 0 else [*lines[:SHOWN_LINES], f"… and {more:,} more lines"]


def _hex_lines(content: bytes) -> list[str]:
    r"""Return rows of sixteen bytes with their place and, where printable, as letters.

    >>> _hex_lines(b"a\x1b")
    ['00000000  61 1b                                            a.']
    """
    return [
        f"{start:08x}  {content[start : start + 16].hex(' '):<47}  "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in content[start : start + 16])
        for start in range(0, len(content), 16)
    ]
