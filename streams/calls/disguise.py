"""Words that hide from word lists: "b0ycott", "sh*t d0wn", "s h u t", "boooycott", "shut 👏 down".

Nothing is undone that does not give a word of the lexicon or a tracked name.
"""

import re
from collections.abc import Container, Sequence
from functools import cache
from itertools import pairwise

from streams.calls.lexicon import lexicon
from streams.calls.names import NameIndex
from streams.calls.tokens import MARK, WORD, Token
from streams.calls.tree import Node

MOST_UNMASKED = 40
"""How many words of a post are looked up letter by letter."""

SHORTEST = 4
SHORTEST_RUN = 5
"""How many single letters in a row spell a word."""

# Each begins with its rarest sign and looks back from there: most texts have none to try.
_LEET = re.compile(r"[\d$*@](?:(?<=[a-z][\d$*@])[\d$*@]*[a-z]|(?<=\b[\d$@])[a-z]{2})")
_BEATS = re.compile(r"[.!](?<=[^\W\d_]{2}[.!]) ?[^\W\d_]+[.!] ?[^\W\d_]+[.!]")
_EMOJI_BEATS = re.compile(r"\w ?[\u2190-\U0001ffff]+ ?\w+ ?[\u2190-\U0001ffff]")
_LATIN = re.compile(r"[a-z][à-ɏ][a-z]")
_STRETCHED = [letter * 3 for letter in "aeiouycdlmnprst"]
_LETTERS = str.maketrans("0134578$@øłđ", "oieastbsaold")
_RUNS = re.compile(r"(\w)\1{2,}")


def is_suspect(low: str, words: Sequence[str]) -> bool:
    """Whether a text in small letters, of these words, may hide some; False is certain."""
    if _LEET.search(low):
        return True
    for letters in _STRETCHED:
        if letters in low:
            return True
    if low.count(".") + low.count("!") >= 2 and _BEATS.search(low):
        return True
    if not low.isascii() and (_EMOJI_BEATS.search(low) or _LATIN.search(low)):
        return True
    return [*map(len, words)].count(1) >= SHORTEST_RUN


def undisguised(tokens: list[Token], lang: str, names: NameIndex) -> list[Token]:
    """Return the tokens with hidden words written out; places in the text stay as they are.

    They are the same list where nothing is hidden.
    """
    known = _vocabulary(lang)
    if any(token.kind == WORD and token.raw.count(".") > 1 for token in tokens):
        tokens = [part for token in tokens for part in _parts(token)]
    if _may_have_beats(tokens):
        tokens = _without_beats(tokens)
    if [len(token.raw) for token in tokens].count(1) >= SHORTEST_RUN:
        tokens = _joined(tokens, known, names)
    found = tokens
    looked_up = 0
    for at, token in enumerate(tokens):
        low = token.low
        if len(low) < SHORTEST or low in known or token.kind != WORD or not _is_odd(low):
            continue
        looked_up += 1
        if looked_up > MOST_UNMASKED:
            break
        plain = _plain(low, known, names, lang)
        if plain != low:
            if found is tokens:
                found = [*tokens]
            found[at] = _rewritten(token, plain, names)
    return found


def _may_have_beats(tokens: Sequence[Token]) -> bool:
    """Whether two words in a row have a mark behind them."""
    marks = [at for at, token in enumerate(tokens) if token.kind == MARK and _is_beat(token)]
    return any(after - at == 2 for at, after in pairwise(marks))


def _is_odd(low: str) -> bool:
    """Whether a word is written as none is: with figures or marks in it, or letters thrice."""
    if "v" in low or not (low.isascii() and low.isalpha()):
        return True
    return _RUNS.search(low) is not None


def _rewritten(token: Token, plain: str, names: NameIndex) -> Token:
    """Write a token as the word it hides; a name gets its capital."""
    if plain == token.low:
        return token
    raw = plain.upper() if token.raw.isupper() else plain
    if plain in names.by_word:
        raw = names.by_word[plain][0][0][0].raw
    return token._replace(low=plain, raw=raw)


