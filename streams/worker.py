"""Run one Faust worker in this process until a signal comes."""

import logging
from pathlib import Path

import faust

from streams.app import build_app
from streams.assess import Reader
from uproar.config_file import ConfigFile
from uproar.endpoints import KafkaEndpoint
from uproar.kafka import administration
from uproar.records import SentimentModel
from uproar.topics import Topics

DRIVER = "aiokafka"
COMPLAINT_SECONDS = 10.0


class CurrentReader:
    """A reader for the configuration as it stands, made anew when that changes."""

    def __init__(self, file: ConfigFile, sentiment: SentimentModel) -> None:
        self._file = file
        self._sentiment = sentiment
        self._config = file.current()
        self._reader = Reader(self._config.entities, sentiment)

    def __call__(self) -> Reader:
        """Return the reader; the same one as long as nothing changed."""
        config = self._file.current()
        if config is not self._config:
            self._config, self._reader = config, Reader(config.entities, self._sentiment)
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


def run_worker(
    kafka: KafkaEndpoint, topics: Topics, config: Path, data: Path, sentiment: SentimentModel
) -> None:
    """Read posts until SIGTERM or SIGINT. Exits with a status other than 0 when anything breaks.

    Raises ConfigError when the configuration cannot be used, BrokerUnavailable when Kafka cannot
    be reached at the start: the driver itself would say so in a traceback.
    """
    with administration(kafka):
        pass
    seldom = Seldom(COMPLAINT_SECONDS)
    for name in logging.root.manager.loggerDict:
        if name.startswith(DRIVER):
            logging.getLogger(name).addFilter(seldom)
    app = build_app(kafka, topics, data, CurrentReader(ConfigFile(config), sentiment))
    faust.Worker(app, loglevel=logging.INFO, redirect_stdouts=False).execute_from_commandline()
