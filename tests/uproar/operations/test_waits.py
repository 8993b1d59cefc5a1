"""Waits: one fact, told to metrics and to whoever asks."""

from uproar.metrics import REGISTRY
from uproar.operations.waits import Waits


def value(name: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"on": "kafka"})


def test_a_wait_keeps_the_time_it_began_and_takes_the_newest_words() -> None:
    waits = Waits()
    waits.begin("kafka", "Kafka is slow")
    (first,) = waits.open()
    waits.begin("kafka", "Kafka is away")
    (second,) = waits.open()
    assert second.since == first.since
    assert second.what == "Kafka is away"
    assert value("uproar_waiting") == 1


def test_a_wait_that_is_over_is_counted_and_gone() -> None:
    waits = Waits()
    before = value("uproar_waited_seconds_total") or 0.0
    with waits.during("kafka", "Kafka is away"):
        assert len(waits.open()) == 1
    assert waits.open() == []
    assert value("uproar_waiting") == 0
    assert (value("uproar_waited_seconds_total") or 0.0) > before


def test_what_nobody_notices_is_looked_for_before_each_reading() -> None:
    waits = Waits()
    waits.look_first(lambda: waits.begin("kafka", "Kafka is away"))
    assert [wait.what for wait in waits.open()] == ["Kafka is away"]
