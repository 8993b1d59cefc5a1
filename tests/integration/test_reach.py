"""A stage that starts while Kafka is away waits for it; one that is refused ends."""

import socket
import threading

import pytest

from uproar.endpoints import Endpoints, KafkaEndpoint
from uproar.errors import BrokerUnavailable
from uproar.kafka import create_topics
from uproar.operations.reach import wait_for_kafka
from uproar.operations.waits import WAITS

pytestmark = pytest.mark.integration


def test_a_broker_that_answers_is_not_waited_for(servers: Endpoints) -> None:
    wait_for_kafka(servers.kafka)


def test_a_broker_that_is_away_is_waited_for_until_we_are_told_to_stop() -> None:
    with socket.socket() as free:  # bound, but nothing listens
        free.bind(("127.0.0.1", 0))
        away = KafkaEndpoint(brokers=(f"127.0.0.1:{free.getsockname()[1]}",))
        stopping = threading.Event()
        waiting = threading.Thread(target=wait_for_kafka, args=(away, (), stopping.is_set))
        waiting.start()
        waiting.join(15)
        assert waiting.is_alive()
        assert [wait.on for wait in WAITS.open()] == ["kafka"]
        stopping.set()
        waiting.join(15)
        assert not waiting.is_alive()
        WAITS.end("kafka")


def test_topics_that_it_does_not_know_yet_are_waited_for(servers: Endpoints, run_name: str) -> None:
    waiting = threading.Thread(target=wait_for_kafka, args=(servers.kafka, [run_name]))
    waiting.start()
    waiting.join(3)
    assert waiting.is_alive()
    create_topics(servers.kafka, (run_name,), 1, 1)
    waiting.join(30)
    assert not waiting.is_alive()


def test_one_that_listens_and_refuses_us_is_told_at_once(servers: Endpoints) -> None:
    refusing = KafkaEndpoint(
        brokers=servers.kafka.brokers, security="SASL_PLAINTEXT", sasl_mechanism="PLAIN",
        username="me", password="invented",
    )  # fmt: skip
    with pytest.raises(BrokerUnavailable, match="refuses the login"):
        wait_for_kafka(refusing)
