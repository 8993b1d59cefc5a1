"""Known events: noted without mistakes, and alerts held against them."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from dashboards.alerts.backtest import BackTest, Setting
from dashboards.alerts.events import Event, event_of, read_csv
from dashboards.alerts.lane import Alert
from dashboards.alerts.leads import AFTER, BEFORE, judged_events, leads
from dashboards.alerts.outcome import outcome_of, tally
from dashboards.alerts.picture import picture
from dashboards.alerts.thresholds import Threshold
from tests.dashboards.alerts.series import (
    ENTITY,
    MINUTE,
    RUN,
    START,
    THRESHOLDS,
    invented_facts,
)
from uproar.errors import InputError

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
VOLUME = Threshold(entity=ENTITY, signal="volume", above=10, per_seconds=60)


def event(minutes: int = 0, entity: str = ENTITY, ends_at: datetime | None = None) -> Event:
    return Event(
        id=f"event {minutes}", entity=entity, starts_at=AT + minutes * MINUTE, ends_at=ends_at,
        title="It happened", text="", url="", author="ada",
    )  # fmt: skip


def alert(minutes: int, entity: str = ENTITY, silence: str = "") -> Alert:
    at = AT + minutes * MINUTE
    return Alert(
        run=RUN, id=f"alert {minutes}",
        threshold=Threshold(entity=entity, signal="volume", above=10, per_seconds=60), term="",
        started_at=at - MINUTE, fired_at=at, peak_at=at, ended_at=None, value=11, expected=10,
        peak_value=11, posts=11, silence=silence,
    )  # fmt: skip


def test_the_first_alert_about_an_event_counts_and_its_lead_is_positive_before_it() -> None:
    ((early,), (late,)) = (
        leads([event()], [alert(-20), alert(-50), alert(10)], []),
        leads([event()], [alert(7)], []),
    )
    assert early.before_start_seconds == 50 * 60
    assert late.before_start_seconds == -7 * 60


def test_an_alert_long_before_or_after_or_of_another_entity_is_not_about_it() -> None:
    before, after = int(BEFORE / MINUTE), int(AFTER / MINUTE)
    others = [alert(-before - 1), alert(after + 1), alert(0, entity="other")]
    assert leads([event()], others, [])[0].alert is None
    assert leads([event()], [alert(-before)], [])[0].alert is not None
    assert leads([event(entity="")], [alert(0, entity="other")], [])[0].alert is not None


def test_an_event_that_has_an_end_lasts_until_then() -> None:
    short = event(ends_at=AT + 10 * MINUTE)
    assert leads([short], [alert(11)], [])[0].alert is None
    assert leads([short], [alert(10)], [])[0].alert is not None


def test_a_silent_alert_catches_nothing_and_is_counted_apart() -> None:
    found = tally(VOLUME, [alert(1, silence="muted"), alert(300)], 2.0, [event()], [])
    assert (found.alerts, found.silent, found.a_week) == (1, 1, 0.5)
    assert (found.caught, found.events, found.before_start_seconds) == (1, 1, -300 * 60)
    assert tally(VOLUME, [alert(1, silence="muted")], 2.0, [event()], []).caught == 0


def test_only_events_that_began_within_the_stretch_are_judged() -> None:
    events = [event(-1), event(0), event(59), event(60)]
    assert judged_events(events, AT, AT + 60 * MINUTE) == events[1:3]


def backtested(names: tuple[str, ...] = ("as it stands",)) -> BackTest:
    test = BackTest(
        RUN, [ENTITY], [Setting(name=name, thresholds=THRESHOLDS) for name in names],
        START, START + 480 * MINUTE,
    )  # fmt: skip
    test.take(invented_facts(4, 480), [], START, START + 480 * MINUTE)
    return test


def test_the_peak_is_that_of_the_spike_around_the_event() -> None:
    test = backtested()
    spike = test.spikes(ENTITY)[0].spike
    began = spike.started_at + 30 * MINUTE
    known = Event(
        id="x", entity="", starts_at=began, ends_at=None, title="t", text="", url="", author="a"
    )
    outcome = outcome_of(test, RUN, START, [known])
    (lead,) = outcome.settings[0].leads
    assert lead.peak_at == spike.peak_at
    assert lead.alert is not None
    assert lead.before_peak_seconds == (spike.peak_at - lead.alert.fired_at).total_seconds()
    assert outcome.settings[0].whole.caught == 1


def test_the_picture_is_well_formed_and_shows_every_alert_and_event() -> None:
    test = backtested(("as it stands", "<b>&"))
    known = Event(
        id="x", entity="", starts_at=START + 400 * MINUTE, ends_at=None, title="<script>\u202e",
        text="", url="", author="ada",
    )  # fmt: skip
    svg = picture(outcome_of(test, RUN, START, [known]), test.courses)
    root = ElementTree.fromstring(svg)
    bars = root.findall("{*}rect/{*}title")
    assert len(bars) == len(test.alerts(0)) + len(test.alerts(1))
    titles = [one.text for one in root.findall("{*}line/{*}title")]
    assert titles == [f"{START + 400 * MINUTE:%Y-%m-%d %H:%M} <script>\u202e"]
    assert "<script" not in svg


def test_an_entity_that_nobody_mentioned_can_be_drawn() -> None:
    test = BackTest(RUN, ["nobody"], [Setting(name="a", thresholds=())], START, START + MINUTE)
    test.take({}, [], START, START + MINUTE)
    ElementTree.fromstring(picture(outcome_of(test, RUN, START, []), test.courses))


HEADER = "starts_at,title,entity,ends_at,url,text\n"


def test_events_are_read_from_csv_in_any_order_of_columns() -> None:
    lines = [
        HEADER,
        '2026-03-02T12:00:00+01:00,"Ham, and eggs",quill,2026-03-03,https://example.org/a,More\n',
        "2026-03-02 13:00,Other,all,,,\n",
    ]
    one, other = read_csv(lines, "events.csv", "ada", {"quill"}.__contains__)
    assert one.starts_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert one.ends_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert (one.title, one.entity, one.url, one.author) == (
        "Ham, and eggs", "quill", "https://example.org/a", "ada",
    )  # fmt: skip
    assert (other.entity, other.ends_at, other.url) == ("", None, "")


def test_noted_again_an_event_has_the_same_id() -> None:
    fields = {"starts_at": "2026-03-02T12:00Z", "title": "It happened", "entity": "quill"}
    other = {**fields, "starts_at": "2026-03-02T13:00:00+01:00", "url": "https://example.org"}
    assert event_of(fields, "ada").id == event_of(other, "bob").id
    assert event_of(fields, "ada").id != event_of({**fields, "entity": "all"}, "ada").id


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("soon,Title,,,,", "events.csv:2: `starts_at`: wanted a time such as"),
        ("1970-01-01,Title,,,,", "`starts_at`: wanted a time"),
        ("2026-03-02,,,,,", "`title`: wanted 1 to 200 letters, found 0"),
        ("2026-03-02,Title,nobody,,,", "`entity`: wanted one of uproar.yaml, or `all`"),
        ("2026-03-02,Title,,2026-03-01,,", "`ends_at`: wanted a time after `starts_at`"),
        ("2026-03-02,Title,,,javascript:x,", "`url`: wanted an address"),
        ("2026-03-02,Title", "events.csv:2: wanted as many values as the header has"),
        ("2026-03-02,Title,,,,,extra", "wanted as many values as the header has"),
        ('2026-03-02,"Title', "this is not CSV"),
    ],
)
def test_a_mistake_in_a_row_is_named_with_its_line(row: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_csv([HEADER, row + "\n"], "events.csv", "ada", {"quill"}.__contains__)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("start,title\n", "events.csv:1: no such column: `start`"),
        ("starts_at,text\n", "events.csv:1: wanted a column `title`"),
        ("starts_at,title\n", "has a header, and no event below it"),
    ],
)
def test_a_mistake_in_the_header_is_named(header: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_csv([header], "events.csv", "ada", {"quill"}.__contains__)
    assert message in str(caught.value)


def test_a_step_of_the_picture_holds_the_minutes_of_its_time() -> None:
    test = BackTest(
        RUN, [ENTITY], [Setting(name="a", thresholds=())], START, START + timedelta(days=90)
    )
    course = test.courses[ENTITY]
    assert course.step == timedelta(hours=6)
    assert len(course.posts) == 360
