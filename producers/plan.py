"""What a replay is asked to do, and what it tells while and after doing it: plain values."""

from datetime import datetime
from pathlib import Path

import msgspec

from producers.columns import ColumnMap
from producers.order import WINDOW_RECORDS
from uproar.pseudonym import Pseudonyms
from uproar.records import RunReport


class ReplayPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One replay: which files, into which run, how fast, and which part of them.

    `speed` is in seconds of the past per second, None for as fast as possible. Posts created from
    `start` until before `end` are sent, either may be open. `source` names this producer within
    the run, `digest` all that decides what becomes of a record (`producers.identity`). Input
    records up to `resume_position`, counted over all files, are read and counted but not sent
    again: a life with the same source and digest must have sent them. `facts` is a JSON object
    with all that is needed to make the run again (`uproar.records.RunManifest`).
    """

    files: tuple[Path, ...]
    run: str
    names: Pseudonyms
    source: str = "replay"
    digest: str = ""
    facts: str = "{}"
    speed: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    columns: ColumnMap | None = None
    keep_all: bool = False
    resume_position: int = 0
    window_records: int = WINDOW_RECORDS


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a replay is.

    `share` in [0, 1] is the part of the input whose records have had their outcome, by bytes of
    the files as they are; what is only read ahead is not in it. `settled` counts those records,
    `kept` the posts among them that were sent. `event_time` is where in the past it stands;
    `remaining_seconds` is None while nothing can be said of it.
    """

    share: float
    settled: int
    kept: int
    event_time: datetime | None
    remaining_seconds: float | None


class ReplayResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a replay ended.

    `report` is what it last sent: there the `control` records, which are notices of a stream and
    speak of no post, are among the filtered. `out_of_order` counts records that came later than
    the window allows. `position` is where an interrupted replay goes on.
    """

    report: RunReport
    control: int
    out_of_order: int
    position: int
    formats: tuple[str, ...]
