"""Grammar and net together: how sure a post's calls are, and the call that no rule knows."""

from collections.abc import Callable, Sequence
from typing import get_args

from streams.calls.found import Found
from streams.calls.grammar import LEAST
from streams.calls.names import is_name_like, is_shouted
from streams.calls.reading import Reading, Span
from streams.calls.targets import NO_NAMES, whole_name
from streams.calls.tokens import HANDLE, MARK
from streams.calls_net import Judgement
from uproar.records import Action, Direction

ACTIONS: tuple[Action, ...] = get_args(Action)

LONGEST_ACRONYM = 4

FAR = 100
"""How many words away a name may be and still come before one that is none perhaps."""

MOST_SENTENCES = 12
"""How many sentences of a post are compared for the one that speaks most for a call."""


def weigh(found: Sequence[Found], judged: Judgement, reading: Reading) -> list[Found]:
    """Return the grammar's calls with the confidence of both, surest first; not the doubtful ones.

    A call that says no target gets the one that the post names.
    """
    surest = found[0].confidence
    weighed = (
        call._replace(confidence=judged.probability * call.confidence / surest) for call in found
    )
    return [_aimed(reading, call) for call in weighed if call.confidence >= LEAST]


def unruled(reading: Reading, judged: Judgement, loudness: Callable[[Span], float]) -> Found:
    """Return the call of a post that has none by any rule: its loudest sentence."""
    spans = [(sentence.first, sentence.last) for sentence in reading.sentences[:MOST_SENTENCES]]
    span = trimmed(reading, max(spans, key=loudness) if len(spans) > 1 else spans[0])
    action = ACTIONS[judged.actions.index(max(judged.actions))]
    direction: Direction = "against" if judged.against >= 0.5 else "for"
    return Found(action, direction, likely_target(reading, span), judged.probability, span)


def _aimed(reading: Reading, call: Found) -> Found:
    if call.target is not None:
        return call
    return call._replace(target=likely_target(reading, call.place))


def trimmed(reading: Reading, sentence: Span) -> Span:
    """Leave out the marks around a sentence."""
    first, last = sentence
    while last - 1 > first and reading.tokens[last - 1].kind == MARK:
        last -= 1
    while first < last - 1 and reading.tokens[first].kind == MARK:
        first += 1
    return first, last


def likely_target(reading: Reading, sentence: Span) -> str | None:
    """Return whom a sentence is most probably about: named in it, else near it."""
    tracked = [named for named in reading.names if named.sure] or list(reading.names)
    if tracked:
        return min(tracked, key=lambda named: _distance(reading, named[:2], sentence)).target
    named = _untracked(reading)
    if not named:
        return None
    first, last = min(named, key=lambda span: _distance(reading, span, sentence))
    words = " ".join(token.raw for token in reading.tokens[first:last])
    return words.replace(" 's", "'s").lstrip("@")


def _distance(reading: Reading, name: Span, sentence: Span) -> int:
    """Order names by their use: in the sentence and not who is asked, then before, then behind.

    The first word of a sentence has its capital from there, so it comes last.
    """
    first, last = name
    doubt = FAR if last - first == 1 and first in reading.sentence_starts else 0
    if reading.tokens[first].kind == HANDLE:
        doubt += FAR
    if sentence[0] <= first < sentence[1]:
        return doubt + _is_asked(reading, last, sentence)
    return doubt + 2 + (sentence[0] - last if last <= sentence[0] else 10 + first - sentence[1])


def _is_asked(reading: Reading, after: int, sentence: Span) -> bool:
    """Whether what is named before a token is spoken to, or should do something."""
    if after >= sentence[1]:
        return False
    low = reading.lows[after]
    return low == "," or low in reading.lexicon.leads


def _untracked(reading: Reading) -> list[Span]:
    """Return what looks like a name; a sentence's first word only where it is no known one."""
    found: list[Span] = []
    if reading.is_shouted:
        return found
    begins = reading.sentence_starts
    at = 0
    while at < len(reading.tokens):
        starts = at in begins or (at > 0 and reading.tokens[at - 1].kind == MARK)
        if not _may_name(reading, at, starts):
            at += 1
            continue
        begun, end = whole_name(reading, at, len(reading.tokens))
        found.append((begun, end))
        at = end
    return found


def _may_name(reading: Reading, at: int, begins: bool) -> bool:
    token = reading.tokens[at]
    if token.kind == HANDLE:
        return True
    if not is_name_like(token) or any(reading.is_word(cue, at) for cue in NO_NAMES):
        return False
    if is_shouted(token) and len(token.raw) > LONGEST_ACRONYM:
        return False
    return not begins or token.low not in reading.lexicon.phrases
