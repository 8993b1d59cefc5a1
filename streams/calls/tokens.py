"""Cleaned text as tokens and sentences: the ground on which everything else stands."""

import re
from typing import NamedTuple

WORD, HANDLE, HASHTAG, LINK, MARK = "word", "handle", "hashtag", "link", "mark"

_TOKEN = re.compile(
    r"(?P<link>https?://\S+|www\.\S+|\w[\w.+-]{0,63}+@[\w-]+\.[\w.-]+)"
    r"|(?P<handle>@\w[\w.-]*)"
    r"|(?P<hashtag>#\w+)"
    r"|(?P<word>\w+(?:[$@*'’.&]\w+|\$(?!\d))*)"
    r"|(?P<mark>\.\.+|[^\w\s]|\n)"
)
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


def tokenize(text: str) -> list[Token]:
    """Split cleaned text into tokens, in linear time.

    Hyphens inside words disappear, elided articles and the English possessive stand apart.

    >>> [token.low for token in tokenize("N'achetez plus chez Epik's, @Gab #Now e-mail!")]
    ["n'", 'achetez', 'plus', 'chez', 'epik', "'s", ',', '@gab', '#now', 'e', 'mail', '!']
    """
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or MARK
        start, end = found.span()
        raw = found.group()
        if kind == WORD:
            _add_word(tokens, raw, start)
        elif kind == MARK:
            if raw == "-" and _is_inside_a_word(text, start):
                continue
            tokens.append(Token("…" if raw.startswith("..") else raw, raw, MARK, start, end))
        else:
            trimmed = raw.rstrip(".-,!?:;)\"'") if kind != HASHTAG else raw
            end = start + len(trimmed)
            tokens.append(Token(trimmed.lower(), trimmed, kind, start, end))
            if len(trimmed) < len(raw) and kind == HANDLE:
                mark = raw[len(trimmed)]
                tokens.append(Token(mark, mark, MARK, end, end + 1))
    return tokens


def _is_inside_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


def _add_word(tokens: list[Token], raw: str, start: int) -> None:
    low = raw.lower().replace("’", "'")
    if "'" in low:
        elided = _ELISION.match(low)
        if elided and low not in _KEPT_WHOLE:
            cut = elided.end()
            tokens.append(Token(low[:cut], raw[:cut], WORD, start, start + cut))
            low, raw, start = low[cut:], raw[cut:], start + cut
        if low.endswith("'s") and low not in _KEPT_WHOLE:
            cut = len(low) - 2
            tokens.append(Token(low[:cut], raw[:cut], WORD, start, start + cut))
            low, raw, start = low[cut:], raw[cut:], start + cut
    tokens.append(Token(low, raw, WORD, start, start + len(raw)))


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
