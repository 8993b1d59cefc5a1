"""Reading a post: mentions, language, sentiment, calls to action. Pure; wiring is in `app.py`."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from streams.calls_to_action import detect_all, detect_all_by_grammar
from streams.language import detect_language
from streams.sentiment import score_sentiment, score_sentiments, turned
from streams.towards import About, parts_about
from uproar.config import Entity, Reading
from uproar.mentions import Found, Mention, MentionMatcher
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

_REMEMBERED_TEXTS = 4_096
"""A wave is mostly copies and reposts, and they come close together."""
_REMEMBERED_CHARACTERS = 1_000
"""Of a text that is remembered: so that memory has a bound."""

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


Given = tuple[str, str | None]
"""A text, and the language that is declared for it."""


class Read(NamedTuple):
    """What a text says, whoever posts it."""

    lang: str
    entities: tuple[EntityReaction, ...]


class Reader:
    """Reads posts for a set of entities, which may be empty. Build one, and use it in one thread.

    Copies and reposts are read once: what the last texts said is remembered.

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
        self._known: dict[Given, Read] = {}
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
        return self.read_all((post,))[0]

    def read_all(self, posts: Sequence[Post]) -> list[Reaction]:
        """Return the same for each of several posts, sooner than one by one.

        What is read in a post does not depend on its neighbours.
        """
        given = [(post.text, post.lang) for post in posts]
        known = {one: self._known[one] for one in given if one in self._known}
        new = [one for one in dict.fromkeys(given) if one not in known]
        known.update(zip(new, self._read_texts(new), strict=True))
        self._remember({one: known[one] for one in new if len(one[0]) <= _REMEMBERED_CHARACTERS})
        return [
            Reaction(post=post, lang=known[one].lang, entities=known[one].entities)
            for post, one in zip(posts, given, strict=True)
        ]

    def _remember(self, read: dict[Given, Read]) -> None:
        if len(self._known) + len(read) > _REMEMBERED_TEXTS:
            self._known.clear()
        self._known.update(read)

    def _read_texts(self, given: Sequence[Given]) -> list[Read]:
        langs = [detect_language(text, declared) for text, declared in given]
        found = [
            self._matcher.read(text, lang) for (text, _), lang in zip(given, langs, strict=True)
        ]
        told = [index for index, one in enumerate(found) if one.mentions]
        texts = [(given[index][0], langs[index]) for index in told]
        feelings = self._feelings(texts, [found[index] for index in told])
        calls = self._calls(texts)
        read = [Read(lang, ()) for lang in langs]
        for index, feeling, called in zip(told, feelings, calls, strict=True):
            shares = calls_by_entity(found[index].mentions, called)
            entities = tuple(
                EntityReaction(entity=entity, sentiment=sentiment, calls=shares[entity])
                for entity, sentiment in feeling.items()
            )
            read[index] = Read(langs[index], entities)
        return read

    def _calls(self, texts: Sequence[tuple[str, str]]) -> list[tuple[CallToAction, ...]]:
        detect = detect_all_by_grammar if self._is_light else detect_all
        return detect(texts, self._names)

    def _feelings(
        self, texts: Sequence[tuple[str, str]], found: Sequence[Found]
    ) -> list[dict[str, Sentiment | None]]:
        """Return, of each text, the feeling towards each entity: of the words that speak of it."""
        wholes = score_sentiments(texts, self._model)
        feelings: list[dict[str, Sentiment | None]] = [
            dict.fromkeys((mention.entity for mention in one.mentions), whole)
            for one, whole in zip(found, wholes, strict=True)
        ]
        if self._is_light:
            return feelings
        parts: list[tuple[int, str, About]] = []
        for index, ((text, lang), whole) in enumerate(zip(texts, wholes, strict=True)):
            named = feelings[index]
            if whole is None or not 1 < len(named) <= _MOST_PARTS:
                continue
            if len(text) <= _PARTED_CHARACTERS:
                about = parts_about(text, found[index].places(), lang)
                parts += [(index, entity, part) for entity, part in about.items()]
        apart = [(index, part.words) for index, _, part in parts if not part.is_whole]
        told_apart = [(words, texts[index][1]) for index, words in apart]
        scores = iter(score_sentiments(told_apart, self._model, is_beside=False))
        for index, entity, part in parts:
            whole = wholes[index]
            feeling = whole if part.is_whole else next(scores)
            if feeling is not None and whole is not None:
                feeling = msgspec.structs.replace(feeling, vader=whole.vader)
                feelings[index][entity] = turned(feeling) if part.is_turned else feeling
        return feelings

    def analyze(self, text: str, lang: str | None = None) -> Analysis:
        """Return all that is read in a text, calls at untracked targets included.

        `lang` is the declared language, as in `Post.lang`. Raises nothing.
        """
        lang = detect_language(text, lang)
        found = self._matcher.read(text, lang)
        mentions = found.mentions
        towards = self._feelings([(text, lang)], [found])[0] if len(mentions) > 1 else {}
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
                for call in self._calls([(text, lang)])[0]
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
