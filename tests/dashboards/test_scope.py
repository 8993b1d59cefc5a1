from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.intervals import STEPS_SECONDS, choose_interval
from dashboards.scope import BadRequest, read_scope

HOUR = {"from": ["1610236815"], "to": ["1610240401"]}


def test_a_scope_covers_the_whole_minutes_it_touches() -> None:
    found = read_scope(HOUR)
    assert found.from_at == datetime(2021, 1, 10, 0, 0, tzinfo=UTC)
    assert found.to_at == datetime(2021, 1, 10, 1, 0, 59, tzinfo=UTC)


def test_an_empty_value_means_all() -> None:
    found = read_scope(HOUR | {"entity": ["", "nimbus"], "lang": [""]})
    assert found.variables["entity"] == ("nimbus",)
    assert found.variables["lang"] == ()


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"from": ["1610236815"]},
        {"from": ["soon"], "to": ["1610240401"]},
        {"from": ["-1"], "to": ["1610240401"]},
        {"from": ["²"], "to": ["1610240401"]},
        {"from": ["9" * 40], "to": ["1610240401"]},
        {"from": ["1610240401"], "to": ["1610236815"]},
        HOUR | {"password": ["x"]},
        HOUR | {"run": ["one", "two"]},
        HOUR | {"entity": ["x" * 201]},
        HOUR | {"entity": ["x"] * 101},
    ],
)
def test_a_request_for_what_cannot_be_is_refused(given_: dict[str, list[str]]) -> None:
    with pytest.raises(BadRequest):
        read_scope(given_)


@given(st.floats(min_value=0, max_value=28 * 86_400 * 150))
def test_no_chart_has_more_bars_than_asked_for(seconds: float) -> None:
    step = choose_interval(seconds)
    assert step in STEPS_SECONDS
    assert seconds / step <= 150
