"""How a lexicon writes its phrases, and how others spell them.

In a phrase `a/b` are alternatives, `<name>` a group of words, `word?` may be missing, and `_`
stands for up to `GAP` words (the object of "shut _ down").
"""

import itertools
import unicodedata
from functools import cache

from streams.calls.tokens import tokenize

GAP = 6

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def expanded(text: str) -> list[tuple[str, ...]]:
    """Spell out a comma-separated list of phrases, in words as the tokenizer parts them.

    >>> expanded("sign the/this petition?")
    [('sign', 'the', 'petition'), ('sign', 'the'), ('sign', 'this', 'petition'), ('sign', 'this')]
    >>> expanded("exige d', s'inscrire, e-mail")
    [('exige', "d'"), ("s'", 'inscrire'), ('e', 'mail')]
    """
    phrases: list[tuple[str, ...]] = []
    for phrase in text.split(","):
        choices = [_choices(word) for word in phrase.split()]
        for chosen in itertools.product(*choices):
            phrases.append(tuple(part for word in chosen for part in _parts(word)))
    return [words for words in phrases if words]


@cache
def _parts(word: str) -> tuple[str, ...]:
    if word == "_" or word.startswith("<") or "|" in word or word.endswith("'"):
        return (word,)
    return tuple(token.low for token in tokenize(word))


def _choices(word: str) -> list[str]:
    optional = word.endswith("?") and len(word) > 1
    choices = word.removesuffix("?").split("/") if len(word) > 1 else [word]
    return [*choices, ""] if optional else choices


def spelt_in_haste(word: str) -> set[str]:
    """Return a word without its accents, as hurried writers write it.

    >>> sorted(spelt_in_haste("prohíban")), sorted(spelt_in_haste("kündigt"))
    (['prohiban'], ['kuendigt', 'kundigt'])
    """
    if word.isascii():
        return set()
    spread = unicodedata.normalize("NFC", word).translate(_UMLAUTS)
    return {without_accents(word), without_accents(spread)}


def without_accents(word: str) -> str:
    """Return a word in its bare letters.

    >>> without_accents("ciérrenlo")
    'cierrenlo'
    """
    apart = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
