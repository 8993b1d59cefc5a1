"""Reading a post: mentions, language, sentiment, calls to action. Pure; wiring is in `app.py`."""

from collections.abc import Sequence

import msgspec

from streams.calls_to_action import detect_calls_to_action
from streams.language import detect_language
from streams.sentiment import score_sentiment
from uproar.config import Entity
from uproar.mentions import Mention, MentionMatcher
from uproar.records import (
    Action,
    CallToAction,
    Direction,
    EntityReaction,
    Label,
    Post,
    Reaction,
)


class AnalysedSentiment(msgspec.Struct, frozen=True, kw_only=True):
    """How a post feels. Where no model reads its language, `model` is None and the rest neutral."""

    score: float
    label: Label
    model: str | None


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


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """All that is read in one text. `mentions` are ids of entities, in order of first place."""

    id: str | int | None = None
    lang: str
    sentiment: AnalysedSentiment
    mentions: tuple[str, ...]
    calls: tuple[AnalysedCall, ...]


class Reader:
    """Reads posts for a set of entities, which may be empty. Immutable; build one and share it.

    `read` and `analyze` go through the same functions, so that what a user tries out is what the
    pipeline stores. Neither has a clock, a socket or a random number in it.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
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
        sentiment = score_sentiment(post.text, lang)
        calls = calls_by_entity(mentions, detect_calls_to_action(post.text, lang, self._names))
        entities = tuple(
            EntityReaction(entity=mention.entity, sentiment=sentiment, calls=calls[mention.entity])
            for mention in mentions
        )
        return Reaction(post=post, lang=lang, entities=entities)

    def analyze(self, text: str, lang: str | None = None) -> Analysis:
        """Return all that is read in a text, calls at untracked targets included.

        `lang` is the declared language, as in `Post.lang`. Raises nothing.
        """
        lang = detect_language(text, lang)
        sentiment = score_sentiment(text, lang)
        return Analysis(
            lang=lang,
            sentiment=AnalysedSentiment(
                score=sentiment.score if sentiment else 0.0,
                label=sentiment.label if sentiment else "neutral",
                model=sentiment.model if sentiment else None,
            ),
            mentions=tuple(mention.entity for mention in self._matcher.find(text, lang)),
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
