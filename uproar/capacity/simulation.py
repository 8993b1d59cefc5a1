"""The pipeline as a simulation: posts flow in steps, what happens to processes are SimPy's events.

Within a step (`STEP_SECONDS`) amounts flow from producers through the broker to workers, each
bound by its processor time. Batches of a sink, commits, a member that is missed and a group that
shares out its partitions are events with times of their own. So a run costs by partitions, sinks
and seconds, not by posts: a hundred million a second take as long as ten thousand.

Not in the model: Kafka's page cache running out, disks, networks that fail, more than one incident
at a time, and ClickHouse's own merges behind the price of a row.
"""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from uproar.capacity.costs import Costs
from uproar.capacity.course import Course, Recorder
from uproar.capacity.incidents import AT_SECONDS, Incident
from uproar.capacity.lanes import Amounts, Lanes
from uproar.capacity.members import Members
from uproar.capacity.sizing import ENTITIES_A_POST, Load, Size, pack_of, write_seconds

STEP_SECONDS = 0.25
HELD_SECONDS = 1.0
"""Of posts that a producer holds for a broker that lags; then it reads no further."""
MINUTE_SECONDS = 60

Process = Generator[simpy.Event, Any, None]
Move = Callable[[Amounts], None]
"""Moves a share of each lane on."""
Forget = Callable[[NDArray[np.int64]], float]
"""Takes back what was not committed on some lanes; returns how much."""


def simulate(
    load: Load, size: Size, costs: Costs, incident: Incident, seconds: float = 2700, seed: int = 1
) -> Course:
    """Return how a cluster of that size gets through an incident under that load."""
    run = _Run(load, size, costs, incident, seed)
    run.env.run(until=seconds)
    return run.recorder.course(incident)


