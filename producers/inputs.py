"""What was dropped -> its records, with the format found by looking at the first of them."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from producers.chunks import Tape, peek
from producers.columns import ColumnMap, check_columns
from producers.containers import Member, Skipped
from producers.encodings import to_utf8
from producers.files import file_size, refuse_foreign, walk_file
from producers.folders import Expansion, expand
from producers.formats import JSON_FORMATS, recognise_csv
from producers.formats.twitter_archive import COMPANIONS, Owner, tell
from producers.lines import LINE_LIMIT_BYTES
from producers.parquet import BrokenTable, ExtraMissing, column_names, table_rows
from producers.parsed import Chunk, Damage, Frame, Parsed, Unreadable
from producers.shapes import Kind, Shape, elements, recognise_text, records, unknown_format
from uproar.errors import InputError

_HEAD_BYTES = 4_096
_LOOK_BYTES = LINE_LIMIT_BYTES + (1 << 20)  # so that one record of any size fits
_SHOWN_REFUSALS = 3


class Input(msgspec.Struct, frozen=True):
    """A file that can be replayed: its format is known. `format` is its name for people.

    Of an `archive`, `columns` are those that were asked for, and `format` is that of the first
    file in it that holds posts. `label` is what the file is called, its own name where "".
    """

    path: Path
    size_bytes: int
    kind: Kind
    format: str
    columns: ColumnMap | None
    label: str = ""

    @property
    def name(self) -> str:
        """What the file is called in dead letters and reports: no folder but one dropped whole."""
        return self.label or os.fsencode(self.path.name).decode("utf-8", "replace")


class Lines(msgspec.Struct, frozen=True):
    """The text of a part that is lines, each of which can be read by itself."""

    shape: Shape
    chunks: Iterator[Chunk]


class Part(msgspec.Struct, frozen=True):
    """One file of posts with its records: an input itself, or a file in an archive.

    `source` has the part's own name, size as packed and format; the path is the archive's. Read
    `records` before the next part is asked for; what is not read of them is passed over. `lines`
    are the same unread, to be taken instead of the records, where these need be in no one process.
    """

    source: Input
    records: Iterator[tuple[Frame, Sequence[Parsed]]]
    lines: Lines | None = None


class Inspection(msgspec.Struct, frozen=True):
    """What can be replayed of what was dropped, and what was passed over."""

    inputs: tuple[Input, ...]
    skipped: tuple[Skipped, ...]


def inspect_all(paths: Sequence[Path], columns: ColumnMap | None) -> Inspection:
    """Find the files that are meant by files, folders and patterns, and look into each.

    A file of a folder or pattern that holds no posts is skipped. Raises InputError where a file
    that was named cannot be used, or nothing at all can.
    """
    found: Expansion = expand(paths)
    inputs: list[Input] = []
    skipped = list(found.skipped)
    for one in found.files:
        try:
            inputs.append(inspect(one.path, columns, one.label))
        except InputError as error:
            if one.is_named or isinstance(error, ExtraMissing):
                raise
            skipped.append(Skipped(one.label, _reason(error, str(one.path))))
    if not inputs:
        raise _nothing_in(", ".join(map(str, paths)), skipped)
    return Inspection(tuple(inputs), tuple(skipped))


def inspect(path: Path, columns: ColumnMap | None, label: str = "") -> Input:
    """Look at the beginning of a file and settle how it is read.

    Of an archive, as far as the first file in it that holds posts. Raises InputError where it
    cannot be read, or its format is not known and `columns` does not say what is what.
    """
    size = file_size(path)
    refusals: list[Skipped] = []
    for found in walk_file(path, str(path), _ignore):
        if isinstance(found, Skipped):
            refusals.append(found)
            continue
        try:
            shape, _ = recognise(found, columns)
        except InputError as error:
            if not found.is_inner or isinstance(error, ExtraMissing):
                raise
            refusals.append(Skipped(found.name, _reason(error, found.name)))
            continue
        if found.is_inner:
            return Input(path, size, "archive", f"archive of {shape.format}", columns, label)
        return Input(path, size, shape.kind, shape.format, shape.columns, label)
    raise _nothing_in(str(path), refusals)


def parts(source: Input, on_bytes: Callable[[int], None]) -> Iterator[Part | Skipped]:
    """Yield the file of posts that an input is, or each that it holds, in the archive's order.

    Guarantee: the same input gives the same parts with the same records in the same order
    whenever it is read; each frame comes with at least one value. What has a fault that may have
    cost posts comes out as a part with an unreadable record; what holds none, as skipped.
    """
    owners: dict[str, Owner] = {}
    for found in walk_file(source.path, source.name, on_bytes):
        if isinstance(found, Skipped):
            yield found
        elif source.kind != "archive":
            shape = Shape(source.kind, source.format, source.columns)
            owner = _owner_beside(source.path)
            records_ = _records(shape, found, found.chunks, owner)
            yield Part(source, records_, _lines(shape, found.chunks))
        else:
            folder, _, name = found.name.rpartition("/")
            owner = owners.setdefault(folder, Owner(folder))
            if name in COMPANIONS:
                _learn(owner, found.chunks)
                yield Skipped(found.name, "tells of the tweets beside it")
            else:
                yield _inner_part(source, found, owner)


def read(
    source: Input, on_bytes: Callable[[int], None]
) -> Iterator[tuple[Frame, Sequence[Parsed]]]:
    """Yield the records of all parts of an input, one after the other: see `parts`."""
    for part in parts(source, on_bytes):
        if isinstance(part, Part):
            yield from part.records


def _inner_part(source: Input, found: Member, owner: Owner) -> Part | Skipped:
    head, chunks = peek(found.chunks, 1)
    first = None if head or found.file else next(chunks, None)
    if isinstance(first, Damage):
        return _damaged(source, found, first)
    whole = Member(found.name, found.size_bytes, chunks, True, found.file)
    tape = Tape(chunks, _LOOK_BYTES)
    try:
        shape, _ = recognise(whole, source.columns, tape)
    except ExtraMissing:
        raise
    except InputError as error:
        if tape.damage:  # it may hold posts
            return _damaged(source, found, tape.damage)
        if isinstance(error, BrokenTable):
            return _damaged(source, found, Damage("damaged-archive", _reason(error, found.name)))
        return Skipped(found.name, _reason(error, found.name))
    part = Input(source.path, found.size_bytes, shape.kind, shape.format, shape.columns, found.name)
    chunks = tape.rewound()
    return Part(part, _records(shape, whole, chunks, owner), _lines(shape, chunks))


def _damaged(source: Input, found: Member, damage: Damage) -> Part:
    part = Input(source.path, found.size_bytes, "damaged", "not readable", None, found.name)
    fault = Unreadable(damage.reason, damage.detail)
    return Part(part, iter([(Frame(1, b"", 0, 0, fault), (fault,))]))


def recognise(
    found: Member, columns: ColumnMap | None, tape: Tape | None = None
) -> tuple[Shape, Tape]:
    """Settle by its beginning how a file is read; the tape can then be rewound to its start.

    Raises InputError where its format is not known and `columns` does not say what is what.
    """
    if found.file is not None:
        return _recognise_table(found.file, found.name, columns), Tape(iter(()), 0)
    tape = tape or Tape(found.chunks, _LOOK_BYTES)
    return recognise_text(_text(tape, found.name), found.name, columns), tape


def _records(
    shape: Shape, found: Member, chunks: Iterator[Chunk], owner: Owner
) -> Iterator[tuple[Frame, Sequence[Parsed]]]:
    if shape.kind != "table":
        yield from records(shape, to_utf8(chunks), found.name, owner)
        return
    if found.file is None or shape.columns is None:  # inspected a moment ago
        raise InputError(f"`{found.name}` has changed since it was opened")
    yield from table_rows(found.file, found.name, shape.columns)


def _lines(shape: Shape, chunks: Iterator[Chunk]) -> Lines | None:
    format_ = JSON_FORMATS.get(shape.format)
    is_by_itself = shape.kind == "lines" and not (format_ and format_.of_owner)
    return Lines(shape, chunks) if is_by_itself else None


def _recognise_table(file: BinaryIO, name: str, columns: ColumnMap | None) -> Shape:
    names = column_names(file, name)
    if columns is not None and columns.columns:
        check_columns(columns, frozenset(names), name)
        return Shape("table", "Parquet with named columns", columns)
    known = recognise_csv(names)
    if known is None:
        raise unknown_format(name, "columns", names, "a table with columns")
    return Shape("table", f"Parquet, platform {known.platform}", known)


def _text(tape: Tape, name: str) -> Iterator[Chunk]:
    """Return what is on a tape in UTF-8. Raises InputError for what is no text, or none at all."""
    head, text = peek(to_utf8(tape), _HEAD_BYTES)
    if not head and tape.damage:
        raise InputError(f"`{name}` cannot be unpacked: {tape.damage.detail}")
    refuse_foreign(head, name)
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip():
        raise InputError(f"`{name}` is blank, so there is nothing to replay")
    return text


def _owner_beside(path: Path) -> Owner:
    """Tell what a personal archive's other files say of one; its folder tells it from others."""
    owner = Owner(str(path.absolute().parent))
    for name in COMPANIONS:
        beside = path.with_name(name)
        try:
            if beside.is_file() and beside != path:
                for found in walk_file(beside, name, _ignore):
                    if isinstance(found, Member):
                        _learn(owner, found.chunks)
        except (InputError, OSError):
            continue  # the tweets can be read without it
    return owner


def _learn(owner: Owner, chunks: Iterator[Chunk]) -> None:
    tape = Tape(chunks, _LOOK_BYTES)
    for frame in elements(to_utf8(tape)):
        if not frame.fault:
            tell(owner, frame.raw)


def _reason(error: InputError, name: str) -> str:
    """Return what an error says of a file, without its name."""
    return str(error).removeprefix(f"`{name}` ").removeprefix(f"{name}: ")


def _nothing_in(name: str, skipped: Sequence[Skipped]) -> InputError:
    prefix = f"{name}/"
    shown = [f"`{one.name.removeprefix(prefix)}` {one.why}" for one in skipped[:_SHOWN_REFUSALS]]
    more = [f"{len(skipped) - _SHOWN_REFUSALS:,} more"] if len(skipped) > _SHOWN_REFUSALS else []
    return InputError(
        f"`{name}` holds no file of posts" + (": " if shown else "") + "; ".join(shown + more),
        hint="`--columns text=…,created_at=…` says which key or column is which" if shown else None,
    )


def _ignore(_: int) -> None:
    return None
