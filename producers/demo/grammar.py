"""Text from rules: alternatives that refer to others, with the entities named on the way.

A rule is a list of alternatives. In one, `{rule}` stands for another rule, `[a|b|]` for one of
what is between the bars, and a last ` *3` makes the whole alternative three times as likely.
"""

import re
from collections.abc import Mapping, Sequence, Set
from random import Random
from typing import Literal

import msgspec

from producers.demo.draw import Weighted, pick

_TOKEN = re.compile(
    r"\{(?P<rule>\w+)\}|(?P<open>\[)|(?P<bar>\|)|(?P<close>\])|(?P<text>[^{}\[\]|]+)"
)
_WEIGHT = re.compile(r" \*(\d+)$")
_SPACES = re.compile(r" +")
_SPACE_BEFORE = re.compile(r" ([,.])(?=\s|$)")
_SPACE_BEFORE_MARK = re.compile(r" ([?!]+)")
_STOP_BEFORE_MARK = re.compile(r"(?<!\.)\.( ?[!?]+)")
_DOUBLED = re.compile(r"(?<!\.)([.!?])[.,](?=\s|$)")
_EXCLAMATION = re.compile(r"(^|[.!?:] )((?:[^.!?:¿¡]|\.(?=\w))+!)")
_SENTENCE_START = re.compile(r"((?:^|[.!?] )[¿¡]?)([^\W\d_])(?!\S*\w\.\w)")

Marks = Literal["plain", "spaced", "opened"]


class Rule(msgspec.Struct, frozen=True):
    """A reference to a rule."""

    name: str


class Choice(msgspec.Struct, frozen=True):
    """One of several sequences."""

    options: tuple[tuple["Part", ...], ...]


Part = str | Rule | Choice


class Written(msgspec.Struct, frozen=True):
    """A text, and the ids of the entities that it names, in order of their first place."""

    text: str
    about: tuple[str, ...]


class Grammar:
    """The rules of one language. The rules in `names` give names of an entity, whose id is there.

    `marks` says how the language writes `?` and `!`: after a space (French), opened before the
    sentence (Spanish), or plainly. Raises ValueError for an alternative that cannot be read or
    refers to no rule.
    """

    def __init__(
        self,
        rules: Mapping[str, Sequence[str]],
        names: Mapping[str, str],
        marks: Marks = "plain",
    ) -> None:
        self._names = names
        self._marks = marks
        self._rules: dict[str, Weighted[tuple[Part, ...]]] = {}
        for name, alternatives in rules.items():
            weights: dict[tuple[Part, ...], float] = {}
            for alternative in alternatives:
                weight = _WEIGHT.search(alternative)
                parts = _parse(_WEIGHT.sub("", alternative), rules.keys())
                weights[parts] = float(weight[1]) if weight else 1.0
            self._rules[name] = Weighted(weights)

    def __contains__(self, rule: str) -> bool:
        return rule in self._rules

    def write(self, rng: Random, rule: str) -> Written:
        """Write one text by a rule. Spaces are tidied and the first letter is a capital."""
        pieces: list[str] = []
        about: dict[str, None] = {}
        self._expand(rng, self._rules[rule].draw(rng), pieces, about)
        return Written(tidy("".join(pieces), self._marks), tuple(about))

    def _expand(
        self, rng: Random, parts: tuple[Part, ...], pieces: list[str], about: dict[str, None]
    ) -> None:
        for part in parts:
            if isinstance(part, str):
                pieces.append(part)
            elif isinstance(part, Choice):
                self._expand(rng, pick(rng, part.options), pieces, about)
            else:
                if part.name in self._names:
                    about[self._names[part.name]] = None
                self._expand(rng, self._rules[part.name].draw(rng), pieces, about)


def tidy(text: str, marks: Marks = "plain") -> str:
    """Mend what joining parts leaves: spaces, doubled stops, and small letters after a stop.

    >>> tidy(" so  it is back , folks.! shut it down.. ")
    'So it is back, folks! Shut it down.'
    >>> tidy("epik.com is slow. epik.com again ?")
    'epik.com is slow. epik.com again?'
    >>> tidy("basta. no toquen epik.com!", "opened")
    'Basta. ¡No toquen epik.com!'
    """
    text = _SPACES.sub(" ", text).strip(" ")
    text = _SPACE_BEFORE.sub(r"\1", text)
    if marks != "spaced":
        text = _SPACE_BEFORE_MARK.sub(r"\1", text)
    text = _DOUBLED.sub(r"\1", _STOP_BEFORE_MARK.sub(r"\1", text)).rstrip(",:")
    if marks == "opened":
        text = _EXCLAMATION.sub(r"\1¡\2", text)
    return _SENTENCE_START.sub(lambda start: start[1] + start[2].upper(), text)


def _parse(alternative: str, known: Set[str]) -> tuple[Part, ...]:
    tokens = list(_TOKEN.finditer(alternative))
    if "".join(token[0] for token in tokens) != alternative:
        raise ValueError(f"cannot read the alternative `{alternative}`")
    stack: list[list[list[Part]]] = [[[]]]
    for token in tokens:
        if token["open"]:
            stack.append([[]])
        elif token["bar"] and len(stack) > 1:
            stack[-1].append([])
        elif token["close"] and len(stack) > 1:
            options = stack.pop()
            stack[-1][-1].append(Choice(tuple(tuple(option) for option in options)))
        elif token["rule"]:
            if token["rule"] not in known:
                raise ValueError(f"no rule `{token['rule']}` for the alternative `{alternative}`")
            stack[-1][-1].append(Rule(token["rule"]))
        elif token["text"]:
            stack[-1][-1].append(token["text"])
        else:
            raise ValueError(f"a bracket or bar stands alone in `{alternative}`")
    if len(stack) > 1:
        raise ValueError(f"a bracket is not closed in `{alternative}`")
    return tuple(stack[0][0])