class _Run:
    """One simulated stretch of time."""

    def __init__(self, load: Load, size: Size, costs: Costs, incident: Incident, seed: int) -> None:
        self.load, self.size, self.costs, self.incident = load, size, costs, incident
        self.env = simpy.Environment()
        self.lanes = Lanes(size.partitions)
        self.recorder = Recorder(size.partitions, every=max(1, size.partitions // 128))
        self.workers = Members(size.workers, size.partitions)
        self.sinks = Members(size.sinks, size.partitions)
        self.leader = np.arange(size.partitions) % size.brokers
        self.has_leader = np.ones(size.partitions, dtype=bool)
        self._chance = np.random.default_rng(seed)
        self._seen = self._filtered = 0.0
        self._worker_microseconds = costs.worker.microseconds(load.reading, in_wave=load.in_wave)
        self.env.process(self._flow())
        self.env.process(self._commit())
        for number in range(size.sinks):
            self.env.process(self._sink(number))
        if incident.lost:
            self.env.process(
                {
                    "worker": self._lose(self.workers, self.lanes.forget_reading),
                    "sink": self._lose(self.sinks, self.lanes.forget_storing),
                    "broker": self._lose_broker(),
                }[incident.lost]
            )

    def _flow(self) -> Process:
        """Let posts flow, step by step."""
        while True:
            yield self.env.timeout(STEP_SECONDS)
            self._seen += self._rate() * STEP_SECONDS
            self._filter()
            left = self._accept()
            self._work(left)
            self.recorder.add(self.env.now, self._seen, self._filtered, self.lanes)

    def _rate(self) -> float:
        burst = self.incident.burst
        is_on = burst and AT_SECONDS < self.env.now <= AT_SECONDS + burst.seconds
        return self.load.seen * (burst.times if burst and is_on else 1.0)

    def _filter(self) -> None:
        """Producers read on, unless the broker holds them up; what they keep waits for it."""
        held = self.load.kept * HELD_SECONDS
        if not self.has_leader.all() or self.lanes.waiting.sum() > held:
            return
        producer = self.costs.producer
        price = producer.filter_microseconds + self.load.kept_share * producer.keep_microseconds
        able = self.size.producers * STEP_SECONDS * 1e6 / price
        seen = min(self._seen - self._filtered, able)
        self._filtered += seen
        kept = seen * self.load.kept_share
        lanes = self.size.partitions
        pack = pack_of(
            kept / STEP_SECONDS, self.size.producers, lanes, producer.linger_seconds
        )  # fmt: skip
        # A partition's share of a step is chance: ids are hashed.
        drawn = self._chance.poisson(kept / lanes, lanes).astype(float) + 1e-12
        self.lanes.offer(drawn * (kept / drawn.sum()), pack)

    def _work(self, left: Amounts) -> None:
        """Workers read what is unread, as far as the brokers have time left for them.

        A worker waits for the broker to take what it made of a message. So one partition without a
        leader holds up all of its worker.
        """
        lanes, worker = self.lanes, self.costs.worker
        unread, owner = lanes.unread, self.workers.owner
        price = unread * self._worker_microseconds
        price += lanes.unread_messages * worker.message_microseconds
        members = len(self.workers.is_alive)
        asked = np.bincount(owner, price, members)
        held_up = np.bincount(owner, ~self.has_leader, members) > 0
        able = STEP_SECONDS * 1e6 * self.workers.active(self.env.now, STEP_SECONDS)
        share = np.minimum(1.0, able / np.maximum(asked, 1e-9))
        share *= self.workers.is_alive & ~held_up
        self._through_brokers(share[owner], (unread, lanes.unread_messages), lanes.work, left)

    def _accept(self) -> Amounts:
        """Brokers take what waits for them; return their time that is left, half at the least."""
        lanes = self.lanes
        half = self.size.broker_cores * STEP_SECONDS * 1e6 / 2
        waiting = lanes.waiting, lanes.waiting_messages
        budget = np.full(self.size.brokers, half)
        share = self.has_leader.astype(float)
        return half + self._through_brokers(share, waiting, lanes.accept, budget)

    def _through_brokers(
        self, share: Amounts, there: tuple[Amounts, Amounts], move: Move, budget: Amounts
    ) -> Amounts:
        """Move a share of each lane, as far as its broker has time; return the time left."""
        kafka, brokers = self.costs.kafka, self.size.brokers
        posts, messages = there
        price = posts * kafka.post_microseconds + messages * kafka.message_microseconds
        price = price * share / 2  # for one topic of the two
        asked = np.bincount(self.leader, price, brokers)
        able = np.minimum(1.0, budget / np.maximum(asked, 1e-9))
        move(share * able[self.leader])
        return np.maximum(0.0, budget - asked * able)

    def _commit(self) -> Process:
        """Workers commit what they have read, each second."""
        while True:
            yield self.env.timeout(self.costs.group.commit_seconds)
            owners_live = self.workers.is_alive[self.workers.owner]
            self.lanes.committed = np.where(owners_live, self.lanes.read, self.lanes.committed)

    def _sink(self, number: int) -> Process:
        """One sink: wait for a batch, store it, settle every two seconds."""
        lanes, members, size = self.lanes, self.sinks, self.size
        most = size.batch_records / ENTITIES_A_POST
        # Sinks do not keep time with each other.
        yield self.env.timeout(size.flush_seconds * (number / size.sinks))
        settled_at = self.env.now
        while True:
            if not members.is_alive[number] or self.env.now < members.paused_until:
                yield self.env.timeout(STEP_SECONDS)
                continue
            generation, own = members.generation, members.lanes_of(number)
            if lanes.to_store(own).sum() < most:
                yield self.env.timeout(size.flush_seconds)
            waiting = lanes.to_store(own)
            total = float(waiting.sum())
            share = min(1.0, most / total) if total else 0.0
            repeats = lanes.again_stored[own] * share
            batch = waiting * share - repeats
            if generation == members.generation:
                lanes.taken[own] += batch
                yield self.env.timeout(self._write_seconds(total * share))
            if generation != members.generation or not members.is_alive[number]:
                continue  # whoever has the partitions now stores what was not committed
            lanes.again_stored[own] -= repeats
            lanes.stored[own] += batch
            if self.env.now - settled_at >= self.costs.group.settle_seconds:
                yield self.env.timeout(self.costs.clickhouse.settle_milliseconds / 1e3)
                settled_at = self.env.now
                lanes.settled[own] = lanes.stored[own]

    def _write_seconds(self, posts: float) -> float:
        pack = pack_of(
            self.load.kept, self.size.producers, self.size.partitions,
            self.costs.producer.linger_seconds,
        )  # fmt: skip
        rows = posts * ENTITIES_A_POST
        minute = self.recorder.posts_around(MINUTE_SECONDS, STEP_SECONDS) * ENTITIES_A_POST
        return write_seconds(rows, minute, self.size, self.costs, posts / pack)

    def _lose(self, group: Members, forget: Forget) -> Process:
        """Kill the first member; its partitions are missed, handed on, and back with it."""
        costs = self.costs.group
        yield self.env.timeout(AT_SECONDS)
        group.is_alive[0] = False
        self.recorder.repeated += forget(group.lanes_of(0))
        missed, back = costs.session_seconds, costs.restart_seconds
        if group.is_alive.any() and missed < back:
            yield self.env.timeout(missed)
            self._share_out(group, costs.leave_seconds)
        # One that is back sooner waits: the group must miss its former self first.
        yield self.env.timeout(AT_SECONDS + max(missed, back) - self.env.now)
        group.is_alive[0] = True
        self._share_out(group, costs.join_seconds)

    def _share_out(self, group: Members, seconds: float) -> None:
        group.share_out()
        if group is self.sinks:
            self.recorder.repeated += float((self.lanes.taken - self.lanes.stored).sum())
            self.lanes.taken = self.lanes.stored.copy()  # batches under way are not committed
        group.paused_until = self.env.now + seconds

    def _lose_broker(self) -> Process:
        """Kill the first broker: its partitions wait for new leaders; others carry more."""
        costs, leader = self.costs.group, self.leader
        yield self.env.timeout(AT_SECONDS)
        self.has_leader = leader != 0
        yield self.env.timeout(costs.broker_missed_seconds + costs.election_seconds)
        others = 1 + np.arange(len(leader)) % (self.size.brokers - 1)
        self.leader = np.where(leader == 0, others, leader)
        self.has_leader = np.ones_like(self.has_leader)
        yield self.env.timeout(costs.broker_away_seconds)
        self.leader = leader
