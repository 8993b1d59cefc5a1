"""Known events in ClickHouse: alerts are measured against them. All raise the driver's errors."""

from collections.abc import Sequence
from datetime import datetime

from clickhouse_driver import Client

from dashboards.alerts.events import Event
from dashboards.alerts.store import insert, statement, version_of


def read_events(client: Client, entities: Sequence[str] = ()) -> list[Event]:
    """Return the events in order of time: all, or those that concern some entities."""
    asked = {"any": int(not entities), "entities": ("", *entities)}
    names = Event.__struct_fields__
    return [
        Event(**dict(zip(names, row, strict=True)))
        for row in client.execute(statement("annotations"), asked)
    ]


def write_events(
    client: Client, events: Sequence[Event], now: datetime, *, are_removed: bool = False
) -> None:
    """Note events, in place of those of the same id; or remove them."""
    names = Event.__struct_fields__
    rows = [
        (*(getattr(event, name) for name in names), version_of(now), int(are_removed))
        for event in events
    ]
    insert(client, "annotations", (*names, "version", "is_deleted"), rows)
