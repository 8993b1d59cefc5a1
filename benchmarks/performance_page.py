"""Results -> the parts of docs/performance.md and its pictures. Pure, but for reading the files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from benchmarks import line_chart
from benchmarks.bar_chart import Bar, BarChart, Part, picture
from benchmarks.course import Course
from benchmarks.figures import Spread, spread
from benchmarks.goals import Goal, goals
from benchmarks.idle import Idle, total
from benchmarks.latency import Latency
from benchmarks.results import Result
from benchmarks.soak import Soak
from benchmarks.stages import StageCost
from benchmarks.tables import amount, table
from benchmarks.ways import WAYS
from dashboards.palette import SERIES

GROUPS = {
    "producer": "blue",
    "broker": "orange",
    "worker": "green",
    "sink": "purple",
    "ClickHouse": "sky",
    "page, watcher": "brown",
}
"""Processes in the order in which posts flow, with their colours."""


BROKERS = {"local": "local broker", "apache": "Apache Kafka"}


class Found(msgspec.Struct, frozen=True):
    """The results that there are."""

    stages: Result[StageCost] | None = None
    end_to_end: Result[Course] | None = None
    end_to_end_wave: Result[Course] | None = None
    end_to_end_posts: Result[Course] | None = None
    latency: Result[Latency] | None = None
    idle: Result[Idle] | None = None
    soak: Result[Soak] | None = None

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the files of a folder. Raises msgspec's errors for one that is none of ours."""
        hints = {
            "stages": Result[StageCost],
            "end_to_end": Result[Course],
            "end_to_end_wave": Result[Course],
            "end_to_end_posts": Result[Course],
            "latency": Result[Latency],
            "idle": Result[Idle],
            "soak": Result[Soak],
        }
        found: dict[str, Any] = {}
        for name, kind in hints.items():
            path = folder / f"{name.replace('_', '-')}.json"
            if path.exists():
                found[name] = msgspec.json.decode(path.read_bytes(), type=kind)
        return cls(**found)

    @property
    def goal_courses(self) -> Sequence[Course]:
        """The courses that goals are held to: of a file of real posts, where there are such."""
        result = self.end_to_end_posts or self.end_to_end
        return result.figures if result else ()


def sections(found: Found) -> dict[str, str]:
    """Return the parts of the page by the names of their markers, for what was measured."""
    made: dict[str, str] = {}
    if found.stages:
        made["stages"] = _with_how(found.stages, _stages(found.stages.figures))
    if found.end_to_end:
        courses = found.end_to_end.figures
        made["end-to-end"] = _with_how(found.end_to_end, _rates(courses))
        made["cpu"] = _processes(courses)
    if found.end_to_end_wave:
        made["wave"] = _with_how(found.end_to_end_wave, _rates(found.end_to_end_wave.figures))
    if found.end_to_end_posts:
        made["posts"] = _with_how(
            found.end_to_end_posts,
            f"{_rates(found.end_to_end_posts.figures)}\n\n{_processes(found.end_to_end_posts.figures)}",
        )
    if found.latency:
        made["latency"] = _with_how(found.latency, _latencies(found.latency.figures))
    if found.idle:
        made["idle"] = _with_how(found.idle, _idle(found.idle.figures))
    if found.soak:
        made["soak"] = _with_how(found.soak, _soak(found.soak.figures[0]))
    results = [one for one in msgspec.structs.astuple(found) if one is not None]
    if results:
        made["machine"] = _machine(results)
        made["goals"] = _goals(
            goals(
                courses=found.goal_courses,
                stages=found.stages.figures if found.stages else (),
                latencies=found.latency.figures if found.latency else (),
                idle=found.idle.figures if found.idle else (),
                soak=found.soak.figures[0] if found.soak else None,
            )
        )
    return made


def pictures(found: Found) -> dict[str, str]:
    """Return the pictures by the names of their files, for what was measured."""
    made = {}
    if found.goal_courses:
        latencies = found.latency.figures if found.latency else ()
        made["performance.svg"] = _picture(found.goal_courses, latencies)
    if found.soak:
        made["soak.svg"] = _soak_picture(found.soak.figures[0])
    return made


