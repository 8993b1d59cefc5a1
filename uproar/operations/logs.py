"""How every process logs: one place, two forms. Lines for people, or one JSON object a line.

Nothing personal belongs into a log: no text, handle or pseudonym. Our own loggers go by the level
that is set; drivers never below INFO, because they write whole requests, posts in them, at DEBUG.
"""

import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec

OURS = ("uproar", "producers", "streams", "sinks", "dashboards")
DRIVERS_LEVEL = logging.INFO
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "stack"}
_HELD_LEVELS = {"kafka": logging.CRITICAL}
"""kafka-python's errors: we report them ourselves."""


class _Described(logging.Formatter):
    """What both forms share: the time in UTC, the fields, the last line of a traceback."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def at(self, record: logging.LogRecord) -> str:
        """Return the record's time, in milliseconds."""
        time = datetime.fromtimestamp(record.created, tz=UTC)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """Return what was given as `extra`; the drivers' own are for their own formatters."""
        if record.name.partition(".")[0] not in OURS:
            return {}
        return {name: value for name, value in vars(record).items() if name not in _PLAIN}


class JsonLines(_Described):
    """One JSON object a line: at, level, logger, message, process, fields, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": self.at(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": self._process,
        }
        line |= {name: value for name, value in self.fields(record).items() if name not in line}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


class TextLines(_Described):
    """`2021-01-18T09:30:00.000Z WARNING sinks.consume: cannot write waits=3`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback below it."""
        line = f"{self.at(record)} {record.levelname} {record.name}: {record.getMessage()}"
        line += "".join(f" {name}={value}" for name, value in self.fields(record).items())
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def configure_logs(form: str, level: int, process: str, stream: TextIO | None = None) -> None:
    """Log to stderr in this form from now on, whatever was configured before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(process) if form == "json" else TextLines(process))
    logging.root.handlers = [handler]
    logging.root.setLevel(max(level, DRIVERS_LEVEL))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name, held in _HELD_LEVELS.items():
        logging.getLogger(name).setLevel(held)


def are_json() -> bool:
    """Tell whether the process logs JSON, so that its last words should be JSON as well."""
    return any(isinstance(one.formatter, JsonLines) for one in logging.root.handlers)
