"""Files -> the posts topic, as if what they hold were new."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from producers.ahead import Scouts
from producers.announce import NOTHING_YET, Announcer, State, end_of_minute
from producers.clock import Clock, SystemClock
from producers.files import digest_file
from producers.filter import Matcher
from producers.inputs import Input, Inspection, Part, inspect_all, parts
from producers.intake import Intake, Timed
from producers.order import Held, Order
from producers.ordering import HELD_BYTES, Record, order_of
from producers.outlet import Outlet
from producers.pace import Pace, check_bounds
from producers.parsed import Control
from producers.plan import Progress, ReplayPlan, ReplayResult
from producers.tally import FileTally, Tally
from uproar import metrics
from uproar.errors import FuseBlown
from uproar.fuse import Failure, Fuse
from uproar.records import AccountDeletion, DeadLetter, Deletion, Post

WATERMARK_SECONDS = 0.9  # so that it is once a second even when a wait runs over
REPORT_SECONDS = 5.0
PROGRESS_SECONDS = 0.1
_WAIT_SECONDS = 0.02  # as long as a pack waits for company
_PAUSED_SECONDS = 0.1
_LOOK_UP_EVERY = 64  # records


def replay(
    plan: ReplayPlan,
    matcher: Matcher,
    outlet: Outlet,
    on_progress: Callable[[Progress], None],
    *,
    clock: Clock | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    is_paused: Callable[[], bool] = lambda: False,
    scouts: Scouts | None = None,
) -> ReplayResult:
    """Read the files of a plan in the order given and send what they hold, in order of time.

    Guarantee: at least once. Every input record is counted with what became of it, and
    read = kept + filtered + deletions + dead letters + control. A watermark at least once a
    second tells how many records from the start are sent and acknowledged; the same plan with
    that as `resume_position` goes on from there. When `should_stop` says so, or on
    KeyboardInterrupt, what is sent is acknowledged and the run is reported as interrupted.
    Not promised: order in time of records that stand more than a window too late.
    `scouts` by the same rules look through large files ahead, which changes nothing else.

    Raises InputError before anything is sent where a file cannot be used, BrokerUnavailable where
    Kafka does not take what is sent, and FuseBlown, after reporting the run as interrupted, where
    most of what was read lately is of no use.
    """
    check_bounds(plan.start, plan.end)
    found = inspect_all(plan.files, plan.columns)
    with order_of(plan, is_sorted=plan.is_sorted, folder=plan.sort_folder) as order:
        intake = Intake(plan, matcher)
        running = _Replay(plan, found, intake, order, outlet, clock or SystemClock(), scouts)
        return running.run(on_progress, should_stop, is_paused)


class _Stopped(Exception):
    """The replay was asked to end."""


class _Replay:
    """One replay under way."""

    def __init__(
        self,
        plan: ReplayPlan,
        found: Inspection,
        intake: Intake,
        order: Order[Record | None],
        outlet: Outlet,
        clock: Clock,
        scouts: Scouts | None,
    ) -> None:
        self._plan = plan
        self._scouts = scouts
        self._inputs = found.inputs
        self._skipped = list(found.skipped)
        self._intake = intake
        self._outlet = outlet
        self._clock = clock
        self._pace = Pace(plan.speed)
        self._order = order
        metrics.BUFFERED_RECORDS.labels("producer").set_function(order.__len__)
        self._tally = Tally()
        self._fuse = Fuse(plan.fuse_share)
        self._now = clock.now()
        names = tuple(source.name for source in found.inputs)
        self._announcer = Announcer(outlet, plan, names, self._now)
        self._files: list[tuple[Input, FileTally]] = []
        self._on_progress: Callable[[Progress], None] = lambda _: None
        self._should_stop: Callable[[], bool] = lambda: False
        self._is_paused: Callable[[], bool] = lambda: False
        self._bytes_read = 0
        self._read = 0
        self._steps = 0
        self._in_hand: int | None = None  # ordinal of what has left the window, but is not sent
        self._reached: datetime | None = None  # everything before this is sent
        self._awaited: datetime | None = None  # the time that is being waited for
        start = self._began = clock.seconds()
        self._is_all_read = False
        self._watermark_due = start + WATERMARK_SECONDS
        self._report_due = start + REPORT_SECONDS
        self._progress_due = start

    def run(
        self,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
        is_paused: Callable[[], bool],
    ) -> ReplayResult:
        """Replay to the end, or to the point where it is stopped."""
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._is_paused = is_paused
        self._outlet.begin(self._plan.run, self._plan.source, self._announcer.started_at)
        self._announcer.manifest()
        self._announcer.report("running", self._tally, self._now)
        try:
            self._look_up()
            for source in self._inputs:
                self._read_input(source)
            self._is_all_read = True
            for held in self._order.drain():
                self._release(held)
        except _Stopped:
            return self._end("interrupted", self._reached, self._position())
        except FuseBlown:
            self._end("interrupted", self._reached, self._position())
            raise
        except KeyboardInterrupt:
            # It may have struck between any two steps: trust only what was announced.
            return self._end("interrupted", self._announcer.before, self._announcer.position)
        last = end_of_minute(self._reached) if self._reached else None
        return self._end("finished", last, self._read)

    def _read_input(self, source: Input) -> None:
        for part in parts(source, self._count_bytes):
            if isinstance(part, Part):
                self._read_part(part)
            else:
                self._skipped.append(part)

    def _read_part(self, part: Part) -> None:
        counts = FileTally()
        self._files.append((part.source, counts))
        now = lambda: self._now  # noqa: E731 - it goes on while the part is read
        records = self._scouts.records(part, now) if self._scouts else part.records
        for frame, values in records:
            size = frame.size_bytes
            for index, value in enumerate(values):
                outcome = self._intake.judge(frame, index, value, part.source.name, self._now)
                self._read += 1
                if not isinstance(outcome, DeadLetter):
                    self._fuse.see(None)
                if isinstance(outcome, Timed):
                    counts.count(outcome.record, size)
                    self._take(outcome)
                elif isinstance(outcome, DeadLetter):
                    counts.bury(outcome, size)
                    self._bury(outcome)
                    self._look_at_fuse(outcome)
                elif isinstance(outcome, Control):
                    counts.count(None, size)
                    self._tally.control += 1
                    self._order.aside(self._read)
                size = 0  # of a frame that holds several, all bytes are the first one's
            self._step()

    def _count_bytes(self, count: int) -> None:
        self._bytes_read += count

    def _take(self, timed: Timed) -> None:
        record = timed.record
        if not timed.is_within:
            self._settle(record, self._order.aside(self._read))
            return
        size = HELD_BYTES + sys.getsizeof(record.text) if isinstance(record, Post) else 0
        for held in self._order.push(Held(timed.time, self._read, size, record)):
            self._release(held)

    def _bury(self, letter: DeadLetter) -> None:
        if self._order.aside(self._read) > self._plan.resume_position:
            self._outlet.send_dead_letter(letter)
        self._tally.dead_letters[letter.reason] += 1

    def _look_at_fuse(self, letter: DeadLetter) -> None:
        self._fuse.see(Failure(letter.reason, f"{letter.source}:{letter.position}"))
        if self._fuse.blown:
            raise self._fuse.error(
                f"the replay into `{self._plan.run}` stops",
                hint=f"`uproar dead-letters list --run {self._plan.run}` shows them; mend what is "
                "wrong and give the same command again, or set `UPROAR_FUSE_SHARE=1` to go on",
            )

    def _release(self, held: Held[Record | None]) -> None:
        self._in_hand = held.ordinal
        time = held.time
        is_deletion = isinstance(held.item, Deletion | AccountDeletion)
        if is_deletion and self._intake.latest is not None:
            time = min(time, self._intake.latest)  # nobody waits for one long after all posts
        if self._plan.speed is not None and held.ordinal > self._plan.resume_position:
            self._wait_for(time)
        if self._reached is None or time > self._reached:
            self._reached = time
        if not is_deletion:
            self._tally.see(time)
        self._settle(held.item, held.ordinal)
        self._in_hand = None
        self._step()

    def _settle(self, record: Record | None, ordinal: int) -> None:
        if record is None:
            self._tally.filtered += 1
            return
        if ordinal > self._plan.resume_position:
            # Received when it enters the pipeline: what it waited in the window is not our delay.
            record = msgspec.structs.replace(record, received_at=self._now)
            self._tally.sent += self._outlet.send(record)
        else:
            self._tally.resumed += 1
        if isinstance(record, Deletion | AccountDeletion):
            self._tally.deletions += 1
        else:
            self._tally.kept += 1

    def _wait_for(self, time: datetime) -> None:
        self._awaited = time
        while (wait := self._pace.wait_seconds(time, self._clock.seconds())) > 0:
            self._look_up()
            self._clock.sleep(min(wait, _WAIT_SECONDS))
        self._awaited = None

    def _step(self) -> None:
        self._steps += 1
        if self._steps % _LOOK_UP_EVERY == 0:
            self._look_up()

    def _look_up(self) -> None:
        """Do what is due by the clock. Raises _Stopped where the replay is to end."""
        if self._should_stop():
            raise _Stopped
        if self._is_paused():
            self._pause()
        seconds = self._clock.seconds()
        self._now = self._clock.now()
        if self._plan.speed is not None:  # at full speed packs fill, and the watermark flushes
            self._outlet.flush_idle(seconds)
        if seconds >= self._report_due:
            self._report_due = seconds + REPORT_SECONDS
            self._announcer.report("running", self._tally, self._now)
        if seconds >= self._watermark_due:
            self._watermark_due = seconds + WATERMARK_SECONDS
            self._announcer.watermark(self._sent_before(seconds), self._position())
        if seconds >= self._progress_due:
            self._progress_due = seconds + PROGRESS_SECONDS
            self._show()

    def _pause(self) -> None:
        """Wait until the replay is to go on: what was sent is acknowledged, and time stands still.

        Reports and watermarks go on, so that nobody takes the replay for dead.
        """
        self._outlet.flush()
        began = self._clock.seconds()
        while self._is_paused() and not self._should_stop():
            seconds, self._now = self._clock.seconds(), self._clock.now()
            if seconds >= self._report_due:
                self._report_due = seconds + REPORT_SECONDS
                self._announcer.report("running", self._tally, self._now)
                self._announcer.watermark(self._announcer.before, self._position())
            self._clock.sleep(_PAUSED_SECONDS)
        self._pace.shift(self._clock.seconds() - began)
        if self._should_stop():
            raise _Stopped

    def _sent_before(self, seconds: float) -> datetime:
        """Return the time before which all is sent; in a silence it moves on with the pace."""
        due = self._pace.reached(seconds)
        if self._awaited is not None and due is not None:
            return min(self._awaited, due)
        return self._reached or NOTHING_YET

    def _position(self) -> int:
        """Return how many records, from the first that is sent on, are sent without a gap."""
        first_held = self._order.first_ordinal()
        if self._in_hand is not None:
            first_held = min(self._in_hand, first_held or self._in_hand)
        return self._read if first_held is None else first_held - 1

    def _show(self) -> None:
        total = sum(source.size_bytes for source in self._inputs)
        settled = self._tally.settled
        share = self._bytes_read / total * settled / self._read if self._read else 0.0
        self._on_progress(
            Progress(
                share=min(share, 1.0),
                settled=settled,
                kept=self._tally.kept,
                event_time=self._reached,
                remaining_seconds=self._remaining_seconds(share),
            )
        )

    def _remaining_seconds(self, share: float) -> float | None:
        """Tell by the pace once the last post is known, else by the speed until now."""
        if self._plan.speed is not None and self._is_all_read and self._reached is not None:
            last = self._intake.latest or self._reached
            return max(0.0, (last - self._reached).total_seconds() / self._plan.speed)
        elapsed = self._clock.seconds() - self._began
        return elapsed * (1 - share) / share if share > 0 else None

    def _end(self, state: State, before: datetime | None, position: int) -> ReplayResult:
        is_last = state == "finished"
        if is_last:
            self._tell_of_files()
        report = self._announcer.report(state, self._tally, self._clock.now())
        self._announcer.watermark(before or NOTHING_YET, position, is_last=is_last)
        self._outlet.flush()
        self._show()
        return ReplayResult(
            report=report,
            control=self._tally.control,
            out_of_order=self._order.late,
            position=position,
            files=tuple(self._files),
            skipped=tuple(self._skipped),
        )

    def _tell_of_files(self) -> None:
        digests: dict[Path, str] = {}  # the members of an archive share theirs
        for number, (source, counts) in enumerate(self._files, start=1):
            if source.path not in digests:
                digests[source.path] = digest_file(source.path)
            self._announcer.file(number, source, digests[source.path], counts)
