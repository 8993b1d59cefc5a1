"""Times to live, from settings. No database is asked."""

import re

import pytest

from sinks.retention import KEPT, LONGEST_DAYS, Retention


def days(ttl: str) -> list[int]:
    return [int(found) for found in re.findall(r"toIntervalDay\((\d+)\)", ttl)]


def test_a_platform_that_is_named_has_its_own_time_and_the_others_the_usual_one() -> None:
    ttl = Retention(400, {"twitter": 30, "bluesky": 90}).ttl("reactions")
    assert ttl.split(", toDateTime") == [
        "toDateTime(observed_at) + toIntervalDay(90) DELETE "
        "WHERE run = 'live' AND platform = 'bluesky'",
        "(observed_at) + toIntervalDay(30) DELETE WHERE run = 'live' AND platform = 'twitter'",
        "(observed_at) + toIntervalDay(400) DELETE "
        "WHERE run = 'live' AND platform NOT IN ('bluesky', 'twitter')",
    ]


def test_totals_go_when_the_last_of_what_they_count_goes() -> None:
    retention = Retention(7)
    assert days(retention.ttl("reactions_by_minute")) == [7]
    assert "toIntervalDay(7) + toIntervalHour(1)" in retention.ttl("reactions_by_hour")
    assert days(retention.ttl("reactions_by_day")) == [7, 1]


GO_EVEN_SO = ("dead_letters", "deliveries")


def test_a_replay_stays_until_it_is_dropped_but_its_dead_letters_and_deliveries_go() -> None:
    for table, kept in KEPT.items():
        assert ("WHERE run = 'live'" in Retention(7).ttl(table)) is (table not in GO_EVEN_SO)
        assert kept.is_live_only is (table not in GO_EVEN_SO)


def test_a_dead_letter_whose_platform_nobody_knows_goes_with_the_shortest_time() -> None:
    assert days(Retention(400, {"twitter": 30, "x": 900}).ttl("dead_letters")) == [30]
    assert days(Retention(20, {"twitter": 30}).ttl("dead_letters")) == [20]


@pytest.mark.parametrize("table", KEPT)
def test_a_time_beyond_the_end_of_the_calendar_means_for_ever_and_not_at_once(table: str) -> None:
    assert Retention(LONGEST_DAYS + 1).ttl(table) == ""
    assert days(Retention(LONGEST_DAYS).ttl(table))[0] == LONGEST_DAYS


def test_one_platform_may_be_kept_for_ever_while_the_others_are_not() -> None:
    ttl = Retention(400, {"mastodon": 36_500}).ttl("reactions")
    assert days(ttl) == [400]
    assert ttl.endswith("platform NOT IN ('mastodon')")
