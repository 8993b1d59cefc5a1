"""Text made readable: markup, invisible characters and disguised letters out, offsets kept.

What is read is the cleaned text; what is shown is the original, by way of `Cleaned.quote`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from uproar.lookalikes import Edit, lookalikes
from uproar.rewriting import BLANKS, SUSPECTS, marks, rewritten
from uproar.skim import skim

_ROUNDS = 4
"""How often markup may hide in markup before it is taken for an attack."""

_KEPT_CHARACTERS = 1_000
_KEPT_TEXTS = 512
"""Of what was read lately so much is remembered: the stages read a pack of posts one after another.

That takes some hundred kB, and where every text is long and full of markup at most 50 MB.
"""

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MENTION = re.compile(r"@(?<![\w@]@)\w+(?:@[\w.-]*\w)?")


class Cleaned(msgspec.Struct, frozen=True):
    """A text to read, and where each of its characters came from.

    `text` is in NFKC, without HTML, control, invisible and lone surrogate characters, with
    straight quotes, undisguised letters and one space between words. `starts` and `ends` are None
    where every character stands where it stood.
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


def clean(text: str) -> Cleaned:
    r"""Make a text readable. Never raises; linear in its length; cleaning twice changes nothing.

    >>> clean("<p>Epik\N{ZERO WIDTH SPACE}&amp; P\N{CYRILLIC SMALL LETTER A}rler</p>").text
    '\nEpik& Parler\n'
    >>> clean("<p>Shut down E\N{SOFT HYPHEN}pik</p>").original_span(1, 5)
    (3, 7)
    """
    return _clean_short(text) if len(text) <= _KEPT_CHARACTERS else _clean_long(text)


def _clean(text: str) -> Cleaned:
    skimmed = skim(text)
    if skimmed is not None and skimmed.is_aligned:
        return Cleaned(skimmed.text, text)
    return clean_fully(text)


_clean_short = lru_cache(_KEPT_TEXTS)(_clean)
_clean_long = lru_cache(8)(_clean)


def clean_fully(text: str) -> Cleaned:
    """Do as `clean` does, without a look at whether less is enough."""
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
    return _strip_short(text) if len(text) <= _KEPT_CHARACTERS else _strip(text)


def _strip(text: str) -> str:
    if "@" in text:
        text = _MENTION.sub(" ", text)
    may_link = "://" in text or (("w." in text or "W." in text) and "www." in text.lower())
    return _LINK.sub(" ", text) if may_link else text


_strip_short = lru_cache(_KEPT_TEXTS)(_strip)


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
        if not SUSPECTS.isdisjoint(before):
            draft.apply(rewritten(draft.text))
        if not draft.text.isascii():
            letters = set(draft.text)
            if not letters.isdisjoint(marks().accents):
                draft.apply(_too_many_marks(draft.text))
            if not unicodedata.is_normalized("NFKC", draft.text):
                draft.apply(_normalised(draft.text))
            draft.apply(lookalikes(draft.text))
        if "  " in draft.text or "\t" in draft.text:
            draft.apply(_blank_runs(draft.text))
        if draft.text == before:
            return True
    return False


def _markup(text: str) -> Iterator[Edit]:
    for found in re.finditer("[&<]", text):
        yield found.start(), found.end(), " "


def _blank_runs(text: str) -> Iterator[Edit]:
    for found in BLANKS.finditer(text):
        yield found.start(), found.end(), " "


def _too_many_marks(text: str) -> Iterator[Edit]:
    for found in marks().too_many.finditer(text):
        yield found.start(), found.end(), ""


def _normalised(text: str) -> Iterator[Edit]:
    """Normalise letter by letter, so that each keeps its place."""
    for chunk in re.finditer(r"[^ \n]+", text):
        if chunk[0].isascii():
            continue
        written = unicodedata.normalize("NFKC", chunk[0])
        if written == chunk[0]:
            continue
        if len(written) == len(chunk[0]) and marks().joining.isdisjoint(chunk[0]):
            yield chunk.start(), chunk.end(), written
            continue
        for found in marks().cluster.finditer(chunk[0]):
            written = unicodedata.normalize("NFKC", found[0])
            if written != found[0]:
                yield chunk.start() + found.start(), chunk.start() + found.end(), written
