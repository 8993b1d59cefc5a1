"""Floors: the figures below which an evaluation must not fall, and those it must not exceed."""

from typing import Annotated

import msgspec

from uproar.errors import InputError
from uproar.evaluation.report import Group, Outcome

_SLACK = 1e-9
"""Figures are written with few digits; equal ones do not fall."""

Bound = Annotated[float, msgspec.Meta(ge=0)]


class Bounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds by figure: `overall.f1`, `language.fr.f1`; `n` is the number of posts."""

    at_least: dict[str, Bound] = {}
    at_most: dict[str, Bound] = {}


def read_floors(name: str, content: bytes) -> dict[str, Bounds]:
    """Read a file of floors: an object with the parts as keys. Raises InputError."""
    try:
        return msgspec.json.decode(content, type=dict[str, Bounds])
    except msgspec.DecodeError as error:
        raise InputError(
            f"{name}: wanted an object of parts with `at_least` and `at_most`: {error}"
        ) from error


def falls(outcome: Outcome, bounds: Bounds, name: str) -> list[str]:
    """Return a sentence for each figure that is beyond its bound.

    Raises InputError where a bound is set on a figure that there is not: it would never fall.
    """
    found = []
    for path, least in bounds.at_least.items():
        if (value := _value(outcome, path, name)) < least - _SLACK:
            found.append(f"`{path}` is {value:.4g}, wanted at least {least:.4g}")
    for path, most in bounds.at_most.items():
        if (value := _value(outcome, path, name)) > most + _SLACK:
            found.append(f"`{path}` is {value:.4g}, wanted at most {most:.4g}")
    return found


def _value(outcome: Outcome, path: str, name: str) -> float:
    group, _, figure = path.rpartition(".")
    kind, _, value = group.partition(".")
    of: Group | None = outcome.overall if group == "overall" else None
    of = of or outcome.by.get(kind, {}).get(value)
    if of is not None and figure == "n":
        return of.n
    if of is None or figure not in of.figures:
        raise InputError(f"{name}: there is no figure `{path}`")
    measured = of.figures[figure].value
    return 0.0 if measured is None else measured
