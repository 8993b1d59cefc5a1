"""Looks into the tables while they are written to: what is not settled at that moment."""

import threading

from clickhouse_driver.errors import Error

from tests.chaos.stored import ask
from uproar.clickhouse import connect
from uproar.errors import UproarError
from uproar.settings import Settings
from uproar.stack.home import Home
from uproar.stack.local import attach

LOOK_SECONDS = 1.0


class Watch:
    """A thread that asks once a second, and takes no offence where nobody answers.

    `again` is the most rows that it saw written more than once, `wrong` the most minutes whose
    total did not agree with its rows: what the pipeline has yet to mend at that moment.
    """

    def __init__(self, settings: Settings, run: str) -> None:
        self.again = 0
        self.wrong = 0
        self.looks = 0
        self._settings = settings
        self._run = run
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch")
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            if Home(self._settings.home).note() is None:
                continue
            try:
                client = connect(attach(self._settings).clickhouse_url)
                ((again, wrong),) = ask(client, "now_wrong", self._run)
                client.disconnect()
            except (Error, UproarError, OSError, EOFError):
                continue
            self.looks += 1
            self.again = max(self.again, int(again))
            self.wrong = max(self.wrong, int(wrong))
