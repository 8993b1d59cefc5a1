"""Files that a command writes: whole or not at all, and for their owner's eyes only."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from uproar.errors import InputError

_OF_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.EISDIR}


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Lend a file that takes the name `path` when everything is written.

    Until then an old one stays; where anything fails, nothing else is left. Raises InputError
    where the disk refuses.
    """
    target = Path(os.path.realpath(path))
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:60]}.", dir=target.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        if isinstance(error, OSError) and error.errno in _OF_DISK:
            raise _unwritable(path, error) from error
        raise


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"cannot write `{path}`: {error.strerror or error}", hint="name another file with --out"
    )
