"""In what two runs differ: what they were made with, and what they came to. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from uproar.cli.run_details import Details

NOT_OF_THE_RUN = ("author_key",)
"""Facts in which two machines differ although their totals do not."""


class Difference(msgspec.Struct, frozen=True):
    """One thing in which two runs differ, and how it is in each."""

    what: str
    one: Any
    other: Any


def differences_of(one: Details, other: Details) -> list[Difference]:
    """Return in what the runs differ besides their names: how they were made comes first.

    Two runs with equal totals may differ in how they were made, and that is no mistake.
    """
    return [
        *_facts("", one.facts, other.facts),
        *_inputs(one, other),
        *_figures(one, other),
    ]


def _facts(above: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted(one.keys() | other.keys()):
        left, right = one.get(name), other.get(name)
        if left == right or name in NOT_OF_THE_RUN:
            continue
        if name == "entities":
            yield from _entities(left or [], right or [])
        elif isinstance(left, dict) and isinstance(right, dict):
            yield from _facts(f"{above}{name}: ", left, right)
        else:
            yield Difference(f"{above}{name}", left, right)


def _entities(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> Iterator[Difference]:
    left, right = ({entity.get("id"): entity for entity in side} for side in (one, other))
    for name in sorted({*left, *right}, key=str):
        if name not in left or name not in right:
            found = ("tracked" if name in side else None for side in (left, right))
            yield Difference(f"entity {name}", *found)
        elif left[name] != right[name]:
            yield from _facts(f"entity {name}: ", left[name], right[name])


def _inputs(one: Details, other: Details) -> Iterator[Difference]:
    left, right = (
        [(file.sha256, file.name) for file in details.files if file.sha256]
        for details in (one, other)
    )
    if left and right:
        digests = [{digest for digest, _ in side} for side in (left, right)]
        alone = [
            sorted(f"{name} ({digest[:12]})" for digest, name in side if digest not in others)
            for side, others in ((left, digests[1]), (right, digests[0]))
        ]
        if any(alone):
            yield Difference("inputs, by content", *alone)
    elif one.inputs != other.inputs:
        yield Difference("inputs, by name", one.inputs, other.inputs)
    for name in ("read", "kept", "dead_letters"):
        values = getattr(one.run, name), getattr(other.run, name)
        if values[0] != values[1]:
            yield Difference(f"records {name}".replace("records dead_", "dead "), *values)


def _figures(one: Details, other: Details) -> Iterator[Difference]:
    left, right = ({each.entity: each for each in details.figures} for details in (one, other))
    for entity in sorted(left.keys() | right.keys()):
        for field in ("posts", "authors", "negative_share", "calls_against", "calls_for"):
            values = [
                getattr(side[entity], field) if entity in side else None for side in (left, right)
            ]
            if values[0] != values[1]:
                yield Difference(f"{entity}: {field.replace('_', ' ')}", *values)
