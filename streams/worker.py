"""Run one Faust worker in this process until a signal comes."""

import logging
from pathlib import Path

import faust

from streams.app import build_app
from streams.assess import Reader
from uproar.config_file import ConfigFile
from uproar.endpoints import KafkaEndpoint
from uproar.kafka import administration
from uproar.topics import Topics


class CurrentReader:
    """A reader for the configuration as it stands, made anew when that changes."""

    def __init__(self, file: ConfigFile) -> None:
        self._file = file
        self._config = file.current()
        self._reader = Reader(self._config.entities)

    def __call__(self) -> Reader:
        """Return the reader; the same one as long as nothing changed."""
        config = self._file.current()
        if config is not self._config:
            self._config, self._reader = config, Reader(config.entities)
        return self._reader


def run_worker(kafka: KafkaEndpoint, topics: Topics, config: Path, data: Path) -> None:
    """Read posts until SIGTERM or SIGINT. Exits with a status other than 0 when anything breaks.

    Raises ConfigError when the configuration cannot be used, BrokerUnavailable when Kafka cannot
    be reached at the start: the driver itself would say so in a traceback.
    """
    with administration(kafka):
        pass
    app = build_app(kafka, topics, data, CurrentReader(ConfigFile(config)))
    faust.Worker(app, loglevel=logging.INFO, redirect_stdouts=False).execute_from_commandline()
