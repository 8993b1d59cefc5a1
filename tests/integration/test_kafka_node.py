"""The node of Apache Kafka that tests and `make kafka` run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource

from deploy.kafka.node import KafkaNode
from tests.integration.kafka_stages import a_post, publish, values
from tests.uproar.stack.processes import eventually
from uproar.cli.stages import create_topics as prepare_topics
from uproar.endpoints import Endpoints, external_kafka
from uproar.errors import StackError
from uproar.kafka import administration, create_topics
from uproar.settings import Settings
from uproar.stack.ports import is_open
from uproar.topics import topics

pytestmark = pytest.mark.integration

NAMES = topics("kept")


def settings_of_topic(admin: KafkaAdminClient, name: str) -> dict[str, str]:
    described = admin.describe_configs([ConfigResource("TOPIC", name)])
    return {name: config["value"] for name, config in described["topic"][name].items()}


def test_records_stay_on_the_same_port_whether_the_node_is_stopped_or_killed(
    own_node: KafkaNode,
) -> None:
    address = own_node.address
    create_topics(own_node.endpoint(), NAMES.all(), 1, 1)
    for number, end in enumerate((own_node.stop, own_node.kill), start=1):
        publish(own_node.endpoint(), NAMES, [a_post(number)])
        end()
        assert not is_open(own_node.port)
        assert own_node.status() is not None
        own_node.start()
    assert own_node.address == address
    assert len(values(own_node.endpoint(), NAMES.posts, 2)) == 2


def test_a_port_in_use_is_named_with_the_variable_that_changes_it(
    apache: KafkaNode, tmp_path: Path
) -> None:
    with pytest.raises(StackError, match=str(apache.port)) as taken:
        KafkaNode(tmp_path / "other", port=apache.port)
    assert "KAFKA_NODE_PORT" in str(taken.value.hint)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_launcher_says_what_to_export_and_leaves_no_process_behind(
    kafka_tools: None, tmp_path: Path, end: signal.Signals
) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-m", "deploy.kafka"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "KAFKA_NODE_PORT": "0", "KAFKA_NODE_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert launcher.stdout is not None
    name, _, address = launcher.stdout.readline().strip().partition("=")
    assert name == "export UPROAR_KAFKA_BROKERS"
    port = int(address.removeprefix("127.0.0.1:"))
    assert is_open(port)
    launcher.send_signal(end)
    assert launcher.wait(30) == (-end if end == signal.SIGKILL else 0)
    launcher.stdout.close()
    assert eventually(lambda: not is_open(port))


def test_our_producer_is_idempotent_on_apache_kafka(apache: KafkaNode, run_name: str) -> None:
    names = topics(run_name)
    create_topics(apache.endpoint(), names.all(), 1, 1)
    publish(apache.endpoint(), names, [a_post(1)])
    place = TopicPartition(names.posts, 0)
    with administration(apache.endpoint()) as admin:
        (known,) = admin.describe_producers([place])[place].active_producers
    assert known.producer_id >= 0
    assert known.last_sequence == 0


def test_topics_forget_after_the_hours_that_were_set(
    apache: KafkaNode, run_name: str, tmp_path: Path
) -> None:
    settings = Settings(
        home=tmp_path, kafka_brokers=apache.address, topic_prefix=run_name, kafka_retention_hours=48
    )
    prepare_topics(settings, external_endpoints(settings))
    create_topics(apache.endpoint(), (f"{run_name}.own",), 1, 1)
    with administration(apache.endpoint()) as admin:
        for name in topics(run_name).all():
            assert settings_of_topic(admin, name) == {
                "retention.ms": "172800000", "segment.ms": "21600000",
            }  # fmt: skip
        assert settings_of_topic(admin, f"{run_name}.own") == {}


def external_endpoints(settings: Settings) -> Endpoints:
    kafka = external_kafka(settings)
    assert kafka is not None
    return Endpoints(kafka=kafka, clickhouse_url="", reader_url="", migrator_url="")
