"""VADER made fast: whatever the text, the scores are vaderSentiment's own."""

import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SENTIMENT_LADEN_IDIOMS,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from streams import vader as module
from streams.vader import Polarity, Vader, compound, vader

TEXTS = 100_000
IDIOMS = [*SPECIAL_CASES, *SENTIMENT_LADEN_IDIOMS]
TURNS = [
    "no", "not", "never", "so", "this", "without", "doubt", "without a doubt", "least", "at least",
    "very least", "the least", "at", "very", "but", "or", "nor", "no one or", "no", "kind of",
    "kind", "of", "sort of", "kinda", "never so", "never this", "just enough", "cannot", "n't",
]  # fmt: skip
PLAIN = ["the", "a", "bus", "town", "we", "they", "is", "was", "it", "on", "time", "today", "to"]
CONTRACTIONS = ["don't", "DON'T", "won't", "isn't", "can't stand", "I'm", "it's", "ain't", "y'all"]
MARKS = ["!", "!!!", "!!!!!!", "?", "??", "???", "????", "...", ",", "'", '"', "-", "#", "&", "?!"]
FACES = [":)", ":(", ":D", ":-P", "<3", "</3", ";-)", "=D", "o.O", ":'(", "( '}{' )"]
ODD = [
    "Straße", "İstanbul", "ΣΑΣ", "ǅ", "ﬁne", "naïve", "日本", "привет", "١٢٣", "\u00a0", "\u2003",
    "\u200d", "\ud800", "\x00", "\x1c", "\n", "\t", "e\u0301", "GOOD\u0301", "x" * 60, "Ⅷ", "ª",
]  # fmt: skip


@cache
def stock() -> Any:
    return SentimentIntensityAnalyzer()


def expected(text: str) -> Polarity:
    scores = stock().polarity_scores(text)
    return Polarity(scores["compound"], scores["pos"], scores["neu"], scores["neg"])


def generated(count: int) -> Iterator[str]:
    """Yield texts that meet every rule often; the same ones each time."""
    draw = random.Random(20210117)
    boosters, negations = list(BOOSTER_DICT), NEGATE
    kinds = [
        list(stock().lexicon), list(stock().lexicon), boosters, negations, IDIOMS, TURNS, TURNS,
        PLAIN, PLAIN, CONTRACTIONS, MARKS, FACES, ODD, list(stock().emojis), list("abIAx17é!?.'"),
        ["good", "bad", "not", "BUT", "1,000", "3.5", "42", "covid19"],
    ]  # fmt: skip
    shapes: list[Callable[[str], str]] = [
        str,
        str,
        str,
        str.lower,
        str.upper,
        str.title,
        str.swapcase,
    ]
    joints = [" ", " ", " ", " ", "", "  ", "\n", ", ", "! ", ". "]
    for _ in range(count):
        pieces = []
        for _ in range(int(draw.expovariate(0.13))):
            pieces.append(draw.choice(shapes)(draw.choice(draw.choice(kinds))))
            pieces.append(draw.choice(joints))
        yield "".join(pieces)


def test_the_scores_of_a_hundred_thousand_texts_are_those_of_vader_sentiment() -> None:
    differing = [text for text in generated(TEXTS) if not is_equal(text)]
    assert differing == []


def is_equal(text: str) -> bool:
    scores = expected(text)
    return vader().polarity(text) == scores and compound(text) == scores.compound


@given(st.text())
def test_the_scores_of_any_text_are_those_of_vader_sentiment(text: str) -> None:
    assert is_equal(text)


WORDS = st.sampled_from([
    "good", "GOOD", "bad", "great", "the", "town", "not", "never", "so", "this", "without", "doubt",
    "least", "at", "very", "VERY", "but", "no", "or", "nor", "kind", "of", "sort", "kiss", "death",
    "bus", "stop", "bad", "ass", "the", "shit", "bomb", "yeah", "right", "to", "die", "for", "hate",
    "love", "love!!!", "why??", "😀", "isn't", "slightly", "just", "enough", "beating", "heart",
])  # fmt: skip


@given(st.lists(WORDS, max_size=30))
def test_whatever_rules_meet_the_scores_are_those_of_vader_sentiment(words: list[str]) -> None:
    assert is_equal(" ".join(words))


@pytest.mark.parametrize("idiom", IDIOMS)
@pytest.mark.parametrize("frame", ["{}", "we saw it {} good", "not one of a {}", "so {} it is BAD"])
def test_an_idiom_counts_as_in_vader_sentiment(idiom: str, frame: str) -> None:
    text = frame.format(idiom)
    assert vader().polarity(text) == expected(text)


def test_the_memory_of_words_is_bounded_and_forgetting_changes_no_score(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_WORDS", 10)
    forgetful = Vader()
    for text in generated(300):
        assert forgetful.polarity(text) == vader().polarity(text)
        assert len(forgetful._words) <= 10


def test_a_word_too_long_to_be_one_is_not_kept() -> None:
    reader = Vader()
    reader.polarity("a" * 30_000 + " good")
    assert list(reader._words) == ["good"]


@pytest.mark.parametrize(
    "unit", [":) ", "good ", "not good ", "😀", "but good ", "a", "!", "GOOD "]
)
def test_a_text_ten_times_as_long_asks_for_ten_times_as_many_words(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work is counted, not timed: how often a word is weighed in its place."""
    weighed = 0
    weigh = Vader._in_place

    def counted(*args: Any) -> float:
        nonlocal weighed
        weighed += 1
        return weigh(*args)

    monkeypatch.setattr(Vader, "_in_place", counted)
    counts = []
    for length in (3_000, 30_000):
        weighed = 0
        assert -1 <= compound((unit * length)[:length]) <= 1
        counts.append(weighed)
    assert counts[1] <= 10 * counts[0] + 10
