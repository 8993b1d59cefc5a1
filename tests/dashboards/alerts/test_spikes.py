"""The spike detector: what it announces, when, and what it keeps silent about."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from benchmarks.spike_series import Event, invented
from dashboards.alerts.spikes import (
    CUTS,
    SENSITIVITIES,
    DetectorState,
    Judgement,
    Sensitivity,
    SpikeChange,
    SpikeDetector,
    SpikeTracker,
    TrackerState,
)

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY = 1440.0

Rows = Iterable[tuple[datetime, float]]


def flat(
    *counts: float, minutes: int = 1, start: datetime = MONDAY
) -> Iterator[tuple[datetime, float]]:
    for number, count in enumerate(counts):
        yield start + timedelta(minutes=minutes * number), count


def judged(rows: Rows, step_seconds: int = 60) -> list[Judgement]:
    detector = SpikeDetector(step_seconds)
    return [detector.update(at, count) for at, count in rows]


def changes(judgements: Iterable[Judgement], word: Sensitivity = "medium") -> list[SpikeChange]:
    tracker = SpikeTracker(word)
    return [change for one in judgements if (change := tracker.update(one))]


def starts(judgements: Iterable[Judgement], word: Sensitivity = "medium") -> list[datetime]:
    return [one.spike.announced_at for one in changes(judgements, word) if one.kind == "started"]


def minutes(at: datetime) -> float:
    return (at - MONDAY).total_seconds() / 60


def test_a_rise_from_1_to_4_is_nothing_and_from_100_to_400_is_told_within_minutes() -> None:
    days = 4 * 288
    few = judged(flat(*[1.0] * days, *[4.0] * 6, minutes=5), 300)
    many = judged(flat(*[100.0] * days, *[400.0] * 6, minutes=5), 300)
    assert starts(few, "high") == []
    (told,) = starts(many)
    assert 0 <= minutes(told) - 5 * days <= 10


def test_a_spike_is_announced_once_and_has_a_start_a_peak_and_an_end() -> None:
    event = Event(5 * DAY + 600, 8, 180, rise=30)
    started, ended = changes(judged(invented("once", 20, days=7, events=[event])))
    assert (started.kind, ended.kind) == ("started", "ended")
    spike = ended.spike
    assert spike.ended_at is not None
    assert spike.started_at <= spike.announced_at < spike.peak_at < spike.ended_at
    assert 0 <= minutes(spike.announced_at) - event.at_minute < 30
    assert 180 <= minutes(spike.ended_at) - event.at_minute < 240
    assert spike.ratio > 4
    assert spike.announced_at == started.spike.announced_at


def test_all_sensitivities_judge_by_one_state_and_a_higher_one_is_never_later() -> None:
    event = Event(5 * DAY + 700, 6, 300, rise=120)
    judgements = judged(invented("words", 10, days=6, events=[event]))
    low, medium, high = (starts(judgements, word)[0] for word in SENSITIVITIES)
    assert high < medium < low


def test_restored_at_any_point_it_goes_on_to_the_last_digit() -> None:
    event = Event(3 * DAY + 500, 20, 300)
    rows = list(invented("restored", 5, days=4, events=[event]))
    whole = judged(rows)
    wanted = changes(whole)
    assert wanted
    detector, tracker = SpikeDetector(60), SpikeTracker()
    found, seen = [], []
    for number, (at, count) in enumerate(rows):
        if number % 97 == 0:
            state = msgspec.json.decode(msgspec.json.encode(detector.state()), type=DetectorState)
            detector = SpikeDetector.restored(state)
            kept = msgspec.json.decode(msgspec.json.encode(tracker.state()), type=TrackerState)
            tracker = SpikeTracker.restored("medium", kept)
        found.append(detector.update(at, count))
        if change := tracker.update(found[-1]):
            seen.append(change)
    assert found == whole
    assert seen == wanted


def test_a_state_is_no_view_of_a_detector_that_goes_on() -> None:
    detector = SpikeDetector(60)
    detector.update(MONDAY, 3)
    state = detector.state()
    before = msgspec.json.encode(state)
    detector.update(MONDAY + timedelta(minutes=1), 5)
    assert msgspec.json.encode(state) == before
    assert len(msgspec.msgpack.encode(state)) < 5000


def test_a_season_is_believed_when_it_was_seen_and_not_before() -> None:
    judgements = judged(invented("season", 30, days=22, wander=0))
    peak, trough = 15 * 60, 3 * 60

    def ratio(day: int) -> float:
        return judgements[1440 * day + peak].expected / judgements[1440 * day + trough].expected

    assert ratio(2) < ratio(7) < ratio(14) < ratio(21)
    assert ratio(2) < 2.5
    assert 3.5 < ratio(21) < 1.7 / 0.3
    saturday, friday = 1440 * 19 + peak, 1440 * 18 + peak
    assert judgements[saturday].expected < 0.85 * judgements[friday].expected


def test_an_earlier_spike_is_not_expected_again() -> None:
    calm = judged(invented("again", 20, days=8))
    event = Event(5 * DAY + 600, 20, 120)
    after = judged(invented("again", 20, days=8, events=[event]))
    tomorrow = round(6 * DAY + 650)
    assert after[tomorrow].expected < 1.2 * calm[tomorrow].expected


def test_what_comes_every_day_becomes_a_habit_that_is_told_no_more() -> None:
    events = [Event(day * DAY + 500, 10, 60) for day in range(3, 21)]
    days = [
        minutes(at) // DAY for at in starts(judged(invented("habit", 10, days=21, events=events)))
    ]
    assert 3 in days
    assert not [day for day in days if day > 12]


def test_growth_over_weeks_is_no_spike() -> None:
    growth = Event(7 * DAY, 5, 1e9, rise=21 * DAY)
    assert (
        starts(judged(invented("growth", 5, days=30, step_minutes=5, events=[growth]), 300)) == []
    )


@pytest.mark.parametrize("rate", [0.1, 3.0, 100.0])
def test_calm_is_silent(rate: float) -> None:
    assert starts(judged(invented("calm", rate, days=15))) == []


def test_a_missing_step_is_unknown_and_zeros_are_calm() -> None:
    week = list(invented("gap", 20, days=6, wander=0))
    first, last = round(4 * DAY), round(5 * DAY)
    gap = judged([*week[:first], *week[last:]])
    zeros = judged([*week[:first], *((at, 0.0) for at, _ in week[first:last]), *week[last:]])
    assert gap[first].expected > 0.9 * judged(week)[last].expected
    assert zeros[last].expected < 0.95 * gap[first].expected
    assert starts(gap) == []


def test_an_aftershock_is_the_same_event_and_a_far_higher_one_is_a_new_one() -> None:
    first = Event(5 * DAY + 600, 6, 60)
    for times, wanted in ((6, 1), (60, 2)):
        events = [first, Event(first.at_minute + 480, times, 60)]
        assert len(starts(judged(invented("after", 10, days=7, events=events)))) == wanted


def test_a_spike_that_lasts_for_days_is_one() -> None:
    event = Event(5 * DAY + 600, 8, 3 * DAY)
    judgements = judged(invented("lasting", 10, days=9, events=[event]))
    assert len(starts(judgements)) == 1


@pytest.mark.parametrize(("step_minutes", "days"), [(60, 40), (1440, 400)])
def test_hours_and_days_are_steps_like_others(step_minutes: int, days: int) -> None:
    event = Event((days - 4) * DAY, 12, 2 * DAY)
    rows = invented("steps", 2, days=days, step_minutes=step_minutes, events=[event])
    told = starts(judged(rows, 60 * step_minutes))
    assert [minutes(at) - event.at_minute <= step_minutes for at in told] == [True]


def test_nothing_is_told_in_the_first_hours_whatever_comes() -> None:
    judgements = judged(flat(*[1.0] * 30, *[500.0] * 80))
    assert all(one.score == 0 for one in judgements)


@pytest.mark.parametrize(("at", "count"), [(MONDAY, 1.0), (MONDAY + timedelta(minutes=1), -1.0)])
def test_a_step_that_cannot_be_is_refused(at: datetime, count: float) -> None:
    detector = SpikeDetector(60)
    detector.update(MONDAY, 1)
    with pytest.raises(ValueError, match="wanted"):
        detector.update(at, count)


def test_the_words_are_cuts_in_order() -> None:
    assert CUTS["high"] < CUTS["medium"] < CUTS["low"]
