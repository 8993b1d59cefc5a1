"""Tells how a live source is: in the log, in the metrics, and in a note for `uproar status`."""

import asyncio
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from uproar import metrics
from uproar.errors import UproarError
from uproar.operations.sources import SourceNote, forget_source, keeper, write_source

if TYPE_CHECKING:
    from producers.live import Watching

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
NOTE_SECONDS = 2.0
LINE_SECONDS = 60.0


class Teller:
    """Speaks for one source of this process."""

    def __init__(self, home: Path, name: str, watching: "Watching") -> None:
        self._home = home
        self._name = name
        self._platform = name.partition(":")[0]
        self._watching = watching
        self._state = ""
        self._told = {"frames": 0, "reconnects": 0, "gaps": 0}

    async def tell(self) -> None:
        """Tell for as long as it is not cancelled."""
        note_due = line_due = 0.0
        loop = asyncio.get_running_loop()
        while True:
            is_new, now = self.look(), loop.time()
            if is_new or now >= note_due:
                await asyncio.to_thread(write_source, self._home, self.note())
                note_due = now + NOTE_SECONDS
            if is_new or now >= line_due:
                self._log()
                line_due = now + LINE_SECONDS
            await asyncio.sleep(LOOK_SECONDS)

    def end(self) -> None:
        """Tell how it ended; of one that was asked to, nothing is left to tell."""
        self.look()
        self._log()
        if self._watching.health.state == "ended":
            forget_source(self._home, self._name)
        else:
            write_source(self._home, self.note())
        metrics.SOURCES.labels(self._platform, self._state).dec()

    def look(self) -> bool:
        """Bring the metrics up to date; tell whether the state is another one."""
        health = self._watching.health
        for name, metric in (
            ("frames", metrics.SOURCE_FRAMES),
            ("reconnects", metrics.SOURCE_RECONNECTS),
            ("gaps", metrics.SOURCE_GAPS),
        ):
            count = getattr(health, name)
            metric.labels(self._platform).inc(count - self._told[name])
            self._told[name] = count
        if health.state == self._state:
            return False
        if self._state:
            metrics.SOURCES.labels(self._platform, self._state).dec()
        self._state = health.state
        metrics.SOURCES.labels(self._platform, self._state).inc()
        return True

    def note(self) -> SourceNote:
        """Return how it is now."""
        health, tally = self._watching.health, self._watching.tally
        return SourceNote(
            name=self._name,
            platform=self._platform,
            pid=os.getpid(),
            state=health.state,
            since=health.since,
            told_at=datetime.now(UTC),
            why=health.why,
            hint=health.hint,
            until=health.until,
            heard_at=self._watching.heard_at,
            troubles=health.troubles,
            frames=health.frames,
            kept=tally.kept,
            dead_letters=tally.dead_letters.total(),
            gaps=tally.dead_letters["gap"],
            reconnects=health.reconnects,
            keeper_pid=keeper(),
        )

    def _log(self) -> None:
        health, tally = self._watching.health, self._watching.tally
        log.info(
            "%s: %s%s; %d read, %d kept, %d dead letters, %d gaps, %d reconnects",
            self._name,
            health.state,
            f" ({health.why})" if health.why else "",
            tally.settled,
            tally.kept,
            tally.dead_letters.total(),
            tally.dead_letters["gap"],
            health.reconnects,
        )


def tell_refused(home: Path, platform: str, error: UproarError) -> None:
    """Tell of a platform that cannot even be opened: something that it needs is missing."""
    now = datetime.now(UTC)
    note = SourceNote(
        name=platform,
        platform=platform,
        pid=os.getpid(),
        state="refused",
        since=now,
        told_at=now,
        why=str(error),
        hint=error.hint or "",
        keeper_pid=keeper(),
    )
    write_source(home, note)
