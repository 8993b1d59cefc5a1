"""`uproar runs export RUN FOLDER`: a run in files, each with its SHA-256."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import click
import msgspec

from uproar.cli.invocation import Invocation
from uproar.errors import InputError

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from sinks.withheld import Pseudonyms
    from uproar.cli.run_details import ExportedFile


@click.command("export")
@click.argument("run")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def export(invocation: Invocation, run: str, folder: Path) -> None:
    """Write RUN into files in FOLDER, which must be new or empty.

    Its reactions (reactions.ndjson.zst, reactions.csv), minute totals (minutes.csv) and dead
    letters (dead_letters.ndjson); manifest.json says what it was made of and the SHA-256 of each
    file. Deleted posts are in none of them. Only you can read the files: they hold what people
    wrote.

    Example: uproar runs export january january-2021
    """
    from uproar.cli.asking import whole_readers
    from uproar.keyring import read_keyring

    _prepare(folder)
    with whole_readers(invocation) as clients:
        exported = export_into(folder, run, clients, read_keyring(invocation.settings).names)
    for file in exported:
        click.echo(f"{file.rows:>12,}  {file.size_bytes:>14,} bytes  {file.sha256}  {file.name}")
    click.echo(f"Exported into {folder}; manifest.json says what it is.", err=True)


def export_into(
    folder: Path, run: str, clients: "tuple[Client, Client]", pseudonyms: "Pseudonyms"
) -> "list[ExportedFile]":
    """Write the files of a run; the manifest comes last, so that one without it is not whole."""
    import zstandard

    from sinks.export import export_letters, export_minutes, export_reactions
    from uproar.cli.run_details import gather

    client, second = clients
    details = gather(client, run)
    exported = []
    with (
        _written(folder / "reactions.ndjson.zst") as packed,
        _written(folder / "reactions.csv") as table,
    ):
        with zstandard.ZstdCompressor().stream_writer(
            cast("IO[bytes]", packed), closefd=False
        ) as lines:
            rows = export_reactions(client, run, lines, table)
        exported += [packed.told(rows), table.told(rows)]
    with _written(folder / "minutes.csv") as table:
        exported.append(table.told(export_minutes(client, run, table)))
    with _written(folder / "dead_letters.ndjson") as letters:
        exported.append(letters.told(export_letters((client, second), run, letters, pseudonyms)))
    manifest = msgspec.structs.replace(details, exported_at=datetime.now(UTC), exported=exported)
    with _written(folder / "manifest.json") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return exported


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(
                f"`{folder}` is not empty", hint="name a new folder: nothing is overwritten"
            )
    except OSError as error:
        raise InputError(f"cannot write into `{folder}`: {error.strerror}") from error


class _Hashed:
    """A file that counts and hashes what is written to it."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, content: bytes) -> int:
        try:
            self._file.write(content)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        self._digest.update(content)
        self._size += len(content)
        return len(content)

    def flush(self) -> None:
        self._file.flush()

    def told(self, rows: int) -> "ExportedFile":
        from uproar.cli.run_details import ExportedFile

        return ExportedFile(
            name=self._path.name, sha256=self._digest.hexdigest(), size_bytes=self._size, rows=rows
        )


@contextmanager
def _written(path: Path) -> Iterator[_Hashed]:
    """Open a new file that only its owner can read. Raises InputError where the disk refuses."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _unwritable(path, error) from error
    with os.fdopen(descriptor, "wb") as file:
        yield _Hashed(path, file)


def _unwritable(path: object, error: OSError) -> InputError:
    return InputError(f"cannot write `{path}`: {error.strerror or error}")