def _with_how(result: Result[Any], content: str) -> str:
    when = f"{result.began_at:%d %B %Y}, {amount(result.minutes)} minutes"
    return f"`{result.command}`, {when}.\n\n{content}"


def _machine(results: Sequence[Result[Any]]) -> str:
    machine = results[-1].machine
    loops = [one.noise.loop_milliseconds for one in results]
    loads = [one.noise.load for one in results]
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    return (
        f"{machine.processor}, {machine.cores} cores, {amount(machine.memory_gigabytes)} GB, "
        f"{machine.system}, Python {machine.python}; {packages}.\n\n"
        "Noise: a fixed loop of Python, timed before each round, took "
        f"{min(one.least for one in loops):.0f} to {max(one.most for one in loops):.0f} ms "
        f"(median {spread([one.median for one in loops]).median:.0f}); the load average lay "
        f"between {min(one.least for one in loads):.1f} and {max(one.most for one in loads):.1f}."
    )


def _goals(found: Sequence[Goal]) -> str:
    rows = [
        (one.words, one.wanted, one.measured, "yes" if one.is_met else "**no**") for one in found
    ]
    return table(("goal", "wanted", "measured", "met"), rows)


def _stages(costs: Sequence[StageCost]) -> str:
    rows = [
        (
            cost.stage,
            amount(cost.best),
            amount(cost.median),
            "" if cost.server is None else amount(cost.server),
            f"{1e6 / cost.median:,.0f}" if cost.median else "",
            "" if cost.megabytes is None else amount(cost.megabytes),
        )
        for cost in costs
    ]
    head = (
        "stage",
        "µs a post, best",
        "median",
        "broker's or ClickHouse's",
        "posts/s a core",
        "MB",
    )
    return table(head, rows)


def _by(courses: Sequence[Course]) -> dict[tuple[str, str], list[Course]]:
    found: dict[tuple[str, str], list[Course]] = {}
    for course in courses:
        found.setdefault((course.reading, course.way), []).append(course)
    return found


def rate(courses: Sequence[Course]) -> Spread:
    """Return posts a second of the rounds of a way."""
    return spread([course.posts / course.seconds for course in courses])


def _rates(courses: Sequence[Course]) -> str:
    rows = []
    for (reading, way), some in _by(courses).items():
        found = rate(some)
        rows.append(
            (
                f"{WAYS[way].title} ({reading})",
                amount(found.median),
                f"{amount(found.least)} to {amount(found.most)}",
                f"{some[0].posts:,}",
                amount(spread([one.before_seconds for one in some]).median),
                "; ".join(dict.fromkeys(word for one in some for word in one.problems)) or "right",
            )
        )
    head = (
        "way (reading)",
        "posts/s",
        "least to most",
        "posts",
        "s before the first post",
        "stored",
    )
    return table(head, rows)


def costs_of(courses: Sequence[Course]) -> dict[str, float]:
    """Return microseconds of processor time a post, by process: the medians of the rounds."""
    return {
        group: spread([one.cpu.get(group, 0.0) / one.posts * 1e6 for one in courses]).median
        for group in GROUPS
    }


def _processes(courses: Sequence[Course]) -> str:
    rows = []
    for (reading, way), some in _by(courses).items():
        costs = costs_of(some)
        rows.append(
            (
                f"{WAYS[way].title} ({reading})",
                *(amount(costs[group]) for group in GROUPS),
                amount(sum(costs.values())),
            )
        )
    return table(("µs of processor time a post", *GROUPS, "all"), rows)


def _latencies(found: Sequence[Latency]) -> str:
    rows = [
        (
            f"{WAYS[one.way].title}, {BROKERS[one.broker]}",
            *(f"{value:,.0f}" for value in (one.p50, one.p90, one.p99, one.most)),
            f"{one.probes:,}" + (f", {one.missing} never came" if one.missing else ""),
        )
        for one in found
    ]
    return table(("milliseconds", "p50", "p90", "p99", "most", "looked for"), rows)


