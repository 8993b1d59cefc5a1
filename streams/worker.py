"""Run one Faust worker in this process until a signal comes."""

import logging
import os
import threading
from pathlib import Path

import faust
from aiokafka.errors import KafkaError

from streams.app import build_app
from streams.assess import Reader
from streams.observed import NO_PARTITIONS
from uproar.config_file import ConfigFile
from uproar.endpoints import KafkaEndpoint
from uproar.errors import FuseBlown
from uproar.fuse import OFF
from uproar.operations.reach import wait_for_kafka
from uproar.operations.waits import WAITS
from uproar.records import SentimentModel
from uproar.topics import Topics

DRIVER = "aiokafka"
COMPLAINT_SECONDS = 10.0
END_SECONDS = 10.0
"""Less than the stack waits before it ends a process by force."""


class CurrentReader:
    """A reader for the configuration as it stands, made anew when that changes."""

    def __init__(self, file: ConfigFile, sentiment: SentimentModel) -> None:
        self._file = file
        self._sentiment = sentiment
        self._config = file.current()
        self._reader = Reader(self._config.entities, sentiment, self._config.reading)

    def __call__(self) -> Reader:
        """Return the reader; the same one as long as nothing changed."""
        config = self._file.current()
        if config is not self._config:
            self._config = config
            self._reader = Reader(config.entities, self._sentiment, config.reading)
        return self._reader


class Seldom(logging.Filter):
    """Lets the same complaint through once in a while: a broker that is away fills the log.

    >>> seldom = Seldom(10.0)
    >>> seen = [logging.makeLogRecord({"msg": "away", "created": at}) for at in (0.0, 9.0, 11.0)]
    >>> [bool(seldom.filter(record)) for record in seen]
    [True, False, True]
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self._last: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is to be written; messages are alike whatever their figures."""
        complaint = (record.name, str(record.msg))
        last = self._last.get(complaint)
        if last is not None and record.created - last < self._seconds:
            return False
        self._last[complaint] = record.created
        return True


class BoundWorker(faust.Worker):
    """A worker that ends within `END_SECONDS` of a signal, also where no broker takes its farewell.

    The library waits for deliveries without a limit; what was not acknowledged is read again.
    `may_start_later` is true where it could not start because Kafka had gone away once more.
    """

    may_start_later = False

    async def start(self) -> None:
        """Start the app."""
        try:
            await super().start()
        except KafkaError as error:
            self.may_start_later = bool(error.retriable)
            raise

    def _on_sigterm(self) -> None:
        _end_soon()
        super()._on_sigterm()

    def _on_sigint(self) -> None:
        _end_soon()
        super()._on_sigint()


def _end_soon() -> None:
    timer = threading.Timer(END_SECONDS, os._exit, (1,))
    timer.daemon = True
    timer.start()


def run_worker(
    kafka: KafkaEndpoint,
    topics: Topics,
    config: Path,
    data: Path,
    sentiment: SentimentModel,
    fuse_share: float = OFF,
) -> None:
    """Read posts until SIGTERM or SIGINT. Exits with a status other than 0 when anything breaks.

    The status is `EX_TEMPFAIL` where the same may go well a moment later.
    A Kafka that is away is waited for. Raises ConfigError when the configuration cannot be used,
    BrokerUnavailable when Kafka refuses us at the start: the driver itself would say so in a
    traceback.
    """
    wait_for_kafka(kafka, [topics.posts])
    seldom = Seldom(COMPLAINT_SECONDS)
    for name in logging.root.manager.loggerDict:
        if name.startswith(DRIVER):
            logging.getLogger(name).addFilter(seldom)
    app = build_app(kafka, topics, data, CurrentReader(ConfigFile(config), sentiment), fuse_share)
    WAITS.begin("partitions", NO_PARTITIONS)
    # Logs are configured already, for all processes alike (uproar.operations.logs).
    # What else the library prints is for a terminal: a wheel that turns while it starts.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        worker = BoundWorker(
            app, override_logging=False, redirect_stdouts=False, quiet=True, stdout=nowhere
        )
        try:
            worker.execute_from_commandline()
        except SystemExit as end:
            if isinstance(worker.crash_reason, FuseBlown):
                raise worker.crash_reason from end
            raise SystemExit(os.EX_TEMPFAIL if worker.may_start_later else end.code) from end
