"""What a replay is asked to do, and what it tells while and after doing it: plain values."""

from datetime import datetime
from pathlib import Path

import msgspec

from producers.columns import ColumnMap
from producers.containers import Skipped
from producers.inputs import Input
from producers.order import WINDOW_RECORDS
from producers.tally import FileTally
from uproar.fuse import OFF
from uproar.pseudonym import Pseudonyms
from uproar.records import RunReport


class ReplayPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One replay: which files, into which run, how fast, and which part of them.

    `speed` is in seconds of the past per second, None for as fast as possible. Posts created from
    `start` until before `end` are sent, either may be open. `source` names this producer within
    the run, `digest` all that decides what becomes of a record (`producers.identity`). Input
    records up to `resume_position`, counted over all files, are read and counted but not sent
    again: a life with the same source and digest must have sent them. `facts` is a JSON object
    with all that is needed to make the run again (`uproar.records.RunManifest`). Where more than
    `fuse_share` of the newest records cannot be used, the replay stops (`uproar.fuse`). With
    `is_sorted`, for inputs whose disorder no window mends (`producers.ordering.fits_window`), all
    is read before the first record is sent, and sorted in `sort_folder`; positions then count
    records as they are sent (`producers.order.Order`), so the digest must tell it apart.
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
    fuse_share: float = OFF
    is_sorted: bool = False
    sort_folder: Path | None = None


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
    the window allows. `position` is where an interrupted replay goes on. `files` are the files that
    were read, also those in archives, with what each has come to; `skipped` what holds no posts.
    """

    report: RunReport
    control: int
    out_of_order: int
    position: int
    files: tuple[tuple[Input, FileTally], ...]
    skipped: tuple[Skipped, ...] = ()
