"""How a post feels: the chosen model's reading, and VADER's own figures for English beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from streams.multilingual import LANGUAGES, facts, probabilities
from streams.sentiment import label_of, score_sentiment, score_sentiments, turned
from uproar.records import Sentiment, SentimentModel
from uproar.text import clean, strip_mentions_and_links

VADER = SentimentIntensityAnalyzer()


def english(text: str) -> Sentiment:
    sentiment = score_sentiment(text, "en", "vader")
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
def test_vader_gives_other_languages_no_score_rather_than_a_neutral_one(lang: str) -> None:
    assert score_sentiment("terrible, horrible, awful", lang, "vader") is None


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


@pytest.mark.parametrize("lang", ["ja", "nl", "und", "other", "", "EN"])
def test_a_language_that_no_model_reads_has_no_score(lang: str) -> None:
    assert score_sentiment("terrible, horrible, awful", lang) is None


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_the_score_is_what_the_model_holds_for_positive_less_what_for_negative(lang: str) -> None:
    text = "@someone what a day! https://example.com"
    said = probabilities(text, lang)
    sentiment = score_sentiment(text, lang)
    assert sentiment is not None
    assert sentiment.score == pytest.approx(said.positive - said.negative, abs=5e-5)
    assert getattr(said, sentiment.label) == max(said)
    assert sentiment.is_sure == (max(said) >= facts("fast").abstain_below)
    assert sentiment.model == facts("fast").version


def test_vaders_reading_stands_beside_the_models_in_english_alone() -> None:
    text = "Worst day of my life. They LOST my bag :("
    read = score_sentiment(text, "en")
    assert read is not None
    assert read.vader == VADER.polarity_scores(text)["compound"] != read.score
    french = score_sentiment("quelle horreur", "fr")
    assert french is not None
    assert french.vader is None


WORDS = st.sampled_from(
    ["not", "good", "bad,", ":(", "!", "I'm", "LATE", "été", "@you", "http://a.b/c", "😍", "zzyxq"]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=50).map(" ".join))
POSTS = st.lists(st.tuples(TEXTS, st.sampled_from([*sorted(LANGUAGES), "", "ja", "und"])))


@pytest.mark.parametrize("model", ["fast", "vader"])
@given(POSTS)
def test_each_of_several_posts_has_the_score_that_it_has_alone(
    model: SentimentModel, posts: list[tuple[str, str]]
) -> None:
    together = score_sentiments(posts, model)
    assert together == [score_sentiment(text, lang, model) for text, lang in posts]


def test_the_deep_model_scores_several_posts_as_it_scores_each() -> None:
    pytest.importorskip("onnxruntime")
    posts = [("not good at all", "en"), ("最悪", "ja"), ("", "fr"), ("quelle horreur " * 9, "fr")]
    together = score_sentiments(posts, "deep")
    assert together == [score_sentiment(text, lang, "deep") for text, lang in posts]


def test_vader_is_left_out_beside_a_model_where_it_is_not_wanted() -> None:
    (found,) = score_sentiments([("worst day ever", "en")], is_beside=False)
    whole = score_sentiment("worst day ever", "en")
    assert found is not None
    assert whole is not None
    assert found.vader is None
    assert found.score == whole.score
    (vaders,) = score_sentiments([("worst day ever", "en")], "vader", is_beside=False)
    assert vaders == score_sentiment("worst day ever", "en", "vader")


def test_what_something_is_measured_against_gets_the_opposite_and_nobody_is_sure_of_it() -> None:
    praise = Sentiment(score=0.5, label="positive", model="m", vader=0.25)
    assert turned(praise) == Sentiment(
        score=-0.5, label="negative", model="m", is_sure=False, vader=0.25
    )