def _plain(low: str, known: Container[str], names: NameIndex, lang: str) -> str:
    """Return the known word or name that a word hides, or the word."""
    spellings = [low]
    if _RUNS.search(low):
        spellings = [_RUNS.sub(r"\1\1", low), _RUNS.sub(r"\1", low), low]
    for spelt in spellings:
        letters = spelt.translate(_LETTERS)
        for choice in (spelt, letters, letters.replace("l", "i"), letters.replace("v", "u")):
            if choice in known or (choice in names.by_word and choice != low):
                return choice
    if "*" in low and low.count("*") * 2 < len(low):
        return _unmasked(low, lang) or low
    return low


@cache
def _vocabulary(lang: str) -> frozenset[str]:
    """Return all words of a language's phrases."""
    words: set[str] = set()
    nodes: list[Node] = [*lexicon(lang).phrases.values()]
    words.update(lexicon(lang).phrases)
    while nodes:
        node = nodes.pop()
        words.update(node.words)
        nodes += [*node.words.values(), *node.groups.values(), *([node.gap] if node.gap else [])]
    return frozenset(words)


@cache
def _by_length(lang: str) -> dict[int, tuple[str, ...]]:
    by_length: dict[int, list[str]] = {}
    for word in sorted(lexicon(lang).phrases):
        by_length.setdefault(len(word), []).append(word)
    return {length: tuple(words) for length, words in by_length.items()}


def _unmasked(low: str, lang: str) -> str | None:
    """Return the only phrase's word that fits a word with asterisks."""
    fits = [
        word
        for word in _by_length(lang).get(len(low), ())
        if all(mine in ("*", theirs) for mine, theirs in zip(low, word, strict=True))
    ]
    return fits[0] if len(fits) == 1 else None


def _parts(token: Token) -> list[Token]:
    """Part "Shut.Down.Acme", which is no address."""
    words = token.raw.split(".")
    if token.kind != WORD or len(words) < 3 or min(map(len, words)) < 2:
        return [token]
    found: list[Token] = []
    start = token.start
    for word in words:
        found.append(Token(word.lower(), word, WORD, start, start + len(word)))
        start += len(word) + 1
    return found


def _without_beats(tokens: Sequence[Token]) -> list[Token]:
    """Leave out the marks that stand behind each of several words: "shut 👏 down 👏 it 👏"."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while end + 1 < len(tokens) and tokens[end].kind == WORD and _is_beat(tokens[end + 1]):
            end += 2
        if end - at >= 4 and (end < len(tokens) or end - at >= 6):
            kept += [token for token in tokens[at : end - 1] if token.kind == WORD]
            kept += tokens[end - 1 : end] if tokens[end - 1].low in ".!" else []
            at = end
        else:
            kept.append(tokens[at])
            at += 1
    return kept


def _is_beat(token: Token) -> bool:
    return token.kind == MARK and (token.low in ".!" or not token.low.isascii())


def _joined(tokens: Sequence[Token], known: Container[str], names: NameIndex) -> list[Token]:
    """Put letters that stand alone together again, as far as they spell something."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end].kind == WORD and len(tokens[end].raw) == 1:
            end += 1
        if end - at >= SHORTEST_RUN:
            found += _spelt(tokens[at:end], known, names)
            at = end
        else:
            found.append(tokens[at])
            at += 1
    return found


def _spelt(letters: Sequence[Token], known: Container[str], names: NameIndex) -> list[Token]:
    """Cut a run of letters into the longest known words; the rest is one word, and a name."""
    run = "".join(token.low for token in letters)
    found: list[Token] = []
    at = 0
    while at < len(run):
        end = next(
            (e for e in range(min(len(run), at + 16), at + 2, -1) if run[at:e] in known), len(run)
        )
        raw = run[at:end] if run[at:end] in known else run[at:end].capitalize()
        found.append(Token(run[at:end], raw, WORD, letters[at].start, letters[end - 1].end))
        at = end
    return [_rewritten(token, token.low, names) for token in found]
