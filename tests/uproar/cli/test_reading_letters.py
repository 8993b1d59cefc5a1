"""What dead letters are to the readers of today. Nothing is connected to."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sinks.letters import StoredLetter
from streams.assess import Reader
from uproar.cli.reading_letters import (
    NO_RECORD,
    NO_RUN,
    STILL_FAILS,
    TRUNCATED,
    Given,
    LetterReader,
    Record,
)
from uproar.codec import encode_record, join_pack
from uproar.config import parse_config
from uproar.records import UNKNOWN_RUN, Deletion, Post, Reaction, Waybill
from uproar.settings import Settings

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
CONFIG = parse_config("entities: [{id: nimbus, name: Nimbus}]\n", "uproar.yaml")
LINE = b'{"id":"7","text":"Boycott Nimbus","author":"ada","created_at":"2021-01-18T12:00:00Z"}'
POST = Post(
    run="january", platform="mastodon", post_id="7", author="a" * 32, text="Boycott Nimbus",
    created_at=NOON, observed_at=NOON, received_at=NOON,
)  # fmt: skip
GONE = Deletion(run="january", platform="mastodon", post_id="7", observed_at=NOON, received_at=NOON)


def letter(payload: bytes, stage: str = "replay", **changes: Any) -> StoredLetter:
    given: dict[str, Any] = {
        "run": "january", "stage": stage, "source": "a.jsonl", "position": 3, "part": 0,
        "fingerprint": 1, "reason": "not-json", "detail": "", "payload": payload,
        "size_bytes": len(payload), "received_at": NOON,
    }  # fmt: skip
    return StoredLetter(**{**given, **changes})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, author_key="an invented key, long enough")


def read(
    settings: Settings, one: StoredLetter, header: bytes = b"", **bounds: Any
) -> list[Record | None] | str:
    found = LetterReader(settings, CONFIG, {"": Given(**bounds)}, header).read(one)
    return found if isinstance(found, str) else list(found)


def read_post(settings: Settings, one: StoredLetter, header: bytes = b"") -> Post:
    found = read(settings, one, header)
    assert not isinstance(found, str), found
    [post] = found
    assert isinstance(post, Post)
    return post


def test_an_input_record_becomes_the_post_it_would_have_been(settings: Settings) -> None:
    post = read_post(settings, letter(LINE))
    assert (post.run, post.post_id, post.text) == ("january", "7", "Boycott Nimbus")
    assert len(post.author) == 32


def test_a_post_without_an_id_gets_the_one_that_its_place_gives(settings: Settings) -> None:
    payload = LINE.replace(b'"id":"7",', b"")
    first, again, other = (
        read_post(settings, letter(payload, position=position)).post_id for position in (3, 3, 4)
    )
    assert first == again != other


def test_what_mentions_nothing_or_is_out_of_bounds_is_read_and_not_sent(
    settings: Settings,
) -> None:
    assert read(settings, letter(LINE.replace(b"Nimbus", b"nobody"))) == [None]
    assert read(settings, letter(LINE), end=NOON) == [None]


def test_a_row_of_a_table_is_read_by_its_header(settings: Settings) -> None:
    row = b"7,Boycott Nimbus,2021-01-18T12:00:00Z"
    assert isinstance(read(settings, letter(row)), str)
    assert read_post(settings, letter(row), b"id,text,created_at\r\n").post_id == "7"


def test_a_post_that_failed_in_the_streams_is_sent_when_it_can_be_read(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = letter(encode_record(POST), "streams", reason="reading-failed")
    assert read(settings, failed) == [POST]

    def fail(*_: Any) -> Reaction:
        raise KeyError

    monkeypatch.setattr(Reader, "read", fail)
    assert read(settings, failed) == STILL_FAILS


def test_what_was_no_record_may_be_one_or_a_pack_of_them(settings: Settings) -> None:
    bill = Waybill(run="january", source="s", started_at=NOON, number=1, records=2)
    pack = join_pack([encode_record(one) for one in (bill, POST, GONE)])
    assert read(settings, letter(pack, "streams")) == [POST, GONE]
    reaction = encode_record(Reaction(post=POST, lang="en"))
    assert read(settings, letter(reaction, "sink")) == [POST]
    assert read(settings, letter(b'{"type":"later"}', "streams")) == NO_RECORD
    assert read(settings, letter(encode_record(POST), "sink", run="february")) == NO_RECORD


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (letter(LINE, size_bytes=20_000), TRUNCATED),
        (letter(LINE, run=UNKNOWN_RUN), NO_RUN),
        (letter(LINE.replace(b"2021-01-18T12:00:00Z", b"soon")), "bad-time"),
        (letter(b'{"text": "cut'), "of no known format"),
        (letter(b"\xff\xfe\x00"), "of no known format"),
        (letter(b""), "of no known format"),
    ],
)
def test_what_cannot_be_used_says_why(settings: Settings, one: StoredLetter, why: str) -> None:
    assert read(settings, one) == why
