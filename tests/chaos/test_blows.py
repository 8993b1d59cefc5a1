"""Blows are drawn from a seed, and no more of them than the product promises to bear."""

from collections import defaultdict
from itertools import islice

import pytest

from tests.chaos.blows import MOST_A_MINUTE, MOST_SELDOM, Blow, Broker, blows
from uproar.stack.supervisor import RESTARTS_A_MINUTE

BROKERS: tuple[Broker, ...] = ("local", "kafka")


def drawn(seed: int, broker: Broker = "local") -> list[Blow]:
    return list(islice(blows(seed, broker), 300))


def test_a_seed_gives_the_same_blows_and_another_seed_others() -> None:
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@pytest.mark.parametrize("broker", BROKERS)
def test_nothing_is_killed_more_often_than_it_is_started_again(broker: Broker) -> None:
    at = 0.0
    killed = defaultdict(list)
    for blow in drawn(3, broker):
        at += blow.after
        if blow.act == "kill":
            killed[blow.victim].append(at)
    assert MOST_A_MINUTE < RESTARTS_A_MINUTE
    for times in killed.values():
        for first, last in zip(times, times[MOST_A_MINUTE:], strict=False):
            assert last - first >= 60


@pytest.mark.parametrize("broker", BROKERS)
def test_every_victim_is_struck_sooner_or_later(broker: Broker) -> None:
    struck = {blow.victim for seed in range(20) for blow in islice(blows(seed, broker), 30)}
    assert struck == {
        "producer", "worker", "sink", "clickhouse", "page", "added worker", "broker", "owner",
    }  # fmt: skip


def test_what_takes_long_to_come_back_is_ended_seldom() -> None:
    ended = [b for b in drawn(4) if b.victim in ("broker", "owner") and b.act != "pause"]
    assert len(ended) == MOST_SELDOM


def test_a_worker_is_removed_only_after_one_was_added() -> None:
    for seed in range(20):
        there = 0
        for blow in drawn(seed, "kafka"):
            if blow.victim == "added worker":
                there += 1 if blow.act == "add" else -1
                assert 0 <= there <= 2
            elif (blow.victim, blow.act) == ("owner", "kill"):
                there = 0  # all end together
