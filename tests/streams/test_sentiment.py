"""How a post feels: VADER's own figures for English, nothing for what it does not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from streams.sentiment import label_of, score_sentiment
from uproar.records import Sentiment
from uproar.text import clean, strip_mentions_and_links

VADER = SentimentIntensityAnalyzer()


def english(text: str) -> Sentiment:
    sentiment = score_sentiment(text, "en")
    assert sentiment is not None
    return sentiment


@pytest.mark.parametrize(
    "text",
    [
        "I love this airline, best crew ever!!!",
        "Worst day of my life. They LOST my bag :(",
        "The plane leaves at nine.",
        "not bad, but not great either",
        "😡😡 never again",
        "",
    ],
)
def test_an_english_score_is_vaders_own_compound(text: str) -> None:
    assert english(text).score == VADER.polarity_scores(text)["compound"]


@given(st.text(max_size=200))
def test_of_any_text_it_is_vaders_compound_of_the_words_without_mentions_and_links(
    text: str,
) -> None:
    words = strip_mentions_and_links(clean(text).text)
    sentiment = english(text)
    assert sentiment.score == VADER.polarity_scores(words)["compound"]
    assert -1 <= sentiment.score <= 1
    assert sentiment.label == label_of(sentiment.score)


def test_a_company_called_united_is_no_praise() -> None:
    assert VADER.polarity_scores("united lost it")["compound"] > english("@united lost it").score


def test_words_in_a_link_do_not_count() -> None:
    assert english("https://love.example/great-joy").score == 0


def test_markup_and_invisible_characters_do_not_hide_a_feeling() -> None:
    assert english("<p>hor\N{SOFT HYPHEN}rible</p>").score == english("horrible").score


@pytest.mark.parametrize("lang", ["fr", "de", "es", "pt", "ja", "und", "other", "", "EN"])
def test_other_languages_have_no_score_rather_than_a_neutral_one(lang: str) -> None:
    assert score_sentiment("terrible, horrible, awful", lang) is None


@pytest.mark.parametrize(
    ("score", "label"),
    [(-1, "negative"), (-0.05, "negative"), (-0.0499, "neutral"), (0, "neutral"),
     (0.0499, "neutral"), (0.05, "positive"), (1, "positive")],
)  # fmt: skip
def test_labels_change_at_vaders_thresholds(score: float, label: str) -> None:
    assert label_of(score) == label


def test_the_model_is_named_with_its_version() -> None:
    name, _, number = english("fine").model.partition("-")
    assert name == "vader"
    assert number[0].isdigit()


def test_what_lies_beyond_the_first_two_thousand_characters_does_not_count() -> None:
    calm = "The plane leaves at nine. " * 80
    assert english(calm + "I hate hate hate this").score == english(calm).score


@pytest.mark.parametrize("unit", ["hate ", "(((((", "!", "@@@@@", "😡", "not "])
def test_a_hundred_thousand_characters_of_the_same_have_a_score(unit: str) -> None:
    assert -1 <= english((unit * 100_000)[:100_000]).score <= 1
