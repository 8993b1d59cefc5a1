"""The words around one place in a text, nearest first, and what the writing of a post shows."""

import re
from collections.abc import Sequence
from functools import cached_property

from uproar.boundaries import is_wordy

REACH_CHARACTERS = 280
"""How far around a name words are looked at: a whole post of most platforms."""

_NEAR_WORDS = 12
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
    """A word as written, with its lower-case form at hand."""

    __slots__ = ("low",)
    low: str

    def __new__(cls, written: str) -> "Word":
        """Take a word as written."""
        word = super().__new__(cls, written)
        word.low = written.lower()
        return word


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
        return [Word(found[0]) for found in _WORD.finditer(text)]

    @cached_property
    def begins_sentence(self) -> bool:
        """Whether nothing, the end of a sentence, a handle or a hashtag stands before the name."""
        last = _LAST.search(self._before)
        if last is None or last["word"][0] in "@#" or last["word"][-1] == ".":
            return True
        return _ENDS_SENTENCE.search(last["gap"]) is not None

    @cached_property
    def previous(self) -> Word | None:
        """The word directly before, in the same sentence."""
        if not self.before or _APART.search(_gap_before(self._before)):
            return None
        return self.before[0]

    @cached_property
    def following(self) -> Word | None:
        """The word directly after, in the same sentence."""
        if not self.after:
            return None
        gap = self._after[: len(self._after) - len(_lead_cut(self._after))]
        return None if _APART.search(gap) else self.after[0]

    def lead_ins(self) -> tuple[str, ...]:
        """Return the phrases of one to three words that end directly before the name."""
        return _phrases([word.low for word in self.before[:3]][::-1], from_end=True)

    def continuations(self) -> tuple[str, ...]:
        """Return the phrases of one to three words that begin directly after the name."""
        return _phrases([word.low for word in self.after[:3]], from_end=False)

    def closes_post(self) -> bool:
        """Tell whether nothing but pages, tags and signs follows, and no lead is before."""
        if self.before and self.previous is not None and _LEADING.fullmatch(self.previous.low):
            return False
        return not any(map(str.isalpha, _ATTACHED.sub("", self._after)))

    def is_shouted(self) -> bool:
        """Tell whether the words around are in capitals, too."""
        words = [word for word in self._around if len(word) > 1 and word.isalpha()]
        loud = sum(word.isupper() for word in words)
        return bool(words) and loud >= (_SHARE if len(words) >= _FEWEST else 1) * len(words)

    def is_title(self) -> bool:
        """Tell whether the longer words around begin with a capital, as in a headline."""
        words = [word for word in self._around if len(word) >= _LONG and word.isalpha()]
        raised = sum(word[0].isupper() for word in words)
        return len(words) >= _FEWEST and raised >= _SHARE * len(words)

    def is_listed(self) -> bool:
        """Tell whether it stands, by commas, beside another capitalised word: a list of names."""
        return bool(
            (self.before and self.before[0][0].isupper() and _gap_before(self._before) == ", ")
            or (self.after and self.after[0][0].isupper() and self._after.startswith(", "))
        )

    def is_uncased(self) -> bool:
        """Tell whether the author does not capitalise at all."""
        return not any(word[0].isupper() and not _is_loud(word) for word in self._around)

    def capitalises_names(self) -> bool:
        """Tell whether a word within a sentence has a capital, as a careful author's names do."""
        return bool(_NAMED.search(self._before) or _NAMED.search(self._after))

    @cached_property
    def _around(self) -> Sequence[Word]:
        return [*self.before, *self.after]

    def all_words(self) -> Sequence[Word]:
        """Return all words around."""
        return self._around

    def sides(self) -> tuple[tuple[list[str], int], tuple[list[str], int]]:
        """Return both sides' words in order of the text, and where the near ones begin or end."""
        before = [word.low for word in reversed(self.before)]
        after = [word.low for word in self.after]
        return (before, len(before) - _NEAR_WORDS), (after, _NEAR_WORDS)


def _is_loud(word: str) -> bool:
    """Tell whether a word is in capitals, which says nothing of how the author writes names."""
    return len(word) > 1 and word.isupper()


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


def _lead_cut(text: str) -> str:
    """Return a text from its first word on."""
    found = _WORD.search(text)
    return text[found.start() :] if found else ""


def _phrases(words: list[str], *, from_end: bool) -> tuple[str, ...]:
    if from_end:
        return tuple(" ".join(words[start:]) for start in range(len(words)))
    return tuple(" ".join(words[: end + 1]) for end in range(len(words)))


def _tag_parts(tag: str, name: str) -> tuple[str, ...]:
    """Return the other words of a hashtag in CamelCase, lower case."""
    rest = tag[1:].replace(name, " ", 1)
    return tuple(part.lower() for part in _CAMEL.split(rest) if part.strip())
