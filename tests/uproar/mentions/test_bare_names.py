"""What a name alone is told from, with nothing else configured. All texts are invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uproar.config import Entity
from uproar.mentions import MentionMatcher


def is_about(name: str, text: str, lang: str | None = None) -> bool:
    return bool(MentionMatcher([Entity(id="it", name=name)]).find(text, lang))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Apple", "apple wants 99 for a cable"),
        ("Apple", "the airpods case is in the river now"),
        ("Amazon", "Amazon drivers deserve a break"),
        ("Target", "I can't be trusted in target with a full paycheck"),
        ("Target", "TARGET HAS THE CANDLES ON SALE"),
        ("X", "X suspended my account for quoting a poem"),
        ("X", "just saw it on X, no source as usual"),
        ("Delta", "Delta rebooked me before I even landed"),
        ("United", "united broke my guitar, like the song"),
        ("Gab", "he posts his rants on gab these days"),
        ("Parler", "Mon compte Parler est suspendu"),
        ("Chase", "chase put a hold on my deposit for ten days"),
        ("Shell", "filled up at shell, 92 euros. ninety two."),
        ("Mint", "switched the whole family to Mint and the bill went down"),
        ("Sky", "sky cancelled my engineer visit by text at 7am"),
        ("Post", "Die Post hat mein Paket beim Nachbarn abgegeben"),
        ("Bild", "Die BILD macht daraus wieder eine Kampagne"),
        ("Claro", "claro sem sinal no metrô pela quinta vez"),
        ("Correos", "Correos dice que no estaba en casa"),
        ("Boulanger", "Boulanger me livre un frigo sans la porte"),
        ("Natura", "A consultora da Natura aqui do prédio só vende no fiado"),
    ],
)
def test_an_organisation_is_found_by_its_bare_name_or_products(name: str, text: str) -> None:
    assert is_about(name, text)
    assert is_about(name, text, "und") or is_about(name, text, "en") or not text.isascii()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Apple", "An apple and a nap, that's the plan"),
        ("Amazon", "a canoe trip on the Amazon with dolphins"),
        ("Target", "the police officer was the target of threats"),
        ("X", "see you tomorrow x"),
        ("Delta", "The delta between plan and reality is growing"),
        ("United", "We stand united with the nurses"),
        ("Gab", "Gestern gab es Suppe"),
        ("Parler", "Parler aux murs serait plus efficace"),
        ("Chase", "We had to chase the neighbour's goat for an hour"),
        ("Shell", "He's come out of his shell since starting school"),
        ("Mint", "Fresh mint from the balcony in my tea"),
        ("Sky", "Sky looks like someone spilled grapefruit juice on it"),
        ("Post", "Great post, thanks for sharing!"),
        ("Claro", "Claro, porque yo no tengo nada mejor que hacer"),
        ("Correos", "Tengo 300 correos sin leer y ninguna gana"),
        ("Boulanger", "Mon boulanger fait la meilleure tradition du quartier"),
        ("Natura", "La natura si riprende sempre i suoi spazi"),
        ("Ford", "Gerald Ford pardoned him, remember"),
        ("Mercedes", "Mi tía Mercedes hace los mejores tamales"),
    ],
)
def test_a_word_or_another_name_is_no_mention_whatever_the_language_is_taken_for(
    name: str, text: str
) -> None:
    assert not is_about(name, text)


@pytest.mark.parametrize(
    "text", ["ovhcloud", "OVHCLOUD!", "on ovhcloud since May", "#OVHcloud", "the OVHcloud servers"]
)
def test_a_name_that_is_no_word_counts_in_any_case(text: str) -> None:
    assert is_about("OVHcloud", text)


def test_a_word_of_which_nothing_is_known_needs_its_capital_or_company() -> None:
    assert is_about("Beacon", "Beacon customer service hung up on me")
    assert is_about("Harvest", "anyone here use Harvest for invoices?")
    assert not is_about("Beacon", "a beacon of hope for the valley", "en")
    assert not is_about("Harvest", "late harvest this year, tiny pumpkins", "en")


def test_a_ticker_counts_as_written_and_a_short_one_beside_talk_of_stocks() -> None:
    assert is_about("Apple", "$AAPL went nowhere today")
    assert is_about("Apple", "sold my AAPL, slept well")
    assert not is_about("Apple", "aapl")
    assert is_about("United", "UAL shares jump after the quarter")
    assert not is_about("United", "the UAL library opens at nine")
    assert not is_about("Visa", "$VISA")


def test_accounts_and_sites_of_a_name_count_with_the_ends_that_companies_use() -> None:
    for text in (
        "@AcmeHelp hi",
        "@acme_uk",
        "@acme.com on bluesky",
        "@acme.bsky.social",
        "acme.com",
    ):
        assert is_about("Acme", text), text
    for text in ("@acmelover hi", "@notacme", "@acme.example.org", "acme.com.example.xyz"):
        assert not is_about("Acme", text), text


PIECES = """
    the a die der la o no en na un my on at is es de me Delta delta DELTA Gab gab Parler Post Free
    X x flight app account lost Fiona Apple apple , . ! 's # @
"""
any_text = st.lists(st.sampled_from([*PIECES.split(), "\n"]), max_size=14).map(" ".join)
NAMES = ("Delta", "Gab", "Parler", "Post", "Free", "X", "Apple", "Harvest")
EVERYONE = MentionMatcher([Entity(id=name.lower(), name=name) for name in NAMES])


@settings(deadline=None)
@given(any_text, st.sampled_from(["en", "fr", "de", "es", "pt", "it", "tr", "und", "xx"]))
def test_nothing_is_refused_before_the_language_is_known_that_it_would_let_pass(
    text: str, lang: str
) -> None:
    found = {mention.entity for mention in EVERYONE.find(text)}
    assert found >= {mention.entity for mention in EVERYONE.find(text, lang)}


@pytest.mark.parametrize(
    ("name", "text", "lang"),
    [
        ("Monday", "Monday should be shorter", "en"),
        ("Penny", "Penny and I repainted the shed", "en"),
        ("Zara", "my cousin Zara knits hats for her hens", "en"),
        ("X", "What a lovely evening with you all! X", "en"),
        ("Kerze", "Auf dem Tisch steht eine Kerze neben der Vase", "de"),
        ("Foundry", "they turned the old foundry into flats", "en"),
    ],
)
def test_people_days_kisses_and_german_nouns_are_no_mention(
    name: str, text: str, lang: str
) -> None:
    assert not is_about(name, text, lang)


def test_a_name_of_its_circle_counts_beside_a_word_of_its_own_alone() -> None:
    assert is_about("Delta", "Medallion status gone and so is my loyalty", "en")
    assert not is_about("Delta", "she wears a bronze Medallion on Sundays", "en")


def test_what_follows_an_account_is_no_part_of_its_name() -> None:
    assert is_about("United", "@united fans of your new seats, are there any?", "en")
