"""`python -m benchmarks.workers`: how workers share partitions, also while some come and go.

First a backlog, read by 1, 2 and 4 workers, of 4 and of 8 partitions: posts a second, and how
evenly the partitions are behind. Then posts come at a pace while two workers become four, one of
which is ended and one killed: what is stored must be what was sent, once.
"""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from benchmarks.line_chart import Axis, Chart, Line, Mark, even, picture
from benchmarks.processes import cpu_seconds
from benchmarks.worker_fleet import Broker, Fleet, LagRecord, Shared, fleet, shared, write_posts
from dashboards.palette import SERIES
from producers.publish import KafkaPublisher
from uproar.clickhouse import connect
from uproar.kafka import producer_settings
from uproar.records import Post

RUN = "scaling"
STORED = (Path(__file__).with_name("statements") / "stored_posts.sql").read_text("utf-8")
LIMIT_SECONDS = 240.0
POSTS_AT_ONCE = 100
"""In as many messages as there are partitions: a lag of a few large ones tells little."""
NAMES: dict[str, str] = {"local": "the local broker", "kafka": "Apache Kafka"}
TEXT = "The domain registrar Epik should be shut down now, call them and tell them so"


class Drained(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a backlog. `seconds` count from when the first worker had a partition."""

    broker: Broker
    partitions: int
    workers: int
    posts: int
    seconds: float
    cpu_seconds: float
    """Of the workers' processors, their start not included."""
    shared: Shared | None


class Scaled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of posts that were sent while workers came and went.

    `repeats` are messages that were read a second time, which nothing in the tables may tell.
    """

    broker: Broker
    sent: int
    stored: int
    counted: int
    reconciled: bool
    repeats: int
    marks: list[tuple[float, str]]
    lag: dict[int, list[tuple[float, float]]]


@click.command()
@click.option("--posts", default=20_000, show_default=True, help="Of a backlog")
@click.option("--rate", default=400, show_default=True, help="Posts a second while workers change")
@click.option("--seconds", default=40, show_default=True, help="For how long they are sent")
@click.option("--brokers", default="local,kafka", show_default=True, help="local, kafka or both")
@click.option("--picture", "drawn", type=click.Path(path_type=Path), help="Draw the lag here")
@click.option("--only", type=click.Choice(["backlog", "scaling"]), help="One of the two")
def main(
    posts: int, rate: int, seconds: int, brokers: str, drawn: Path | None, only: str | None
) -> None:
    """Run all of it, and print tables in Markdown. Status 1 where something was lost."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what runs ends, too
    folder = Path(tempfile.mkdtemp(prefix="uproar-bench-"))
    named: list[Broker] = [one for one in ("local", "kafka") if one in brokers.split(",")]
    scaled: list[Scaled] = []
    try:
        if only != "scaling":
            heads = ("broker", "partitions", "workers", "posts/s", "µs a post", "lag from the mean")
            click.echo(f"| {' | '.join(heads)} |")
            click.echo("|" + "---|" * len(heads))
            for broker in named:
                for partitions in (4, 8):
                    for workers in (1, 2, 4):
                        place = folder / f"{broker}-{partitions}-{workers}"
                        with fleet(place, broker, partitions) as running:
                            _tell_drained(drain(running, broker, partitions, workers, posts))
                        shutil.rmtree(place)
        if only != "backlog":
            for broker in named:
                with fleet(folder / broker, broker, 4) as running:
                    scaled.append(scale(running, broker, rate, seconds))
                _tell_scaled(scaled[-1])
        if drawn and scaled:
            drawn.write_text(draw(scaled), "utf-8")
    finally:
        shutil.rmtree(folder)
    if any(one.sent != one.stored or not one.reconciled for one in scaled):
        raise SystemExit(1)


def drain(running: Fleet, broker: Broker, partitions: int, workers: int, posts: int) -> Drained:
    """Send a backlog, then let workers read it."""
    publish(running, posts)
    with LagRecord(running) as record:
        pids = [running.start("worker").pid for _ in range(workers)]
        _until(lambda: (record.newest() or 0) > 0)
        backlog = sum(line[0][1] for line in record.lines.values())
        _until(lambda: 0 < (record.newest() or 0) < backlog or record.newest() == 0)
        begun = record.now()
        left = record.newest() or 0
        used = cpu_seconds(pids)
        _until(lambda: record.newest() == 0)
        seconds, used = record.now() - begun, cpu_seconds(pids) - used
    read = posts * left / backlog
    return Drained(
        broker=broker,
        partitions=partitions,
        workers=workers,
        posts=round(read),
        seconds=seconds,
        cpu_seconds=used,
        shared=shared(list(record.lines.values())),
    )


def publish(running: Fleet, count: int) -> None:
    """Send so many posts."""
    now = datetime.now(UTC)
    with KafkaPublisher(producer_settings(running.endpoints.kafka), running.topics) as outlet:
        outlet.begin("backlog", "benchmark", now)
        for number in range(count):
            outlet.send(
                Post(
                    run="backlog", platform="mastodon", post_id=str(number),
                    author=f"author-{number % 2_000}", text=f"{TEXT} ({number})", created_at=now,
                    observed_at=now, received_at=now,
                )
            )  # fmt: skip
            if number % POSTS_AT_ONCE == 0:
                outlet.flush_idle(float("inf"))
        outlet.flush()


def scale(running: Fleet, broker: Broker, rate: int, seconds: int) -> Scaled:
    """Send posts at a pace; two workers become four, then two again, one of them killed."""
    path = running.folder / "posts.jsonl"
    write_posts(path, rate * seconds, rate)
    running.start("sink")
    workers = [running.start("worker"), running.start("worker")]
    time.sleep(seconds / 5)  # they are to stand before what is measured begins
    with LagRecord(running) as record:
        marks: list[tuple[float, str]] = [(0.0, "2 workers")]
        replay = running.start("replay", str(path), "--run", RUN, "--speed", "1x")
        _at(record, seconds * 0.25)
        workers += [running.start("worker"), running.start("worker")]
        marks.append((record.now(), "4 workers"))
        _at(record, seconds * 0.6)
        workers[0].terminate()
        marks.append((record.now(), "one ended"))
        _at(record, seconds * 0.8)
        workers[1].kill()
        marks.append((record.now(), "one killed"))
        replay.wait(LIMIT_SECONDS)
        _until(lambda: record.newest() == 0)
    check = running.start("reconcile", RUN)
    client = connect(running.endpoints.clickhouse_url)
    ((stored, counted, messages, distinct),) = client.execute(STORED, {"run": RUN})
    client.disconnect()
    return Scaled(
        broker=broker,
        sent=rate * seconds,
        stored=stored,
        counted=counted,
        reconciled=check.wait(LIMIT_SECONDS) == 0,
        repeats=messages - distinct,
        marks=marks,
        lag={partition: list(line) for partition, line in sorted(record.lines.items())},
    )


def draw(scaled: list[Scaled]) -> str:
    """Return the picture of the lag by partition, with the moments at which workers changed."""
    charts = []
    for one in scaled:
        most = max(lag for line in one.lag.values() for _, lag in line)
        last = max(at for line in one.lag.values() for at, _ in line)
        lines = [
            Line(f"partition {partition}", points, SERIES[place % len(SERIES)])
            for place, (partition, points) in enumerate(one.lag.items())
        ]
        charts.append(
            Chart(
                f"{NAMES[one.broker]}: {one.sent:,} posts sent, {one.stored:,} stored",
                Axis("seconds", even(last)),
                Axis("messages behind", even(most)),
                lines,
                [Mark(at, words) for at, words in one.marks],
            )
        )
    note = "Messages of each partition that no worker has acknowledged, while workers come and go"
    return picture("Workers that come and go under load", note, charts)


def _tell_drained(one: Drained) -> None:
    even_ = f"{one.shared.typical:.0%}, at most {one.shared.worst:.0%}" if one.shared else "no lag"
    speed = one.posts / one.seconds if one.seconds else 0.0
    each = 1e6 * one.cpu_seconds / one.posts if one.posts else 0.0
    click.echo(
        f"| {NAMES[one.broker]} | {one.partitions} | {one.workers} | {speed:,.0f} | {each:,.0f} "
        f"| {even_} |"
    )


def _tell_scaled(one: Scaled) -> None:
    click.echo(
        f"{NAMES[one.broker]}: {one.sent:,} posts sent, {one.stored:,} stored, {one.counted:,} "
        f"counted by minute, {one.repeats:,} messages repeated; reconciled: {one.reconciled}"
    )


def _at(record: LagRecord, seconds: float) -> None:
    time.sleep(max(0.0, seconds - record.now()))


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit(f"it did not come to that within {LIMIT_SECONDS:.0f} s")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
