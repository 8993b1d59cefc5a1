"""What a phrase of the lexicon means where it stands: against or for, turned round by a "not"."""

from itertools import chain

from streams.calls.lexicon import Group
from streams.calls.reading import Reading, Span
from streams.calls.tokens import Sentence
from uproar.records import Action, Direction

VERB_LAST_WORDS = 16
"""How far behind a verb its "not" may stand where verbs come last."""


def meaning(group: Group, negated: bool, to_company: bool) -> tuple[Action, Direction] | None:
    """Return action and direction, turned round where the call is negated."""
    kind = group.kind
    if kind == "hit":
        action = group.to_company or group.action if to_company else group.action
        return ("support", "for") if negated else (action, group.direction)
    if kind in ("use", "host"):
        return (group.action, "against") if negated else None
    if kind in ("join", "halt"):
        return None  # of something that is no campaign
    if kind == "attack":
        return ("support", "for") if negated else None
    if kind == "help":
        if to_company and group.needs == "tracked":  # "Globex should buy Acme"
            return None
        return ("boycott", "against") if negated else (group.action, "for")
    return None if negated else (group.action, group.direction)


def find_denial(reading: Reading, sentence: Sentence, phrase: Span, gap: Span) -> int | None:
    """Return one past the negation that comes behind the verb, as in German and spoken French."""
    if "not_after" not in reading.lexicon.cues:
        return None
    reach = phrase[1] + (VERB_LAST_WORDS if reading.lexicon.verb_last else 2)
    for at in chain(range(*gap), range(phrase[1], min(reach, sentence.last))):
        if reading.is_pause(at):
            return None
        if reading.is_word("not_after", at):
            return at + 1
    return None
