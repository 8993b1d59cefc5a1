"""From "above the limit" to one alert an event."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.alerts.lane import Alert, Deliveries, Lane, Reading, alert_id, step
from dashboards.alerts.thresholds import Threshold

START = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)  # a Friday
MINUTE = timedelta(minutes=1)
VOLUME = Threshold(entity="quill", signal="volume", above=10, per_seconds=60, cooldown_seconds=1200)


def run_lane(
    values: list[float], threshold: Threshold = VOLUME, start: datetime = START
) -> list[Alert]:
    """Return what a lane tells of a value each minute."""
    lane, deliveries = Lane(), Deliveries()
    told = []
    for number, value in enumerate(values):
        is_above = value > threshold.above
        reading = Reading(is_above=is_above, value=value, expected=threshold.above, posts=9)
        minute = start + number * MINUTE
        alert = step(lane, "past", threshold, "", minute, reading, deliveries)
        if alert is not None:
            told.append(alert)
    return told


def test_an_alert_fires_at_the_end_of_the_first_minute_above() -> None:
    (alert,) = run_lane([0, 0, 11])
    assert (alert.started_at, alert.fired_at) == (START + 2 * MINUTE, START + 3 * MINUTE)
    assert (alert.value, alert.expected, alert.ended_at, alert.silence) == (11, 10, None, "")


def test_the_limit_itself_is_not_above_it() -> None:
    assert not run_lane([10, 10])


def test_for_wants_it_above_without_a_break() -> None:
    patient = Threshold(entity="quill", signal="volume", above=10, per_seconds=60, for_seconds=180)
    assert not run_lane([11, 11, 0, 11, 11], patient)
    (alert,) = run_lane([11, 11, 11], patient)
    assert (alert.started_at, alert.fired_at) == (START, START + 3 * MINUTE)


def test_a_dip_is_no_end_and_a_quarter_of_an_hour_of_calm_is() -> None:
    told = run_lane([11, 0, 0, 0, 0, 12, *[0] * 15])
    assert [one.ended_at for one in told] == [None, None, START + 6 * MINUTE]
    assert len({one.id for one in told}) == 1
    assert told[-1].peak_value == 12
    assert told[-1].peak_at == START + 6 * MINUTE


def test_no_other_begins_before_the_cool_down_is_over() -> None:
    values = [11.0, *[0.0] * 15, *[11.0] * 10]
    fired = [one for one in run_lane(values) if one.ended_at is None]
    # It was over with the second minute, so twenty more have to pass.
    assert [one.fired_at for one in fired] == [START + MINUTE, START + 22 * MINUTE]
    assert fired[1].started_at == START + 16 * MINUTE


def test_more_in_an_hour_than_allowed_are_silent() -> None:
    hasty = Threshold(
        entity="quill", signal="volume", above=10, per_seconds=60, cooldown_seconds=1,
        most_per_hour=2,
    )  # fmt: skip
    values = [11.0, *[0.0] * 19] * 9
    fired = [one for one in run_lane(values, hasty) if one.ended_at is None]
    # The first two go out; so does the fourth, for the first was then an hour ago.
    assert [one.silence for one in fired[:4]] == ["", "", "too many", ""]


@pytest.mark.parametrize(
    ("start", "silence"),
    [(START, ""), (START + timedelta(days=1), "muted"), (START.replace(hour=23), "muted")],
)
def test_a_mute_keeps_an_alert_from_being_delivered_but_not_from_being_told(
    start: datetime, silence: str
) -> None:
    muted = Threshold(
        entity="quill", signal="volume", above=10, per_seconds=60, mutes=("sat-sun", "22:00-06:00")
    )
    (alert,) = run_lane([11], muted, start)
    assert alert.silence == silence


def test_muted_until_ends_at_that_moment() -> None:
    for minutes, silence in ((2, "muted"), (1, "")):
        until = START + minutes * MINUTE
        muted = Threshold(
            entity="quill", signal="volume", above=10, per_seconds=60, muted_until=until
        )
        (alert,) = run_lane([11], muted)  # fires one minute after the start
        assert alert.silence == silence


def test_an_id_is_that_of_the_threshold_and_the_start_alone() -> None:
    other = Threshold(entity="quill", signal="volume", above=99, per_seconds=3600)
    assert alert_id("past", VOLUME, "", START) == alert_id("past", other, "", START)
    ids = {
        alert_id("past", VOLUME, "", START),
        alert_id("live", VOLUME, "", START),
        alert_id("past", VOLUME, "#word", START),
        alert_id("past", VOLUME, "", START + MINUTE),
    }
    assert len(ids) == 4
