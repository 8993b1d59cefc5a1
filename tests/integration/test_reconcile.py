"""Reconciling a run that went through real servers: in balance, and with something taken away."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from clickhouse_driver import Client

from producers.plan import ReplayPlan
from producers.publish import KafkaPublisher
from producers.replay import replay
from sinks.clickhouse import ClickHouseSink
from sinks.consume import Consumption
from sinks.pace import Pace
from sinks.reconcile import gather
from sinks.reconciliation import Balance, reconcile
from streams.assess import Reader
from streams.messages import Message, assess_message
from uproar.clickhouse import connect
from uproar.codec import posts_decoder
from uproar.config import Entity
from uproar.endpoints import Endpoints
from uproar.kafka import consumer_settings, create_topics, producer_settings
from uproar.mentions import MentionMatcher
from uproar.pseudonym import Pseudonyms
from uproar.topics import Topics, topics

pytestmark = pytest.mark.integration

BEGAN = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)
ENTITIES = [Entity(id="quillhost", name="Quillhost")]
POSTS = 640
"""Several packs for each of the partitions."""


def recording(path: Path) -> Path:
    """Write posts, an edit, deletions, an account that goes, and lines that are none."""
    lines = [
        {"id": str(n), "text": f"Quillhost is down {n}", "platform": "mastodon",
         "author": f"author-{n % 50}", "created_at": BEGAN.timestamp() + n}
        for n in range(POSTS)
    ]  # fmt: skip
    lines.append({**lines[3], "revision": 1, "created_at": BEGAN.timestamp() + POSTS})
    lines.append({"deleted": True, "id": "5", "platform": "mastodon",
                  "created_at": BEGAN.timestamp() + POSTS})  # fmt: skip
    lines.append({"deleted_account": True, "author": "author-7", "platform": "mastodon",
                  "created_at": BEGAN.timestamp() + POSTS})  # fmt: skip
    path.write_text("\n".join([*map(json.dumps, lines), "no json", '{"text": 7}']) + "\n")
    return path


class Pipeline:
    """Producer, reader and sink in this process, on a real broker and ClickHouse."""

    def __init__(self, servers: Endpoints, url: str, run: str, folder: Path) -> None:
        self.names: Topics = topics(run)
        self.run = run
        self._kafka = servers.kafka
        self._client = connect(url)
        self._writer = connect(url)  # one client serves one thread
        self._file = recording(folder / "a.jsonl")
        create_topics(servers.kafka, self.names.all(), 3, 1)

    def produce(self) -> None:
        plan = ReplayPlan(
            files=(self._file,), run=self.run, names=Pseudonyms("an invented key, long enough")
        )
        with KafkaPublisher(producer_settings(self._kafka), self.names) as outlet:
            replay(plan, MentionMatcher(ENTITIES), outlet, lambda _: None)

    def read(self, times: int = 1) -> None:
        """Read every message that often, as a worker does that was killed before it committed."""
        from kafka import KafkaConsumer, KafkaProducer, TopicPartition

        reader, decoder = Reader(ENTITIES, "vader"), posts_decoder()
        consumer = KafkaConsumer(**consumer_settings(self._kafka, f"{self.run}-read-{times}"))
        producer = KafkaProducer(**producer_settings(self._kafka))
        for partition in range(3):
            place = TopicPartition(self.names.posts, partition)
            consumer.assign([place])
            consumer.seek_to_beginning(place)
            polls = [consumer.poll(timeout_ms=300) for _ in range(4)]
            messages = [one for polled in polls for one in polled.get(place, [])]
            for message in messages * times:
                outcome = assess_message(
                    decoder,
                    reader,
                    Message(
                        value=message.value, topic=place.topic, partition=partition,
                        offset=message.offset, received_at=BEGAN,
                    ),
                )  # fmt: skip
                for topic, values in (
                    (self.names.dead_letters, outcome.dead_letters),
                    (self.names.reactions, outcome.reactions),
                ):
                    for value in values:
                        producer.send(topic, value, partition=partition)
        producer.flush()
        producer.close()
        consumer.close()

    def store(self) -> None:
        """Run the sink until the run is finished."""
        from kafka import KafkaConsumer

        consumer = KafkaConsumer(**consumer_settings(self._kafka, self.names.sink_group))
        sink = Consumption(
            consumer,
            self.names,
            ClickHouseSink(self._writer),
            Pace(flush_seconds=0.1, batch_records=200),
        )
        until = datetime.now(UTC).timestamp() + 60
        sink.run(lambda: self._is_stored() or datetime.now(UTC).timestamp() > until)
        consumer.close(autocommit=False)
        assert self._is_stored()

    def _is_stored(self) -> bool:
        rows = self._client.execute(
            "SELECT is_finished FROM run_watermarks WHERE run = %(run)s", {"run": self.run}
        )
        return bool(rows and rows[0][0])

    def balances(self) -> list[Balance]:
        return reconcile(gather(self._client, self.run, 400))


@pytest.fixture
def pipeline(
    servers: Endpoints, tables: Client, server_url: str, run_name: str, tmp_path: Path
) -> Iterator[Pipeline]:
    assert tables  # they are migrated, and empty
    yield Pipeline(servers, f"{server_url}/uproar", run_name, tmp_path)


def gaps(pipeline: Pipeline) -> dict[str, str]:
    return {balance.stage: balance.gap for balance in pipeline.balances() if balance.gap}


def test_a_run_adds_up_at_every_stage_also_when_messages_were_read_twice(
    pipeline: Pipeline,
) -> None:
    pipeline.produce()
    pipeline.read(times=2)
    pipeline.store()
    balances = pipeline.balances()
    assert not gaps(pipeline)
    hops = [one for one in balances if one.stage == "posts topic"]
    assert sum(one.became["read"] for one in hops) == sum(one.came_in for one in hops) == POSTS + 5
    assert sum(one.became["repeated messages"] for one in hops) > 3


TAKEN_AWAY = [
    ("ledger", "number = 2 AND partition = 1 AND stream = 'reactions'", "posts topic"),
    ("ledger", "stream = 'dead-letters'", "dead-letters topic"),
    ("post_states", "post_id = '11'", "post_states"),
    ("reactions", "post_id = '12'", "reactions"),
    ("reactions_by_minute", "toUnixTimestamp(minute) % 120 = 60", "reactions"),
    ("dead_letters", "position = 644", "dead_letters"),
]


def test_whatever_is_taken_away_is_named_where_it_is_missing(
    pipeline: Pipeline, tables: Client
) -> None:
    pipeline.produce()
    pipeline.read()
    pipeline.store()
    assert not gaps(pipeline)
    for table, condition, stage in TAKEN_AWAY:
        tables.execute(f"CREATE TABLE kept AS {table}")
        tables.execute(f"INSERT INTO kept SELECT * FROM {table}")
        tables.execute(f"ALTER TABLE {table} DELETE WHERE {condition} SETTINGS mutations_sync = 2")
        found = gaps(pipeline)
        assert stage in found, (table, condition)
        if condition.startswith("number = 2"):
            assert found[stage].endswith("packs missing: 2")
        tables.execute(f"TRUNCATE TABLE {table}")
        tables.execute(f"INSERT INTO {table} SELECT * FROM kept")
        tables.execute("DROP TABLE kept SYNC")
        assert not gaps(pipeline)
