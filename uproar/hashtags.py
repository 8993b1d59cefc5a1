"""Reading a name out of a hashtag: #ShutDownEpik, #boycottdelta, #EpikBreach."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

LONGEST = 100
"""Characters of a hashtag that are looked at; platforms allow no more."""

_LETTERS = re.compile(r"\w+")


class Words(NamedTuple):
    """The word lists of `mention_words.yaml`."""

    campaign: frozenset[str]
    filler: frozenset[str]
    company: frozenset[str]
    openers: frozenset[str]
    accounts: frozenset[str]


@cache
def words() -> Words:
    """Read the word lists, once."""
    data = yaml.safe_load(files("uproar").joinpath("mention_words.yaml").read_text("utf-8"))
    return Words(
        campaign=frozenset(data["campaign"].split()),
        filler=frozenset(data["filler"].split()),
        company=frozenset(data["company"].split()),
        openers=frozenset(data["openers"].split()),
        accounts=frozenset(data["accounts"].split()),
    )


def find_tag(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the hashtag that `start:end` lies in, its # included, if any.

    >>> find_tag("now #ShutDownEpik!", 13, 17)
    (4, 17)
    """
    first = text.rfind("#", max(0, start - LONGEST - 1), start)
    if first < 0 or not (first + 1 == start or _LETTERS.fullmatch(text, first + 1, start)):
        return None
    if first > 0 and _LETTERS.fullmatch(text, first - 1, first):
        return None
    found = _LETTERS.match(text, end, end + LONGEST)
    return first, found.end() if found else end


def is_campaign(before: str, after: str) -> bool:
    """Tell whether what surrounds a name in a hashtag, folded, is words of campaigns.

    >>> is_campaign("boycott", "now"), is_campaign("", "high"), is_campaign("the", "")
    (True, False, False)
    """
    head, tail = _readings(before), _readings(after)
    return bool(head and tail) and (True in head or True in tail)


def _readings(letters: str) -> frozenset[bool]:
    """Say whether a stretch can be cut into known words, with and without one of campaigns."""
    known = words()
    ways: list[set[bool]] = [{False}] + [set() for _ in letters]
    for start in range(len(letters)):
        if not ways[start]:
            continue
        for end in range(start + 1, min(len(letters), start + _longest_word()) + 1):
            word = letters[start:end]
            if word in known.campaign:
                ways[end].add(True)
            elif word in known.filler or word.isdecimal() or word == "_":
                ways[end] |= ways[start]
    return frozenset(ways[-1])


@cache
def _longest_word() -> int:
    return max(map(len, words().campaign | words().filler))


def is_part(tag: str, start: int, end: int) -> bool:
    """Tell whether `start:end` is a whole part of a hashtag written in CamelCase.

    >>> is_part("#EpikBreach", 1, 5), is_part("#epikbreach", 1, 5), is_part("#Epikur", 1, 5)
    (True, False, False)
    """
    begins = start <= 1 or _cuts(tag[start - 1], tag[start])
    ends = end == len(tag) or _cuts(tag[end - 1], tag[end])
    return begins and ends


def _cuts(left: str, right: str) -> bool:
    return (
        right == "_"
        or left == "_"
        or right.isdigit() != left.isdigit()
        or (right.isupper() and not left.isupper())
    )
