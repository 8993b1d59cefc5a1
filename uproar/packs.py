"""Packing records into messages: pure, no clock and no broker.

Packs are what makes the pipeline fast (docs/decisions/0001-packs.md): a message costs the broker,
Faust and the clients far more than a record does.
"""

import zlib
from collections.abc import Iterator

MAX_RECORDS = 200
MAX_BYTES = 700_000
"""Of the records in a message: below the 1 MB that Kafka's clients and brokers accept by default,
with room for the waybill and headers."""

Pack = list[bytes]
"""Encoded records that will be one message."""


def partition_of(platform: str, post_id: str, partitions: int) -> int:
    """Return the partition of a post: the same for its edits and its deletion.

    >>> partition_of("mastodon", "https://example.social/1", 4)
    0
    """
    return zlib.crc32(f"{platform}:{post_id}".encode(errors="surrogatepass")) % partitions


class Packer:
    """Collects encoded records of one partition until they fill a message.

    A record larger than `MAX_BYTES` travels alone; sources refuse such posts beforehand.
    """

    def __init__(self, max_records: int = MAX_RECORDS, max_bytes: int = MAX_BYTES) -> None:
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._held: Pack = []
        self._held_bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    def add(self, encoded: bytes) -> Iterator[Pack]:
        """Take a record; yield each pack that is full because of it."""
        if self._held and self._held_bytes + len(encoded) > self._max_bytes:
            yield self.drain()
        self._held.append(encoded)
        self._held_bytes += len(encoded) + 1
        if len(self._held) >= self._max_records:
            yield self.drain()

    def drain(self) -> Pack:
        """Return what is held and start anew; an empty pack if nothing is."""
        pack, self._held, self._held_bytes = self._held, [], 0
        return pack
