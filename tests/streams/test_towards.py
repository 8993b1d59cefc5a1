"""Which words of a post speak of which entity."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.towards import About, parts_about

NAMES = ("Acme", "Globex", "Hooli")


def parts(text: str, lang: str = "en") -> dict[str, About]:
    places = {
        name: [found.span() for found in re.finditer(name, text)] for name in NAMES if name in text
    }
    return parts_about(text, places, lang)


def words(text: str, lang: str = "en") -> list[str]:
    return [about.words.strip(" ,.") for about in parts(text, lang).values()]


@pytest.mark.parametrize(
    ("text", "lang", "acme", "globex"),
    [
        ("love Acme, hate Globex", "en", "love Acme", "hate Globex"),
        ("Globex was late and Acme lost my bag", "en", "and Acme lost my bag", "Globex was late"),
        ("J'adore Acme mais Globex est nul", "fr", "J'adore Acme", "mais Globex est nul"),
        ("Amo a Acme pero Globex es lo peor", "es", "Amo a Acme", "pero Globex es lo peor"),
        ("Acme ist super, aber Globex nervt", "de", "Acme ist super", "aber Globex nervt"),
        ("Adoro a Acme mas a Globex irrita", "pt", "Adoro a Acme", "mas a Globex irrita"),
        ("Amo Acme ma Globex fa schifo", "it", "Amo Acme", "ma Globex fa schifo"),
    ],
)
def test_each_gets_the_clause_that_names_it(text: str, lang: str, acme: str, globex: str) -> None:
    found = {name: about.words.strip(" ,.") for name, about in parts(text, lang).items()}
    assert found == {"Acme": acme, "Globex": globex}


@pytest.mark.parametrize(
    "text",
    [
        "Acme and Globex are both terrible",
        "I am done with Acme, Globex and Hooli",
        "Acme Globex",
        "#Acme #Globex what a day",
    ],
)
def test_names_in_a_list_share_what_is_said_of_the_list(text: str) -> None:
    assert all(about.is_whole and not about.is_turned for about in parts(text).values())


def test_what_names_nobody_goes_to_whoever_was_spoken_of_last() -> None:
    text = "What a week! Acme lost my bag. Never again. Globex found it though"
    assert words(text) == ["What a week! Acme lost my bag. Never again", "Globex found it though"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Acme is so much better than Globex", "en"),
        ("I prefer Acme over Globex", "en"),
        ("Acme, unlike Globex, answers its phone", "en"),
        ("Acme est bien mieux que Globex", "fr"),
        ("Acme es mejor que Globex", "es"),
        ("Acme ist viel besser als Globex", "de"),
        ("Acme é melhor do que a Globex", "pt"),
    ],
)
def test_what_the_other_is_measured_against_is_turned_round(text: str, lang: str) -> None:
    found = parts(text, lang)
    assert (found["Acme"].is_turned, found["Globex"].is_turned) == (False, True)


def test_in_a_language_without_a_list_sentences_alone_are_told_apart() -> None:
    assert words("Acme hyvä. Globex paha.", "fi") == ["Acme hyvä", "Globex paha"]


@given(st.text(alphabet="AcmeGlobexHooli ,.!?\n-|butandthan", max_size=300))
def test_everybody_named_gets_words_of_the_text_itself(text: str) -> None:
    found = parts(text)
    assert set(found) == {name for name in NAMES if name in text}
    for about in found.values():
        assert set(about.words) <= set(text) | {" "}


def test_a_long_text_of_joins_and_names_takes_no_time_worth_mentioning() -> None:
    assert len(parts("Acme and Globex, than " * 1_500)) == 2
