"""A post as the words the fast model looks up: emoji, emoticons and runs of marks are words too."""

import re
import unicodedata
from typing import NamedTuple
from zlib import crc32

_WORD = re.compile(
    r"[^\W_]+(?:'[^\W_]+)*"  # don't, l'été, 4G
    r"|[:;=]['^o-]?[()\[\]DPp/\\|*3]+|<3|</3"  # emoticons
    r"|[!?.]+|[^\w\s]"  # how a sentence ends, and every other sign, emoji among them
)
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_LONGEST = 30
_SHORTEST_GROUP, _SHORTEST_GRAM, _LONGEST_GRAM = 2, 3, 5
_LEFT_OUT = frozenset(
    "#\"'“”‘’*_,-–—()[]{}/\\|&$%+=<>~^`\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)


def words(text: str) -> list[str]:
    """Return the words of a readable text, as written.

    >>> words("SOOO good!!! don't stop :)) 😍 #win")
    ['SOOO', 'good', '!!!', "don't", 'stop', ':))', '😍', 'win']
    """
    return [word for word in _WORD.findall(text) if word not in _LEFT_OUT]


def is_shouted(word: str) -> bool:
    """Tell whether a word is in capitals.

    >>> is_shouted("NO"), is_shouted("No"), is_shouted("I")
    (True, False, False)
    """
    return len(word) > 1 and word.isupper()


def folded(word: str) -> str:
    """Return what one word has in common with its other spellings.

    Case, accents and vowel marks go, letters said three times or more stay twice, figures are one.

    >>> [folded(word) for word in ("SOOOO", "été", "2015", "أحبك", "!!!!!!!")]
    ['soo', 'ete', '0', 'احبك', '!!']
    """
    word = word[:_LONGEST].lower()
    if not word.isascii():
        spread = unicodedata.normalize("NFKD", word)
        word = "".join(char for char in spread if not unicodedata.combining(char)) or word
    if word.isdecimal():
        return "0"
    return _REPEATED.sub(r"\1\1", word)


def grams(word: str, buckets: int) -> list[int]:
    """Return the buckets of the letter groups of a folded word, its ends marked.

    >>> len(grams("good", 1000))
    9
    """
    return letter_groups(word, _SHORTEST_GRAM, _LONGEST_GRAM, buckets)


def letter_groups(word: str, shortest: int, longest: int, buckets: int) -> list[int]:
    """Return the buckets of the groups of `shortest` to `longest` letters, ends marked.

    >>> len(letter_groups("good", 2, 5, 1000))
    14
    """
    return [number % buckets for number in group_numbers(word, shortest, longest)]


def group_numbers(word: str, shortest: int, longest: int) -> list[int]:
    """Return a number for each group of letters, the shortest groups first."""
    marked = f"<{word}>"
    count = len(marked) + 1
    if marked.isascii():
        coded = marked.encode()
        return [
            crc32(coded[at : at + size])
            for size in range(shortest, longest + 1)
            for at in range(count - size)
        ]
    return [
        crc32(marked[at : at + size].encode())
        for size in range(shortest, longest + 1)
        for at in range(count - size)
    ]


class Spelling(NamedTuple):
    """What the tables are asked about a word: its number, and those of its groups of letters."""

    number: int
    groups: list[int]
    """Groups of two to five letters."""
    grams: list[int]
    """Groups of three to five letters."""
    is_shouted: bool


def spelling(word: str) -> Spelling:
    """Return what the tables are asked about a word as written.

    >>> [len(numbers) for numbers in spelling("GOOD")[1:3]], spelling("GOOD").is_shouted
    ([14, 9], True)
    """
    plain = folded(word)
    groups = group_numbers(plain, _SHORTEST_GROUP, _LONGEST_GRAM)
    # Marked at both ends, a word has one pair of letters more than it has letters.
    return Spelling(key(plain), groups, groups[len(plain) + 1 :], is_shouted(word))


def key(word: str) -> int:
    """Return the number by which a folded word is looked up.

    >>> key("good")
    1820610194
    """
    return crc32(word.encode())
