"""Measures, against figures worked out by hand."""

import math

import numpy as np
import pytest

from uproar.evaluation.measures import aimed_f1, binary_f1, macro_f1, macro_recall, pearson


def test_f1_is_that_of_hits_false_alarms_and_misses() -> None:
    assert float(binary_f1(np.array([6, 2, 4, 100]))) == pytest.approx(12 / 18)


def test_f1_is_undefined_where_nothing_is_wanted_or_found() -> None:
    assert math.isnan(float(binary_f1(np.array([0, 0, 0, 9]))))


def test_a_hit_with_the_wrong_target_costs_precision_and_recall() -> None:
    # 6 right, 2 at the wrong target, 1 false alarm, 3 missed: 11 wanted, 9 found.
    assert float(aimed_f1(np.array([6, 2, 1, 3, 50]))) == pytest.approx(12 / 20)


def test_macro_figures_are_means_of_the_classes_however_many_posts_each_has() -> None:
    square = np.array([90, 10, 0, 5, 5, 0, 0, 0, 10])
    assert float(macro_recall(square)) == pytest.approx((0.9 + 0.5 + 1.0) / 3)
    assert float(macro_f1(square)) == pytest.approx((180 / 195 + 10 / 25 + 1.0) / 3)


def test_a_class_that_nobody_wanted_is_no_part_of_a_mean() -> None:
    square = np.array([8, 0, 2, 0, 0, 0, 0, 0, 10])
    assert float(macro_recall(square)) == pytest.approx((0.8 + 1.0) / 2)
    assert float(macro_f1(square)) == pytest.approx((16 / 18 + 20 / 22) / 2)


def test_many_tables_are_measured_at_once() -> None:
    tables = np.array([[1, 0, 0, 1], [1, 1, 0, 0]])
    assert binary_f1(tables).tolist() == [1.0, pytest.approx(2 / 3)]


def test_a_correlation_has_its_sign_and_needs_two_sides_that_change() -> None:
    assert pearson([1, 2, 3, 4], [-1, -2, -3, -4]) == -1
    assert pearson([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(0.8)
    assert pearson([1], [2]) is None
