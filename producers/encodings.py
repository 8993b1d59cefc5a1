"""Text in UTF-16 or UTF-32 -> UTF-8, in bounded memory: pure.

A byte order mark tells which; without one, a text that begins with four Latin letters or signs is
known by its zero bytes. What has neither is taken to be UTF-8. Half a character becomes U+FFFD.
"""

import codecs
from collections.abc import Iterator

from producers.chunks import peek
from producers.parsed import Chunk, Damage

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOK_BYTES = 8


def encoding_of(head: bytes) -> str | None:
    r"""Name the encoding of a text by its first bytes; None where it is to be read as UTF-8.

    >>> encoding_of(b"\xff\xfet\0e\0"), encoding_of(b"\0t\0e\0x\0t"), encoding_of(b"text")
    ('utf-16-le', 'utf-16-be', None)
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    pairs = head[:_LOOK_BYTES]
    if len(pairs) == _LOOK_BYTES:
        if not any(pairs[1::2]) and all(pairs[::2]):
            return "utf-16-le"
        if not any(pairs[::2]) and all(pairs[1::2]):
            return "utf-16-be"
    return None


def to_utf8(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield the text in UTF-8, without a mark where it was converted."""
    head, whole = peek(chunks, _LOOK_BYTES)
    encoding = encoding_of(head)
    return whole if encoding is None else _converted(whole, encoding)


def _converted(chunks: Iterator[Chunk], encoding: str) -> Iterator[Chunk]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    is_first = True
    for chunk in chunks:
        if isinstance(chunk, Damage):
            yield chunk
            return
        text = decoder.decode(chunk)
        if is_first and text:
            text, is_first = text.removeprefix("\ufeff"), False
        if text:
            yield text.encode()
    if rest := decoder.decode(b"", final=True):
        yield rest.encode()
