"""Tokens and sentences."""

import re
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from streams.calls.tokens import (
    HANDLE,
    HASHTAG,
    LINK,
    lows_of,
    parts_of,
    split_sentences,
    tokenize,
)


@given(st.text())
def test_tokens_come_in_order_and_lie_within_the_text(text: str) -> None:
    tokens = tokenize(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(before.end <= after.start for before, after in pairwise(tokens))


@given(st.text(alphabet="ab '’-.@#!?…\n"))
@example("@a.-")
def test_a_token_is_what_stands_at_its_place(text: str) -> None:
    assert all(text[token.start : token.end] == token.raw for token in tokenize(text))


@given(st.text(alphabet="ab .!?\n|"))
def test_every_word_stands_in_exactly_one_sentence(text: str) -> None:
    tokens = tokenize(text)
    inside = [at for first, last, _ in split_sentences(tokens) for at in range(first, last)]
    assert sorted(set(inside)) == inside
    assert {at for at, token in enumerate(tokens) if token.raw.isalpha()} <= set(inside)


def test_handles_hashtags_and_links_are_told_from_words() -> None:
    kinds = {
        token.raw: token.kind for token in tokenize("@acme.co #No https://acme.example/x it's")
    }
    assert kinds["@acme.co"] == HANDLE
    assert kinds["#No"] == HASHTAG
    assert kinds["https://acme.example/x"] == LINK
    assert "it's" in kinds


def test_a_mail_address_is_one_token_and_no_handle() -> None:
    [address] = tokenize("press@acme.example")
    assert address.kind == LINK


def test_a_question_mark_among_other_marks_makes_a_question() -> None:
    assert [sentence.ending for sentence in split_sentences(tokenize("What!?! Go"))] == ["?", ""]


PLAINLY = re.compile(
    r"https?://\S+|www\.\S+|\w[\w.+-]{0,63}+@[\w-]+\.[\w.-]+"
    r"|@\w[\w.-]*|#\w+|\w+(?:[$@*'’.&]\w+|\$(?!\d))*|\.\.+|[^\w\s]|\n"
)
SIGNS = st.text(alphabet="ab1_ '’-.@#!?…\nİS&$*+:/")


@given(st.one_of(st.text(), SIGNS, SIGNS.map("http://www.".__add__), SIGNS.map("a@b.c".__add__)))
def test_words_before_a_blank_are_cut_as_all_others(text: str) -> None:
    assert parts_of(text) == PLAINLY.findall(text)


@given(st.text(alphabet="abL '’!?…\nsÉ&$*"))
def test_small_letters_are_those_of_the_tokens(text: str) -> None:
    assert lows_of(text, parts_of(text)) == [token.low for token in tokenize(text)]
