"""Deletions and erasure against a real ClickHouse: what must be gone is gone, also off the disk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from clickhouse_driver import Client

from sinks.batch import Arrival, add_message, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.erasure import FOR_GOOD, Subject, erase
from uproar.cli import main
from uproar.keyring import key_ring
from uproar.records import (
    AccountDeletion,
    DeadLetter,
    Deletion,
    EntityReaction,
    Post,
    Reaction,
    ReactionsRecord,
    Waybill,
)

pytestmark = pytest.mark.integration

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
KEY = "an invented key, long enough"
RING = key_ring(KEY, ["an older key, retired now"])
ADA, OLD_ADA = RING.names("mastodon", "ada@example.social")
BOB = RING.current.name("mastodon", "bob@example.social")
SECRET = "Quillhost has a hole in its fence"


def reaction(post_id: str, author: str, minute: int = 0, run: str = "january") -> Reaction:
    at = NOON + timedelta(minutes=minute)
    post = Post(
        run=run, platform="mastodon", post_id=post_id, author=author, text=f"{SECRET} {post_id}",
        created_at=at, observed_at=at, received_at=at,
    )  # fmt: skip
    return Reaction(
        post=post, lang="en", entities=(EntityReaction(entity="quillhost", sentiment=None),)
    )


def gone(author: str, minute: int, run: str = "january") -> AccountDeletion:
    at = NOON + timedelta(minutes=minute)
    return AccountDeletion(
        run=run, platform="mastodon", author=author, observed_at=at, received_at=at
    )


def write(client: Client, *records: ReactionsRecord, number: int = 1) -> ClickHouseSink:
    batch = empty_batch()
    bill = Waybill(run="january", source="s", started_at=NOON, number=number, records=len(records))
    arrival = Arrival(topic="t", stream="reactions", partition=0, offset=number, at=NOON)
    add_message(batch, [bill, *records], (), arrival)
    sink = ClickHouseSink(client)
    sink.write(batch)
    return sink


def ids(client: Client) -> set[str]:
    return {row for (row,) in client.execute("SELECT post_id FROM reactions FINAL")}


def counted(client: Client) -> int:
    ((posts,),) = client.execute("SELECT sum(posts) FROM reactions_by_minute FINAL")
    return int(posts or 0)


def test_an_account_that_goes_takes_all_its_posts_until_then_along(tables: Client) -> None:
    write(tables, reaction("1", ADA), reaction("2", BOB), reaction("3", ADA, minute=9))
    write(tables, gone(ADA, minute=5), number=2)
    assert ids(tables) == {"2", "3"}
    assert counted(tables) == 2


def test_what_comes_after_the_word_of_a_deleted_account_but_is_older_is_not_stored(
    tables: Client,
) -> None:
    write(tables, gone(ADA, minute=5))
    write(tables, reaction("1", ADA), reaction("3", ADA, minute=9), number=2)
    assert ids(tables) == {"3"}


def test_an_account_goes_alike_within_one_batch_and_in_another_run_it_stays(
    tables: Client,
) -> None:
    elsewhere = reaction("4", ADA, run="other")
    write(tables, reaction("1", ADA), gone(ADA, minute=5), reaction("2", ADA), elsewhere)
    assert ids(tables) == {"4"}


def test_a_deleted_account_written_twice_leaves_the_same_as_once(tables: Client) -> None:
    for _ in range(2):
        write(tables, reaction("1", ADA), gone(ADA, minute=5), reaction("2", BOB))
    assert ids(tables) == {"2"}
    rows = tables.execute("SELECT new_posts, further, unmentioned FROM ledger FINAL")
    assert rows == [(2, 1, 0)]
    ((removed,),) = tables.execute("SELECT count() FROM removals FINAL")
    assert removed == 2  # the post and the account


def test_a_deleted_post_is_masked_for_reads_that_forget_final_too(tables: Client) -> None:
    at = NOON + timedelta(minutes=1)
    deletion = Deletion(
        run="january", platform="mastodon", post_id="1", observed_at=at, received_at=at
    )
    sink = write(tables, reaction("1", ADA), reaction("2", BOB))
    sink = write(tables, deletion, number=2)
    assert sink.has_removed
    assert {row for (row,) in tables.execute("SELECT text FROM reactions")} >= {f"{SECRET} 1"}
    assert not sink.purge()
    texts = {row for (row,) in tables.execute("SELECT text FROM reactions WHERE is_deleted = 0")}
    assert texts == {f"{SECRET} 2"}
    assert ids(tables) == {"2"}


def test_the_trail_of_removals_holds_no_text_and_no_name(tables: Client) -> None:
    write(tables, reaction("1", ADA), gone(ADA, minute=5))
    trail = str(tables.execute("SELECT * FROM removals"))
    assert "account deleted" in trail
    for word in (SECRET, ADA, "ada@example"):
        assert word not in trail


def letter(payload: bytes) -> DeadLetter:
    return DeadLetter(
        run="january", stage="replay", reason="no-text", detail="wanted a text, found none",
        source="a.jsonl", position=len(payload), payload=payload, size_bytes=len(payload),
        received_at=datetime.now(UTC),  # an old one has passed its retention
    )  # fmt: skip


def test_erasure_takes_rows_totals_and_dead_letters_in_every_run_and_off_the_disk(
    tables: Client,
) -> None:
    write(tables, reaction("1", ADA), reaction("2", OLD_ADA, run="other"), reaction("3", BOB))
    batch = empty_batch()
    arrival = Arrival(topic="d", stream="dead-letters", partition=0, offset=1, at=NOON)
    letters = [letter(b'{"author": "ada@example.social"}'), letter(b'{"author": "canada"}')]
    add_message(batch, letters, (), arrival)
    ClickHouseSink(tables).write(batch)
    subjects = [Subject("mastodon", name) for name in (ADA, OLD_ADA)]
    erased = erase(tables, subjects, ["ada@example.social"], NOON, pause=lambda _: None)
    assert erased.posts == {"january": 1, "other": 1}
    assert erased.dead_letters == {"january": 1}
    assert erased.rows_left == 0
    assert ids(tables) == {"3"}
    assert counted(tables) == 1
    texts = {row for (row,) in tables.execute("SELECT text FROM reactions")} - {""}
    assert texts == {f"{SECRET} 3"}
    assert tables.execute("SELECT count() FROM dead_letters FINAL") == [(1,)]


def test_who_was_erased_does_not_come_back_with_an_archive_that_is_replayed_again(
    tables: Client,
) -> None:
    erase(tables, [Subject("mastodon", ADA)], [], NOON, pause=lambda _: None)
    write(tables, reaction("1", ADA), reaction("2", ADA, minute=1))
    assert ids(tables) == {"2"}
    erase(tables, [Subject("mastodon", ADA)], [], FOR_GOOD, pause=lambda _: None)
    write(tables, reaction("5", ADA, minute=500_000), number=2)
    assert ids(tables) == set()


@pytest.fixture
def command(server_url: str, tables: Client, tmp_path: Path) -> Iterator[Any]:
    """The command line against these tables; Kafka is named, and not asked."""
    env = {
        "UPROAR_HOME": str(tmp_path / "home"),
        "UPROAR_CLICKHOUSE_URL": f"{server_url}/uproar",
        "UPROAR_KAFKA_BROKERS": "127.0.0.1:1",
        "UPROAR_AUTHOR_KEY": KEY,
    }

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env=env)

    yield run


def test_a_person_gets_what_is_stored_of_them_and_then_a_receipt_that_names_nobody(
    command: Any, tables: Client, tmp_path: Path
) -> None:
    write(tables, reaction("1", ADA), reaction("3", BOB))
    out = tmp_path / "ada.ndjson"
    done = command("privacy", "export", "@ada@example.social", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert f"{SECRET} 1" in out.read_text()
    assert f"{SECRET} 3" not in out.read_text()
    assert out.stat().st_mode & 0o777 == 0o600
    receipt = tmp_path / "receipt.json"
    done = command("privacy", "erase", "ada@example.social", "--receipt", str(receipt))
    assert done.exit_code == 0, done.output
    assert '"january": 1' in receipt.read_text()
    assert "ada@example" not in receipt.read_text()
    assert receipt.stat().st_mode & 0o777 == 0o600
    assert ids(tables) == {"3"}


def test_a_platform_that_is_not_known_is_named_with_those_that_are(
    command: Any, tables: Client
) -> None:
    write(tables, reaction("1", ADA))
    done = command("privacy", "export", "ada", "--platform", "mastadon")
    assert done.exit_code == 1
    assert "mastadon" in done.output
    assert "mastodon" in done.output


@pytest.mark.parametrize("what", ["export", "erase"])
def test_a_name_that_nothing_is_stored_under_is_told_as_such(
    command: Any, tables: Client, what: str
) -> None:
    write(tables, reaction("1", ADA))
    done = command("privacy", what, "the-screen-name-of-ada")
    assert done.exit_code == 0, done.output
    assert "Nothing is stored under these names" in done.output
    assert ids(tables) == {"1"}
