"""What the commands of `uproar alerts` share: who asks, about which entity."""

import getpass
from collections.abc import Sequence
from datetime import datetime

import click

from uproar.config import Config
from uproar.errors import InputError

AS = click.option("--as", "author", help="Who changes it; the user of the system if not given.")
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, on stdout.")
ALL = "all"
"""Stands for every entity, where one may."""


def author_of(given: str | None) -> str:
    """Return whose name a change is kept under. Raises InputError where nobody can be told."""
    if given is not None:
        if not given.strip():
            raise InputError("`--as`: wanted a name, found nothing")
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise InputError(
            "the system does not tell who you are, and each change is kept with its author",
            hint="name one: --as NAME",
        ) from error


def checked_entity(config: Config, entity: str) -> str:
    """Return the entity. Raises InputError where uproar.yaml has none of that id."""
    from dashboards.alerts.edits import meant

    known = [one.id for one in config.entities]
    if entity not in known:
        raise InputError(f"no such entity: `{entity}`", hint=meant(entity, known))
    return entity


def checked_entities(config: Config, entities: Sequence[str]) -> list[str]:
    """Return the entities, or every one where none is named. Raises InputError."""
    return [checked_entity(config, entity) for entity in entities] or [
        one.id for one in config.entities
    ]


def time(at: datetime | None) -> str:
    """Write a moment for a table.

    >>> time(None)
    '–'
    """
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"


def amount(value: float, signal: str) -> str:
    """Write a signal's value: posts as they are counted, a share in percent, lateness in seconds.

    >>> amount(1234.5, "volume"), amount(0.25, "calls_share")
    ('1,234.5', '25 %')
    """
    if signal.endswith("_share"):
        return f"{value * 100:.3g} %"
    if signal == "late":
        return f"{value:,.0f} s"
    return f"{value:,.1f}".removesuffix(".0")
