"""The golden run through Apache Kafka, also while the broker is stopped or killed and comes back.

Nothing of ours is restarted meanwhile: producer, worker and sink wait for the broker by themselves.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import pytest

from deploy.kafka.node import KafkaNode
from tests.integration import test_golden as golden

pytestmark = pytest.mark.integration

LINES = 2_000
"""Of the recording: enough for edits, deletions and unreadable lines, and soon read."""
PACE = "15000x"
"""A day in some six seconds."""
AWAY_SECONDS = 3.0


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first part of the demo's recording."""
    return golden.write_beginning(tmp_path_factory.mktemp("recording"), LINES)


@pytest.fixture(scope="module")
def expected(recording: Path) -> golden.Answers:
    """What that part must come to."""
    return golden.expected_answers(recording)


@pytest.fixture
def start(home: Path, recording: Path) -> Iterator[Callable[[str], golden.Replay]]:
    """Start a replay of the recording; it is ended with the test."""
    started: list[golden.Replay] = []

    def replay(speed: str) -> golden.Replay:
        started.append(golden.Replay(home, speed, recording))
        return started[-1]

    yield replay
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.mark.parametrize("way", ["stop", "kill"])
def test_a_broker_that_was_away_costs_nothing_and_nobody_needs_a_restart(
    own_node: KafkaNode, home: Path, start: Callable[[str], golden.Replay],
    expected: golden.Answers, monkeypatch: pytest.MonkeyPatch, way: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("UPROAR_KAFKA_BROKERS", own_node.address)
    replay = start(PACE)
    golden.until_stored(home, 200)
    stages = [replay.stage(name) for name in ("worker", "sink")]
    getattr(own_node, way)()
    sleep(AWAY_SECONDS)
    own_node.start()
    assert replay.process.poll() is None, "it was over before the broker went away"
    assert [replay.stage(name) for name in ("worker", "sink")] == stages
    replay.end(0)
    golden.agree(home, expected)
