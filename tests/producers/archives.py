"""Archives made for the tests, in memory."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import zstandard

from producers.columns import ColumnMap
from producers.containers import Skipped
from producers.inputs import Part, inspect, parts
from producers.parsed import Unreadable

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "xz": lzma.compress,
}


def lines(*ids: str) -> bytes:
    """Return posts of our own format, one a line."""
    posts = [{"id": id_, "text": "Hello", "created_at": "2021-01-18T09:30:00Z"} for id_ in ids]
    return "".join(json.dumps(post) + "\n" for post in posts).encode()


def tar_of(files: Mapping[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=kind) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def zip_of(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def write(folder: Path, data: bytes, name: str = "dump") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def found_in(path: Path, columns: ColumnMap | None = None) -> dict[str, list[str]]:
    """Return what an input gives, by the name of each part: ids of posts, and reasons."""
    found: dict[str, list[str]] = {}
    for part in parts(inspect(path, columns), lambda _: None):
        if isinstance(part, Part):
            found[part.source.name] = [
                value.reason if isinstance(value, Unreadable) else getattr(value, "post_id", "")
                for _, values in part.records
                for value in values
            ]
    return found


def skipped_in(path: Path) -> dict[str, str]:
    """Return what is passed over in an archive, and why."""
    found = parts(inspect(path, None), lambda _: None)
    return {part.name: part.why for part in found if isinstance(part, Skipped)}
