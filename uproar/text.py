"""Text made readable: markup, invisible characters and disguised letters out, offsets kept.

What is read is the cleaned text; what is shown is the original, by way of `Cleaned.quote`.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from uproar.lookalikes import Edit, lookalikes

_ROUNDS = 4
"""How often markup may hide in markup before it is taken for an attack."""

_LONGEST_MARKS = 8
"""Accents kept on one letter: more than any script needs, and normalising is quadratic in them."""

_PLAIN = re.compile(r"[\n -%'-;=-_a-~]*")
_BLANKS = re.compile(r"[ \t]{2,}|\t")

_BLOCKS = (
    "address|article|aside|blockquote|br|div|dd|dl|dt|figure|footer|h[1-6]|header|hr|li|main|ol|p|"
    "pre|section|table|tr|ul"
)
_INLINE = (
    "abbr|a|b|bdi|bdo|big|cite|code|del|dfn|em|figcaption|font|img|ins|i|kbd|mark|picture|q|rp|rt|"
    "ruby|samp|small|source|span|strike|strong|sub|sup|s|tbody|td|tfoot|thead|th|tt|u|var|video|wbr"
)
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2120\u2122\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NEWLINES = "\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_SINGLE_QUOTES = "\u2018-\u201b\u2032\u02bc\u00b4`"
_DOUBLE_QUOTES = "\u201c-\u201f\u2033"
_LONE_SURROGATES = "\ud800-\udfff"
_SUSPECT = f"<&{_INVISIBLE}{_NEWLINES}{_SINGLE_QUOTES}{_DOUBLE_QUOTES}{_LONE_SURROGATES}"
_SUSPECTS = frozenset(
    chr(point)
    for found in re.finditer(r"([\s\S])(?:-([\s\S]))?", _SUSPECT)
    for point in range(ord(found[1]), ord(found[2] or found[1]) + 1)
)
_REWRITTEN = re.compile(
    rf"(?=[{_SUSPECT}])(?:"
    rf"(?P<block></?(?i:{_BLOCKS})(?:\s[^<>]*)?/?>)"
    rf"|(?P<inline></?(?i:{_INLINE})(?:\s[^<>]*)?/?>|<!--[^<>]*-->)"
    r"|(?P<entity>&(?:amp;)*(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});)"
    rf"|(?P<newline>\r\n?|[{_NEWLINES}])"
    rf"|(?P<invisible>[{_INVISIBLE}]+)"
    rf"|(?P<single>[{_SINGLE_QUOTES}])"
    rf"|(?P<double>[{_DOUBLE_QUOTES}])"
    rf"|(?P<broken>[{_LONE_SURROGATES}]))",
    re.ASCII,
)
_REPLACEMENT = {
    "block": "\n",
    "inline": "",
    "newline": "\n",
    "invisible": "",
    "single": "'",
    "double": '"',
    "broken": "\N{REPLACEMENT CHARACTER}",
}

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@])@\w+(?:@[\w.-]*\w)?")


class Cleaned(msgspec.Struct, frozen=True):
    """A text to read, and where each of its characters came from.

    `text` is in NFKC, without HTML, control, invisible and lone surrogate characters, with
    straight quotes, undisguised letters and one space between words. `starts` and `ends` are None
    where nothing changed.
    """

    text: str
    original: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that the span `start:end` of `text` was read from.

        Spans in order come back in order, and always lie within the original.
        """
        start = min(max(start, 0), len(self.text))
        end = min(max(end, start), len(self.text))
        if self.starts is None or self.ends is None:
            return start, end
        if start == len(self.text):
            return len(self.original), len(self.original)
        first = self.starts[start]
        return first, self.ends[end - 1] if end > start else first

    def quote(self, start: int, end: int) -> str:
        """Return what the author wrote at the span `start:end` of `text`."""
        first, last = self.original_span(start, end)
        return self.original[first:last]


@lru_cache(maxsize=8)  # a post is cleaned for its mentions, language, sentiment and calls
def clean(text: str) -> Cleaned:
    r"""Make a text readable. Never raises; linear in its length; cleaning twice changes nothing.

    >>> clean("<p>Epik\N{ZERO WIDTH SPACE}&amp; P\N{CYRILLIC SMALL LETTER A}rler</p>").text
    '\nEpik& Parler\n'
    >>> clean("<p>Shut down E\N{SOFT HYPHEN}pik</p>").original_span(1, 5)
    (3, 7)
    """
    if text.isascii() and "  " not in text and _PLAIN.fullmatch(text):
        return Cleaned(text, text)
    draft = _Draft(text)
    if not _settle(draft):
        # Markup nested this deep is no writing. Without its two characters there is none left.
        draft.apply(_markup(draft.text))
        _settle(draft)
    if draft.text == text:
        return Cleaned(text, text)
    return Cleaned(draft.text, text, draft.starts, draft.ends)


