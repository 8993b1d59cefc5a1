"""Reading a post: mentions, language, sentiment, calls to action. Pure; wiring is in `app.py`."""

from collections.abc import Sequence

import msgspec

from streams.calls_to_action import detect_calls_to_action
from streams.language import detect_language
from streams.sentiment import score_sentiment, turned
from streams.towards import parts_about
from uproar.config import Entity, Reading
from uproar.mentions import Mention, MentionMatcher
from uproar.records import (
    Action,
    CallToAction,
    Direction,
    EntityReaction,
    Label,
    Post,
    Reaction,
    Sentiment,
    SentimentModel,
)

_PARTED_CHARACTERS = 1_000
"""Of a longer post all is one part: who writes so much goes back and forth."""

_MOST_PARTS = 8
"""A post that names more entities is a list: its parts say no more than the whole."""


class AnalysedSentiment(msgspec.Struct, frozen=True, kw_only=True):
    """How a post feels, as in `Sentiment`.

    Where no model reads its language, `model` is None, and the rest neutral and not sure.
    """

    score: float
    label: Label
    is_sure: bool
    model: str | None
    vader: float | None


class AnalysedCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call to action; `target` is an entity's id, else the name found, else None.

    `addressee` is who is asked, left out where the text does not say.
    """

    action: Action
    target: str | None
    direction: Direction
    evidence: str
    confidence: float
    addressee: str | None = None


class Analysis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is read in one text. `mentions` are ids of entities, in order of first place.

    `towards` is the feeling towards each entity, where the text mentions several.
    """

    id: str | int | None
    lang: str
    sentiment: AnalysedSentiment
    mentions: tuple[str, ...]
    calls: tuple[AnalysedCall, ...]
    towards: dict[str, AnalysedSentiment] = {}


class Reader:
    """Reads posts for a set of entities, which may be empty. Immutable; build one and share it.

    `read` and `analyze` go through the same functions, so that what a user tries out is what the
    pipeline stores. Neither has a clock, a socket or a random number in it.
    """

    def __init__(
        self,
        entities: Sequence[Entity],
        sentiment: SentimentModel = "fast",
        reading: Reading = "full",
    ) -> None:
        """Read for these entities. A light reading leaves `sentiment` unasked, and uses VADER."""
        self._is_light = reading == "light"
        self._model: SentimentModel = "vader" if self._is_light else sentiment
        self._matcher = MentionMatcher(entities)
        self._names = {
            written: entity.id for entity in entities for written in (entity.name, *entity.aliases)
        }

    def read(self, post: Post) -> Reaction:
        """Return the post with what it says of each entity it mentions. Raises nothing.

        A post that mentions none has its language read, and nothing else.
        """
        lang = detect_language(post.text, post.lang)
        mentions = self._matcher.find(post.text, lang)
        if not mentions:
            return Reaction(post=post, lang=lang)
        sentiments = self._sentiments(post.text, lang, mentions)
        calls = calls_by_entity(mentions, detect_calls_to_action(post.text, lang, self._names))
        entities = tuple(
            EntityReaction(
                entity=mention.entity,
                sentiment=sentiments[mention.entity],
                calls=calls[mention.entity],
            )
            for mention in mentions
        )
        return Reaction(post=post, lang=lang, entities=entities)

    def read_all(self, posts: Sequence[Post]) -> list[Reaction]:
        """Return the same for each of several posts, sooner than one by one."""
        return [self.read(post) for post in posts]

    def _sentiments(
        self, text: str, lang: str, mentions: Sequence[Mention]
    ) -> dict[str, Sentiment | None]:
        """Return the feeling towards each entity: of the words that speak of it, if it is told."""
        whole = score_sentiment(text, lang, self._model)
        found = {mention.entity: whole for mention in mentions}
        if whole is None or not 1 < len(found) <= _MOST_PARTS or len(text) > _PARTED_CHARACTERS:
            return found
        places: dict[str, list[tuple[int, int]]] = {entity: [] for entity in found}
        for verdict in self._matcher.explain(text, lang):
            if verdict.accepted:
                places[verdict.entity].append((verdict.start, verdict.end))
        for entity, about in parts_about(text, places, lang).items():
            part = whole if about.is_whole else score_sentiment(about.words, lang, self._model)
            if part is not None:
                part = msgspec.structs.replace(part, vader=whole.vader)
                found[entity] = turned(part) if about.is_turned else part
        return found

    def analyze(self, text: str, lang: str | None = None) -> Analysis:
        """Return all that is read in a text, calls at untracked targets included.

        `lang` is the declared language, as in `Post.lang`. Raises nothing.
        """
        lang = detect_language(text, lang)
        mentions = self._matcher.find(text, lang)
        towards = self._sentiments(text, lang, mentions) if len(mentions) > 1 else {}
        return Analysis(
            id=None,
            lang=lang,
            sentiment=_analysed(score_sentiment(text, lang, self._model)),
            mentions=tuple(mention.entity for mention in mentions),
            towards={entity: _analysed(sentiment) for entity, sentiment in towards.items()},
            calls=tuple(
                AnalysedCall(
                    action=call.action,
                    target=call.target,
                    direction=call.direction,
                    evidence=call.evidence,
                    confidence=call.confidence,
                    addressee=call.addressee,
                )
                for call in detect_calls_to_action(text, lang, self._names)
            ),
        )


def _analysed(sentiment: Sentiment | None) -> AnalysedSentiment:
    if sentiment is None:
        return AnalysedSentiment(score=0.0, label="neutral", is_sure=False, model=None, vader=None)
    return AnalysedSentiment(
        score=sentiment.score,
        label=sentiment.label,
        is_sure=sentiment.is_sure,
        model=sentiment.model,
        vader=sentiment.vader,
    )


def calls_by_entity(
    mentions: Sequence[Mention], calls: Sequence[CallToAction]
) -> dict[str, tuple[CallToAction, ...]]:
    """Share the calls out among the entities mentioned.

    A call goes to its target. One that names no target goes to the only entity mentioned, if
    there is but one; its target stays None, for the text does not say it. Others go nowhere.
    """
    alone = mentions[0].entity if len(mentions) == 1 else None
    shares: dict[str, tuple[CallToAction, ...]] = {mention.entity: () for mention in mentions}
    for call in calls:
        if call.target is None and alone is not None:
            shares[alone] += (call,)
        elif call.target in shares:
            shares[call.target] += (call,)
    return shares
