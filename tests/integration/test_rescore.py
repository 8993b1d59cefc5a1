"""Reading a stored run again leaves what reading it for the first time would have left."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from clickhouse_driver import Client

from sinks.batch import Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.rescore import entities_of, rescore
from uproar.cli import main
from uproar.clickhouse import connect
from uproar.records import CallToAction, Deletion, EntityReaction, Post, Reaction, Sentiment

pytestmark = pytest.mark.integration

START = datetime(2021, 1, 18, 23, 50, tzinfo=UTC)


def a_post(number: int, run: str = "old") -> Post:
    at = START + timedelta(seconds=30 * number)
    return Post(
        run=run,
        platform="mastodon",
        post_id=str(number),
        author=f"a{number % 5}",
        text=f"an invented post of epik and gab, number {number}",
        created_at=at,
        observed_at=at,
        received_at=at,
        revision=number % 3,
        lang="en" if number % 2 else None,
        reply_to="7" if number % 4 == 0 else None,
    )


def as_then(post: Post) -> Reaction:
    mood = Sentiment(score=0.5, label="positive", model="then")
    return Reaction(
        post=post,
        lang="en",
        entities=(EntityReaction(entity="gab", sentiment=mood), _epik(None, ())),
    )


def as_now(post: Post) -> Reaction:
    """Another language, mood and call; and half of the posts are no longer about gab."""
    mood = Sentiment(score=-0.25, label="negative", model="now", is_sure=post.post_id != "3")
    call = CallToAction(
        action="boycott", target="epik", direction="against", evidence="post", confidence=0.9
    )
    entities = [_epik(mood, (call,))]
    if int(post.post_id) % 2:
        entities.append(EntityReaction(entity="gab", sentiment=mood))
    return Reaction(post=post, lang=post.lang or "fr", entities=tuple(entities))


def all_as_now(posts: Sequence[Post]) -> list[Reaction]:
    return [as_now(post) for post in posts]


def _epik(mood: Sentiment | None, calls: tuple[CallToAction, ...]) -> EntityReaction:
    return EntityReaction(entity="epik", sentiment=mood, calls=calls)


def write(client: Client, *records: Reaction | Deletion) -> None:
    batch = empty_batch()
    batch.reactions.extend(map(Placed, records))
    ClickHouseSink(client).write(batch)


def contents(client: Client, run: str) -> list[list[tuple[Any, ...]]]:
    """Return every row and total of a run, but for its name and the time and number of writing."""
    return [
        client.execute(
            f"SELECT * EXCEPT ({left_out}) FROM {table} FINAL WHERE run = %(run)s ORDER BY {order}",
            {"run": run},
        )
        for table, left_out, order in (
            ("reactions", "run, stored_at", "entity, post_id"),
            ("reactions_by_minute", "run, version, authors", "entity, minute, lang"),
            ("post_states", "run, changed_at", "post_id"),
        )
    ]


def test_a_run_that_is_read_again_is_as_if_it_had_only_now_come_in(
    tables: Client, server_url: str
) -> None:
    write(tables, *(as_then(a_post(number)) for number in range(60)))
    write(tables, *(as_now(a_post(number, "new")) for number in range(60)))
    ((database,),) = tables.execute("SELECT currentDatabase()")
    reading = connect(server_url, database=database)
    seen: list[int] = []

    assert entities_of(reading, "old") == ("epik", "gab")
    dry = rescore(reading, "old", all_as_now, None, seen.append)
    assert contents(tables, "old") != contents(tables, "new")
    done = rescore(reading, "old", all_as_now, ClickHouseSink(tables), seen.append)
    assert contents(tables, "old") == contents(tables, "new")

    assert dry.counts == done.counts
    assert (done.counts["posts"], done.counts["mentions gone"], done.counts["mentions new"]) == (
        60,
        30,
        0,
    )
    assert done.counts["call found"] == 60
    assert done.counts["other label"] == 90
    assert (done.models_before, done.models_after) == ({"then"}, {"now"})
    again = rescore(reading, "old", all_as_now, ClickHouseSink(tables), seen.append)
    assert (again.counts["other label"], again.counts["call found"]) == (0, 0)
    assert contents(tables, "old") == contents(tables, "new")
    reading.disconnect()


def test_an_edit_or_a_deletion_that_comes_while_a_run_is_read_again_wins(
    tables: Client, server_url: str
) -> None:
    posts = [a_post(number) for number in range(4)]
    write(tables, *map(as_then, posts))
    ((database,),) = tables.execute("SELECT currentDatabase()")
    reading = connect(server_url, database=database)
    edited = msgspec.structs.replace(posts[1], revision=9, text="edited meanwhile")

    def read(posts: Sequence[Post]) -> list[Reaction]:
        write(
            tables,
            as_then(edited),
            Deletion(
                run="old",
                platform="mastodon",
                post_id="2",
                observed_at=START,
                received_at=START,
            ),
        )
        return all_as_now(posts)

    rescore(reading, "old", read, ClickHouseSink(tables), lambda count: None)
    found = tables.execute(
        "SELECT DISTINCT post_id, text LIKE 'edited%%', sentiment_model FROM reactions FINAL "
        "WHERE run = 'old' AND entity = 'gab' ORDER BY post_id"
    )
    assert found == [("1", 1, "then"), ("3", 0, "now")]
    reading.disconnect()


CONFIG = "entities:\n  - {id: epik, name: Epik}\n"


def test_a_run_that_is_not_there_and_a_configuration_that_would_empty_it_are_refused(
    tables: Client, server_url: str, servers: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((database,),) = tables.execute("SELECT currentDatabase()")
    monkeypatch.setenv("UPROAR_HOME", str(tmp_path))
    monkeypatch.setenv("UPROAR_CLICKHOUSE_URL", f"{server_url}/{database}")
    monkeypatch.setenv("UPROAR_KAFKA_BROKERS", servers.kafka.brokers[0])
    config = tmp_path / "uproar.yaml"
    config.write_text(CONFIG, "utf-8")
    write(tables, as_then(a_post(1)))

    def run(*words: str) -> Any:
        return CliRunner().invoke(main, ["--config", str(config), "rescore", *words])

    missing = run("nowhere")
    assert (missing.exit_code, "no posts are stored for the run `nowhere`" in missing.output) == (
        1,
        True,
    )
    untracked = run("old")
    assert untracked.exit_code == 1
    assert "posts about `gab`, which the configuration does not track" in untracked.output
    config.write_text(CONFIG + "  - {id: gab, name: Gab}\n", "utf-8")
    done = run("old", "--dry-run")
    assert done.exit_code == 0, done.output
    assert "Nothing was written" in done.output
    assert "then before" in done.output
