"""The judge: the same alerts at the same observed times, however the minutes come to it."""

import itertools
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboards.alerts.backtest import BackTest, Setting
from dashboards.alerts.facts import CALM, Minute
from dashboards.alerts.judge import EntityJudge
from dashboards.alerts.judging import judge_stretch
from dashboards.alerts.lane import Alert
from dashboards.alerts.thresholds import SIGNALS, Threshold
from tests.dashboards.alerts.series import (
    ENTITY,
    MINUTE,
    RUN,
    START,
    THRESHOLDS,
    Facts,
    invented_facts,
    told,
    told_with_restarts,
)

LENGTH = 480
END = START + LENGTH * MINUTE
GAPS = [(START + timedelta(minutes=400, seconds=20), START + timedelta(minutes=403))]


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    has_gap=st.booleans(),
    cuts=st.sets(st.integers(1, LENGTH - 1), max_size=6),
)
@example(seed=1, has_gap=True, cuts={401, 402, 403, 404})
def test_a_judge_that_is_stored_and_restored_tells_the_same(
    seed: int, has_gap: bool, cuts: set[int]
) -> None:
    facts, gaps = invented_facts(seed, LENGTH), GAPS if has_gap else []
    whole = told(EntityJudge(RUN, THRESHOLDS), facts, gaps, START, END)
    at = [START, *(START + cut * MINUTE for cut in sorted(cuts)), END]
    assert told_with_restarts(THRESHOLDS, facts, gaps, at) == whole


def test_judging_minute_by_minute_with_a_restart_after_each_tells_the_same() -> None:
    facts = invented_facts(4, LENGTH)
    whole = told(EntityJudge(RUN, THRESHOLDS), facts, GAPS, START, END)
    each = [START + number * MINUTE for number in range(LENGTH + 1)]
    assert told_with_restarts(THRESHOLDS, facts, GAPS, each) == whole
    assert {alert.threshold.signal for _, alert in whole} == set(SIGNALS)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), cuts=st.sets(st.integers(1, LENGTH - 1), max_size=9))
def test_the_back_test_tells_the_same_in_stretches_of_any_length(seed: int, cuts: set[int]) -> None:
    facts = invented_facts(seed, LENGTH)
    whole: dict[str, Alert] = {}
    for _, alert in told(EntityJudge(RUN, THRESHOLDS), facts, [], START, END):
        whole[alert.id] = alert
    stricter = Setting(
        name="stricter", thresholds=(Threshold(entity=ENTITY, signal="spike", sensitivity="low"),)
    )
    as_is = Setting(name="as it stands", thresholds=THRESHOLDS)
    test = BackTest(RUN, [ENTITY], [as_is, stricter], START, END)
    at = [0, *sorted(cuts), LENGTH]
    for start, end in itertools.pairwise(at):
        test.take(facts, [], START + start * MINUTE, START + end * MINUTE)
    assert {one.id: one for one in test.alerts()} == whole


def test_a_setting_that_is_tried_beside_others_fires_as_it_does_alone() -> None:
    facts = invented_facts(9, LENGTH)
    strict = (Threshold(entity=ENTITY, signal="volume", above=90, per_seconds=600),)
    beside = BackTest(
        RUN, [ENTITY],
        [Setting(name="a", thresholds=THRESHOLDS), Setting(name="b", thresholds=strict)],
        START, END,
    )  # fmt: skip
    alone = BackTest(RUN, [ENTITY], [Setting(name="b", thresholds=strict)], START, END)
    for test in (beside, alone):
        test.take(facts, [], START, END)
    assert beside.alerts(1) == alone.alerts(0) != []


def test_minutes_before_since_teach_but_are_not_told() -> None:
    facts = invented_facts(2, LENGTH)
    since = START + 380 * MINUTE
    as_is = [Setting(name="as it stands", thresholds=THRESHOLDS)]
    whole = BackTest(RUN, [ENTITY], as_is, START, END)
    late = BackTest(RUN, [ENTITY], as_is, since, END)
    for test in (whole, late):
        test.take(facts, [], START, END)
    assert late.alerts() == [one for one in whole.alerts() if one.fired_at > since] != []
    assert sum(late.courses[ENTITY].posts) == sum(
        here[ENTITY].posts for at, here in facts.items() if at >= since
    )


def test_a_spike_is_one_alert_though_its_posts_dwindle_and_come_again() -> None:
    facts: Facts = {}
    for number in range(420):
        posts = 2
        if number >= 300:
            posts = 80 if number % 60 < 15 else 20
        facts[START + number * MINUTE] = {ENTITY: Minute(posts=posts)}
    threshold = Threshold(entity=ENTITY, signal="spike", sensitivity="medium", at_least=600)
    found = told(EntityJudge(RUN, [threshold]), facts, [], START, START + 420 * MINUTE)
    began = [alert for minute, alert in found if alert.fired_at == minute + MINUTE]
    assert len({alert.id for _, alert in found}) == 1
    assert began[0].ended_at is None
    assert not [alert for _, alert in found if alert.ended_at is not None]


def test_an_unknown_minute_is_neither_calm_nor_a_rise() -> None:
    volume = Threshold(entity=ENTITY, signal="volume", above=4, per_seconds=60, for_seconds=240)
    facts: Facts = {START + n * MINUTE: {ENTITY: Minute(posts=5)} for n in range(10)}
    gap = [(START + 2 * MINUTE, START + 4 * MINUTE)]
    found = told(EntityJudge(RUN, [volume]), facts, gap, START, START + 5 * MINUTE)
    assert [alert.started_at for _, alert in found] == [START]
    verdicts = list(
        judge_stretch({ENTITY: EntityJudge(RUN, [volume])}, facts, gap, START, START + 5 * MINUTE)
    )
    assert len(verdicts) == 3


def test_a_share_needs_enough_posts() -> None:
    share = Threshold(
        entity=ENTITY, signal="negative_share", above=0.5, per_seconds=120, at_least=10
    )
    few = {START: {ENTITY: Minute(posts=9, sure=9, negative=9)}}
    enough = {START: {ENTITY: Minute(posts=10, sure=10, negative=9)}}
    assert not told(EntityJudge(RUN, [share]), few, [], START, START + MINUTE)
    ((_, alert),) = told(EntityJudge(RUN, [share]), enough, [], START, START + MINUTE)
    assert (alert.value, alert.posts) == (0.9, 10)


def test_calls_count_by_their_direction() -> None:
    minute = Minute(posts=9, calling=7, calling_against=5, calling_for=2)
    facts = {START: {ENTITY: minute}}
    for direction, seen in (("against", 5.0), ("for", 2.0), ("any", 7.0)):
        calls = Threshold(
            entity=ENTITY, signal="calls_to_action", above=1, per_seconds=60, direction=direction
        )
        ((_, alert),) = told(EntityJudge(RUN, [calls]), facts, [], START, START + MINUTE)
        assert alert.value == seen


def test_thresholds_that_are_gone_are_forgotten_and_others_remembered() -> None:
    one = Threshold(entity=ENTITY, signal="volume", above=4, per_seconds=60)
    other = Threshold(entity=ENTITY, signal="calls_to_action", above=0, per_seconds=60)
    judge = EntityJudge(RUN, [one, other])
    judge.judge(START, Minute(posts=5, calling_against=1, calling=1))
    assert len(judge.open_alerts()) == 2
    kept = EntityJudge(RUN, [one], judge.state())
    assert [alert.threshold for alert in kept.open_alerts().values()] == [one]
    assert not kept.judge(START + MINUTE, CALM).alerts  # five minutes of calm end it
