"""Known events, as people note them: checked, and read from CSV. Pure."""

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from dashboards.alerts.edits import meant
from uproar.config_values import ADDRESS
from uproar.errors import InputError

COLUMNS = ("starts_at", "ends_at", "title", "text", "entity", "url")
NEEDED = ("starts_at", "title")
EVERY = ("", "all")
"""What an entity is called where an event concerns all."""
LONGEST_TITLE = 200
LONGEST_TEXT = 5_000
ERRORS_SHOWN = 5
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is known to have happened; `entity` is empty where it concerns all."""

    id: str
    entity: str
    starts_at: datetime
    ends_at: datetime | None
    title: str
    text: str
    url: str
    author: str

    def concerns(self, entity: str) -> bool:
        """Tell whether it concerns an entity."""
        return self.entity in ("", entity)


def event_of(
    fields: Mapping[str, str], author: str, is_known: Callable[[str], bool] = lambda _: True
) -> Event:
    """Return the event that fields of `COLUMNS` make; noted again it has the same id.

    Raises ValueError, which says what is wrong with which field.
    """
    given = {name: value.strip() for name, value in fields.items()}
    title = given.get("title", "")
    if not title or len(title) > LONGEST_TITLE:
        raise ValueError(f"`title`: wanted 1 to {LONGEST_TITLE} letters, found {len(title)}")
    starts_at = _moment("starts_at", given.get("starts_at", ""))
    ends_at = _moment("ends_at", given["ends_at"]) if given.get("ends_at") else None
    if ends_at is not None and ends_at < starts_at:
        raise ValueError(f"`ends_at`: wanted a time after `starts_at`, found `{given['ends_at']}`")
    url = given.get("url", "")
    if url and not re.match(ADDRESS, url):
        raise ValueError(
            f"`url`: wanted an address, such as `https://example.org/story`, found `{url[:80]}`"
        )
    entity = "" if (named := given.get("entity", "")) in EVERY else named
    if entity and not is_known(entity):
        raise ValueError(f"`entity`: wanted one of uproar.yaml, or `all`, found `{entity[:80]}`")
    text = given.get("text", "")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"`text`: wanted at most {LONGEST_TEXT:,} letters, found {len(text):,}")
    return Event(
        id=event_id(entity, starts_at, title),
        entity=entity,
        starts_at=starts_at,
        ends_at=ends_at,
        title=title,
        text=text,
        url=url,
        author=author,
    )


def read_csv(
    lines: Iterable[str], name: str, author: str, is_known: Callable[[str], bool]
) -> list[Event]:
    """Read events from CSV with a header of `COLUMNS`, in any order.

    Raises InputError that names the lines at fault: then nothing is to be imported.
    """
    reader = csv.DictReader(lines, strict=True)
    try:
        _check_header(reader.fieldnames or (), name)
        events, errors = [], []
        for row in reader:
            if None in row or None in row.values():
                errors.append(f"{reader.line_num}: wanted as many values as the header has")
                continue
            try:
                events.append(event_of(row, author, is_known))
            except ValueError as error:
                errors.append(f"{reader.line_num}: {error}")
    except csv.Error as error:
        raise InputError(f"{name}:{reader.line_num}: this is not CSV: {error}") from error
    if errors:
        more = f"\nand {len(errors) - ERRORS_SHOWN:,} more" if len(errors) > ERRORS_SHOWN else ""
        told = "\n".join(f"{name}:{error}" for error in errors[:ERRORS_SHOWN])
        raise InputError(told + more, hint="nothing was imported: mend the file and try again")
    if not events:
        raise InputError(f"`{name}` has a header, and no event below it")
    return events


def event_id(entity: str, starts_at: datetime, title: str) -> str:
    """Return the id of an event: the same for the same thing."""
    parts = (entity, str(int(starts_at.timestamp())), title)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=5).hexdigest()


def _check_header(header: Sequence[str], name: str) -> None:
    for column in header:
        if column not in COLUMNS:
            raise InputError(f"{name}:1: no such column: `{column}`", hint=meant(column, COLUMNS))
    for column in NEEDED:
        if column not in header:
            raise InputError(
                f"{name}:1: wanted a column `{column}`, found {', '.join(header) or 'no header'}",
                hint=f"the header may have {', '.join(COLUMNS)}",
            )


def _moment(field: str, text: str) -> datetime:
    """Read a time as RFC 3339 has it, UTC where it has no zone."""
    try:
        found = datetime.fromisoformat(text)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        found = LATEST
    if not EARLIEST <= found < LATEST:
        raise ValueError(
            f"`{field}`: wanted a time such as 2021-01-18T09:30:00Z, found `{text[:60]}`"
        )
    return found.replace(microsecond=0)
