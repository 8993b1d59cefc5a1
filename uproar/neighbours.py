"""The words around one place in a text, nearest first, and what the writing of a post shows."""

import re
from collections.abc import Sequence
from functools import lru_cache

from uproar.boundaries import is_wordy
from uproar.once import once

REACH_CHARACTERS = 280
"""How far around a name words are looked at: a whole post of most platforms."""

_NEAR_WORDS = 12
_KEPT_WORDS = 4_096
"""Of the words met last so many are remembered with all that is asked of them: some 1 MB."""
_FEWEST = 4
_SHARE = 0.75
_LONG = 4

_WORD = re.compile(r"[^\W_]+(?:['&-][^\W_]+)*")
_ELISION = re.compile(r"(?:qu|dell|nell|all|dall|sull|un|[ldjnsctm])'(?=\w)", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?:;\n\"“«(\[|*•–—…]|[^\w\s',&/@#$-]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[ _]+")
_NAMED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]")
_LAST = re.compile(r"(?P<word>[\w'@#][\w'@#.-]*)(?P<gap>[^\w@#]*)\Z")
_ATTACHED = re.compile(r"https?://\S*|[#@]\w+")
_LEADING = re.compile(
    "on|off|over|to|via|from|of|is|hates?|leave|leaving|left|quit|use|using|with|by|at|about|fuck"
    "|sur|en|no|do|na|su|auf|bei|von|para|pelo|au|le|el|il|o"
)
_APART = re.compile(r"[^\s'\"&]|\n")


class Word(str):
    """A word as written, with what is asked of it at hand: its lower-case form, its capitals.

    `is_plain` is one of letters alone and more than one, `is_long` one of four or more.
    """

    __slots__ = ("is_long", "is_plain", "is_raised", "is_upper", "low")
    low: str
    is_plain: bool
    is_long: bool
    is_raised: bool
    is_upper: bool

    def __new__(cls, written: str) -> "Word":
        """Take a word as written."""
        word = super().__new__(cls, written)
        word.low = written.lower()
        word.is_plain = len(written) > 1 and written.isalpha()
        word.is_long = len(written) >= _LONG and written.isalpha()
        word.is_raised = written[0].isupper()
        word.is_upper = written.isupper()
        return word


_word = lru_cache(_KEPT_WORDS)(Word)


