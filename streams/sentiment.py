"""How a post feels: by the model that was chosen, and in English by VADER beside it.

VADER (Hutto & Gilbert, ICWSM 2014) reads English. The models of `streams.multilingual` read eight
languages and say how sure they are. Mentions and links are left out for all of them: "united" is a
positive word of VADER's, whoever @united is.
"""

from collections.abc import Callable
from functools import cache
from importlib.metadata import version

from streams.multilingual import LANGUAGES, Probabilities, facts
from streams.vader import compound
from uproar.records import Label, Sentiment, SentimentModel
from uproar.text import clean, strip_mentions_and_links

THRESHOLD = 0.05
"""From -0.05 down VADER's score is negative, from 0.05 up positive: as its authors have it."""

DIGITS = 4
"""Of a score: as many as VADER gives, and as the totals keep."""

_READ_CHARACTERS = 2_000
_TURNED: dict[Label, Label] = {"negative": "positive", "positive": "negative", "neutral": "neutral"}


def score_sentiment(text: str, lang: str, model: SentimentModel = "fast") -> Sentiment | None:
    """Return the feeling of a post in `lang` (ISO 639-1); None where the model does not read that.

    The score is in [-1, 1]: VADER's compound, or the probability of positive less that of negative.
    Of a longer post the first 2,000 characters count. The first call loads the model.

    >>> score_sentiment("@united lost my bag, worst day ever", "en").label
    'negative'
    >>> score_sentiment("quelle horreur", "fr").label
    'negative'
    >>> score_sentiment("quelle horreur", "fr", "vader") is None
    True
    """
    vader = read_by_vader(text) if lang == "en" else None
    if model != "vader":
        return _judged(_reader(model)(text, lang), model, vader) if lang in LANGUAGES else None
    if vader is None:
        return None
    return Sentiment(score=vader, label=label_of(vader), model=_vader_version(), vader=vader)


def read_by_vader(text: str) -> float:
    """Return VADER's compound score of a post in English, in [-1, 1]."""
    return compound(strip_mentions_and_links(clean(text[:_READ_CHARACTERS]).text))


def label_of(score: float) -> Label:
    """Return the label of a score of VADER's, by its standard thresholds.

    >>> label_of(-0.05), label_of(0.04), label_of(0.05)
    ('negative', 'neutral', 'positive')
    """
    if score <= -THRESHOLD:
        return "negative"
    return "positive" if score >= THRESHOLD else "neutral"


def turned(sentiment: Sentiment) -> Sentiment:
    """Return the opposite, of which nobody is sure: for what something else is measured against."""
    return Sentiment(
        score=-sentiment.score,
        label=_TURNED[sentiment.label],
        model=sentiment.model,
        is_sure=False,
        vader=sentiment.vader,
    )


def _judged(said: Probabilities, model: SentimentModel, vader: float | None) -> Sentiment:
    labels: tuple[Label, Label, Label] = ("negative", "neutral", "positive")
    known = facts(model)
    return Sentiment(
        score=round(said.score, DIGITS),
        label=labels[said.index(max(said))],
        model=known.version,
        is_sure=known.is_sure(said),
        vader=vader,
    )


@cache
def _reader(model: SentimentModel) -> Callable[[str, str], Probabilities]:
    if model == "deep":
        from streams.multilingual import deep

        return deep.probabilities
    from streams.multilingual import fast

    return fast.probabilities


@cache
def _vader_version() -> str:
    return f"vader-{version('vaderSentiment')}"
