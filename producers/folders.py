"""What was dropped -> the files that are meant: folders and patterns are looked through."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from producers.containers import Skipped, is_hidden
from uproar.errors import InputError

_PATTERN = "*?["


class Found(msgspec.Struct, frozen=True):
    """A file, how it is called, and whether it was named itself, not its folder or a pattern."""

    path: Path
    label: str
    is_named: bool


class Expansion(msgspec.Struct, frozen=True):
    """The files in the order in which they are read, and what was passed over."""

    files: tuple[Found, ...]
    skipped: tuple[Skipped, ...]


def expand(paths: Sequence[Path]) -> Expansion:
    """Find the files that are meant by names of files, folders and patterns, in that order.

    A folder stands for all in and below it, a pattern (`*`, `?`, `[…]`, `**`) for the files and
    folders it fits, both sorted by name; what is hidden is skipped. A file is called by its name,
    one of a folder by its way from there; where two would be called the same, by longer ways.
    A file found twice is read once. Raises InputError where a folder or pattern holds nothing.
    """
    found: dict[Path, Found] = {}
    skipped: list[Skipped] = []
    for given in paths:
        for path, base, is_named in _meant(given, skipped):
            one = Found(path, _text(path.relative_to(base)), is_named)
            if found.setdefault(path.absolute(), one) is not one:
                skipped.append(Skipped(one.label, "is named twice"))
    return Expansion(_told_apart(list(found.values())), tuple(skipped))


def _meant(given: Path, skipped: list[Skipped]) -> Iterator[tuple[Path, Path, bool]]:
    """Yield files with the folder from which they are called."""
    if given.is_dir():
        files = list(_below(given, given.parent, skipped))
        if not files:
            raise InputError(f"`{given}` is a folder without files, so there is nothing to replay")
        yield from ((path, given.parent, False) for path in files)
    elif given.exists() or not any(letter in str(given) for letter in _PATTERN):
        yield given, given.parent, True
    else:
        yield from _fitting(given, skipped)


def _fitting(pattern: Path, skipped: list[Skipped]) -> Iterator[tuple[Path, Path, bool]]:
    is_plain = [not any(letter in part for letter in _PATTERN) for part in pattern.parts]
    first = is_plain.index(False)
    base = Path(*pattern.parts[:first])  # so that names tell folders apart
    wanted = "/".join(pattern.parts[first:])
    is_recursive = "**" in pattern.parts
    count = 0
    for path in sorted(base.glob(f"{wanted}/*" if wanted.endswith("**") else wanted)):
        if is_hidden(list(path.relative_to(base).parts)):
            skipped.append(Skipped(_text(path.relative_to(base)), "is hidden"))
        elif not path.is_dir():
            count += 1
            yield path, base, False
        elif not is_recursive:
            for file in _below(path, base, skipped):
                count += 1
                yield file, base, False
    if not count:
        raise InputError(
            f"no file fits `{pattern}`", hint="the pattern is taken from where you are"
        )


def _below(folder: Path, base: Path, skipped: list[Skipped]) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(f"`{folder}` cannot be read: {error.strerror or error}") from error
    for path in entries:
        if is_hidden([path.name]):
            skipped.append(Skipped(_text(path.relative_to(base)), "is hidden"))
        elif path.is_dir():
            if path.is_symlink():  # it may lead back to where we are
                skipped.append(Skipped(_text(path.relative_to(base)), "is a link to a folder"))
            else:
                yield from _below(path, base, skipped)
        else:
            yield path


def _told_apart(files: list[Found]) -> tuple[Found, ...]:
    """Lengthen names that stand twice by the folder before them, until all differ."""
    while True:
        counts = Counter(one.label for one in files)
        longer = [_longer(one) if counts[one.label] > 1 else one for one in files]
        if longer == files:
            return tuple(files)
        files = longer


def _longer(one: Found) -> Found:
    parts = one.path.absolute().parts[1:]
    return msgspec.structs.replace(one, label="/".join(parts[-(one.label.count("/") + 2) :]))


def _text(path: Path) -> str:
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
