"""How a post feels: by the model that was chosen, and in English by VADER beside it.

VADER (Hutto & Gilbert, ICWSM 2014) reads English. The models of `streams.multilingual` read eight
languages and say how sure they are. Mentions and links are left out for all of them: "united" is a
positive word of VADER's, whoever @united is.
"""

from collections.abc import Callable, Sequence
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
_LABELS: tuple[Label, Label, Label] = ("negative", "neutral", "positive")
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
    return score_sentiments([(text, lang)], model)[0]


def score_sentiments(
    posts: Sequence[tuple[str, str]], model: SentimentModel = "fast", *, is_beside: bool = True
) -> list[Sentiment | None]:
    """Return the feeling of each post, given as its text and language, sooner than one by one.

    Each is what `score_sentiment` says of that post alone, to the last bit. Where VADER is not
    wanted beside another model, which saves its time, `is_beside` is False and `vader` is None.

    >>> posts = [("worst day ever", "en"), ("quelle horreur", "fr"), ("最悪", "ja")]
    >>> [found and found.label for found in score_sentiments(posts)]
    ['negative', 'negative', None]
    """
    if model == "vader":
        return [_of_vader(read_by_vader(text)) if lang == "en" else None for text, lang in posts]
    read = [at for at, (_, lang) in enumerate(posts) if lang in LANGUAGES]
    found: list[Sentiment | None] = [None] * len(posts)
    said = _reader(model)([posts[at][0] for at in read], [posts[at][1] for at in read])
    for at, probabilities in zip(read, said, strict=True):
        text, lang = posts[at]
        vader = read_by_vader(text) if is_beside and lang == "en" else None
        found[at] = _judged(probabilities, model, vader)
    return found


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


def _of_vader(score: float) -> Sentiment:
    return Sentiment(score=score, label=label_of(score), model=_vader_version(), vader=score)


def _judged(said: Probabilities, model: SentimentModel, vader: float | None) -> Sentiment:
    known = facts(model)
    return Sentiment(
        score=round(said.score, DIGITS),
        label=_LABELS[said.index(max(said))],
        model=known.version,
        is_sure=known.is_sure(said),
        vader=vader,
    )


@cache
def _reader(
    model: SentimentModel,
) -> Callable[[Sequence[str], Sequence[str]], list[Probabilities]]:
    if model == "deep":
        from streams.multilingual import deep

        return deep.probabilities_of
    from streams.multilingual import fast

    return fast.probabilities_of


@cache
def _vader_version() -> str:
    return f"vader-{version('vaderSentiment')}"
