"""The rules that every format is held to."""

from datetime import UTC, datetime

import msgspec
import pytest

from producers.admit import TEXT_LIMIT_CHARACTERS, admit, derive_id, to_post
from producers.parsed import Draft, Unreadable
from uproar.codec import encode_record
from uproar.packs import MAX_BYTES
from uproar.pseudonym import Pseudonyms

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MOMENT = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)
NAMES = Pseudonyms("an invented key, long enough")
DRAFT = Draft(
    platform="mastodon", text="Hello", created_at="2021-01-18T09:30:00Z", post_id="1", author="ada"
)


def changed(**fields: object) -> Draft:
    return msgspec.structs.replace(DRAFT, **fields)


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (changed(text=None), "no-text"),
        (changed(text="x" * (TEXT_LIMIT_CHARACTERS + 1)), "text-too-long"),
        (changed(created_at=None), "no-time"),
        (changed(created_at="9999-01-01"), "time-out-of-range"),
        (changed(post_id="x" * 5_000), "field-too-long"),
        (changed(url="x" * 5_000), "field-too-long"),
        (changed(platform="x" * 65), "field-too-long"),
    ],
)
def test_a_draft_that_is_unfit_has_a_reason(draft: Draft, reason: str) -> None:
    found = admit(draft, NOW)
    assert isinstance(found, Unreadable)
    assert found.reason == reason


@pytest.mark.parametrize("text", ["", "https://example.social/a", "x" * TEXT_LIMIT_CHARACTERS])
def test_a_post_without_words_or_of_the_longest_length_is_fit(text: str) -> None:
    assert admit(changed(text=text), NOW) == MOMENT


def test_a_post_has_a_pseudonym_and_never_the_handle() -> None:
    post = to_post(DRAFT, "epik", MOMENT, NOW, NAMES)
    assert post.author == NAMES.name("mastodon", "ada")
    assert b'"ada"' not in encode_record(post)
    assert (post.created_at, post.observed_at, post.received_at) == (MOMENT, MOMENT, NOW)


def test_figures_are_fitted_into_the_tables() -> None:
    post = to_post(changed(likes=-4, reposts=2**40, revision=-1), "epik", MOMENT, NOW, NAMES)
    assert (post.counts.likes, post.counts.reposts, post.revision) == (0, 2**32 - 1, 0)


def test_the_largest_post_that_is_admitted_fits_into_a_pack() -> None:
    long = "\x01" * 4_096
    draft = changed(text="\x01" * TEXT_LIMIT_CHARACTERS, post_id=long, url=long, reply_to=long)
    assert admit(draft, NOW) == MOMENT
    assert len(encode_record(to_post(draft, "epik", MOMENT, NOW, NAMES))) < MAX_BYTES


def test_a_derived_id_is_the_same_again_and_differs_with_every_part() -> None:
    ids = {
        derive_id(DRAFT, "a.csv", (7, 0)),
        derive_id(DRAFT, "a.csv", (7, 0)),
        derive_id(DRAFT, "a.csv", (8, 0)),
        derive_id(DRAFT, "a.csv", (7, 1)),
        derive_id(DRAFT, "b.csv", (7, 0)),
        derive_id(changed(author="ben"), "a.csv", (7, 0)),
        derive_id(changed(created_at=1610962200), "a.csv", (7, 0)),
        derive_id(changed(text="Bye"), "a.csv", (7, 0)),
    }
    assert len(ids) == 7


def test_parts_of_a_derived_id_do_not_run_into_each_other() -> None:
    first = changed(author="a", created_at="b")
    second = changed(author="ab", created_at="")
    assert derive_id(first, "f", (1, 0)) != derive_id(second, "f", (1, 0))
