"""Labelled files on disk: a file, or a folder of them, as the sources of one part's examples."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from uproar.errors import InputError
from uproar.evaluation.lines import Source

SUFFIXES = (".jsonl", ".csv", ".tsv", ".txt")
_TEXTS, _LABELS = "_text.txt", "_labels.txt"
_Example = TypeVar("_Example")


def read_labelled(
    path: Path,
    is_mine: Callable[[Source], bool],
    read: Callable[[Source], Iterator[_Example]],
    wanted: str,
) -> tuple[tuple[str, ...], list[_Example]]:
    """Return the names of the files that were read, and their examples.

    Of a folder, files of no format of this part are left out, and named on stderr. A file that was
    named must be of one. Raises InputError.
    """
    sources = list(_sources(path))
    mine = [source for source in sources if is_mine(source)]
    if path.is_dir():
        for source in sources:
            if source not in mine:
                click.echo(f"left out: {source.name}", err=True)
        if not mine:
            raise InputError(f"`{path}`: wanted a file of {wanted}, found none")
    # A file that was named is read in any case: its first line says what it lacks.
    examples = [example for source in mine or sources for example in read(source)]
    if not examples:
        raise InputError(f"`{path}`: wanted {wanted}, found no post")
    return tuple(source.name for source in mine), examples


def _sources(path: Path) -> Iterator[Source]:
    if not path.is_dir():
        yield _source(path, path.name)
        return
    for below in sorted(path.rglob("*")):
        is_labels = below.name.endswith(_LABELS) and _texts_of(below).exists()
        if below.is_file() and below.suffix in SUFFIXES and not is_labels:
            yield _source(below, str(below.relative_to(path)))


def _source(path: Path, name: str) -> Source:
    labels = path.with_name(path.name.removesuffix(_TEXTS) + _LABELS)
    try:
        is_pair = path.name.endswith(_TEXTS) and labels.exists()
        return Source(
            name=name,
            content=path.read_bytes(),
            labels=labels.read_bytes() if is_pair else None,
            folder=path.absolute().parent.name,
        )
    except OSError as error:
        raise InputError(f"cannot read `{path}`: {error.strerror}") from error


def _texts_of(labels: Path) -> Path:
    return labels.with_name(labels.name.removesuffix(_LABELS) + _TEXTS)
