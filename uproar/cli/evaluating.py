"""Reading labelled posts with the pipeline's own functions, for `uproar evaluate`.

The language of a post is told by its text, as for a platform that declares none; with `declared`
the label's language is declared, as by a platform that knows it.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from uproar.config import Entity
from uproar.evaluation import calls, language, mentions, sentiment
from uproar.evaluation.report import Outcome, Speed
from uproar.records import CallToAction, SentimentModel

WARM_UP_POSTS = 500

_One = TypeVar("_One")
_Read = TypeVar("_Read")


class Evaluation(NamedTuple):
    """What came out, how fast, and which versions of the models read."""

    outcome: Outcome
    speed: Speed
    versions: dict[str, str]


def evaluate_calls(
    examples: Sequence[calls.Example], entities: Sequence[Entity], *, declared: bool
) -> Evaluation:
    """Look for calls to action; `entities` are tracked."""
    from streams.calls_to_action import detect_calls_to_action
    from streams.language import detect_language

    names = {
        written: entity.id for entity in entities for written in (entity.name, *entity.aliases)
    }
    called = {
        entity.id: frozenset((entity.id, entity.name, *entity.aliases)) for entity in entities
    }

    def read(example: calls.Example) -> calls.Found | None:
        lang = detect_language(example.text, example.lang if declared else None)
        found = detect_calls_to_action(example.text, lang, names)
        return _surest(found, called)

    found, speed = _timed(read, examples)
    return Evaluation(calls.evaluate_calls(examples, found), speed, {})


def tracked_targets(examples: Iterable[calls.Example]) -> tuple[Entity, ...]:
    """Return every target that the labels name, as if each stood in `uproar.yaml` by its name."""
    named: dict[str, str] = {}
    for row in (example.row for example in examples if example.row):
        for target in (row.target, *(other.target for other in row.targets)):
            if target:
                named.setdefault(calls.same_name(target), target)
    return tuple(Entity(id=id_ or name, name=name) for id_, name in named.items())


def _surest(
    found: Sequence[CallToAction], called: Mapping[str, frozenset[str]]
) -> calls.Found | None:
    if not found:
        return None
    call = found[0]
    names = frozenset((call.target,)) if call.target else frozenset[str]()
    return calls.Found(call.action, call.direction, called.get(call.target or "", names))


def evaluate_mentions(
    examples: Sequence[mentions.Example], entities: Sequence[Entity], *, declared: bool
) -> Evaluation:
    """Look for each post's entity: the one of `entities` of that id or name, else its bare name."""
    from streams.language import detect_language
    from uproar.mentions import MentionMatcher

    together = MentionMatcher(entities) if entities else None
    ids = {key.casefold(): entity.id for entity in entities for key in (entity.name, entity.id)}
    alone: dict[str, MentionMatcher] = {}
    for example in examples:
        name = example.row.entity
        if name.casefold() not in ids and name not in alone:
            alone[name] = MentionMatcher([Entity(id=name, name=name)])

    def read(example: mentions.Example) -> bool:
        row = example.row
        lang = detect_language(row.text, row.lang if declared else None)
        id_ = ids.get(row.entity.casefold())
        if id_ is None or together is None:
            return bool(alone[row.entity].find(row.text, lang))
        return any(found.entity == id_ for found in together.find(row.text, lang))

    found, speed = _timed(read, examples)
    return Evaluation(mentions.evaluate_mentions(examples, found), speed, {})


def evaluate_sentiment(
    examples: Sequence[sentiment.Example], model: SentimentModel, *, declared: bool
) -> Evaluation:
    """Read how posts feel; where the model does not know the language, that counts as neutral."""
    from streams.language import detect_language
    from streams.sentiment import score_sentiment

    versions = set()

    def read(example: sentiment.Example) -> sentiment.Found:
        lang = detect_language(example.text, example.lang if declared else None)
        found = score_sentiment(example.text, lang, model)
        if found is None:
            return sentiment.Found("neutral", 0.0, is_sure=False, is_read=False)
        versions.add(found.model)
        return sentiment.Found(found.label, found.score, is_sure=found.is_sure, is_read=True)

    found, speed = _timed(read, examples)
    outcome = sentiment.evaluate_sentiment(examples, found)
    return Evaluation(outcome, speed, {"sentiment": ", ".join(sorted(versions)) or "none"})


def evaluate_language(examples: Sequence[language.Example]) -> Evaluation:
    """Tell the language of each post by its text alone."""
    from importlib.metadata import version

    from streams.language import detect_language
    from streams.languages import normal_code

    wanted = [normal_code(example.row.lang) or example.row.lang for example in examples]
    found, speed = _timed(lambda example: detect_language(example.row.text, None), examples)
    outcome = language.evaluate_language(examples, wanted, found)
    return Evaluation(outcome, speed, {"py3langid": version("py3langid")})


def _timed(read: Callable[[_One], _Read], examples: Sequence[_One]) -> tuple[list[_Read], Speed]:
    """Read all examples, and tell how fast; some before that, for models load when first used."""
    for example in examples[:WARM_UP_POSTS]:
        read(example)
    start = time.perf_counter()
    found = [read(example) for example in examples]
    seconds = time.perf_counter() - start
    rate = round(len(examples) / seconds, 1) if seconds else 0.0
    return found, Speed(posts_per_second=rate, seconds=round(seconds, 3))
