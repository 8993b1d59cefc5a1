"""Logs: one place, two forms, and drivers that do not write out what they carry."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from uproar.operations.logs import OURS, are_json, configure_logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Loggers are the process's: what a test sets goes with it."""
    root = logging.root
    handlers, level = root.handlers, root.level
    names = (*OURS, "kafka")
    levels = [logging.getLogger(name).level for name in names]
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name, before in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(before)


def test_a_json_line_has_time_level_logger_message_process_and_fields() -> None:
    stream = io.StringIO()
    configure_logs("json", logging.INFO, "sink", stream)
    logging.getLogger("sinks.consume").warning("cannot write (%d)", 2, extra={"wait_seconds": 0.4})
    line = json.loads(stream.getvalue())
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "WARNING",
        "logger": "sinks.consume",
        "message": "cannot write (2)",
        "process": "sink",
        "wait_seconds": 0.4,
    }
    assert are_json()


def test_a_field_cannot_take_the_place_of_what_every_line_has() -> None:
    stream = io.StringIO()
    configure_logs("json", logging.INFO, "sink", stream)
    logging.getLogger("sinks").info("so", extra={"level": "none", "logger": "other"})
    line = json.loads(stream.getvalue())
    assert (line["level"], line["logger"]) == ("INFO", "sinks")


def test_a_traceback_stays_within_its_line() -> None:
    stream = io.StringIO()
    configure_logs("json", logging.INFO, "sink", stream)
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("uproar").exception("it broke")
    (line,) = stream.getvalue().splitlines()
    assert "ValueError: broken" in json.loads(line)["traceback"]


def test_a_text_line_has_the_same_facts() -> None:
    stream = io.StringIO()
    configure_logs("text", logging.INFO, "sink", stream)
    logging.getLogger("sinks.consume").warning("cannot write", extra={"wait_seconds": 0.4})
    at, line = stream.getvalue().split(" ", 1)
    assert at.endswith("Z")
    assert line == "WARNING sinks.consume: cannot write wait_seconds=0.4\n"
    assert not are_json()


def test_at_debug_we_say_everything_and_drivers_do_not() -> None:
    stream = io.StringIO()
    configure_logs("text", logging.DEBUG, "sink", stream)
    for name in ("sinks.consume", "aiokafka.conn", "faust", "clickhouse_driver", "kafka.net"):
        logging.getLogger(name).debug("a request of %s", name)
    assert "a request of sinks.consume" in stream.getvalue()
    assert stream.getvalue().count("\n") == 1
