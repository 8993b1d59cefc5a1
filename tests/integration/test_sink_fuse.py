"""A sink that can use hardly anything stops, with everything that came stored and committed."""

import time

import pytest
from kafka import KafkaProducer

from sinks.migrate import prepare_tables
from sinks.pace import Pace
from sinks.run import run_sink
from uproar.clickhouse import connect
from uproar.endpoints import Endpoints
from uproar.errors import FuseBlown
from uproar.kafka import create_topics, producer_settings
from uproar.topics import topics

pytestmark = pytest.mark.integration

MOST_SECONDS = 60
STORED = "SELECT count() FROM dead_letters FINAL WHERE source = %(place)s"


def test_the_sink_stops_with_its_dead_letters_stored(servers: Endpoints, run_name: str) -> None:
    names = topics(run_name)
    create_topics(servers.kafka, names.all(), 1, 1)
    prepare_tables(servers.migrator_url, retention_days=400)
    producer = KafkaProducer(**producer_settings(servers.kafka))
    pack = b"[" + b",".join([b'{"later":1}'] * 200) + b"]"
    for _ in range(5):
        producer.send(names.reactions, pack, partition=0)
    producer.flush()
    producer.close()
    deadline = time.monotonic() + MOST_SECONDS
    pace = Pace(flush_seconds=0.1, batch_records=20_000, fuse_share=0.5)
    with pytest.raises(FuseBlown, match="the sink stops: 1,000 of the last 1,000"):
        run_sink(servers, names, pace, lambda: time.monotonic() > deadline)
    with connect(servers.clickhouse_url) as client:
        place = f"{names.reactions}/0"
        ((stored,),) = client.execute(STORED, {"place": place})
    assert stored == 1000
