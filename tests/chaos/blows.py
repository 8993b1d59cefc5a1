"""What is done to a running product, and when: drawn from a seed. Pure."""

from collections.abc import Iterator
from random import Random
from typing import Final, Literal

import msgspec

Victim = Literal[
    "producer", "worker", "sink", "clickhouse", "page", "added worker", "broker", "owner"
]
Act = Literal["kill", "pause", "add", "remove", "stop"]
Broker = Literal["local", "kafka"]

MOST_A_MINUTE: Final = 4
"""How often one process is killed: the supervisor starts it again five times a minute."""

SHORTEST_GAP, LONGEST_GAP = 0.3, 3.5
"""Seconds between two blows."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 6.0
"""Seconds for which a process stands still: also longer than a group waits for a member (4 s)."""

_WEIGHTS: Final[dict[tuple[Victim, Act], int]] = {
    ("producer", "kill"): 4,
    ("worker", "kill"): 4,
    ("sink", "kill"): 4,
    ("clickhouse", "kill"): 4,
    ("page", "kill"): 1,
    ("added worker", "add"): 3,
    ("producer", "pause"): 1,
    ("worker", "pause"): 2,
    ("sink", "pause"): 2,
    ("clickhouse", "pause"): 2,
    ("broker", "pause"): 1,
}
_ENDINGS: Final[dict[Broker, dict[tuple[Victim, Act], int]]] = {
    # The local broker keeps all in memory: whatever ends it is a cold start of everything.
    "local": {("broker", "kill"): 1, ("owner", "kill"): 1},
    "kafka": {("broker", "kill"): 2, ("broker", "stop"): 2, ("owner", "kill"): 1},
}
_ENDS: Final = frozenset({"kill", "stop"})
_SELDOM: Final = frozenset({"broker", "owner"})
MOST_SELDOM: Final = 2
"""How often in a round that is ended which takes long to come back."""


class Blow(msgspec.Struct, frozen=True):
    """One act against one victim, so many seconds after the one before.

    `seconds` is for how long it stands still; `which` is a number to choose among several by.
    """

    after: float
    victim: Victim
    act: Act
    seconds: float
    which: int


def blows(seed: int, broker: Broker) -> Iterator[Blow]:
    """Yield blows without end; who plays the round stops when it is over.

    No process is killed more than `MOST_A_MINUTE` times within a minute, and a worker is removed
    only after one was added.
    """
    rng = Random(seed)
    weights = {**_WEIGHTS, **_ENDINGS[broker]}
    at, added, seldom = 0.0, 0, 0
    killed: dict[Victim, list[float]] = {}
    while True:
        after = rng.uniform(SHORTEST_GAP, LONGEST_GAP)
        at += after
        choices = dict(weights)
        if added:
            choices["added worker", "kill"] = choices["added worker", "remove"] = 3
        if added > 1:
            del choices["added worker", "add"]
        for choice in list(choices):
            recent = [one for one in killed.get(choice[0], []) if one > at - 60]
            is_spent = choice[0] in _SELDOM and seldom == MOST_SELDOM
            if choice[1] in _ENDS and (is_spent or len(recent) >= MOST_A_MINUTE):
                del choices[choice]
        victim, act = rng.choices(list(choices), list(choices.values()))[0]
        if act in _ENDS:
            killed.setdefault(victim, []).append(at)
            seldom += victim in _SELDOM
        if victim == "added worker":
            added += 1 if act == "add" else -1
        if act in _ENDS and (victim == "owner" or (victim == "broker" and broker == "local")):
            added = 0  # they end with all the others
        yield Blow(
            after, victim, act, rng.uniform(SHORTEST_PAUSE, LONGEST_PAUSE), rng.randrange(64)
        )
