"""What the page about performance shows is what was measured."""

import itertools
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from benchmarks.course import Course
from benchmarks.figures import Spread
from benchmarks.goals import FULL_RATE, Goal, goals, times
from benchmarks.idle import Idle
from benchmarks.latency import Latency
from benchmarks.paced import Order, Text, posts
from benchmarks.performance import PAGE, jobs
from benchmarks.performance_page import GROUPS, Found, pictures, sections
from benchmarks.results import FigureT, Machine, Noise, Result, save
from benchmarks.rivals.task import Task
from benchmarks.soak import Soak, Soaked
from benchmarks.stages import StageCost
from benchmarks.tables import places
from benchmarks.ways import WAYS, Way, sink_command, worker_commands
from uproar.config import Reading

QUIET = Noise(loop_milliseconds=Spread(9.0, 8.0, 12.0), load=Spread(0.3, 0.1, 2.5))
MACHINE = Machine(
    processor="a processor", cores=2, memory_gigabytes=24.0, system="Linux 6", python="3.11",
    packages={"bytewax": "0.21.1"},
)  # fmt: skip


def result(name: str, figures: list[FigureT]) -> Result[FigureT]:
    return Result(
        benchmark=name,
        command=f"python -m benchmarks.{name}",
        began_at=datetime(2026, 1, 2, tzinfo=UTC),
        minutes=3.0,
        machine=MACHINE,
        noise=QUIET,
        figures=figures,
    )


def course(
    way: str, rate: float, reading: Reading = "full", problems: tuple[str, ...] = ()
) -> Course:
    return Course(
        way=way, reading=reading, posts_of="ordinary", posts=1_000, rows=1_100,
        seconds=1_000 / rate, before_seconds=1.0, ready_seconds=5.0,
        cpu=dict.fromkeys(GROUPS, 0.004), memory={}, problems=list(problems),
    )  # fmt: skip


def latency(broker: str, p50: float, p99: float) -> Latency:
    return msgspec.convert(
        {
            "way": "uproar", "broker": broker, "rate": 500.0, "probes": 100, "missing": 0,
            "p50": p50, "p90": p50, "p99": p99, "most": p99, "looks_a_second": 80.0,
            "cpu_share": {},
        },
        Latency,
    )  # fmt: skip


def soak(*sizes: float, slope: float) -> Soak:
    sink = Soaked(
        process="sink", seconds=[10.0 * number for number in range(len(sizes))],
        rss=list(sizes), cpu_share=0.1, slope=slope, lives=1,
    )  # fmt: skip
    return Soak(rate=2_000.0, minutes=60.0, reading="light", sent=10, stored=10, processes=[sink])


def found() -> Found:
    courses = [course(way, 10_000 + 10 * place) for place, way in enumerate(WAYS)] * 2
    return Found(
        stages=result("stages", [StageCost(stage="decode", best=3.0, median=4.0)]),
        end_to_end=result("end_to_end", courses),
        end_to_end_wave=result("end_to_end", courses[:2]),
        end_to_end_posts=result("end_to_end", courses),
        latency=result("latency", [latency("local", 100, 200)]),
        idle=result("idle", [Idle(process="sink", rss=70.0, pss=60.0, cpu_share=0.01)]),
        soak=result("soak", [soak(80.0, 81.0, 81.0, slope=0.0)]),
    )


def wanted(some: list[Goal], words: str) -> Goal:
    (one,) = [goal for goal in some if words in goal.words]
    return one


def test_the_page_has_a_place_for_everything_measured_and_no_other() -> None:
    text = PAGE.read_text("utf-8")
    assert set(places(text)) == sections(found()).keys()
    for name in pictures(found()):
        assert f"]({name})" in text
        assert (PAGE.parent / name).exists()


def test_what_was_not_measured_is_not_written() -> None:
    assert sections(Found()) == pictures(Found()) == {}
    idle = Found(idle=found().idle)
    assert sections(idle).keys() == {"idle", "machine", "goals"}
    assert pictures(idle) == {}


def test_pictures_can_be_drawn_and_read() -> None:
    for svg in pictures(found()).values():
        assert ET.fromstring(svg).tag.endswith("svg")