class Neighbours:
    """The words before and after `start:end` of a text; each side begins with the nearest."""

    def __init__(
        self, text: str, start: int, end: int, name: str | None = None, is_tag: bool = False
    ) -> None:
        """Take the text and the place; `name` is what is judged there if it is a hashtag's part."""
        self.name = text[start:end] if name is None else name
        self.is_tag = is_tag
        self.tag = text[start:end].lower() if is_tag else ""
        self.tag_parts = _tag_parts(text[start:end], self.name) if is_tag else ()
        self._before = text[_word_start(text, start - REACH_CHARACTERS) : start]
        after = text[end : end + REACH_CHARACTERS]
        self.is_possessive = after[:2] in ("'s", "'S") and not after[2:3].isalnum()
        self._after = after[2:] if self.is_possessive else after
        self.before = self._words(self._before)[::-1]
        self.after = self._words(self._after)

    @staticmethod
    def _words(text: str) -> Sequence[Word]:
        if "'" in text:
            text = _ELISION.sub(lambda found: f"{found[0][:-1]} ", text)
        return list(map(_word, _WORD.findall(text)))

    @once
    def begins_sentence(self) -> bool:
        """Whether nothing, the end of a sentence, a handle or a hashtag stands before the name."""
        last = _LAST.search(self._before, _last_run(self._before))
        if last is None or last["word"][0] in "@#" or last["word"][-1] == ".":
            return True
        return _ENDS_SENTENCE.search(last["gap"]) is not None

    @once
    def previous(self) -> Word | None:
        """The word directly before, in the same sentence."""
        if not self.before:
            return None
        gap = _gap_before(self._before)
        return None if gap != " " and _APART.search(gap) else self.before[0]

    @once
    def following(self) -> Word | None:
        """The word directly after, in the same sentence."""
        if not self.after:
            return None
        found = _WORD.search(self._after)
        gap = self._after[: found.start()] if found else self._after
        return None if gap != " " and _APART.search(gap) else self.after[0]

    @once
    def lead_ins(self) -> tuple[str, ...]:
        """Return the phrases of one to three words that end directly before the name."""
        return _phrases([word.low for word in self.before[:3]][::-1], from_end=True)

    @once
    def continuations(self) -> tuple[str, ...]:
        """Return the phrases of one to three words that begin directly after the name."""
        return _phrases([word.low for word in self.after[:3]], from_end=False)

    def closes_post(self) -> bool:
        """Tell whether nothing but pages, tags and signs follows, and no lead is before."""
        if self.before and self.previous is not None and _LEADING.fullmatch(self.previous.low):
            return False
        return not any(map(str.isalpha, _ATTACHED.sub("", self._after)))

    @once
    def is_shouted(self) -> bool:
        """Whether the words around are in capitals, too."""
        loud = [word.is_upper for word in self._around if word.is_plain]
        least = (_SHARE if len(loud) >= _FEWEST else 1) * len(loud)
        return bool(loud) and loud.count(True) >= least

    @once
    def is_title(self) -> bool:
        """Whether the longer words around begin with a capital, as in a headline."""
        raised = [word.is_raised for word in self._around if word.is_long]
        return len(raised) >= _FEWEST and raised.count(True) >= _SHARE * len(raised)

    def is_listed(self) -> bool:
        """Tell whether it stands, by commas, beside another capitalised word: a list of names."""
        return bool(
            (self.before and self.before[0].is_raised and _gap_before(self._before) == ", ")
            or (self.after and self.after[0].is_raised and self._after.startswith(", "))
        )

    @once
    def is_uncased(self) -> bool:
        """Whether the author does not capitalise at all."""
        return not any(word.is_raised and not _is_loud(word) for word in self._around)

    def capitalises_names(self) -> bool:
        """Tell whether a word within a sentence has a capital, as a careful author's names do."""
        return bool(_NAMED.search(self._before) or _NAMED.search(self._after))

    @once
    def _around(self) -> Sequence[Word]:
        return [*self.before, *self.after]

    def all_words(self) -> Sequence[Word]:
        """Return all words around."""
        return self._around

    @once
    def sides(self) -> tuple[tuple[list[str], int], tuple[list[str], int]]:
        """Both sides' words in order of the text, and where the near ones begin or end."""
        before = [word.low for word in reversed(self.before)]
        after = [word.low for word in self.after]
        return (before, len(before) - _NEAR_WORDS), (after, _NEAR_WORDS)


def _is_loud(word: Word) -> bool:
    """Tell whether a word is in capitals, which says nothing of how the author writes names."""
    return word.is_upper and len(word) > 1


def _word_start(text: str, start: int) -> int:
    """Return the start of the word that `start` lies in, or 0."""
    start = max(0, start)
    low = max(0, start - 40)
    while start > low and is_wordy(text[start - 1]):
        start -= 1
    return start


def _gap_before(text: str) -> str:
    """Return what stands after the last word of a text."""
    end = len(text)
    while end and not text[end - 1].isalnum():
        end -= 1
    return text[end:]


def _last_run(text: str) -> int:
    """Return where to look for the last word: behind the blank before it, if there is any word."""
    end = len(text) - 1
    while end >= 0 and not (text[end].isalnum() or text[end] in "_@#"):
        end -= 1
    return text.rfind(" ", 0, end) + 1 if end > 0 else 0


def _phrases(words: list[str], *, from_end: bool) -> tuple[str, ...]:
    if from_end:
        return tuple(" ".join(words[start:]) for start in range(len(words)))
    return tuple(" ".join(words[: end + 1]) for end in range(len(words)))


def _tag_parts(tag: str, name: str) -> tuple[str, ...]:
    """Return the other words of a hashtag in CamelCase, lower case."""
    rest = tag[1:].replace(name, " ", 1)
    return tuple(part.lower() for part in _CAMEL.split(rest) if part.strip())
