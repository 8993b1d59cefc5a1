"""Tracked names in a token list."""

import pytest

from streams.calls.names import NameIndex, is_name_like
from streams.calls.tokens import tokenize

NAMES = NameIndex(
    {
        "Acme": "acme",
        "@AcmeCo": "acme",
        "acme.example": "acme",
        "#AcmeFail": "acme",
        "Big Co": "big",
    }
)


@pytest.mark.parametrize(
    ("text", "target", "sure"),
    [
        ("Acme", "acme", True),
        ("ACME", "acme", True),
        ("Acme's", "acme", True),
        ("acme", "acme", False),
        ("@acmeco", "acme", True),
        ("https://www.acme.example/jobs?x=1", "acme", True),
        ("#acmefail", "acme", True),
        ("#acme", "acme", True),
        ("Big Co", "big", True),
        ("#BigCo", "big", True),
    ],
)
def test_a_name_is_known_in_its_forms(text: str, target: str, sure: bool) -> None:
    found = NAMES.find(tokenize(text))
    assert [(named.target, named.sure) for named in found] == [(target, sure)]


@pytest.mark.parametrize(
    "text", ["Acmed", "Big", "Co", "https://acme.example.net/", "me@acme.example", "", "acmeco"]
)
def test_what_only_resembles_a_name_is_none(text: str) -> None:
    assert NAMES.find(tokenize(text)) == []


def test_names_do_not_overlap_and_come_in_order() -> None:
    found = NAMES.find(tokenize("Big Co and Acme and Big Co"))
    assert [named.target for named in found] == ["big", "acme", "big"]
    assert [named.first for named in found] == [0, 3, 5]


@pytest.mark.parametrize("text", ["Hooli", "@hooli", "eHooli", "X"])
def test_a_capital_or_a_handle_makes_a_name(text: str) -> None:
    assert is_name_like(tokenize(text)[0])


@pytest.mark.parametrize("text", ["hooli", "I", "A", "42", "#Hooli"])
def test_small_letters_articles_and_hashtags_make_none(text: str) -> None:
    assert not is_name_like(tokenize(text)[0])
