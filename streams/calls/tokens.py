"""Cleaned text as tokens and sentences: the ground on which everything else stands."""

import re
from collections.abc import Sequence
from typing import NamedTuple

WORD, HANDLE, HASHTAG, LINK, MARK = "word", "handle", "hashtag", "link", "mark"

_TOKEN = re.compile(
    # The commonest first: a word before a blank can be nothing else. The rest as it was written.
    r"\w++(?![$@*'’.&+:-])"
    r"|https?://\S+|www\.\S+|\w[\w.+-]{0,63}+@[\w-]+\.[\w.-]+"
    r"|@\w[\w.-]*"
    r"|#\w+"
    r"|\w+(?:[$@*'’.&]\w+|\$(?!\d))*"
    r"|\.\.+|[^\w\s]|\n"
)
_LINK = re.compile(r"https?://\S+|www\.\S+|\w[\w.+-]{0,63}+@[\w-]+\.[\w.-]+")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_POSSESSIVE = ("'s", "’s")
_KEPT_WHOLE = frozenset({"let's", "that's", "it's", "what's", "who's", "here's", "there's", "he's"})

SENTENCE_ENDS = frozenset(".!?;…\n|•")
PAUSES = frozenset(",:()[]—–-→>~*") | {"&"}
QUOTES = frozenset('"“”„«»‟＂')
OPENING_MARKS = frozenset("¡¿")


class Token(NamedTuple):
    """A piece of the cleaned text; `low` is what lexicons are compared with."""

    low: str
    raw: str
    kind: str
    start: int
    end: int


class Sentence(NamedTuple):
    """Tokens `first` to `last` (exclusive) of a post, and the mark that ends them."""

    first: int
    last: int
    ending: str


def parts_of(text: str) -> list[str]:
    """Return the pieces of cleaned text, in linear time: words, marks, handles, hashtags, links."""
    return _TOKEN.findall(text)


def tokenize(text: str, parts: Sequence[str] | None = None) -> list[Token]:
    """Split cleaned text into tokens, in linear time; `parts` are its pieces, if they are there.

    Hyphens inside words disappear, elided articles and the English possessive stand apart.

    >>> [token.low for token in tokenize("N'achetez plus chez Epik's, @Gab #Now e-mail!")]
    ["n'", 'achetez', 'plus', 'chez', 'epik', "'s", ',', '@gab', '#now', 'e', 'mail', '!']
    """
    tokens: list[Token] = []
    add, new = tokens.append, tuple.__new__
    end = 0
    for raw in parts_of(text) if parts is None else parts:
        start = text.index(raw, end)  # nothing but blanks is between
        end = start + len(raw)
        if raw.isalnum():
            add(new(Token, (raw.lower(), raw, WORD, start, end)))
        elif len(raw) == 1 and raw != "_":
            if raw != "-" or not _is_inside_a_word(text, start):
                add(new(Token, (raw, raw, MARK, start, end)))
        else:
            _add_other(tokens, raw, start)
    return tokens


def lows_of(text: str, parts: Sequence[str]) -> list[str]:
    """Return the pieces of a text in small letters: as its tokens have them.

    A hyphen inside a word is still there, and a mark behind a handle or link at its end.

    >>> text = "N'achetez plus chez Epik's, @Gab"
    >>> lows_of(text, parts_of(text))
    ["n'", 'achetez', 'plus', 'chez', 'epik', "'s", ',', '@gab']
    """
    if "'" not in text and "’" not in text:
        return [raw.lower() for raw in parts]
    lows: list[str] = []
    for raw in parts:
        low = raw.lower()
        if raw.isalnum() or ("'" not in low and "’" not in low) or not _is_word(raw):
            lows.append(low)
        else:
            lows += _split(low.replace("’", "'"))
    return lows


def _is_word(raw: str) -> bool:
    """Whether a piece that begins with a letter, a figure or "_" is a word."""
    return (raw[0].isalnum() or raw[0] == "_") and _LINK.fullmatch(raw) is None


def _is_inside_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


def _add_other(tokens: list[Token], raw: str, start: int) -> None:
    """Add the tokens of a piece that is more than letters, and more than one sign."""
    if raw.startswith(".."):
        tokens.append(Token("…", raw, MARK, start, start + len(raw)))
    elif _is_word(raw):
        _add_word(tokens, raw, start)
    elif raw[0] == "#":
        tokens.append(Token(raw.lower(), raw, HASHTAG, start, start + len(raw)))
    else:
        kind = HANDLE if raw[0] == "@" else LINK
        trimmed = raw.rstrip(".-,!?:;)\"'")
        end = start + len(trimmed)
        tokens.append(Token(trimmed.lower(), trimmed, kind, start, end))
        if len(trimmed) < len(raw) and kind == HANDLE:
            mark = raw[len(trimmed)]
            tokens.append(Token(mark, mark, MARK, end, end + 1))


def _add_word(tokens: list[Token], raw: str, start: int) -> None:
    *before, last = _split(raw.lower().replace("’", "'"))
    for part in before:
        end = start + len(part)
        tokens.append(Token(part, raw[: len(part)], WORD, start, end))
        raw, start = raw[len(part) :], end
    tokens.append(Token(last, raw, WORD, start, start + len(raw)))


def _split(low: str) -> list[str]:
    """Part a word from the article before it and the possessive behind it."""
    if "'" not in low or low in _KEPT_WHOLE:
        return [low]
    elided = _ELISION.match(low)
    cut = elided.end() if elided else 0
    parts, rest = [low[:cut]] if cut else [], low[cut:]
    if rest.endswith("'s") and rest not in _KEPT_WHOLE:
        return [*parts, rest[:-2], "'s"]
    return [*parts, rest]


def split_sentences(tokens: list[Token]) -> list[Sentence]:
    """Group tokens by the marks that end a sentence; a run of marks belongs to the one before.

    >>> [sentence.ending for sentence in split_sentences(tokenize("Really?! Stop. Now"))]
    ['?', '.', '']
    """
    sentences: list[Sentence] = []
    first = 0
    index = 0
    count = len(tokens)
    while index < count:
        if tokens[index].low in SENTENCE_ENDS and tokens[index].kind == MARK:
            marks = ""
            last = index
            while index < count and tokens[index].low in SENTENCE_ENDS:
                marks += tokens[index].low
                index += 1
            if last > first:
                sentences.append(Sentence(first, last, _strongest(marks)))
            first = index
        else:
            index += 1
    if first < count:
        sentences.append(Sentence(first, count, ""))
    return sentences


def _strongest(marks: str) -> str:
    return next((mark for mark in "?!" if mark in marks), marks[0])
