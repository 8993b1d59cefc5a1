"""How a post feels. English is read by VADER (Hutto & Gilbert, ICWSM 2014), unmodified.

Mentions and links are left out: "united" is a positive word of VADER's, whoever @united is.
"""

from functools import cache
from importlib.metadata import version
from typing import Any

from uproar.records import Label, Sentiment
from uproar.text import clean, strip_mentions_and_links

THRESHOLD = 0.05
"""From -0.05 down a score is negative, from 0.05 up positive: the thresholds of VADER's authors."""

_READ_CHARACTERS = 2_000
"""VADER's time grows with the square of the length: 2,000 characters take it a few milliseconds."""


def score_sentiment(text: str, lang: str) -> Sentiment | None:
    """Return the feeling of a post in `lang` (ISO 639-1); None where no model reads the language.

    The score is VADER's compound, in [-1, 1]. Of a longer post the first 2,000 characters count.
    The first call loads the lexicon.

    >>> score_sentiment("@united lost my bag, worst day ever", "en").label
    'negative'
    >>> score_sentiment("quelle horreur", "fr") is None
    True
    """
    if lang != "en":
        return None
    words = strip_mentions_and_links(clean(text[:_READ_CHARACTERS]).text)
    score = float(_vader().polarity_scores(words)["compound"])
    return Sentiment(score=score, label=label_of(score), model=_model())


def label_of(score: float) -> Label:
    """Return the label of a score by VADER's standard thresholds.

    >>> label_of(-0.05), label_of(0.04), label_of(0.05)
    ('negative', 'neutral', 'positive')
    """
    if score <= -THRESHOLD:
        return "negative"
    return "positive" if score >= THRESHOLD else "neutral"


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


@cache
def _model() -> str:
    return f"vader-{version('vaderSentiment')}"
