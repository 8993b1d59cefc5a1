"""The pictures and tables of growth, from invented figures."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from click.testing import CliRunner

from benchmarks.fill import Filled, Step
from benchmarks.growth import BEGIN, END, main
from benchmarks.growth_drawn import drawn, tables
from benchmarks.growth_figures import Size, Table, Written
from benchmarks.line_chart import Axis, Chart, Line, even, picture, powers
from benchmarks.queries import Timing
from benchmarks.worker_fleet import Shared, shared
from benchmarks.workers import Scaled, draw


def size(reactions: int, slow: float) -> Size:
    timings = [
        Timing(
            query=name, entities=entities, range=range_, milliseconds=taken, cpu_milliseconds=taken,
            rows=1,
        )
        for name, taken in (("totals", slow), ("sentiment", 20.0))
        for entities, range_ in (("one", "6 h"), ("all", "24 h"), ("one", "all"), ("all", "all"))
    ]  # fmt: skip
    steps = {name: Step(2.0, 1.0) for name in ("reactions", "states", "totals", "expected")}
    written = Written(500, [0.5, 0.7], [0.1, 0.1], [0.05, 0.05], [0.01, 0.0])
    return Size(
        reactions=reactions, filled=Filled(steps, most_parts=40), timings=timings,
        tables=[Table("reactions", reactions, 12, reactions * 100)], written=[written],
        peak_bytes=2**30,
    )  # fmt: skip


SIZES = [size(1_000_000, 30.0), size(10_000_000, 900.0)]


def test_a_panel_above_the_target_at_the_largest_size_is_named_and_stands_in_bold() -> None:
    words = [one.text for one in ElementTree.fromstring(drawn(SIZES)).iter() if one.text]
    assert "totals, all" in words
    assert words.count("sentiment, all") == 2  # the title of a line that is not named, twice
    assert "| totals | 30 · **900** |" in tables(SIZES)
    assert "| sentiment | 20 · 20 |" in tables(SIZES)


def test_the_tables_take_the_place_of_those_between_the_marks(tmp_path: Path) -> None:
    page, figures = tmp_path / "page.md", []
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nbehind\n")
    for number, one in enumerate(SIZES):
        figures.append(tmp_path / f"{number}.json")
        figures[-1].write_bytes(msgspec.json.encode(one))
    asked = ["draw", *map(str, figures), "--page", str(page)]
    for _ in range(2):
        assert CliRunner().invoke(main, asked).exit_code == 0
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n| stored | 1 M | 10 M |")
    assert text.endswith(f"{END}\nbehind\n")
    assert "old" not in text


def test_a_page_without_the_marks_is_left_as_it_is(tmp_path: Path) -> None:
    page, figure = tmp_path / "page.md", tmp_path / "one.json"
    page.write_text("nothing\n")
    figure.write_bytes(msgspec.json.encode(SIZES[0]))
    result = CliRunner().invoke(main, ["draw", str(figure), "--page", str(page)])
    assert result.exit_code == 1
    assert "lacks the marks" in result.output
    assert page.read_text() == "nothing\n"


def test_names_at_the_ends_of_lines_do_not_lie_upon_each_other() -> None:
    lines = [
        Line(f"line {number}", [(1, 1), (10, 5 + number / 100)], "blue") for number in range(9)
    ]
    across, up = Axis("posts", powers(0, 1), "logarithmic"), Axis("seconds", even(10))
    root = ElementTree.fromstring(picture("t", "n", [Chart("c", across, up, lines)]))
    heights = sorted(
        float(one.get("y", "0")) for one in root if (one.text or "").startswith("line")
    )
    assert len(heights) == 9
    assert min(b - a for a, b in pairwise(heights)) == pytest.approx(13)


def test_how_evenly_partitions_are_behind_is_told_from_the_looks_with_a_lag() -> None:
    assert shared([[(0.0, 1), (1.0, 10)], [(0.0, 0), (1.0, 30)]]) == Shared(0.5, 0.5)
    assert shared([[(0.0, 1)], [(0.0, 0)]]) is None


def test_the_picture_of_workers_says_what_was_sent_and_stored() -> None:
    one = Scaled(
        broker="kafka", sent=3_000, stored=2_999, counted=2_999, reconciled=False, repeats=4,
        marks=[(0.0, "2 workers"), (5.0, "one killed")],
        lag={0: [(0.0, 0), (9.0, 40)], 1: [(0.0, 0), (9.0, 20)]},
    )  # fmt: skip
    text = draw([one])
    ElementTree.fromstring(text)
    for words in ("Apache Kafka: 3,000 posts sent, 2,999 stored", "one killed", "partition 1"):
        assert words in text
