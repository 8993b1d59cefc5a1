"""Labelled files in: lines, JSON Lines and their mistakes, told with file, line, wanted, found."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import msgspec

from uproar.errors import InputError

_SHOWN_CHARACTERS = 60
_Row = TypeVar("_Row", bound=msgspec.Struct)


class Source(NamedTuple):
    """One file, as it was read; `name` is what errors call it.

    `labels` is the file of labels that belongs to a file of bare texts, and `folder` the name of
    the folder that holds it.
    """

    name: str
    content: bytes
    labels: bytes | None = None
    folder: str = ""


class Line(NamedTuple):
    """One line that is not blank; `where` is file and line number."""

    where: str
    text: str


def lines_of(source: Source) -> Iterator[Line]:
    """Yield the lines that are not blank. Raises InputError for what is not UTF-8.

    Lines end in line feeds alone: a post may hold any other separator.
    """
    for number, raw in enumerate(source.content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        where = f"{source.name}:{number}"
        try:
            text = raw.removesuffix(b"\r").decode("utf-8")
        except UnicodeDecodeError as error:
            raise wrong(where, "UTF-8", f"the byte 0x{raw[error.start]:02X}") from error
        if text.strip():
            yield Line(where, text)


def wrong(where: str, wanted: str, found: str) -> InputError:
    """Return the error for one place of a file."""
    return InputError(f"{where}: wanted {wanted}, found {found}")


def rows_of(source: Source, kind: type[_Row]) -> Iterator[tuple[str, _Row]]:
    """Yield each object of JSON Lines and where it stands. Raises InputError."""
    for where, text in lines_of(source):
        yield where, row_of(where, text, kind)


def row_of(where: str, text: str, kind: type[_Row]) -> _Row:
    """Read one object. Raises InputError."""
    data = object_of(where, text)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _explained(where, str(error), data) from error


def object_of(where: str, text: str) -> dict[str, Any]:
    """Read one JSON object, whatever its keys. Raises InputError."""
    try:
        data = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise wrong(where, "a JSON object", shown(text)) from error
    if not isinstance(data, dict):
        raise wrong(where, "a JSON object", shown(text))
    return data


def first_object(source: Source) -> dict[str, Any]:
    """Return the first line's object, or nothing where it is none: to tell formats apart."""
    try:
        first = next(lines_of(source), None)
        return object_of(*first) if first else {}
    except InputError:
        return {}


def shown(value: object) -> str:
    """Return a value in a few words, for what stands behind "found" in a message."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    line = " ".join(text.split())
    return f"`{line if len(line) <= _SHOWN_CHARACTERS else line[:_SHOWN_CHARACTERS] + '…'}`"


def keys_shown(data: dict[str, Any]) -> str:
    """Name the keys of an object."""
    return "the keys " + ", ".join(f"`{key}`" for key in data) if data else "no keys"


_MISSING = re.compile(r"Object missing required field `(?P<key>.*?)`")
_AT = re.compile(r"\.(\w+)|\[(\d+)\]")


def _explained(where: str, message: str, data: dict[str, Any]) -> InputError:
    problem, _, path = message.partition(" - at `$")
    value: Any = data
    for step in _AT.finditer(path):
        value = value[step[1]] if step[1] else value[int(step[2])]
    if missing := _MISSING.match(problem):
        found = keys_shown(value) if isinstance(value, dict) else shown(value)
        return wrong(where, f"the key `{missing['key']}`", found)
    key = path.strip("`.") or "the row"
    wanted = problem.removeprefix("Expected ").partition(", got ")[0]
    if problem.startswith("Invalid enum value"):
        wanted = "one of the labels that docs/evaluation.md lists"
    return wrong(where, f"{wanted} as `{key}`", shown(value))
