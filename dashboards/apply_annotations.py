"""Pushes known events to a Grafana as its own annotations, for boards that are not ours.

Ours ask ClickHouse for them. Guarantee: idempotent. Each event carries a tag with its id; by that
it is found again, changed, or removed where it is no more. Others' annotations are left alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboards.alerts.events import Event
from dashboards.grafana_changes import Change
from dashboards.grafana_client import Grafana

TAG = "uproar"
ID_TAG = "uproar:"
MOST = 10_000


def annotation_changes(grafana: Grafana, events: Sequence[Event]) -> Iterator[Change]:
    """Yield every event as an annotation of the organisation, then those that are no more."""
    stored: dict[str, Mapping[str, Any]] = {}
    extra: list[Mapping[str, Any]] = []
    for one in grafana.find(f"/annotations?type=annotation&tags={TAG}&limit={MOST}") or []:
        tags = one.get("tags") or []
        event_id = next((tag for tag in tags if tag.startswith(ID_TAG)), None)
        if event_id is None:
            continue  # somebody else's, with the same word
        if event_id in stored:
            extra.append(one)
        stored.setdefault(event_id, one)
    for event in events:
        body = _annotation(event)
        before = stored.pop(f"{ID_TAG}{event.id}", None)
        yield Change(
            name=f"annotation {event.id}",
            method="POST" if before is None else "PUT",
            path="/annotations" if before is None else f"/annotations/{before['id']}",
            body=body,
            before=before and {**before, "tags": sorted(before["tags"])},
            after=body,
        )
    for one in [*stored.values(), *extra]:
        shown = {"id": one["id"], "text": one.get("text"), "tags": one.get("tags")}
        yield Change(
            name=f"annotation {one['id']}",
            method="DELETE",
            path=f"/annotations/{one['id']}",
            before=shown,
        )


def _annotation(event: Event) -> dict[str, Any]:
    ends_at = event.ends_at or event.starts_at
    tags = [TAG, f"{ID_TAG}{event.id}"]
    if event.entity:
        tags.append(f"entity:{event.entity}")
    lines = (event.title, event.text, event.url)
    return {
        "time": int(event.starts_at.timestamp() * 1000),
        "timeEnd": int(ends_at.timestamp() * 1000),
        "tags": sorted(tags),
        "text": "\n".join(line for line in lines if line),
    }
