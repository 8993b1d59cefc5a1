"""Every metric, declared once. Who counts is the edge of a stage; who shows is `operations`.

Names are `uproar_<noun>_<unit>`, a counter's with `_total` behind it. Labels come from closed
sets: a stage, a kind of record, a reason, a run of ours. Never a text, an author, an address.
docs/metrics.md lists them all, and a test compares the two.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Stage = Literal["producer", "streams", "sink", "watch", "page", "stack"]
"""The kinds of processes; `stack` is the command that started the others."""

Server = Literal["clickhouse", "kafka"]

REGISTRY = CollectorRegistry()

RECORDS_IN = Counter(
    "uproar_records_in",
    "Records that a stage has read, by kind. Of the producer: records of its input.",
    ["stage", "kind"],
    registry=REGISTRY,
)
RECORDS_OUT = Counter(
    "uproar_records_out",
    "Records that a stage has handed on: acknowledged by Kafka, or stored in ClickHouse.",
    ["stage", "kind"],
    registry=REGISTRY,
)
MESSAGES_IN = Counter(
    "uproar_messages_in", "Kafka messages that a stage has read.", ["stage"], registry=REGISTRY
)
MESSAGES_OUT = Counter(
    "uproar_messages_out",
    "Kafka messages that a stage has sent and that the broker has acknowledged.",
    ["stage"],
    registry=REGISTRY,
)
BYTES_OUT = Counter(
    "uproar_messages_out_bytes",
    "Bytes of the messages that a stage has sent, before compression.",
    ["stage"],
    registry=REGISTRY,
)
FILTERED = Counter(
    "uproar_filtered_records",
    "Records that a stage has read and need go no further: they mention no tracked entity.",
    ["stage"],
    registry=REGISTRY,
)
DEAD_LETTERS = Counter(
    "uproar_dead_letters",
    "Records that could not be used, by the stage that found that out and its reason.",
    ["stage", "reason"],
    registry=REGISTRY,
)
JUDGED = Counter(
    "uproar_judged_minutes",
    "Minutes of entities that the watcher has judged.",
    registry=REGISTRY,
)
ALERTS = Counter(
    "uproar_alerts",
    "Alerts that the watcher has raised, by the signal of the threshold and its severity.",
    ["signal", "severity"],
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "uproar_alert_deliveries",
    "Messages about alerts that were brought to a channel, by what came of it: delivered, failed "
    "(and tried again) or refused.",
    ["state"],
    registry=REGISTRY,
)
WATCH_SECONDS = Histogram(
    "uproar_watch_seconds",
    "Time of one pass of the watcher that judged something.",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
    registry=REGISTRY,
)
READING_SECONDS = Histogram(
    "uproar_reading_seconds",
    "Time the streams take to read the posts of one message.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=REGISTRY,
)
BATCH_RECORDS = Histogram(
    "uproar_batch_records",
    "Records that the sink has written at once.",
    buckets=(1, 10, 100, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 50_000),
    registry=REGISTRY,
)
BATCH_BYTES = Histogram(
    "uproar_batch_bytes",
    "Bytes of the Kafka messages that a batch of the sink came in.",
    buckets=tuple(1024 * 4**power for power in range(9)),
    registry=REGISTRY,
)
STEP_SECONDS = Histogram(
    "uproar_step_seconds",
    "Time of one step of a batch: look-up, insert, recompute (the minutes), coarser (hours, days, "
    "calls), commit; write is all but the commit.",
    ["step"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
    registry=REGISTRY,
)
RETRIES = Counter(
    "uproar_retries",
    "Attempts that a server did not take and that were made again.",
    ["stage", "server"],
    registry=REGISTRY,
)
WAITING = Gauge(
    "uproar_waiting", "1 while the process waits for this, else 0.", ["on"], registry=REGISTRY
)
WAITED_SECONDS = Counter(
    "uproar_waited_seconds",
    "Time spent waiting for this, waits that are over.",
    ["on"],
    registry=REGISTRY,
)
BUFFERED_RECORDS = Gauge(
    "uproar_buffered_records",
    "Records in memory: the producer's window for the order of time, the sink's open batch.",
    ["stage"],
    registry=REGISTRY,
)
BUFFERED_MESSAGES = Gauge(
    "uproar_buffered_messages",
    "Kafka messages in memory: those the streams have fetched, those the producer has in flight.",
    ["stage"],
    registry=REGISTRY,
)
BUFFERED_BYTES = Gauge(
    "uproar_buffered_bytes",
    "Bytes of the Kafka messages that the sink's open batch came in.",
    ["stage"],
    registry=REGISTRY,
)
QUERY_SECONDS = Histogram(
    "uproar_query_seconds",
    "Time of one query of the page, by whether ClickHouse answered it.",
    ["outcome"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30),
    registry=REGISTRY,
)
RESTARTS = Counter(
    "uproar_restarts",
    "How often the stack has started one of its processes again.",
    ["name"],
    registry=REGISTRY,
)
RENEWALS = Counter(
    "uproar_renewals",
    "How often the local broker was emptied because its memory was full.",
    registry=REGISTRY,
)
SOURCES = Gauge(
    "uproar_sources",
    "Live sources of a platform that are in this state.",
    ["platform", "state"],
    registry=REGISTRY,
)
SOURCE_FRAMES = Counter(
    "uproar_source_frames",
    "Frames that live sources of a platform have received.",
    ["platform"],
    registry=REGISTRY,
)
SOURCE_RECONNECTS = Counter(
    "uproar_source_reconnects",
    "How often a live source of a platform had to be opened again.",
    ["platform"],
    registry=REGISTRY,
)
SOURCE_GAPS = Counter(
    "uproar_source_gaps",
    "Stretches that a platform has left out, each a dead letter with the reason `gap`.",
    ["platform"],
    registry=REGISTRY,
)
BUILD = Gauge("uproar_build", "1; the label tells the version.", ["version"], registry=REGISTRY)


class Sampled(Collector):
    """A gauge whose values are asked for when they are scraped.

    So a partition that another worker has taken over, or a run that is over, has no value left.
    """

    def __init__(self, name: str, meaning: str, labels: tuple[str, ...]) -> None:
        self.name, self.meaning, self.labels = name, meaning, labels
        self._ask: Callable[[], Iterable[tuple[tuple[str, ...], float]]] = lambda: ()
        REGISTRY.register(self)

    def read_from(self, ask: Callable[[], Iterable[tuple[tuple[str, ...], float]]]) -> None:
        """Take the values from `ask`: pairs of label values and the gauge's value."""
        self._ask = ask

    def describe(self) -> Iterator[Metric]:
        """Yield what it is, without values."""
        yield GaugeMetricFamily(self.name, self.meaning, labels=self.labels)

    def collect(self) -> Iterator[Metric]:
        """Yield it with its values of now."""
        family = GaugeMetricFamily(self.name, self.meaning, labels=self.labels)
        for values, number in self._ask():
            family.add_metric(values, number)
        yield family