def strip_mentions_and_links(text: str) -> str:
    """Blank out @handles and links: names in them are no words of the author's.

    >>> strip_mentions_and_links("@united thanks! https://example.com/united")
    '  thanks!  '
    """
    if "@" in text:
        text = _MENTION.sub(" ", text)
    return _LINK.sub(" ", text) if "://" in text or "www." in text.lower() else text


class _Draft:
    """A text under work, with the place in the original of each of its characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: Sequence[int] = range(len(text))
        self.ends: Sequence[int] = range(1, len(text) + 1)

    def apply(self, edits: Iterable[Edit]) -> None:
        """Make the edits, which come in order and do not overlap."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, written in edits:
            pieces += self.text[done:start], written
            starts += self.starts[done:start]
            ends += self.ends[done:start]
            if len(written) == end - start:
                starts += self.starts[start:end]
                ends += self.ends[start:end]
            else:
                starts += [self.starts[start]] * len(written)
                ends += [self.ends[end - 1]] * len(written)
            done = end
        if done:
            pieces.append(self.text[done:])
            self.text = "".join(pieces)
            self.starts = starts + list(self.starts[done:])
            self.ends = ends + list(self.ends[done:])


def _settle(draft: _Draft) -> bool:
    """Clean until nothing changes; False if something still does after so many rounds."""
    for _ in range(_ROUNDS):
        before = draft.text
        if not _SUSPECTS.isdisjoint(before):
            draft.apply(_rewritten(draft.text))
        if not draft.text.isascii():
            letters = set(draft.text)
            if not letters.isdisjoint(_marks().accents):
                draft.apply(_too_many_marks(draft.text))
            if not unicodedata.is_normalized("NFKC", draft.text):
                draft.apply(_normalised(draft.text))
            draft.apply(lookalikes(draft.text))
        if "  " in draft.text or "\t" in draft.text:
            draft.apply(_blank_runs(draft.text))
        if draft.text == before:
            return True
    return False


def _rewritten(text: str) -> Iterator[Edit]:
    for found in _REWRITTEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "entity":
            inner = found[0].rpartition("amp;")[2] or "amp;"
            written = html.unescape(f"&{inner.removeprefix('&')}")
        else:
            written = _REPLACEMENT[kind]
        if written != found[0]:
            yield found.start(), found.end(), written


def _markup(text: str) -> Iterator[Edit]:
    for found in re.finditer("[&<]", text):
        yield found.start(), found.end(), " "


def _blank_runs(text: str) -> Iterator[Edit]:
    for found in _BLANKS.finditer(text):
        yield found.start(), found.end(), " "


class _Marks(NamedTuple):
    accents: frozenset[str]
    joining: frozenset[str]
    too_many: re.Pattern[str]
    cluster: re.Pattern[str]


@cache
def _marks() -> _Marks:
    """Return accents, all that joins the letter before it, and patterns made of them.

    What joins is marks, vowel and final jamo, and half-width voicing signs.
    """
    low = [chr(point) for point in range(0x300, 0x1F000)]
    accents = [char for char in low if unicodedata.combining(char)]
    joining = [char for char in low if unicodedata.category(char) == "Mc"] + accents
    joining += [chr(point) for point in (*range(0x1160, 0x1200), *range(0xFF9E, 0xFFDD))]
    accent, join = f"[{''.join(accents)}]", f"[{''.join(joining)}]"
    return _Marks(
        accents=frozenset(accents),
        joining=frozenset(joining),
        too_many=re.compile(f"(?<={accent}{{{_LONGEST_MARKS}}}){accent}+"),
        cluster=re.compile(f"[\\s\\S]{join}+|[^\x00-\x7f]"),
    )


def _too_many_marks(text: str) -> Iterator[Edit]:
    for found in _marks().too_many.finditer(text):
        yield found.start(), found.end(), ""


def _normalised(text: str) -> Iterator[Edit]:
    """Normalise letter by letter, so that each keeps its place."""
    for chunk in re.finditer(r"[^ \n]+", text):
        if chunk[0].isascii():
            continue
        written = unicodedata.normalize("NFKC", chunk[0])
        if written == chunk[0]:
            continue
        if len(written) == len(chunk[0]) and _marks().joining.isdisjoint(chunk[0]):
            yield chunk.start(), chunk.end(), written
            continue
        for found in _marks().cluster.finditer(chunk[0]):
            written = unicodedata.normalize("NFKC", found[0])
            if written != found[0]:
                yield chunk.start() + found.start(), chunk.start() + found.end(), written
