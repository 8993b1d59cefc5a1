"""Calls whose object is itself a call: "join the boycott of Acme", "end the strike at Acme"."""

from typing import NamedTuple

from msgspec.structs import replace

from streams.calls.conjugation import Mood
from streams.calls.lexicon import Group
from streams.calls.names import is_name_like
from streams.calls.reading import Reading, Span
from streams.calls.tokens import Sentence
from uproar.records import Action, Direction

LONGEST_OBJECT = 7
ALONE = ("boycott", "protest", "petition")
"""Whoever joins one of these calls, even where nobody is named."""
STRENGTH = 0.95
PURPOSE_WORDS = 2
REASON_WORDS = 5
"""How soon a petition's reason follows: "sign the petition of the workers to save Acme"."""
OWNED_WORDS = 3
MOST_OTHER_WORDS = 1
"""Words such as "nationwide" that may stand before the noun beside articles and names."""

INFINITIVE = Mood.INFINITIVE.value

NOUNS: dict[str, Action] = {
    "campaign_boycott": "boycott",
    "campaign_protest": "protest",
    "campaign_petition": "petition",
    "campaign_legal": "legal",
    "campaign_shutdown": "shutdown",
    "campaign_other": "other",
}
"""The cues that list a campaign's nouns, with its action."""


class Campaign(NamedTuple):
    """What a campaign's noun names, where it stands, and what comes before it.

    `is_owned`: the name before leads it, "Acme's boycott of Globex".
    """

    action: Action
    noun: Span
    is_named_before: bool = False
    is_owned: bool = False


def find_campaign(reading: Reading, sentence: Sentence, after: int) -> Campaign | None:
    """Return the campaign that is the object of a verb that ends before token `after`.

    Between them may stand articles, names and a word more: "join the nationwide Acme boycott".
    """
    others = 0
    is_named = False
    last = min(sentence.last, after + LONGEST_OBJECT)
    at = after
    while at < last and not reading.is_pause(at) and not reading.is_word("linker", at):
        for cue, action in NOUNS.items():
            noun = reading.cue(cue, at, sentence.last)
            if noun is not None and noun[0] == at:
                if is_to_help(reading, sentence, noun[1], PURPOSE_WORDS):
                    return None
                owned = at > after and reading.lows[at - 1] == "'s"
                return _owned(reading, action, noun) if owned else Campaign(action, noun, is_named)
        named = reading.named_from.get(at)
        if named is not None or is_name_like(reading.tokens[at]):
            is_named = True
        elif reading.lows[at] == "'s":
            pass
        elif reading.is_word("determiner", at):
            if is_named:  # "support Acme against the boycott"
                return None
        else:
            others += 1
            if others > MOST_OTHER_WORDS or reading.lows[at] in reading.lexicon.phrases:
                return None  # "help end the boycott"
        at = named.last if named is not None else at + 1
    return None


def _owned(reading: Reading, action: Action, noun: Span) -> Campaign | None:
    """Tell "Acme's boycott of Globex" from "Acme's strike", which hits Acme."""
    if reading.names_between(noun[1], noun[1] + OWNED_WORDS):
        return Campaign(action, noun, True, is_owned=True)
    return None if action in ("legal", "shutdown") else Campaign(action, noun, True)


def is_to_help(reading: Reading, sentence: Sentence, after: int, words: int) -> bool:
    """Whether the next words say that a campaign is for its target: "the petition to save Acme"."""
    return any(
        group.kind in ("help", "attack")
        for at in range(after, min(after + words, sentence.last))
        for _, _, mood, group in reading.phrases_at(at, sentence.last)
        if mood & INFINITIVE
    )


def meaning_of(
    campaign: Campaign, group: Group, negated: bool, to_company: bool
) -> tuple[Action, Direction] | None:
    """Return what joining or halting the campaign means for whom it is directed at.

    Who joins a boycott is against its target, who ends one is for it.
    """
    joins = group.kind in ("help", "join")
    if not joins and to_company:
        return None
    return (campaign.action, "against") if joins != negated else ("support", "for")


def as_campaign(campaign: Campaign, group: Group) -> Group:
    """Return what the verb's phrases amount to: to join a boycott is as sure as to boycott."""
    is_word = campaign.noun[1] - campaign.noun[0] == 1  # "the fight against" needs a name
    alone = is_word and group.kind in ("help", "join") and campaign.action in ALONE
    return replace(
        group, needs="" if alone else "named", alone=alone, kind="hit", strength=STRENGTH
    )


def is_about_campaign(campaign: Campaign | None, group: Group) -> bool:
    """Whether the verb can have a campaign as its object, or needs one."""
    if group.kind in ("help", "join", "halt"):
        return campaign is not None
    return group.kind == "hit" and campaign is not None and not campaign.is_named_before
