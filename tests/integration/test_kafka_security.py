"""TLS, logins and access control lists, with Apache Kafka's own."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from clickhouse_driver import Client
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
)
from kafka.errors import TopicAuthorizationFailedError

from deploy.kafka.node import KafkaNode
from tests.integration.kafka_stages import (
    Stage,
    a_post,
    publish,
    settings_of,
    values,
)
from tests.uproar.stack.processes import eventually
from uproar.endpoints import KafkaEndpoint
from uproar.errors import BrokerUnavailable
from uproar.kafka import administration, create_topics
from uproar.operations.lag import read_lag
from uproar.topics import Topics, topics

pytestmark = pytest.mark.integration

PAGE = Path(__file__).parents[2] / "docs" / "kafka.md"
PREFIX = "uproar"
USERS = {
    "who creates": "creator", "a producer": "producer", "`uproar worker`": "worker",
    "`uproar sink`": "sink", "`uproar status`": "status",
}  # fmt: skip
"""Our logins by the first words of a row of the page."""

Start = Callable[..., Stage]


def documented_rights() -> list[ACL]:
    """Return the access control lists of the page's table, for our logins."""
    row = re.compile(r"^\|(.*)\| ([A-Z][\w, ]+) \| (.+) \| `(.+)` \|$", re.M)
    lists, user = [], ""
    for process, operations, kind, name in row.findall(PAGE.read_text("utf-8")):
        user = next((u for words, u in USERS.items() if process.strip().startswith(words)), user)
        pattern = ResourcePattern(
            ResourceType.GROUP if kind.startswith("group") else ResourceType.TOPIC,
            name,
            ACLResourcePatternType.PREFIXED if "begin" in kind else ACLResourcePatternType.LITERAL,
        )
        lists += [
            ACL(f"User:{user}", "*", ACLOperation[operation.strip().upper()],
                ACLPermissionType.ALLOW, pattern)
            for operation in operations.split(",")
        ]  # fmt: skip
    return lists


@pytest.fixture(scope="module")
def names(secured: KafkaNode) -> Topics:
    """Our topics, made by a user who may do that and no more; each user has its rights."""
    with administration(secured.endpoint("admin")) as admin:
        granted = documented_rights()
        assert len(granted) == 14
        admin.create_acls(granted)
    made = topics(PREFIX)
    create_topics(secured.endpoint("creator"), made.all(), 2, 1, retention_hours=1)
    return made


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_all_our_clients_log_in_over_tls(secured: KafkaNode, mechanism: str, run_name: str) -> None:
    kafka = secured.endpoint("admin", mechanism)
    own = topics(run_name)
    create_topics(kafka, own.all(), 1, 1)
    publish(kafka, own, [a_post(1)])
    assert len(values(kafka, own.posts, 1)) == 1


def test_a_wrong_password_is_told_soon_and_not_shown(
    secured: KafkaNode, stage: Start, server_url: str
) -> None:
    kafka = secured.endpoint("admin")
    wrong = KafkaEndpoint(
        brokers=kafka.brokers, security=kafka.security, sasl_mechanism=kafka.sasl_mechanism,
        username="admin", password="guessed-wrongly", ca_file=kafka.ca_file,
    )  # fmt: skip
    began = monotonic()
    with pytest.raises(BrokerUnavailable, match="refuses the login of `admin`") as refused:
        create_topics(wrong, ("a",), 1, 1)
    assert monotonic() - began < 15
    assert "guessed-wrongly" not in f"{refused.value} {refused.value.hint}"
    assert "UPROAR_KAFKA_PASSWORD" in str(refused.value.hint)
    settings = settings_of(wrong, PREFIX) | {"UPROAR_CLICKHOUSE_URL": server_url}
    processes = [stage(name, **settings) for name in ("worker", "sink")]
    for process in processes:
        assert process.status() == 1
        assert "refuses the login of `admin`" in process.told()
        assert "guessed-wrongly" not in process.told()
        assert "Traceback" not in process.told()


def test_a_certificate_of_an_unknown_authority_is_refused(secured: KafkaNode, stage: Start) -> None:
    kafka = secured.endpoint("worker")
    unknown = {**settings_of(kafka, PREFIX), "UPROAR_KAFKA_CA_FILE": ""}
    worker = stage("worker", **unknown)
    assert worker.status() == 1
    assert "certificate that we cannot trust" in worker.told()
    assert "UPROAR_KAFKA_CA_FILE" in worker.told()
    assert "Traceback" not in worker.told()


def test_the_processes_work_with_exactly_the_documented_rights(
    secured: KafkaNode, names: Topics, stage: Start, tables: Client, server_url: str
) -> None:
    store = {"UPROAR_CLICKHOUSE_URL": f"{server_url}/uproar"}
    processes = [
        stage(name, **settings_of(secured.endpoint(name), PREFIX) | store)
        for name in ("worker", "sink")
    ]
    producer = secured.endpoint("producer")
    create_topics(producer, names.all(), 2, 1)  # looks, and finds nothing to create
    publish(producer, names, [a_post(number) for number in range(20)])
    assert eventually(
        lambda: tables.execute("SELECT count() FROM reactions FINAL") == [(20,)], 40
    ), [process.told() for process in processes]
    read = read_lag(secured.endpoint("status"), names)
    assert {(lag.stage, lag.stream) for lag in read} == {
        ("streams", "posts"), ("sink", "reactions"), ("sink", "dead-letters"),
    }  # fmt: skip
    assert all(process.runs() for process in processes)


@pytest.mark.parametrize("user", ["worker", "sink", "status", "stranger"])
def test_nobody_but_a_producer_writes_posts(secured: KafkaNode, names: Topics, user: str) -> None:
    with pytest.raises(BrokerUnavailable):
        publish(secured.endpoint(user), names, [a_post(1)])


@pytest.mark.parametrize("user", ["producer", "sink", "creator", "stranger"])
def test_nobody_but_worker_and_status_reads_posts(
    secured: KafkaNode, names: Topics, user: str
) -> None:
    publish(secured.endpoint("producer"), names, [a_post(1)])
    assert values(secured.endpoint("worker"), names.posts, 1)
    with suppress(TopicAuthorizationFailedError):  # not said to who may not even see the topic
        assert values(secured.endpoint(user), names.posts, 1, seconds=2) == []


def test_who_may_create_no_topics_is_told_so(secured: KafkaNode, names: Topics) -> None:
    with pytest.raises(BrokerUnavailable, match="does not give us our topics") as refused:
        create_topics(secured.endpoint("producer"), (f"{PREFIX}.other.v1",), 2, 1)
    assert "create them yourself" in str(refused.value.hint)
