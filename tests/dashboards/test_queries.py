"""Each query's figures against the same figures counted in Python from the records themselves."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from dashboards.macros import Scope
from dashboards.panels import QUERIES
from dashboards.scope import whole_run
from tests.dashboards.asking import (
    LATER,
    SCOPES,
    START,
    Query,
    ask,
    has,
    hour,
    rows,
    scope,
    shown,
    summary,
)
from uproar.records import DeadLetter, Deletion, Reaction, RunReport, Watermark

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def kept(
    invented: list[Reaction], write: Callable[[Sequence[Any]], None]
) -> Iterator[list[Reaction]]:
    """Store all, then again in part, then edit one post and delete another; return what counts."""
    write(invented)
    write(invented[100:200])
    edited, deleted = invented[2], invented[4]
    edit = msgspec.structs.replace(
        edited,
        post=msgspec.structs.replace(edited.post, revision=1, text="Changed my mind"),
        entities=tuple(msgspec.structs.replace(one, calls=()) for one in edited.entities),
    )
    write([edit])
    write(
        [
            Deletion(
                run=deleted.post.run,
                platform=deleted.post.platform,
                post_id=deleted.post.post_id,
                observed_at=LATER,
                received_at=LATER,
            )
        ]
    )
    write(_reports())
    yield [edit if one is edited else one for one in invented if one is not deleted]


def _reports() -> list[Any]:
    read_at: dict[str, Any] = {"run": "wave", "source": "recording", "started_at": LATER}
    letter = DeadLetter(
        run="wave", stage="recording", reason="not-json", detail="malformed", source="a.jsonl",
        position=7, payload=b"{", size_bytes=1, received_at=LATER,
    )  # fmt: skip
    report = RunReport(
        **read_at, state="finished", inputs=("a.jsonl",), reported_at=LATER, read=500, kept=400,
        filtered=97, deletions=1, dead_letters={"not-json": 2}, first_at=START, last_at=LATER,
    )  # fmt: skip
    return [
        letter,
        letter,
        msgspec.structs.replace(letter, position=8),
        msgspec.structs.replace(report, read=3, reported_at=LATER - timedelta(seconds=1)),
        report,
        Watermark(**read_at, observed_before=LATER, position=500, is_last=True),
    ]


@pytest.mark.parametrize("name", sorted(path.stem for path in QUERIES.glob("*.sql")))
@pytest.mark.parametrize("asked", [*SCOPES[2:], pytest.param(whole_run("wave"), id="whole run")])
def test_every_query_runs_and_every_time_it_answers_has_a_zone(
    name: str, asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    for row in ask(query, name, asked):
        for value in row.values():
            assert not isinstance(value, datetime) or value.tzinfo is not None


@pytest.mark.parametrize("asked", SCOPES)
def test_totals_are_those_of_the_distinct_posts_whatever_was_repeated_edited_or_deleted(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    (found,) = ask(query, "totals", asked)
    assert found == pytest.approx(summary(rows(kept, asked)), abs=1e-9)


@pytest.mark.parametrize("asked", SCOPES)
def test_entities_are_ranked_with_the_figures_of_each(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, asked)
    ids = sorted(Counter(one.entity for _, one in wanted).items(), key=lambda x: (-x[1], x[0]))
    found = ask(query, "entities", asked)
    assert [row.pop("entity") for row in found] == [entity for entity, _ in ids]
    for row, (entity, _) in zip(found, ids, strict=True):
        own = [pair for pair in wanted if pair[1].entity == entity]
        assert row == pytest.approx(summary(own), abs=1e-9)


@pytest.mark.parametrize("asked", SCOPES)
def test_series_over_time_count_each_post_in_its_hour(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, asked)
    volume = Counter((hour(one), entity.entity) for one, entity in wanted)
    against = Counter((hour(one), e.entity) for one, e in wanted if has(e, "against"))
    actions = Counter(
        (hour(one), f"{action} {direction}")
        for one, entity in wanted
        for action, direction in {(call.action, call.direction) for call in entity.calls}
    )
    for name, counted in [
        ("volume_by_entity", volume),
        ("calls_by_entity", against),
        ("calls_by_action", actions),
    ]:
        found = ask(query, name, asked)
        assert {(row["time"], row["series"]): row["value"] for row in found} == counted
        assert [row["time"] for row in found] == sorted(row["time"] for row in found)


SHOWN_OVER_TIME = (
    *("originals", "repeats"),
    *(f"{mood}_posts" for mood in ("negative", "neutral", "positive", "unsure", "unread")),
)


@pytest.mark.parametrize("asked", SCOPES)
def test_volume_and_sentiment_over_time_add_up_to_the_posts(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, asked)
    counted = Counter((hour(one), f"{shown(entity)}_posts") for one, entity in wanted) + Counter(
        (hour(one), "repeats" if one.post.repost_of else "originals") for one, _ in wanted
    )
    found = Counter(
        {
            (row["time"], name): value
            for query_name in ("sentiment", "volume")
            for row in ask(query, query_name, asked)
            for name, value in row.items()
            if name in SHOWN_OVER_TIME and value
        }
    )
    assert found == counted


def test_the_mean_score_of_an_hour_leaves_unread_posts_out(
    query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, scope())
    for row in ask(query, "mean_score", scope()):
        scores = [
            entity.sentiment.score
            for one, entity in wanted
            if hour(one) == row["time"] and entity.sentiment
        ]
        assert row["mean_score"] == pytest.approx(sum(scores) / len(scores) if scores else None)


@pytest.mark.parametrize("asked", SCOPES)
def test_shares_of_voice_are_of_all_mentions_and_of_the_authors_of_each(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, asked)
    posts = Counter(entity.entity for _, entity in wanted)
    authors = {(one.post.author, entity.entity) for one, entity in wanted if one.post.author}
    by_posts = {row["entity"]: row["share"] for row in ask(query, "voice_by_posts", asked)}
    by_authors = {row["entity"]: row["share"] for row in ask(query, "voice_by_authors", asked)}
    assert by_posts == pytest.approx({e: n / posts.total() for e, n in posts.items()})
    speakers = Counter(entity for _, entity in authors)
    assert by_authors == pytest.approx({e: speakers[e] / speakers.total() for e in posts})


@pytest.mark.parametrize("asked", SCOPES)
def test_platforms_and_languages_count_mentions(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, asked)
    platforms = Counter(one.post.platform for one, _ in wanted)
    languages = Counter(one.lang for one, _ in wanted)
    assert {r["platform"]: r["mentions"] for r in ask(query, "platforms", asked)} == platforms
    assert {r["language"]: r["mentions"] for r in ask(query, "languages", asked)} == languages


@pytest.mark.parametrize("asked", SCOPES)
def test_the_loudest_authors_are_those_with_most_mentions_and_nobody_is_unknown(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    named = [pair for pair in rows(kept, asked) if pair[0].post.author]
    counted = sorted(
        Counter(one.post.author for one, _ in named).items(), key=lambda x: (-x[1], x[0])
    )
    found = ask(query, "loudest_authors", asked)
    assert [(row["author"], row["mentions"]) for row in found] == counted[:20]
    for row in found:
        own = summary([pair for pair in named if pair[0].post.author == row["author"]])
        assert row["posts_against"] == own["posts_against"]
        assert row["share"] == pytest.approx(own["mentions"] / len(named))
        assert row["mean_score"] == pytest.approx(own["mean_score"])


@pytest.mark.parametrize("asked", SCOPES)
def test_the_latest_posts_come_newest_first_with_their_calls_and_evidence(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, asked)
    for name, pairs in [
        ("latest_posts", wanted),
        ("calling_posts", [pair for pair in wanted if pair[1].calls]),
    ]:
        newest = sorted(
            pairs,
            key=lambda p: (
                -p[0].post.observed_at.timestamp(),
                p[0].post.platform,
                p[0].post.post_id,
            ),
        )
        found = ask(query, name, asked)
        assert [row["time"] for row in found] == [p[0].post.observed_at for p in newest[:60]]
        texts = {(one.post.text, one.post.author, entity.entity): entity for one, entity in pairs}
        for row in found:
            entity = texts[row["text"], row["author"], row["entity"]]
            calls = [f"{call.action} {call.direction}" for call in entity.calls]
            assert list(row["calls"]) == calls
            assert list(row["evidence"]) == [call.evidence for call in entity.calls]


@pytest.mark.parametrize("asked", SCOPES)
def test_calls_are_counted_by_what_is_asked_of_whom_and_in_which_words(
    asked: Scope, query: Query, kept: list[Reaction]
) -> None:
    wanted = rows(kept, asked)
    calls = [(entity, call) for _, entity in wanted for call in entity.calls]
    asked_for = Counter((c.action, c.direction, e.entity, c.addressee or "") for e, c in calls)
    words = Counter((call.evidence, call.action, call.direction) for _, call in calls)
    addressees = Counter(
        addressee
        for _, addressee in {
            (one.post.post_id, call.addressee) for one, e in wanted for call in e.calls
        }
        if addressee
    )
    (totals,) = ask(query, "calls_totals", asked)
    assert totals["posts_calling"] == sum(bool(entity.calls) for _, entity in wanted)
    assert {
        (r["action"], r["direction"], r["entity"], r["addressee"]): r["posts_calling"]
        for r in ask(query, "what_is_asked", asked)
    } == asked_for
    assert {
        (r["evidence"], r["action"], r["direction"]): r["posts_calling"]
        for r in ask(query, "in_which_words", asked)
    } == words
    assert {
        r["addressee"]: r["posts_calling"] for r in ask(query, "addressees", asked)
    } == addressees


def test_the_latest_report_of_a_run_is_the_one_that_counts(
    query: Query, kept: list[Reaction]
) -> None:
    (found,) = ask(query, "reconciliation", scope())
    assert found == {
        "read_records": 500,
        "kept_posts": 400,
        "filtered_posts": 97,
        "deletions": 1,
        "unreadable_records": 2,
        "left_over": 0,
    }


def test_a_dead_letter_that_is_stored_twice_counts_once(query: Query, kept: list[Reaction]) -> None:
    (found,) = ask(query, "dead_letters_by_reason", scope())
    assert (found["stage"], found["reason"], found["letters"]) == ("recording", "not-json", 2)


def test_a_finished_run_is_told_with_its_watermark_and_its_span(
    query: Query, kept: list[Reaction]
) -> None:
    (found,) = ask(query, "trust", scope())
    minutes = [one.post.observed_at.replace(second=0) for one in kept if one.post.run == "wave"]
    assert found["watermark"] == LATER
    assert found["is_finished"]
    assert found["states"] == ["finished"]
    assert (found["first_minute"], found["last_minute"]) == (min(minutes), max(minutes))
    assert (found["read_records"], found["dead_letters"]) == (500, 2)


def test_runs_are_offered_with_the_one_heard_of_last_first(
    query: Query, kept: list[Reaction]
) -> None:
    assert [row["run"] for row in ask(query, "variable_run", scope())] == ["wave", "other"]
    (found,) = ask(query, "runs", scope())
    assert (found["run"], found["state"], found["inputs"]) == ("wave", "finished", "a.jsonl")


@pytest.mark.parametrize("hostile", ["' OR 1=1 --", "\\' OR 1=1 --", "nimbus\\", "'); --", "\0"])
def test_a_hostile_value_finds_nothing_and_breaks_nothing(
    hostile: str, query: Query, kept: list[Reaction]
) -> None:
    (found,) = ask(query, "totals", scope(entity=(hostile,)))
    assert found["mentions"] == 0
    (quoted,) = ask(query, "trust", scope(run=(hostile,)))
    assert quoted["watermark"] is None
