"""Who a replay is, and what it was asked to do: two digests. Pure.

A producer that starts again is known by its source; where it may go on is told by its plan, for
records that were settled under other bounds, rules or contents are not settled under these.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec


def source_of(files: Sequence[Path]) -> str:
    """Name the producer that replays these files, whatever is in them.

    >>> source_of([Path("/archive/january.jsonl.zst")])
    'replay:7b2966a6'
    """
    listed = b"\n".join(os.fsencode(path.absolute()) for path in files)
    return f"replay:{hashlib.blake2b(listed, digest_size=4).hexdigest()}"


def digest_of(facts: Sequence[Any]) -> str:
    """Return 16 hexadecimal digits that change with any of the facts, which msgspec can encode.

    >>> digest_of([("size", 1234), None]) == digest_of([("size", 1235), None])
    False
    """
    return hashlib.blake2b(msgspec.json.encode(facts, order="sorted"), digest_size=8).hexdigest()
