"""What was to be reached, and how far it is. Pure."""

from collections.abc import Iterator, Sequence

import msgspec

from benchmarks.course import Course
from benchmarks.figures import spread
from benchmarks.idle import Idle, total
from benchmarks.latency import Latency
from benchmarks.soak import Soak
from benchmarks.stages import StageCost
from benchmarks.tables import amount
from uproar.config import Reading

FULL_RATE, LIGHT_RATE = 10_000, 20_000
NAIVE_TIMES = 7.0
LOOP_SHARE = 0.85
NOT_READING_MICROSECONDS = 50.0
VADER_RATE, FILTER_RATE = 80_000, 100_000
LATENCIES = {"apache": (300, 600), "local": (700, 1_200)}
IDLE_MEGABYTES, IDLE_SHARE = 600, 0.05
FLAT_SHARE = 0.03
"""Of its memory at the end, what a process that is flat may gain in an hour."""


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """One goal, its figure, and whether it is met."""

    words: str
    wanted: str
    measured: str
    is_met: bool


def goals(
    *,
    courses: Sequence[Course],
    stages: Sequence[StageCost],
    latencies: Sequence[Latency],
    idle: Sequence[Idle],
    soak: Soak | None,
) -> list[Goal]:
    """Return the goals of which something was measured."""
    return [
        *_rates(courses),
        *_ratios(courses),
        *_not_reading(courses, stages),
        *_alone(stages),
        *_latencies(latencies),
        *_idle(idle),
        *_flat(soak),
    ]


def _rates(courses: Sequence[Course]) -> Iterator[Goal]:
    wanted: tuple[tuple[Reading, int], ...] = (("full", FULL_RATE), ("light", LIGHT_RATE))
    for reading, least in wanted:
        found = [
            spread(rates).median
            for way in ("uproar", "uproar-2")
            if (rates := [one.posts / one.seconds for one in _of(courses, reading, way)])
        ]
        if found:
            yield Goal(
                words=f"end to end, {reading} reading, kept posts/s",
                wanted=f"≥ {least:,}",
                measured=amount(max(found)),
                is_met=max(found) >= least,
            )


def _of(courses: Sequence[Course], reading: Reading, way: str) -> list[Course]:
    return [one for one in courses if (one.reading, one.way) == (reading, way)]


def times(courses: Sequence[Course], reading: Reading, way: str, other: str) -> float | None:
    """Return how many times as fast one way is as another: the median over the rounds' pairs."""
    pairs = zip(_of(courses, reading, way), _of(courses, reading, other), strict=False)
    ratios = [(one.posts / one.seconds) / (two.posts / two.seconds) for one, two in pairs]
    return spread(ratios).median if ratios else None


def _ratios(courses: Sequence[Course]) -> Iterator[Goal]:
    readings: tuple[Reading, ...] = ("full", "light")
    for reading in readings:
        best = max(
            (times(courses, reading, way, "naive") or 0 for way in ("uproar", "uproar-2")),
            default=0,
        )
        if best and reading == "full":
            yield Goal(
                words="end to end, times the naive pipeline",
                wanted=f"≥ {NAIVE_TIMES:g}",
                measured=amount(best),
                is_met=best >= NAIVE_TIMES,
            )
        for other, least, words in (
            ("quix", 1.0, "Quix Streams"),
            ("bytewax", 1.0, "Bytewax"),
            ("loop", LOOP_SHARE, "the plain loop"),
        ):
            for suffix, processes in (("", "one process"), ("-2", "two")):
                found = times(courses, reading, f"uproar{suffix}", f"{other}{suffix}")
                if found is not None:
                    yield Goal(
                        words=f"times {words}, {reading} reading, {processes} each",
                        wanted=f"> {least:g}" if least == 1 else f"≥ {least:g}",
                        measured=f"{found:.2f}",
                        is_met=found > least if least == 1 else found >= least,
                    )


def _not_reading(courses: Sequence[Course], stages: Sequence[StageCost]) -> Iterator[Goal]:
    """Yield the sum of what is measured in the pipeline, and of Faust's own share, alone."""
    faust = next((one for one in stages if one.stage.startswith("Faust")), None)
    readings: tuple[Reading, ...] = ("full", "light")
    for reading in readings:
        some = _of(courses, reading, "uproar") or _of(courses, reading, "uproar-2")
        if faust is None or not some:
            continue
        parts = {
            group: spread([one.cpu[group] / one.posts * 1e6 for one in some]).median
            for group in ("producer", "broker", "sink", "ClickHouse")
        } | {"Faust": faust.median}
        told = ", ".join(f"{name} {amount(value)}" for name, value in parts.items())
        yield Goal(
            words=f"what is not reading, µs a post, {reading} reading",
            wanted=f"≤ {NOT_READING_MICROSECONDS:g}",
            measured=f"{amount(sum(parts.values()))} ({told})",
            is_met=sum(parts.values()) <= NOT_READING_MICROSECONDS,
        )


def _alone(stages: Sequence[StageCost]) -> Iterator[Goal]:
    for stage, least in (
        ("VADER alone, short English posts", VADER_RATE),
        ("filter, posts that go no further", FILTER_RATE),
    ):
        cost = next((one for one in stages if one.stage == stage), None)
        if cost is not None:
            yield Goal(
                words=f"{stage}, posts/s a core",
                wanted=f"≥ {least:,}",
                measured=amount(1e6 / cost.median),
                is_met=1e6 / cost.median >= least,
            )


def _latencies(latencies: Sequence[Latency]) -> Iterator[Goal]:
    for one in latencies:
        if one.way == "uproar":
            half, most = LATENCIES[one.broker]
            broker = "Apache Kafka" if one.broker == "apache" else "the local broker"
            yield Goal(
                words=f"live at {one.rate:g} posts/s on {broker}, p50 and p99, ms",
                wanted=f"≤ {half:,}, {most:,}",
                measured=f"{one.p50:,.0f}, {one.p99:,.0f}",
                is_met=one.p50 <= half and one.p99 <= most and not one.missing,
            )


def _idle(idle: Sequence[Idle]) -> Iterator[Goal]:
    if idle:
        all_ = total(list(idle))
        yield Goal(
            words="idle stack, MB of PSS and share of a core",
            wanted=f"< {IDLE_MEGABYTES}, {IDLE_SHARE:.0%}",
            measured=f"{all_.pss:.0f}, {all_.cpu_share:.1%}",
            is_met=all_.pss < IDLE_MEGABYTES and all_.cpu_share < IDLE_SHARE,
        )


def _flat(soak: Soak | None) -> Iterator[Goal]:
    if soak is not None:
        rising = [
            f"{one.process} {one.slope:+.0f} MB/h"
            for one in soak.processes
            if one.slope > FLAT_SHARE * one.rss[-1]
        ]
        lost = soak.sent - soak.stored
        pace = f"{soak.rate:,.0f} posts/s, {soak.reading} reading"
        yield Goal(
            words=f"{soak.minutes:.0f} minutes at {pace}, memory",
            wanted="flat in every process",
            measured=", ".join(rising) or "flat" + (f", {lost:,} not stored" if lost else ""),
            is_met=not rising and not lost,
        )
