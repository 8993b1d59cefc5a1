"""The smallest cluster that is enough, and the costs that it is reckoned from."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from uproar.capacity.costs import parse_costs, read_costs
from uproar.capacity.incidents import Burst, Incident, parse_burst
from uproar.capacity.limits import limits_of
from uproar.capacity.picture import draw
from uproar.capacity.plan import LANES_A_WORKER, UTILISATION, Plan, first_size, plan
from uproar.capacity.simulation import simulate
from uproar.capacity.sizing import Load, Size, demand, pack_of
from uproar.cli import main
from uproar.errors import InputError

COSTS = read_costs().costs
BURST = Incident(burst=Burst(10, 60))


@pytest.fixture(scope="module")
def middle() -> Plan:
    """Return the plan of a million posts a second."""
    return plan(Load(seen=1_000_000), COSTS, [BURST, Incident(lost="worker")])


def test_a_plan_is_busy_for_no_more_than_it_should_and_well_again_in_time(middle: Plan) -> None:
    size, asked = middle.size, middle.demand
    assert asked.producer_cores <= UTILISATION * size.producers
    assert asked.worker_cores <= UTILISATION * size.workers
    assert asked.broker_cores <= UTILISATION * size.brokers * size.broker_cores
    assert all(one.recovery is not None and one.recovery <= 900 for one in middle.courses)


def test_with_a_third_fewer_producers_it_would_not_be_well_again_in_time(middle: Plan) -> None:
    fewer = msgspec.structs.replace(middle.size, producers=round(middle.size.producers * 0.67))
    course = simulate(middle.load, fewer, COSTS, BURST, 1200)
    assert course.recovery is None or course.recovery > 900


def test_every_worker_has_as_many_partitions_as_the_others(middle: Plan) -> None:
    size = middle.size
    assert size.partitions % size.workers == 0
    assert size.partitions >= LANES_A_WORKER * size.workers


def test_ten_times_the_load_takes_more_of_everything_that_it_goes_through() -> None:
    sizes = [first_size(Load(seen=seen), COSTS)[0] for seen in (1e4, 1e5, 1e6, 1e7, 1e8)]
    for name in ("producers", "workers", "partitions", "sinks"):
        counts = [getattr(size, name) for size in sizes]
        assert counts == sorted(counts), name


def test_many_producers_and_partitions_leave_posts_alone_in_their_messages() -> None:
    assert pack_of(10_000, 1, 4, 0.02) > 50
    assert pack_of(10_000, 100, 100, 0.02) < 1.1
    size = Size(producers=1, partitions=4, workers=1, brokers=3, sinks=2)
    many = msgspec.structs.replace(size, producers=100, partitions=100)
    load = Load(seen=1_000_000)
    assert demand(load, many, COSTS).worker_cores > 1.5 * demand(load, size, COSTS).worker_cores


def test_a_deeper_reading_and_a_wave_take_more_workers() -> None:
    light, default, deep = (
        first_size(Load(seen=1e6, reading=reading), COSTS)[0].workers
        for reading in ("light", "default", "deep")
    )
    wave = first_size(Load(seen=1e6, in_wave=True), COSTS)[0].workers
    assert light < default < deep
    assert wave > default


def test_only_where_one_process_is_not_enough_is_a_change_of_the_design_asked_for() -> None:
    small = plan(Load(seen=10_000), COSTS, [Incident(lost="worker")])
    assert list(limits_of(small, COSTS)) == []


def test_the_million_says_that_a_source_is_one_process(middle: Plan) -> None:
    assert any("one source is one process" in one.what for one in limits_of(middle, COSTS))


@pytest.mark.parametrize("words", ["10", "10x", "0x60s", "10x0s", "x60s", "10x60h", "ten"])
def test_a_burst_that_cannot_be_read_is_an_error_with_an_example(words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_burst(words)
    assert words in str(caught.value)
    assert "10x60s" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[1, 2", "is not YAML"),
        ("- 1", "holds no costs"),
        ("producer: {filter_microseconds: {value: -1}}", ">"),
        ("producer: {filter_microseconds: {value: a lot}}", "float"),
        ("machine: ours", "missing required field `producer`"),
    ],
)
def test_costs_that_cannot_be_used_are_told_with_their_place(text: str, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        parse_costs(text, "mine.yaml")


def test_each_cost_has_a_command_or_a_reason() -> None:
    sheet = read_costs()
    for place, origin in sheet.origins.items():
        assert origin.by or origin.note or place.startswith("machines."), place
        assert origin.value > 0


def test_the_command_prints_tables_draws_and_takes_costs_of_ones_own(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    ours = Path(__file__).parents[3] / "uproar" / "capacity" / "costs.yaml"
    costs, dearer = ours.read_text("utf-8"), "filter_microseconds:\n    value: 30\n"
    mine.write_text(re.sub(r"filter_microseconds:\n    value: \d+\n", dearer, costs), "utf-8")
    words = ["capacity", "--seen", "50000", "--lose", "worker", "--burst", "2x30s"]
    plain = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "lag.svg")])
    assert plain.exit_code == 0, plain.output
    for word in ("producers", "UPROAR_KAFKA_PARTITIONS", "2 times for 30 s", "a lost worker"):
        assert word in plain.output
    assert "a lost sink" not in plain.output
    assert (tmp_path / "lag.svg").read_text("utf-8").startswith("<svg")
    written = tmp_path / "facts.json"
    CliRunner().invoke(main, [*words, "--costs", str(mine), "--out", str(written)])
    facts = json.loads(written.read_bytes())
    assert facts["size"]["producers"] > 1
    assert {one["name"] for one in facts["incidents"]} == {"2 times for 30 s", "a lost worker"}


def test_a_picture_has_a_chart_for_each_incident_and_a_line_for_each_plan(middle: Plan) -> None:
    drawn = draw([middle, middle])
    assert drawn.count("<polyline") == 4
    assert len(drawn) < 40_000
