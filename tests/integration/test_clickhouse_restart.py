"""ClickHouse of the local stack is killed: it comes back, and who needs it has waited."""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.demo import __path__ as demo
from tests.uproar.stack.processes import eventually
from uproar.cli.patience import PatientClient
from uproar.cli.stages import PipelineStages
from uproar.clickhouse import connect
from uproar.errors import StackError
from uproar.settings import Settings
from uproar.stack.local import Stack, attach, stack

pytestmark = pytest.mark.integration

CONFIG = Path(demo[0]) / "uproar.yaml"


def pid_of(word: str, mark: str) -> int:
    """Return the id of our own child whose command has that word, and a mark of the stack's own."""
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            if word.encode() in command and mark.encode() in command:
                return int(child)
    raise AssertionError(f"no {word} runs")


@pytest.fixture
def running(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    monkeypatch.setenv("UPROAR_HOME", str(home))  # for the stages, which are processes
    settings = Settings(home=home)
    with stack(settings, PipelineStages(settings, CONFIG)) as one:
        yield one


def health(port: int) -> int:
    """Return the status of the page's answer; 0 where it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_comes_back_on_the_same_ports_with_what_was_stored(
    running: Stack, home: Path, end: signal.Signals
) -> None:
    port = running.note.page_port
    client = connect(running.endpoints.migrator_url)
    client.execute("CREATE TABLE kept (a UInt8) ENGINE = MergeTree ORDER BY a")
    client.execute("INSERT INTO kept VALUES", [(7,)])
    assert eventually(lambda: health(port) == 200)
    killed = pid_of("clickhouse_server", str(home))
    os.kill(killed, end)
    assert eventually(lambda: health(port) == 503)  # it says so meanwhile
    assert attach(Settings(home=home)) == running.endpoints  # and a stage that starts now waits
    assert PatientClient(client, running.check).execute("SELECT a FROM kept") == [(7,)]
    assert eventually(lambda: health(port) == 200)
    assert pid_of("clickhouse_server", str(home)) != killed
    running.check()
    client.disconnect()


def test_the_broker_is_not_started_again_for_it_has_forgotten_all(running: Stack) -> None:
    address = f":{running.note.kafka_port}"
    os.kill(pid_of("tansu", address), signal.SIGKILL)
    assert eventually(running.has_failed)
    time.sleep(0.5)
    with pytest.raises(AssertionError, match="no tansu runs"):
        pid_of("tansu", address)


def test_one_that_is_killed_again_and_again_is_given_up(running: Stack, home: Path) -> None:
    def kill_once_more() -> bool:
        try:
            os.kill(pid_of("clickhouse_server", str(home)), signal.SIGKILL)
        except (AssertionError, OSError):
            return running.has_failed()
        return running.has_failed()

    assert eventually(kill_once_more)
    with pytest.raises(StackError, match="ClickHouse ended with status -9"):
        running.check()