LAG_MESSAGES = Sampled(
    "uproar_lag_messages",
    "Kafka messages of a partition that the stage has not acknowledged yet, by the broker's "
    "high watermark.",
    ("stage", "stream", "partition"),
)
OBSERVED_BEFORE = Sampled(
    "uproar_watermark_timestamp_seconds",
    "Everything of this unfinished run that was observed before this time is stored.",
    ("run",),
)
WATERMARK_STORED = Sampled(
    "uproar_watermark_stored_timestamp_seconds",
    "When the sink has last stored a watermark of this unfinished run.",
    ("run",),
)
RESIDENT_BYTES = Sampled(
    "uproar_server_resident_memory_bytes",
    "Memory of a server of the local stack.",
    ("server",),
)

MOST_REASONS = 100
_REASON = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_seen_reasons: set[str] = set()


def reason_label(reason: str) -> str:
    """Return a reason as a label: a phrase of ours, for what a topic holds may be anybody's.

    >>> reason_label("not-a-record"), reason_label("Somebody's own words")
    ('not-a-record', 'other')
    """
    if reason in _seen_reasons:
        return reason
    if len(_seen_reasons) >= MOST_REASONS or not _REASON.fullmatch(reason) or len(reason) > 40:
        return "other"
    _seen_reasons.add(reason)
    return reason


def kind_label(record: type[msgspec.Struct]) -> str:
    """Return the word for a kind of record, which is the one that messages use.

    >>> from uproar.records import DeadLetter
    >>> kind_label(DeadLetter)
    'dead-letter'
    """
    return str(record.__struct_config__.tag)


class Described(msgspec.Struct, frozen=True):
    """A metric as people see it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str


def describe_metrics() -> list[Described]:
    """Return all that are declared here, by name.

    >>> [one.kind for one in describe_metrics() if one.name == "uproar_records_in_total"]
    ['counter']
    """
    found = []
    declared = [one for one in globals().values() if isinstance(one, Counter | Gauge | Histogram)]
    for one in declared:
        (family,) = one.describe()
        name = family.name + ("_total" if family.type == "counter" else "")
        found.append(Described(name, family.type, one._labelnames, family.documentation))
    sampled = [one for one in globals().values() if isinstance(one, Sampled)]
    found += [Described(one.name, "gauge", one.labels, one.meaning) for one in sampled]
    return sorted(found, key=lambda one: one.name)
