"""A stream of server-sent events, kept as it came -> records: pure, in bounded memory.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from producers.lines import LINE_LIMIT_BYTES, split_lines
from producers.parsed import Chunk, Frame

_BEGINNING = re.compile(rb"(?::[^\n]*|(?:event|id|retry|data):[^\n]*)(?:\r?\n|\Z)")
_DATA = re.compile(rb"^data:", re.MULTILINE)


def is_server_sent(head: bytes) -> bool:
    r"""Say whether a text begins as such a stream does, with a comment or with a field.

    >>> is_server_sent(b":)\nevent: update\ndata: {}\n"), is_server_sent(b"data,text\n1,2")
    (True, False)
    """
    return _BEGINNING.match(head) is not None and _DATA.search(head) is not None


def split_server_sent(
    chunks: Iterable[Chunk], limit_bytes: int = LINE_LIMIT_BYTES
) -> Iterator[Frame]:
    """Yield each event as JSON, `{"event": …, "payload": …}`; one without a name as its data.

    `position` is the line of its first field. A payload that is no JSON is a string.
    """
    name, data = b"", list[bytes]()
    first = last = 0
    for line in split_lines(chunks, limit_bytes):
        is_next = line.position != last + 1 or line.fault is not None
        if data and is_next:
            yield _event(first, name, data)
        if is_next:
            name, data = b"", []
        last = line.position
        if line.fault is not None:
            yield line
            continue
        field, _, value = line.raw.rstrip(b"\r").partition(b":")
        value = value.removeprefix(b" ")
        if field in (b"event", b"data") and not name and not data:
            first = line.position
        if field == b"event":
            name = value
        elif field == b"data":
            data.append(value)
    if data:
        yield _event(first, name, data)


def _event(position: int, name: bytes, data: list[bytes]) -> Frame:
    payload = b"\n".join(data)
    if name:
        if payload[:1] not in (b"{", b"[", b'"'):
            payload = msgspec.json.encode(payload.decode(errors="replace"))
        event = msgspec.json.encode(name.decode(errors="replace"))
        payload = b'{"event":%b,"payload":%b}' % (event, payload)
    return Frame(position, payload, len(payload))
