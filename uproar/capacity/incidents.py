"""What may happen to a cluster: a burst, or a worker, broker or sink that is lost. Pure."""

import re
from typing import Literal

import msgspec

from uproar.errors import InputError

Lost = Literal["worker", "broker", "sink"]
_BURST = re.compile(r"^(\d+(?:\.\d+)?)x(\d+)(s|m)$")


class Burst(msgspec.Struct, frozen=True):
    """So many times the usual rate, for so long."""

    times: float
    seconds: float


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One of these, `AT_SECONDS` after the beginning; none: a calm time."""

    burst: Burst | None = None
    lost: Lost | None = None

    @property
    def name(self) -> str:
        """Say it in a few words.

        >>> Incident(burst=Burst(10, 60)).name, Incident(lost="sink").name
        ('10 times for 60 s', 'a lost sink')
        """
        if self.burst:
            return f"{self.burst.times:g} times for {self.burst.seconds:g} s"
        return f"a lost {self.lost}" if self.lost else "calm"


AT_SECONDS = 60.0
"""When it happens, so that there is some calm before it."""


def parse_burst(words: str) -> Burst:
    """Read `10x60s` or `3x10m`. Raises InputError for anything else.

    >>> parse_burst("10x60s"), parse_burst("2.5x10m")
    (Burst(times=10.0, seconds=60.0), Burst(times=2.5, seconds=600.0))
    """
    found = _BURST.match(words)
    if not found or float(found[1]) < 1 or not int(found[2]):
        raise InputError(
            f"cannot use the burst `{words}`: wanted how many times the usual, and how long",
            hint="`10x60s` is ten times as much for 60 seconds, `3x10m` three times for 10 minutes",
        )
    return Burst(float(found[1]), float(found[2]) * (60 if found[3] == "m" else 1))
