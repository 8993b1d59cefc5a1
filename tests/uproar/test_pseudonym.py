"""Handles must not leave the producer, and one author must stay one author."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uproar.errors import SettingsError
from uproar.pseudonym import Pseudonyms

KEY = "an invented key, long enough"


def test_a_name_is_32_hexadecimal_digits_and_the_same_every_time() -> None:
    name = Pseudonyms(KEY).name("mastodon", "ada")
    assert len(name) == 32
    assert int(name, 16) >= 0
    assert Pseudonyms(KEY).name("mastodon", "ada") == name


def test_an_unknown_author_has_no_name() -> None:
    assert Pseudonyms(KEY).name("mastodon", "") == ""


def test_another_key_or_platform_gives_names_that_cannot_be_linked() -> None:
    names = {
        Pseudonyms(KEY).name("mastodon", "ada"),
        Pseudonyms(KEY).name("bluesky", "ada"),
        Pseudonyms(KEY + "!").name("mastodon", "ada"),
    }
    assert len(names) == 3


def test_a_key_longer_than_the_hash_takes_still_counts_to_its_last_letter() -> None:
    assert Pseudonyms("k" * 200).name("x", "y") != Pseudonyms("k" * 199 + "j").name("x", "y")


@pytest.mark.parametrize("key", ["", "short"])
def test_a_key_that_is_no_secret_is_refused_with_a_way_out(key: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Pseudonyms(key)
    assert refused.value.hint


@given(st.text(min_size=1).filter(str.isprintable))
def test_any_author_can_be_named_and_the_name_does_not_hold_the_handle(author: str) -> None:
    name = Pseudonyms(KEY).name("mastodon", author)
    assert len(name) == 32


@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_an_author_or_key_that_cannot_be_encoded_is_no_reason_to_stop(text: str) -> None:
    assert len(Pseudonyms(KEY).name("mastodon", text)) == 32
    assert len(Pseudonyms(KEY + text).name("mastodon", "ada")) == 32
