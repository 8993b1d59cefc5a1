"""A threshold as data: what an entity's numbers must be for an alert. Pure.

Thresholds are seeded from `uproar.yaml`, kept in the table `thresholds`, and edited there while
everything runs; whoever judges gets them as values.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import get_args

import msgspec

from uproar.config import Config
from uproar.mutes import covers
from uproar.threshold_config import (
    CallRate,
    CallShare,
    Limits,
    NewTerm,
    Rate,
    ShareAbove,
    Spike,
    Thresholds,
)

SIGNALS = Thresholds.__struct_fields__
"""What can be measured: the keys that `thresholds` may have in uproar.yaml."""

SHARES = ("calls_share", "negative_share", "author_share", "copies_share")
"""Signals whose value is a share in [0, 1]; all others count posts, `new_term` authors."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """When to raise an alert of one signal and severity about one entity.

    `above` is a number of posts, for `new_term` of authors, or a share; it and `per_seconds` are 0
    for `spike`. Stretches are whole minutes: a shorter `per` is read as the next longer.
    """

    entity: str
    signal: str
    severity: str = "warning"
    above: float = 0.0
    per_seconds: int = 0
    at_least: int = 1
    direction: str = "against"
    sensitivity: str = ""
    for_seconds: int = 0
    cooldown_seconds: int = 3600
    most_per_hour: int = 4
    mutes: tuple[str, ...] = ()
    muted_from: datetime = NEVER
    muted_until: datetime = NEVER

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other."""
        return (self.entity, self.signal, self.severity)

    @property
    def minutes(self) -> int:
        """Length of the stretch that is looked at."""
        return max(1, -(-self.per_seconds // 60))

    def is_muted(self, at: datetime) -> bool:
        """Tell whether an alert of this moment is kept from being delivered."""
        if self.muted_from <= at < self.muted_until:
            return True
        return any(covers(mute, at) for mute in self.mutes)


def from_config(config: Config) -> tuple[Threshold, ...]:
    """Return the thresholds that the file asks for, those for every entity included."""
    return tuple(
        threshold
        for entity in config.entities
        for threshold in _of_entity(entity.id, entity.thresholds, config.thresholds)
    )


def made(entity: str, signal: str, rule: Limits) -> Threshold:
    """Return the threshold that a rule of the file's form makes for an entity."""
    fields: dict[str, object] = {}
    if isinstance(rule, Rate | ShareAbove | NewTerm):
        fields |= {"above": float(rule.above), "per_seconds": seconds_of(rule.per)}
    if isinstance(rule, ShareAbove | Spike):
        fields["at_least"] = rule.at_least
    if isinstance(rule, CallRate | CallShare):
        fields["direction"] = rule.direction
    if isinstance(rule, Spike):
        fields["sensitivity"] = rule.sensitivity
    return msgspec.structs.replace(
        Threshold(
            entity=entity,
            signal=signal,
            severity=rule.severity,
            for_seconds=seconds_of(rule.for_) if rule.for_ else 0,
            cooldown_seconds=seconds_of(rule.cooldown),
            most_per_hour=rule.most_per_hour,
            mutes=rule.mute,
        ),
        **fields,
    )


def rule_of(signal: str, fields: dict[str, object]) -> Limits:
    """Return the rule that fields as they stand in uproar.yaml make.

    Raises msgspec.ValidationError where they make none, and KeyError for an unknown signal.
    """
    hint = {field.name: field.type for field in msgspec.structs.fields(Thresholds)}[signal]
    kind = next(part for part in get_args(hint) if isinstance(part, type))
    rule: Limits = msgspec.convert(fields, kind, strict=False)
    return rule


def fields_of(threshold: Threshold) -> dict[str, object]:
    """Return the threshold as it would stand in uproar.yaml, without what is as usual there."""
    usual = made(threshold.entity, threshold.signal, _usual(threshold.signal))
    fields: dict[str, object] = {}
    if threshold.per_seconds:
        fields |= {"above": _plain(threshold.above), "per": written_duration(threshold.per_seconds)}
    for name in ("severity", "sensitivity", "direction", "at_least", "most_per_hour"):
        if getattr(threshold, name) != getattr(usual, name):
            fields[name] = getattr(threshold, name)
    if threshold.for_seconds:
        fields["for"] = written_duration(threshold.for_seconds)
    if threshold.cooldown_seconds != usual.cooldown_seconds:
        fields["cooldown"] = written_duration(threshold.cooldown_seconds)
    if threshold.mutes:
        fields["mute"] = list(threshold.mutes)
    return fields


def seconds_of(duration: str) -> int:
    """Read a duration of uproar.yaml.

    >>> seconds_of("15m")
    900
    """
    return int(duration[:-1]) * _SECONDS[duration[-1]]


def written_duration(seconds: int) -> str:
    """Write seconds as a duration of uproar.yaml.

    >>> written_duration(900), written_duration(86400)
    ('15m', '1d')
    """
    for unit in ("d", "h", "m"):
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"


def _of_entity(entity: str, own: Thresholds, general: Thresholds) -> Iterator[Threshold]:
    for signal in SIGNALS:
        given = getattr(own, signal)
        if given is None:
            given = getattr(general, signal)
        for rule in _listed(given):
            yield made(entity, signal, rule)


def _listed(given: Limits | tuple[Limits, ...] | None) -> Iterable[Limits]:
    if given is None:
        return ()
    return given if isinstance(given, tuple) else (given,)


def _usual(signal: str) -> Limits:
    needed: dict[str, object] = {} if signal in ("spike", "new_term") else {"above": 0, "per": "1m"}
    return rule_of(signal, needed)


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number
