"""A suggestion fires at most as often as wanted, and as the judge would have it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboards.alerts.judge import EntityJudge
from dashboards.alerts.judging import judge_stretch
from dashboards.alerts.lane import Alert
from dashboards.alerts.suggest import NotingJudge, alerts_of, loosest, suggest
from dashboards.alerts.thresholds import Threshold
from dashboards.alerts.tries import read_try, read_wanted
from tests.dashboards.alerts.series import (
    ENTITY,
    MINUTE,
    RUN,
    START,
    THRESHOLDS,
    Facts,
    invented_facts,
    told,
)
from uproar.errors import InputError

LENGTH = 480
END = START + LENGTH * MINUTE
SINCE = START + 30 * MINUTE
GAPS = [(START + 400 * MINUTE, START + 404 * MINUTE)]


def noted(facts: Facts) -> NotingJudge:
    judge = NotingJudge(RUN, [loose for like in THRESHOLDS for loose in loosest(like)])
    for _ in judge_stretch({ENTITY: judge}, facts, GAPS, START, END):
        pass
    return judge


def last_of(alerts: list[Alert]) -> dict[str, tuple[object, ...]]:
    """Return of each alert what a suggestion goes by, as it was left."""
    return {
        one.id: (one.threshold, one.term, one.started_at, one.fired_at, one.ended_at, one.silence)
        for one in alerts
    }


def judged(threshold: Threshold, facts: Facts) -> dict[str, tuple[object, ...]]:
    found = told(EntityJudge(RUN, [threshold]), facts, GAPS, START, END)
    return last_of([alert for _, alert in found if alert.fired_at > SINCE])


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=4)
def test_a_threshold_tried_on_notes_fires_as_the_judge_has_it(seed: int) -> None:
    facts = invented_facts(seed, LENGTH)
    notes = noted(facts).notes
    for threshold in THRESHOLDS:
        key = next(one for one in loosest(threshold) if one.sensitivity == threshold.sensitivity)
        found = alerts_of(RUN, threshold, notes[key], SINCE)
        assert last_of(found) == judged(threshold, facts), threshold


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), most=st.integers(0, 4))
def test_what_is_suggested_fires_at_most_so_often(seed: int, most: int) -> None:
    facts = invented_facts(seed, LENGTH)
    notes = noted(facts).notes
    for like in THRESHOLDS:
        found = suggest(RUN, like, like, notes, SINCE, most)
        if found.threshold is None:
            assert not found.now_alerts
            continue
        again = judged(found.threshold, facts)
        assert last_of(list(found.alerts)) == again
        assert sum(silence == "" for *_, silence in again.values()) <= most


def test_a_suggestion_is_as_sensitive_as_it_may_be() -> None:
    facts = invented_facts(4, LENGTH)
    like = THRESHOLDS[1]
    found = suggest(RUN, like, None, noted(facts).notes, SINCE, 1)
    assert found.threshold is not None
    assert found.threshold.above < like.above
    assert sum(not one.silence for one in found.alerts) == 1


@pytest.mark.parametrize(
    ("text", "a_week"), [("2/week", 2.0), ("1/day", 7.0), ("3", 3.0), ("30/month", 7.0)]
)
def test_how_many_are_wanted_is_read_by_the_week(text: str, a_week: float) -> None:
    assert read_wanted(text) == pytest.approx(a_week)


@pytest.mark.parametrize("text", ["", "0/week", "many", "2/year", "-1/week"])
def test_any_other_number_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="wanted how many alerts"):
        read_wanted(text)


def test_a_try_changes_each_threshold_that_takes_it() -> None:
    found = read_try("above=0.5", [ENTITY], THRESHOLDS)
    assert {one.signal for one in found.thresholds} == {
        "volume", "calls_to_action", "calls_share", "negative_share", "new_term", "author_share",
        "copies_share",
    }  # fmt: skip
    found = read_try("above=50", [ENTITY], THRESHOLDS)
    assert "negative_share" not in {one.signal for one in found.thresholds}
    found = read_try("sensitivity=low", [ENTITY], THRESHOLDS)
    assert [(one.signal, one.sensitivity) for one in found.thresholds] == [("spike", "low")]


def test_a_try_of_a_signal_makes_a_new_threshold_where_there_is_none() -> None:
    (new,) = read_try("volume above=5 per=10m", ["other"], THRESHOLDS).thresholds
    assert (new.entity, new.above, new.per_seconds) == ("other", 5, 600)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "wanted fields"),
        ("volume", "wanted fields"),
        ("volumes above=3", "no such signal"),
        ("above=x", "`above`: wanted"),
        ("loudness=3", "no threshold takes"),
        ("volume loudness=3 severity=info", "has no field `loudness`"),
    ],
)
def test_a_try_that_changes_nothing_says_why(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_try(text, [ENTITY], THRESHOLDS)
