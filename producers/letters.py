"""The bytes of a dead letter, read again by the readers there are now: pure."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from producers.columns import ColumnMap
from producers.intake import Intake, Timed
from producers.parsed import Frame, Parsed
from producers.shapes import recognise_text, records
from uproar.errors import InputError
from uproar.records import AccountDeletion, DeadLetter, Deletion, Post

NO_FORMAT = "of no known format"


class Place(msgspec.Struct, frozen=True):
    """Where the bytes stood: file, line and place in that, as in the dead letter."""

    source: str
    position: int
    part: int


def parse_payload(
    payload: bytes, columns: ColumnMap | None = None, header: bytes = b""
) -> Sequence[Parsed]:
    """Return what the readers of formats make of the bytes; nothing where none knows them.

    `columns` and `header` are those of the file: a row of a table says nothing without.
    """
    text = header.rstrip(b"\r\n") + b"\n" + payload if header else payload
    name = "the dead letter"
    try:
        shape = recognise_text(iter([text]), name, columns)
        frames = list(records(shape, iter([text]), name))
    except InputError:
        return ()
    return [value for _, values in frames for value in values]


def judge_payload(
    intake: Intake, payload: bytes, place: Place, values: Sequence[Parsed], at: datetime
) -> list[Post | Deletion | AccountDeletion | None] | str:
    """Return the records that the bytes of a letter hold; None for each that is filtered.

    Returns the reason instead where the letter stays one: it is mended only if nothing in it is
    lost by that. Of a frame with several records, each unreadable one has a letter of its own.
    """
    frame = Frame(place.position, payload, len(payload), place.part)
    outcomes = [
        intake.judge(frame, index if len(values) > 1 else 0, value, place.source, at)
        for index, value in enumerate(values)
    ]
    if not outcomes:
        return NO_FORMAT
    own = outcomes[place.part : place.part + 1] if 0 < place.part < len(outcomes) else outcomes
    for outcome in own:
        if isinstance(outcome, DeadLetter):
            return outcome.reason
    return [outcome.record for outcome in outcomes if isinstance(outcome, Timed)]
