"""Texts for the teacher to label, so that the students learn more of it than the labels tell.

Besides the tweets themselves there are mixtures of tweets of one language: the beginning of one and
the end of another, a piece of one, and tweets with some of their words taken from others. They
read like nothing anybody wrote; what the teacher makes of them still shows what it knows.
"""

import random
from collections import defaultdict
from collections.abc import Sequence

from streams.multilingual.reading import LINK
from training.sentiment.data import Example


def mixtures(examples: Sequence[Example], each: dict[str, int], seed: int) -> list[Example]:
    """Return `each[lang]` mixtures for every tweet of a language."""
    rng = random.Random(seed)  # noqa: S311
    by_language: dict[str, list[list[str]]] = defaultdict(list)
    for example in examples:
        by_language[example.lang].append(example.text.split())
    found = []
    for lang, tweets in sorted(by_language.items()):
        pool = [word for tweet in tweets for word in tweet if word != LINK]
        for _ in range(each.get(lang, 0)):
            for tweet in tweets:
                mixed = _mixed(tweet, rng.choice(tweets), pool, rng)
                found.append(Example(" ".join(mixed), lang, None, "mixture"))
    return found


def _mixed(tweet: list[str], other: list[str], pool: list[str], rng: random.Random) -> list[str]:
    way = rng.random()
    if way < 0.4:
        return (
            tweet[: rng.randint(1, max(1, len(tweet)))] + other[rng.randint(0, len(other) // 2) :]
        )
    if way < 0.6:
        start = rng.randint(0, len(tweet) // 2)
        return tweet[start : start + rng.randint(2, 12)] or tweet
    share = rng.uniform(0.1, 0.4)
    return [rng.choice(pool) if rng.random() < share else word for word in tweet]
