"""`timeline.yaml`: which strands the story has, and how many posts a minute each expects.

A strand is a conversation with its own course: a steady level between two times, and pulses. A
pulse rises to its moment and falls off after it, fast at first and slowly later, as attention does.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

import msgspec
import yaml

from producers.demo.draw import normal

_TAIL_SHARE = 0.25
_TAIL_LENGTH = 6.0
_NOISE_MEMORY = 0.97
_NOISE_SPREAD = 0.3


class Pulse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rise in about `rise_minutes` to `at`, and a fall of which most lasts `fall_minutes`."""

    at: datetime
    rise_minutes: float
    fall_minutes: float
    weight: float

    def height(self, minute: float) -> float:
        """Return the expected share of the pulse's posts in a minute, counted from `at`."""
        area = (
            self.rise_minutes
            + (1 - _TAIL_SHARE) * self.fall_minutes
            + _TAIL_SHARE * _TAIL_LENGTH * self.fall_minutes
        )
        if minute < 0:
            return math.exp(minute / self.rise_minutes) / area if minute > -600 else 0.0
        fast = (1 - _TAIL_SHARE) * math.exp(-minute / self.fall_minutes)
        slow = _TAIL_SHARE * math.exp(-minute / (_TAIL_LENGTH * self.fall_minutes))
        return (fast + slow) / area


class Steady(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An even level from a time until another; the story's own where none is given."""

    weight: float
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Strand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One conversation: how much, by whom, in which languages, with which kinds of text.

    `posts` is what the strand expects in all before others echo it, and `echo` how many posts
    one of them calls forth on average. `not_before` silences the strand until then.
    """

    id: str
    posts: float
    camp: str
    kinds: dict[str, float]
    languages: dict[str, float] | None = None
    echo: float = 0.2
    steady: tuple[Steady, ...] = ()
    pulses: tuple[Pulse, ...] = ()
    not_before: datetime | None = None


class Timeline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole story. `hours` has, per language, shares of its people by offset from UTC."""

    starts_at: datetime
    ends_at: datetime
    day: tuple[float, ...]
    hours: dict[str, dict[int, float]]
    languages: dict[str, float]
    strands: tuple[Strand, ...]

    @property
    def minutes(self) -> int:
        """The length of the story in minutes."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))


def read_timeline(text: str) -> Timeline:
    """Read the file's text. Raises msgspec.ValidationError where it is not as wanted."""
    return msgspec.convert(yaml.safe_load(text), Timeline, strict=False)


def wakefulness(timeline: Timeline, lang: str) -> list[float]:
    """Return how awake the people of a language are in each minute of a UTC day; mean 1."""
    curve = []
    for minute in range(1440):
        level = 0.0
        for offset, share in timeline.hours[lang].items():
            hour, rest = divmod(minute / 60 + offset, 1)
            now, then = timeline.day[int(hour) % 24], timeline.day[int(hour + 1) % 24]
            level += share * (now + (then - now) * rest)
        curve.append(level)
    mean = sum(curve) / len(curve)
    return [level / mean for level in curve]


def expected(timeline: Timeline, strand: Strand) -> list[float]:
    """Return the posts a strand expects in each minute, before time of day and noise."""
    total = sum(part.weight for part in strand.steady) + sum(part.weight for part in strand.pulses)
    levels = [0.0] * timeline.minutes
    for steady in strand.steady:
        first = _minute(timeline, steady.starts_at or timeline.starts_at)
        last = _minute(timeline, steady.ends_at or timeline.ends_at)
        for minute in range(int(first), int(last)):
            levels[minute] += strand.posts * steady.weight / total / (last - first)
    for pulse in strand.pulses:
        peak = _minute(timeline, pulse.at)
        for minute in range(timeline.minutes):
            levels[minute] += strand.posts * pulse.weight / total * pulse.height(minute - peak)
    if strand.not_before is not None:
        silent = int(_minute(timeline, strand.not_before))
        levels[:silent] = [0.0] * silent
    return levels


def noise(rng: Random, minutes: int) -> Iterator[float]:
    """Yield a factor around 1 for each minute that wanders slowly, as interest does."""
    state = 0.0
    step = _NOISE_SPREAD * math.sqrt(1 - _NOISE_MEMORY**2)
    for _ in range(minutes):
        state = _NOISE_MEMORY * state + step * normal(rng)
        yield math.exp(state - _NOISE_SPREAD**2 / 2)


def shares(timeline: Timeline, strand: Strand) -> Mapping[str, float]:
    """Return the languages of a strand with their shares."""
    return strand.languages or timeline.languages


def _minute(timeline: Timeline, moment: datetime) -> float:
    return (moment - timeline.starts_at) / timedelta(minutes=1)