def test_results_come_back_from_their_files_as_they_were(tmp_path: Path) -> None:
    one = found()
    assert one.soak
    assert one.end_to_end
    save(one.soak, tmp_path / "soak.json")
    save(one.end_to_end, tmp_path / "end-to-end.json")
    again = Found.read(tmp_path)
    assert (again.soak, again.end_to_end, again.idle) == (one.soak, one.end_to_end, None)


def test_every_result_of_the_page_has_a_job_that_measures_it() -> None:
    own = (Path("posts.csv"), Path("uproar.yaml"))
    wanted = jobs(soak_minutes=1, rounds=1, count=1, posts=own[0], config=own[1])
    names = {name for name, _ in wanted}
    assert names == {field.replace("_", "-") for field in Found.__struct_fields__}
    assert not {"soak", "end-to-end-posts"} & {
        name for name, _ in jobs(soak_minutes=0, rounds=1, count=1)
    }


def test_ratios_are_of_the_rounds_in_pairs_so_that_a_slow_round_touches_both() -> None:
    rounds = [
        course("uproar", 900),
        course("loop", 1_000),
        course("uproar", 90),
        course("loop", 100),
    ]
    assert times(rounds, "full", "uproar", "loop") == pytest.approx(0.9)
    assert times(rounds, "light", "uproar", "loop") is None


@pytest.mark.parametrize(("rate", "is_met"), [(FULL_RATE - 1, False), (FULL_RATE, True)])
def test_a_goal_is_met_or_not_by_the_median_of_the_better_number_of_workers(
    rate: float, is_met: bool
) -> None:
    courses = [course("uproar", 10), course("uproar-2", 1), course("uproar-2", rate)]
    courses.append(course("uproar-2", 1e6))
    all_ = goals(courses=courses, stages=(), latencies=(), idle=(), soak=None)
    assert wanted(all_, "end to end, full").is_met is is_met


def test_a_rival_must_be_beaten_and_the_loop_only_nearly() -> None:
    courses = [course("uproar", 90), course("loop", 100), course("quix", 91), course("naive", 12)]
    all_ = goals(courses=courses, stages=(), latencies=(), idle=(), soak=None)
    assert wanted(all_, "the plain loop").is_met
    assert not wanted(all_, "Quix").is_met
    assert wanted(all_, "naive").is_met


def test_each_broker_has_its_own_goal_of_latency() -> None:
    slow = [latency("local", 650, 1_100), latency("apache", 650, 1_100)]
    all_ = goals(courses=(), stages=(), latencies=slow, idle=(), soak=None)
    assert wanted(all_, "local broker").is_met
    assert not wanted(all_, "Apache Kafka").is_met


def test_memory_that_rises_or_a_post_that_is_lost_fails_the_soak() -> None:
    flat = soak(80.0, 81.0, slope=1.0)
    for one, is_met in (
        (flat, True),
        (soak(80.0, 90.0, slope=20.0), False),
        (msgspec.structs.replace(flat, stored=9), False),
    ):
        (goal,) = goals(courses=(), stages=(), latencies=(), idle=(), soak=one)
        assert goal.is_met is is_met


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_every_way_has_as_many_readers_as_it_says_and_a_sink(way: Way, tmp_path: Path) -> None:
    commands = worker_commands(way, tmp_path / "task.json", tmp_path / "config.yaml", [1, 2])
    assert len(commands) == way.workers
    assert ("naive" in " ".join(sink_command(way, tmp_path, tmp_path))) == bool(way.naive_rows)


def test_a_steady_sender_gives_every_post_an_identity_of_its_own() -> None:
    task = Task(brokers=(), is_local=True, prefix="p", config="")
    texts = [Text("one", "en", "epik"), Text("two", None, "gab")]
    order = Order(task=task, texts=texts, rate=1.0, seconds=1.0)
    made = list(itertools.islice(posts(order), 5))
    assert [text.text for _, text in made] == ["one", "two", "one", "two", "one"]
    assert len({post.post_id for post, _ in made}) == 5
