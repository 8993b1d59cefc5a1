"""How probable it is that a post is a call to action, and which, in five languages.

A small net over word vectors reads every post. Where it does not rule a call out, six layers of
the encoder that taught it decide. Neither knows entities or rules: who is meant is for the grammar
of `streams/calls` to say.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp
from typing import NamedTuple

import msgspec

from streams.calls_net import deep
from streams.calls_net.net import Net
from streams.calls_net.reading import readable, words


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of the shipped weights.

    Below the fast logit `surely_none` a post is no call whatever else is found; from `gate` on the
    encoder is asked. The log odds of a call are those of `fast` (factor of the fast logit,
    constant) or `both` (factors of the encoder's and the fast logit, constant); `found` times the
    grammar's confidence is added where it found a call too, `refused` where it found nothing but
    what it refused. Where grammar and fast net agree on log odds above `agreed`, that is enough.
    """

    version: str
    threshold: float
    surely_none: float
    gate: float
    fast: tuple[float, float]
    both: tuple[float, float, float]
    found: float
    agreed: float
    refused: float


class Judgement(NamedTuple):
    """`probability` of a call; of the actions if it is one; of one `against` its target."""

    probability: float
    actions: tuple[float, ...]
    against: float


def _facts() -> Facts:
    return msgspec.json.decode(files(__package__).joinpath("net.json").read_bytes(), type=Facts)


FACTS = _facts()
MODEL_VERSION = FACTS.version
THRESHOLD = FACTS.threshold
"""The probability from which a post counts as a call, the same in every language."""

LANGUAGES = frozenset({"de", "en", "es", "fr", "pt"})


class Glance(NamedTuple):
    """What the fast net makes of a post: its readable text, and the logits."""

    reading: str
    logits: tuple[float, ...]

    @property
    def is_no_call(self) -> bool:
        """Whether the net is so sure that nothing else need be asked."""
        return self.logits[0] < FACTS.surely_none


def glance(text: str, lang: str) -> Glance | None:
    """Return the fast net's reading of a post; None in another language, and where nothing is said.

    Of a longer post the beginning is read. The first call loads the weights.
    """
    return glance_all([(text, lang)])[0]


def glance_all(posts: Sequence[tuple[str, str]]) -> list[Glance | None]:
    """Return the fast net's reading of each post, a text and its language: what it is alone."""
    glances: list[Glance | None] = [None] * len(posts)
    heard: list[tuple[int, str]] = []
    said: list[tuple[list[str], str]] = []
    for at, (text, lang) in enumerate(posts):
        if lang in LANGUAGES:
            reading = readable(text)
            if found := words(reading):
                heard.append((at, reading))
                said.append((found, lang))
    if said:
        for (at, reading), logits in zip(heard, _net().logits_of(said).tolist(), strict=True):
            glances[at] = Glance(reading, tuple(logits))
    return glances


def judge(glanced: Glance, *, found: float = 0.0, is_refused: bool = False) -> Judgement:
    """Return what the nets make of a post. The same text gives the same answer always.

    `found` is the grammar's confidence in a call here, if it found one: then the encoder is asked
    but where the fast net agrees, and a call more probable. `is_refused` tells that it found a
    report, an advert or the like, and no call: then it is less so. `actions` are in the order of
    `uproar.records.Action`.

    >>> glanced = glance("Boycott Acme. Don't buy a thing from them until they pay.", "en")
    >>> judge(glanced).probability > 0.5
    True
    """
    fast = glanced.logits
    more = FACTS.found * found if found else FACTS.refused if is_refused else 0.0
    factor, constant = FACTS.fast
    odds = factor * fast[0] + constant + more
    if (fast[0] < FACTS.gate and not found) or (found and odds > FACTS.agreed):
        return _judgement(odds, fast)
    slow = deep.logits(glanced.reading)
    deep_factor, fast_factor, constant = FACTS.both
    return _judgement(deep_factor * slow[0] + fast_factor * fast[0] + constant + more, slow)


def is_call_alone(glanced: Glance) -> bool:
    """Whether the nets make a call of a post in which the grammar finds nothing at all."""
    fast = glanced.logits[0]
    if fast < FACTS.gate:
        factor, constant = FACTS.fast
        return _sigmoid(factor * fast + constant) >= THRESHOLD
    return judge(glanced).probability >= THRESHOLD


def _judgement(odds: float, logits: Sequence[float]) -> Judgement:
    _, against, *actions = logits
    highest = max(actions)
    weights = [exp(value - highest) for value in actions]
    total = sum(weights)
    return Judgement(_sigmoid(odds), tuple(value / total for value in weights), _sigmoid(against))


def _sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-min(max(logit, -50.0), 50.0)))


@cache
def _net() -> Net:
    return Net.shipped()
