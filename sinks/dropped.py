"""What is still on its way of runs that were dropped: it is passed over. Pure."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from sinks.batch import Batch
from sinks.rows import Row

Lives = Mapping[tuple[str, str], datetime]
"""By run and source, the newest life that was known when the run was dropped."""

RUN, SOURCE = 0, 1
_REPORT_STARTED, _MARK_STARTED = 2, 4
"""Where a life's start stands in the rows of reports, files and manifests, and of watermarks."""


def runs_in(batch: Batch) -> set[str]:
    """Return the runs that a batch is about."""
    named = {message.bill.run for message in batch.messages}
    for rows in (batch.watermarks, batch.reports, batch.files, batch.manifests):
        named |= {row[RUN] for row in rows}
    return named


def without_dropped(batch: Batch, dropped: Lives) -> tuple[Batch, int]:
    """Return the batch without what comes from lives of dropped runs, and how many records that is.

    Messages keep their offsets: they are read, and no more. A run of which no life is dropped, or
    that a later life has begun again under the same name, loses nothing.
    """

    def is_gone(run: str, source: str, started_at: datetime) -> bool:
        until = dropped.get((run, source))
        return until is not None and _milliseconds(started_at) <= _milliseconds(until)

    gone = [is_gone(one.bill.run, one.bill.source, one.bill.started_at) for one in batch.messages]
    places: dict[int, int] = {}
    for index, is_out in enumerate(gone):
        if not is_out:
            places[index] = len(places)
    reactions = [
        placed if placed.message is None else replace(placed, message=places[placed.message])
        for placed in batch.reactions
        if placed.message is None or placed.message in places
    ]

    def kept(rows: list[Row], started: int) -> list[Row]:
        return [row for row in rows if not is_gone(row[RUN], row[SOURCE], row[started])]

    whole = {one.bill.run for one, is_out in zip(batch.messages, gone, strict=True) if not is_out}
    out = {one.bill.run for one, is_out in zip(batch.messages, gone, strict=True) if is_out} - whole
    rest = replace(
        batch,
        reactions=reactions,
        accounts=[account for account in batch.accounts if account.run not in out],
        dead_letters=[row for row in batch.dead_letters if row[RUN] not in out],
        watermarks=kept(batch.watermarks, _MARK_STARTED),
        reports=kept(batch.reports, _REPORT_STARTED),
        files=kept(batch.files, _REPORT_STARTED),
        manifests=kept(batch.manifests, _REPORT_STARTED),
        messages=[batch.messages[index] for index in places],
    )
    return rest, len(batch) - len(rest)


def _milliseconds(at: datetime) -> int:
    """Return what the tables keep of a time."""
    return int(at.timestamp() * 1000)
