"""NAB's scoring rule, and the choice of a cut by it."""

import math

import pytest

from uproar.errors import InputError
from uproar.evaluation.nab import Scored, Window, read_windows, score, together, windows_of
from uproar.evaluation.spikes import CUTS, Labelled, best_cut, evaluate_spikes, leave_one_out

WINDOW = Window(1000, 1099)


def raw(*alerts: int, windows: tuple[Window, ...] = (WINDOW,)) -> float:
    return score(3000, windows, alerts).raw


def test_an_alert_is_worth_more_the_earlier_it_is_in_its_window() -> None:
    assert raw(1000) == 1
    assert raw(1050) == pytest.approx((2 / (1 + math.exp(-2.5)) - 1) / (2 / (1 + math.exp(-5)) - 1))
    assert 0 < raw(1099) < 0.05


def test_only_the_earliest_alert_in_a_window_counts() -> None:
    assert raw(1050, 1000, 1099) == raw(1000)


def test_a_window_without_an_alert_costs_one() -> None:
    assert raw() == -1
    assert score(3000, [WINDOW, Window(2000, 2099)], [1000]).normalised == 50


def test_a_false_alert_costs_less_shortly_after_a_window() -> None:
    before, near, far = (raw(1000, row) - 1 for row in (900, 1110, 2500))
    assert before == far == pytest.approx(-0.11)
    assert -0.11 < near < 0
    assert raw(1000, 1397) - 1 == pytest.approx(-0.11, abs=1e-6)  # 3 widths: the last that is less


def test_nothing_counts_while_a_detector_may_learn() -> None:
    assert score(3000, [Window(100, 200)], [10, 150, 449]) == Scored(0.0, 0, 0, 0)
    assert score(100_000, [], [749, 750]).false_rows == 1
    assert score(3000, [], [449, 450]).false_rows == 1


def test_silence_is_0_and_the_best_is_100_over_series_together() -> None:
    perfect, silent = score(3000, [WINDOW], [1000]), score(3000, [WINDOW], [])
    assert (perfect.normalised, silent.normalised) == (100, 0)
    assert together([perfect, silent]).normalised == 50
    assert together([]).normalised is None


def test_windows_are_found_by_file_name_and_time() -> None:
    labelled = read_windows(
        "w.json", b'{"any/s.csv": [["2026-01-01 00:10:00.000", "2026-01-01T00:20"]]}'
    )
    stamps = [f"2026-01-01 00:{minute:02}:00" for minute in (0, 10, 10, 20, 30)]
    assert windows_of("s.csv", stamps, labelled) == [Window(1, 3)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "wanted an object of series"),
        ('{"other.csv": []}', "`s.csv` is not in the file of windows"),
        ('{"s.csv": [["2026-01-01", "2026-01-09"]]}', "`2026-01-09` is the time of no row"),
        ('{"s.csv": [["2026-01-02", "2026-01-01"]]}', "ends before it starts"),
        ('{"s.csv": [["soon", "2026-01-01"]]}', "wanted a timestamp, found `soon`"),
    ],
)
def test_windows_that_cannot_be_are_told(content: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        windows_of("s.csv", ["2026-01-01", "2026-01-02"], read_windows("w.json", content.encode()))


def test_each_series_is_judged_at_the_middle_of_what_is_best_on_the_others() -> None:
    some = [Labelled(name, 3000, [WINDOW]) for name in ("a", "b")]

    def alerts(name: str, cut: float) -> list[int]:
        low, high = (0.9, 1.5) if name == "a" else (1.5, 2.1)
        return [1000] if low <= cut <= high else [500, 1000] if cut < low else []

    found = leave_one_out(some, alerts)
    assert found["b"] == pytest.approx(1.2, abs=0.16)
    assert found["a"] == pytest.approx(1.8, abs=0.16)


def test_a_plateau_is_better_than_a_peak() -> None:
    peak = [Scored(3.0 if number == 5 else 0.0, 1, 0, 0) for number in range(len(CUTS))]
    plateau = [Scored(1.0 if 20 <= number <= 30 else 0.0, 1, 0, 0) for number in range(len(CUTS))]
    assert 1.5 <= best_cut([peak, plateau]) <= 2.0


def test_an_outcome_has_the_figures_of_each_series_and_of_all() -> None:
    some = [Labelled("a", 3000, [WINDOW]), Labelled("b", 3000, [WINDOW])]
    outcome = evaluate_spikes(some, {"a": [1000], "b": [500]})
    assert outcome.overall.n == 2
    assert outcome.overall.figures["false_rows"].value == 1
    assert outcome.by["series"]["a"].figures["normalised"].value == 1
