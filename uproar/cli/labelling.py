"""Asking a person about posts, one by one, and keeping the answers in a file."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.text import Text

from uproar.config import Entity
from uproar.errors import InputError
from uproar.evaluation.layout import printable
from uproar.evaluation.lines import Source
from uproar.evaluation.mentions import Row, read_mentions
from uproar.evaluation.sample import Stored, label
from uproar.mentions import MentionMatcher
from uproar.occurrences import Verdict

QUESTION = "about it? [y]es [n]o [s]kip [q]uit "
ANSWERS = {"y": True, "n": False}
OWN_EYES = 0o600
"""A file of labels holds what people wrote."""


def ask(waiting: Sequence[Stored], entities: Mapping[str, Entity], run: str) -> Iterator[Row]:
    """Show each post on stderr and yield the labels that are given, until no more are."""
    out = Console(stderr=True, highlight=False)
    matcher = MentionMatcher(tuple(entities.values()))
    for number, post in enumerate(waiting, 1):
        known = entities.get(post.entity)
        name = known.name if known else post.entity
        out.print(Text(f"\n{number} of {len(waiting)} · {name} · {post.lang}", style="bold"))
        verdicts = [one for one in matcher.explain(post.text, post.lang) if one.accepted]
        out.print(shown(post, verdicts))
        while (answer := _answer(out)) not in (*ANSWERS, "s", "q"):
            pass
        if answer == "q":
            return
        if answer in ANSWERS:
            yield label(post, name, run, about=ANSWERS[answer])


def shown(post: Stored, verdicts: Iterable[Verdict]) -> Text:
    """Return the post with what today's rules take for its entity, and the rule behind it."""
    text = Text(printable(post.text))
    mine = [verdict for verdict in verdicts if verdict.entity == post.entity]
    for verdict in mine:
        text.stylize("bold reverse", verdict.start, verdict.end)
    rule = f"“{mine[0].evidence}”: {mine[0].rule}" if mine else "today's rules do not find it"
    return text.append(f"\n  {printable(rule)}", style="dim")


def _answer(out: Console) -> str:
    """Return the first letter of an answer, in lower case; `q` where there are no more."""
    out.print(QUESTION, end="", markup=False)
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        out.print(line.strip(), markup=False)
        return line.strip()[:1].lower() if line else "q"
    try:
        key = click.getchar(echo=False)
    except EOFError:
        key = "q"
    out.print(printable(key), markup=False)
    return key[:1].lower()


def read_labels(path: Path) -> list[Row]:
    """Return the labels that are kept; none where there is no file yet. Raises InputError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"cannot read `{path}`: {error.strerror}") from error
    return [example.row for example in read_mentions(Source(str(path), content))]


def append(path: Path, row: Row) -> None:
    """Add one label to the file, which nobody else may read. Raises InputError."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, OWN_EYES)
        with os.fdopen(descriptor, "rb+") as file:
            os.fchmod(descriptor, OWN_EYES)
            ends = file.seek(0, os.SEEK_END)
            is_open = ends > 0 and os.pread(descriptor, 1, ends - 1) != b"\n"
            file.write((b"\n" if is_open else b"") + msgspec.json.encode(row) + b"\n")
    except OSError as error:
        raise InputError(f"cannot write `{path}`: {error.strerror}") from error
