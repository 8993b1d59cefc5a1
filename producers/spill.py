"""Sorted runs on disk, compressed, for `producers.sorting`.

The file has no name: nobody else can open it, and it is gone when we are, however we end.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple

import zstandard

from uproar.errors import InputError

_LENGTH_BYTES = 4
_BLOCK_LIMIT_BYTES = 1 << 30
_LEVEL = 1  # fast: posts still pack to a third


class Run(NamedTuple):
    """Where a run stands in the file."""

    start: int
    end: int


class Spill:
    """Runs of one sort. To be used in a `with`.

    `folder` is where there is room, the system's for temporary files where None; it is made, for
    us alone, where it is missing. Raises InputError where there is no room left.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file = self._new_file()
        self._end = 0
        self._packer = zstandard.ZstdCompressor(level=_LEVEL)
        self._unpacker = zstandard.ZstdDecompressor()

    @property
    def size_bytes(self) -> int:
        """What the runs take on disk."""
        return self._end

    def __enter__(self) -> "Spill":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, blocks: Iterable[bytes]) -> Run:
        """Put a run away, compressed block by block."""
        start = self._end
        self._end = self._write(self._file, blocks, start)
        return Run(start, self._end)

    def read(self, run: Run) -> Iterator[bytes]:
        """Yield the blocks of a run. Several may be read in turns."""
        at = run.start
        while at < run.end:
            length = int.from_bytes(os.pread(self._file.fileno(), _LENGTH_BYTES, at), "big")
            block = os.pread(self._file.fileno(), length, at + _LENGTH_BYTES)
            yield self._unpacker.decompress(block, max_output_size=_BLOCK_LIMIT_BYTES)
            at += _LENGTH_BYTES + length

    def replace_all(self, blocks: Iterable[bytes]) -> Run:
        """Put a run into a file of its own, then give up the file of the others."""
        file = self._new_file()
        try:
            end = self._write(file, blocks, 0)
        except BaseException:
            file.close()
            raise
        self._file.close()
        self._file, self._end = file, end
        return Run(0, end)

    def _write(self, file: IO[bytes], blocks: Iterable[bytes], at: int) -> int:
        try:
            for block in blocks:
                packed = self._packer.compress(block)
                file.write(len(packed).to_bytes(_LENGTH_BYTES, "big") + packed)
                at += _LENGTH_BYTES + len(packed)
            file.flush()
        except OSError as error:
            raise self._no_room(error) from error
        return at

    def _new_file(self) -> IO[bytes]:
        try:
            if self._folder is not None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return tempfile.TemporaryFile(dir=self._folder)
        except OSError as error:
            raise self._no_room(error) from error

    def _no_room(self, error: OSError) -> InputError:
        folder = self._folder or tempfile.gettempdir()
        return InputError(
            f"the input is not in order of time, and sorting it needs room in `{folder}`: "
            f"{error.strerror or error}",
            hint="make room there, or sort the files by time before they are replayed",
        )
