"""Thresholds edited by words, as in `above=50 per=1m`: read as uproar.yaml would. Pure."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec

from dashboards.alerts.thresholds import (
    SHARES,
    SIGNALS,
    Threshold,
    fields_of,
    made,
    rule_of,
    written_duration,
)
from uproar.config_values import MEANINGS
from uproar.errors import InputError
from uproar.threshold_config import Limits, Thresholds

ATTRIBUTES = {
    "above": "above",
    "per": "per_seconds",
    "at_least": "at_least",
    "direction": "direction",
    "sensitivity": "sensitivity",
    "severity": "severity",
    "for": "for_seconds",
    "cooldown": "cooldown_seconds",
    "most_per_hour": "most_per_hour",
    "mute": "mutes",
}
"""By the field as uproar.yaml calls it, what a `Threshold` calls it."""

_DURATIONS = ("per", "for", "cooldown")
_PLAIN = {"`int`": "a whole number", "`float`": "a number"}


def checked_signal(signal: str) -> str:
    """Return the signal. Raises InputError where there is none of that name."""
    if signal in SIGNALS:
        return signal
    raise InputError(f"no such signal: `{signal}`", hint=meant(signal, SIGNALS))


def read_words(words: Sequence[str]) -> dict[str, str]:
    """Read `field=value` each. Raises InputError where one is of another form, or stands twice."""
    fields: dict[str, str] = {}
    for word in words:
        name, has_value, value = word.partition("=")
        if not has_value or not name:
            raise InputError(
                f"wanted a field and its value, such as `above=50`, found `{word}`",
                hint=f"fields are {', '.join(f'`{field}`' for field in ATTRIBUTES)}",
            )
        if name in fields:
            raise InputError(f"the field `{name}` stands twice; wanted it once")
        fields[name] = value
    return fields


def edited(
    present: Sequence[Threshold], entity: str, signal: str, fields: Mapping[str, str]
) -> tuple[Threshold | None, Threshold]:
    """Return the threshold that is edited, None where it is new, and what it becomes.

    `present` are the thresholds that there are. An empty value puts a field back to what is usual.
    What is not named stays. Raises InputError where a field is unknown, or a value is none.
    """
    checked_signal(signal)
    kin = [one for one in present if (one.entity, one.signal) == (entity, signal)]
    before = _chosen(kin, signal, fields.get("severity"))
    whole: dict[str, object] = fields_of(before) if before else {}
    for name, value in fields.items():
        whole.pop(name, None)
        if value:
            whole[name] = _read_value(name, value)
        elif name not in possible_fields(signal):
            raise _unknown(signal, name)
    after = made(entity, signal, checked_rule(signal, whole))
    if before is not None:
        after = msgspec.structs.replace(
            after, muted_from=before.muted_from, muted_until=before.muted_until
        )
    return before, after


def checked_rule(signal: str, fields: dict[str, object]) -> Limits:
    """Return the rule that fields make. Raises InputError that names the field at fault."""
    for name in fields:
        if name not in possible_fields(signal):
            raise _unknown(signal, name)
    try:
        return rule_of(signal, fields)
    except msgspec.ValidationError as error:
        raise _explained(signal, fields, str(error)) from error


def possible_fields(signal: str) -> tuple[str, ...]:
    """Return the fields that a threshold of a signal may have."""
    return tuple(_kind(signal).__struct_encode_fields__)


def value_of(threshold: Threshold, field: str) -> Any:
    """Return a field as it would stand in uproar.yaml; None where that says nothing of it."""
    value = getattr(threshold, ATTRIBUTES[field])
    if field in _DURATIONS:
        return written_duration(value) if value else None
    if field == "mute":
        return list(value)
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


def differing_fields(one: Threshold, other: Threshold) -> list[str]:
    """Return the fields of uproar.yaml in which two thresholds of a signal differ."""
    return [
        field
        for field in possible_fields(one.signal)
        if getattr(one, ATTRIBUTES[field]) != getattr(other, ATTRIBUTES[field])
    ]


def described(threshold: Threshold) -> str:
    """Write a threshold in words that `uproar alerts set` would read.

    >>> described(Threshold(entity="epik", signal="volume", above=50, per_seconds=60))
    'above=50 per=1m'
    """
    fields = {name: value for name, value in fields_of(threshold).items() if name != "severity"}
    if threshold.signal == "spike":
        fields = {"sensitivity": threshold.sensitivity, **fields}
    return " ".join(f"{name}={_word(value)}" for name, value in fields.items())


def meant(word: str, known: Sequence[str]) -> str:
    """Return the hint that names what was meant, or all that is possible."""
    close = difflib.get_close_matches(word, known, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    shown = [f"`{name}`" for name in known[:_NAMES_SHOWN]]
    more = ", …" if len(known) > _NAMES_SHOWN else ""
    return f"possible here: {', '.join(shown)}{more}" if known else "there is none"


_NAMES_SHOWN = 12


def _word(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _read_value(name: str, value: str) -> object:
    if name == "mute":
        return [part.strip() for part in value.split(",") if part.strip()]
    if name == "above":
        try:
            return float(value)  # also `.3`
        except ValueError:
            return value
    return value


def _chosen(kin: Sequence[Threshold], signal: str, severity: str | None) -> Threshold | None:
    """Return the threshold that is meant: another severity is another threshold."""
    if severity is not None:
        wanted = severity or "warning"
        return next((one for one in kin if one.severity == wanted), None)
    if len(kin) > 1:
        severities = [f"`severity={one.severity}`" for one in kin]
        raise InputError(
            f"`{kin[0].entity}` has {len(kin)} thresholds of `{signal}`; wanted one of them",
            hint=f"say which: {' or '.join(severities)}",
        )
    return kin[0] if kin else None


def _kind(signal: str) -> type[Limits]:
    hint = {field.name: field.type for field in msgspec.structs.fields(Thresholds)}[signal]
    kind: type[Limits] = next(part for part in get_args(hint) if isinstance(part, type))
    return kind


def _unknown(signal: str, name: str) -> InputError:
    return InputError(
        f"`{signal}` has no field `{name}`", hint=meant(name, possible_fields(signal))
    )


def _explained(signal: str, fields: Mapping[str, object], message: str) -> InputError:
    """Turn msgspec's message, which ends in a path, into one that names the field."""
    problem, _, path = message.rpartition(" - at `$.")
    if not path or not problem:
        missing = message.rpartition("required field ")[2].strip("`")
        example = {"above": "above=50", "per": "per=5m"}.get(missing, f"{missing}=…")
        return InputError(
            f"a threshold of `{signal}` needs the field `{missing}`",
            hint=f"give it, such as `{example}`",
        )
    name = path.rstrip("`").partition("[")[0]
    found = fields.get(name)
    if name == "above" and signal in SHARES:
        return InputError(f"`above`: wanted a share from 0 to 1, found `{_word(found)}`")
    wanted = _meaning(signal, name) or problem.removeprefix("Expected ").partition(", got ")[0]
    for plain, words in _PLAIN.items():
        wanted = wanted.replace(plain, words)
    return InputError(f"`{name}`: wanted {wanted}, found `{_word(found)}`")


def _meaning(signal: str, name: str) -> str | None:
    """Say in words what the pattern of a field wants, if it has one."""
    field = next(one for one in msgspec.structs.fields(_kind(signal)) if one.encode_name == name)
    pending: list[Any] = [field.type]
    while pending:
        part = pending.pop()
        for meta in getattr(part, "__metadata__", ()):
            if meta.pattern is not None:
                return MEANINGS[meta.pattern]
        pending += get_args(part)
    return None