def _idle(found: Sequence[Idle]) -> str:
    rows = [
        (one.process, f"{one.pss:.0f}", f"{one.rss:.0f}", f"{one.cpu_share:.2%}")
        for one in (*found, total(list(found)))
    ]
    return table(("process", "PSS MB", "RSS MB", "of a core"), rows)


def _soak(found: Soak) -> str:
    rows = [
        (
            one.process,
            *(f"{value:.0f}" for value in (one.rss[0], max(one.rss), one.rss[-1])),
            f"{one.slope:+.1f}",
            str(one.lives),
            f"{one.cpu_share:.0%}",
        )
        for one in found.processes
    ]
    head = ("RSS, MB", "first", "most", "last", "more an hour", "lives", "of a core")
    told = (
        f"{found.sent:,} posts sent in {found.minutes:.0f} minutes at {found.rate:,.0f} a second, "
        f"{found.reading} reading; {found.stored:,} stored."
    )
    return f"{told}\n\n{table(head, rows)}"


def _picture(courses: Sequence[Course], latencies: Sequence[Latency]) -> str:
    charts = []
    for reading in dict.fromkeys(course.reading for course in courses):
        some = {way: one for (read, way), one in _by(courses).items() if read == reading}
        charts.append(_chart_of_rates(reading, some))
        charts.append(_chart_of_costs(reading, some))
    if latencies:
        charts.append(_chart_of_latencies(latencies))
    return picture(
        "From a file to rows that can be queried",
        "All processes on one machine; medians of the rounds, thin lines from least to most.",
        charts,
    )


def _chart_of_rates(reading: str, ways: Mapping[str, Sequence[Course]]) -> BarChart:
    bars = []
    for way, courses in ways.items():
        found = rate(courses)
        color = "vermillion" if WAYS[way].program == "uproar" else "grey"
        bars.append(
            Bar(
                WAYS[way].title,
                [Part(WAYS[way].title, found.median, color)],
                amount(found.median),
                (found.least, found.most),
            )
        )
    goal = (20_000, "goal") if reading == "light" else (10_000, "goal")
    return BarChart(f"Posts a second, {reading} reading", "posts/s", bars, goal)


def _chart_of_costs(reading: str, ways: Mapping[str, Sequence[Course]]) -> BarChart:
    bars = []
    for way, courses in ways.items():
        if WAYS[way].naive_rows:
            continue  # ten times as long as all others: they would not be seen
        costs = costs_of(courses)
        parts = [Part(group, costs[group], color) for group, color in GROUPS.items()]
        bars.append(Bar(WAYS[way].title, parts, amount(sum(costs.values()))))
    return BarChart(f"Processor time, {reading} reading", "µs a post", bars)


def _chart_of_latencies(latencies: Sequence[Latency]) -> BarChart:
    bars = [
        Bar(
            f"{WAYS[one.way].title}, {one.broker}",
            [Part("p50", one.p50, "blue"), Part("to p99", one.p99 - one.p50, "sky")],
            f"{one.p50:.0f}, {one.p99:.0f}",
        )
        for one in latencies
    ]
    return BarChart("From produced to queryable, live", "milliseconds", bars)


def _soak_picture(found: Soak) -> str:
    most = max(max(one.rss) for one in found.processes)
    last = max(one.seconds[-1] for one in found.processes) / 60
    chart = line_chart.Chart(
        title=f"{found.rate:,.0f} posts a second",
        across=line_chart.Axis("minutes", line_chart.even(last)),
        up=line_chart.Axis("MB of RSS", line_chart.even(most)),
        lines=[
            line_chart.Line(
                one.process,
                [(at / 60, size) for at, size in zip(one.seconds, one.rss, strict=True)],
                SERIES[number % len(SERIES)],
            )
            for number, one in enumerate(found.processes)
        ],
    )
    note = (
        "What each process holds. Worker, sink and broker begin anew where the broker is emptied."
    )
    return line_chart.picture("Memory over an hour", note, [chart])
