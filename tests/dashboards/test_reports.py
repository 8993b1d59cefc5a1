"""The figures of a report against the same figures counted in Python from the records."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from dashboards.reports.compose import compose
from dashboards.reports.figures import Facts
from dashboards.reports.gather import Request, gather
from uproar.clickhouse import Result
from uproar.errors import InputError
from uproar.records import Deletion, EntityReaction, Reaction, RunReport, Watermark

pytestmark = pytest.mark.integration

START = datetime(2021, 1, 10, tzinfo=UTC)
LATER = START + timedelta(days=2)
Query = Callable[[str], Result]
Row = tuple[Reaction, EntityReaction]


@pytest.fixture(scope="module")
def rows(invented: list[Reaction], write: Callable[[Sequence[Any]], None]) -> Iterator[list[Row]]:
    """Store all of them, some twice, delete one; return the mentions that count."""
    gone = next(one for one in invented if one.post.run == "wave" and one.entities[0].calls)
    write(invented)
    write(invented[100:200])
    asked: dict[str, Any] = {"run": "wave", "source": "recording", "started_at": LATER}
    write(
        [
            Deletion(
                run="wave", platform=gone.post.platform, post_id=gone.post.post_id,
                observed_at=LATER, received_at=LATER,
            ),
            RunReport(
                **asked, state="finished", inputs=("a.jsonl",), reported_at=LATER, read=500,
                kept=400, filtered=99, deletions=1, first_at=START, last_at=LATER,
            ),
            Watermark(**asked, observed_before=LATER, position=500, is_last=True),
        ]
    )  # fmt: skip
    yield [
        (one, entity)
        for one in invented
        if one is not gone and one.post.run == "wave"
        for entity in one.entities
    ]


@pytest.fixture(scope="module")
def facts(query: Query, rows: list[Row]) -> Facts:
    return gather(query, Request(run="wave"))


def test_the_totals_are_those_of_the_posts_that_are_left(facts: Facts, rows: list[Row]) -> None:
    assert facts.totals.mentions == len(rows)
    authors = {one.post.author for one, _ in rows if one.post.author}
    assert facts.loudest.known_authors == len(authors)
    assert facts.totals.posts_calling == sum(bool(entity.calls) for _, entity in rows)
    assert facts.totals.negative_posts == sum(
        entity.sentiment is not None
        and entity.sentiment.is_sure
        and entity.sentiment.label == "negative"
        for _, entity in rows
    )
    by_entity = Counter(entity.entity for _, entity in rows)
    assert {one.entity: one.mentions for one in facts.entities} == by_entity


def test_the_course_the_languages_and_the_calls_add_up_to_the_totals(
    facts: Facts, rows: list[Row]
) -> None:
    by_hour = Counter(
        (entity.entity, one.post.observed_at.replace(minute=0, second=0)) for one, entity in rows
    )
    assert {(one.entity, one.time): one.mentions for one in facts.course} == by_hour
    assert {one.name: one.mentions for one in facts.languages} == Counter(
        one.lang for one, _ in rows
    )
    assert {one.name: one.mentions for one in facts.platforms} == Counter(
        one.post.platform for one, _ in rows
    )
    calls = Counter((call.action, call.direction) for _, entity in rows for call in entity.calls)
    assert {(one.action, one.direction): one.posts_calling for one in facts.calls} == calls
    assert sum(one.posts_calling for one in facts.calling) == sum(
        count for (_, direction), count in calls.items() if direction == "against"
    )


def test_the_loudest_are_those_who_said_most(facts: Facts, rows: list[Row]) -> None:
    said = Counter(one.post.author for one, _ in rows if one.post.author)
    counts = sorted(said.values(), reverse=True)
    assert facts.loudest.of_the_loudest == counts[0]
    assert facts.loudest.of_the_ten_loudest == sum(counts[:10])
    assert facts.loudest.authors_of_one == counts.count(1)


def test_words_and_addressees_are_counted_by_posts(facts: Facts, rows: list[Row]) -> None:
    asked = {
        (call.addressee, one.post.post_id)
        for one, entity in rows
        for call in entity.calls
        if call.addressee
    }
    assert {one.addressee: one.posts_calling for one in facts.addressees} == Counter(
        addressee for addressee, _ in asked
    )
    words = Counter(call.evidence.lower() for _, entity in rows for call in entity.calls)
    assert {one.evidence.lower(): one.posts_calling for one in facts.words} == words


def test_every_query_of_the_appendix_answers_again_what_the_report_says(
    facts: Facts, query: Query
) -> None:
    document = compose(facts, with_queries=True)
    answers = {(one.name, one.of): query(one.sql) for one in document.queries}
    named = {stat.query for stat in document.stats} | {one.query for one in document.charts()}
    assert named <= {name for name, _ in answers}
    course = answers["course", ""]
    again = [dict(zip(course.columns, row, strict=True)) for row in course.rows]
    assert [msgspec.structs.asdict(one) for one in facts.course] == again
    totals = answers["totals", "the range"]
    (row,) = totals.rows
    assert dict(zip(totals.columns, row, strict=True))["mentions"] == facts.totals.mentions


def test_before_and_during_make_the_whole_of_the_leading_entity(facts: Facts) -> None:
    lead = facts.course[0].entity if len({one.entity for one in facts.course}) == 1 else "nimbus"
    if facts.before is None or facts.during is None:
        pytest.skip("nothing rose above three times the usual")
    whole = next(one.mentions for one in facts.entities if one.entity == lead)
    assert facts.before.mentions + facts.during.mentions == whole


def test_quotes_are_of_posts_that_are_still_there(facts: Facts, rows: list[Row]) -> None:
    texts = {one.post.text for one, _ in rows if one.post.repost_of is None}
    assert facts.candidates
    assert {one.text for one in facts.candidates} <= texts


def test_one_entity_and_a_range_narrow_everything(query: Query, rows: list[Row]) -> None:
    end = START + timedelta(hours=12)
    request = Request(run="wave", from_at=START, to_at=end, entities=("kestrel",))
    found = gather(query, request)
    wanted = [
        one for one, entity in rows if entity.entity == "kestrel" and one.post.observed_at < end
    ]
    assert found.totals.mentions == len(wanted)
    assert {one.entity for one in found.course} == {"kestrel"}
    assert sum(one.mentions for one in found.platforms) == len(wanted)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (Request(run="no such run"), "nothing is stored of a run `no such run`"),
        (Request(run="wave", entities=("acme",)), "has no posts about `acme`"),
        (Request(run="wave", from_at=LATER, to_at=LATER + timedelta(hours=1)), "nothing was said"),
        (Request(run="wave", from_at=LATER, to_at=START), "ends before it begins"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_what_there_is(
    query: Query, rows: list[Row], request_: Request, told: str
) -> None:
    with pytest.raises(InputError, match=told) as refusal:
        gather(query, request_)
    assert refusal.value.hint


def test_alerts_spikes_and_known_events_of_the_range_are_told(
    store: Any, query: Query, rows: list[Row]
) -> None:
    at = START + timedelta(hours=20)
    store.execute(
        "INSERT INTO annotations (id, entity, starts_at, title) VALUES",
        [{"id": "1", "entity": "nimbus", "starts_at": at, "title": "The release"}],
    )
    store.execute(
        "INSERT INTO alerts (run, id, entity, signal, severity, started_at, fired_at, value) "
        "VALUES",
        [
            {
                "run": "wave",
                "id": "a",
                "entity": "nimbus",
                "signal": "volume",
                "severity": "warning",
                "started_at": at,
                "fired_at": at,
                "value": 7.0,
            }
        ],
    )
    store.execute(
        "INSERT INTO spikes (run, entity, started_at, peak_at, posts, expected) VALUES",
        [
            {
                "run": "wave",
                "entity": "nimbus",
                "started_at": at,
                "peak_at": at,
                "posts": 9,
                "expected": 1.5,
            }
        ],
    )
    store.execute(
        "INSERT INTO expected_by_minute (run, entity, minute, expected) VALUES",
        [{"run": "wave", "entity": "nimbus", "minute": at, "expected": 1.5}],
    )
    facts = gather(query, Request(run="wave"))
    document = compose(facts)
    titles = [getattr(block, "title", "") for part in document.sections for block in part.blocks]
    assert {"Known events", "Alerts", "Spikes, as the watcher found them"} <= {*titles}
    assert [one.expected for one in facts.expected] == [1.5]
    elsewhere = gather(query, Request(run="wave", to_at=START + timedelta(hours=6)))
    assert not elsewhere.annotations
    assert not elsewhere.alerts
    for table in ("annotations", "alerts", "spikes", "expected_by_minute"):
        store.execute(f"TRUNCATE TABLE {table}")
