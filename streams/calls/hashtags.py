"""Campaign hashtags: #ShutDownEpik, #boycottdelta, #DeltaBoykott. The same in every language."""

import re
from functools import cache
from typing import Literal, NamedTuple

import yaml

from streams.calls.lexicon import FOLDER
from streams.calls.names import NameIndex
from uproar.records import Action, Direction

TAGS_FILE = FOLDER.parent / "call_hashtags.yaml"
SHORTEST_NAME = 3
MOST_WORDS = 2
"""#StandWithAcmeFoods is a name; more words make a sentence."""

TRACKED, UNTRACKED, CASED = 0.9, 0.75, 0.6
URGENCY = ("now", "ya", "jetzt", "maintenant", "agora", "ahora", "today", "forever")

_WORD = re.compile(r"[A-ZÀ-Þ][^A-ZÀ-Þ]*")


class Campaign(NamedTuple):
    """What a hashtag urges: an action on a target, tracked or as written; how sure we are."""

    action: Action
    direction: Direction
    target: str
    confidence: float


class _Affix(NamedTuple):
    letters: str
    action: Action
    direction: Direction
    untracked: Literal["never", "named", "cased"]


_Affixes = dict[str, tuple[_Affix, ...]]
"""Parts of hashtags by the letter at the tag's edge, the longest first."""


@cache
def _no_names() -> frozenset[str]:
    return frozenset(yaml.safe_load(TAGS_FILE.read_text("utf-8"))["no_names"].split())


@cache
def _affixes() -> tuple[_Affixes, _Affixes]:
    """Return the known first and last parts of campaign hashtags, by first and by last letter."""
    written = yaml.safe_load(TAGS_FILE.read_text("utf-8"))
    sides: list[_Affixes] = []
    for side, edge in (("first", 0), ("last", -1)):
        parts = [
            _Affix(word, entry["action"], entry["direction"], entry.get("untracked", "never"))
            for entry in written[side]
            for word in entry["parts"].split()
        ]
        parts.sort(key=lambda affix: -len(affix.letters))
        letters = {affix.letters[edge] for affix in parts}
        sides.append({x: tuple(a for a in parts if a.letters[edge] == x) for x in letters})
    return sides[0], sides[1]


def read_campaign(tag: str, names: NameIndex) -> Campaign | None:
    """Read a hashtag (without #) as a campaign, or return None.

    The rest beside the verb must be a tracked name, or one that looks like a name: behind a verb
    that is hardly used otherwise, #BoycottAcme; behind others where the whole tag is written with
    its capitals, #ShutDownAcme.

    >>> read_campaign("shutdownepik", NameIndex({"Epik": "epik"}))
    Campaign(action='shutdown', direction='against', target='epik', confidence=0.9)
    >>> read_campaign("Shutdown", NameIndex({"Epik": "epik"})) is None
    True
    """
    body = tag.replace("_", "")
    low = body.lower()
    first, last = _affixes()
    for affix in first.get(low[:1], ()):
        if low.startswith(affix.letters) and len(low) > len(affix.letters):
            verb, rest = body[: len(affix.letters)], body[len(affix.letters) :]
            campaign = _tracked(affix, rest, names) or _untracked(affix, verb, rest)
            if campaign:
                return _known(campaign, low, names)
    for affix in last.get(low[-1:], ()):
        if low.endswith(affix.letters) and len(low) > len(affix.letters):
            campaign = _tracked(affix, body[: -len(affix.letters)], names)
            if campaign:
                return campaign
    return None


def _tracked(affix: _Affix, rest: str, names: NameIndex) -> Campaign | None:
    entity = names.tag(rest.lower()) or names.tag(_without_urgency(rest).lower())
    return Campaign(affix.action, affix.direction, entity, TRACKED) if entity else None


def _untracked(affix: _Affix, verb: str, rest: str) -> Campaign | None:
    name = _without_urgency(rest)
    if len(name) < SHORTEST_NAME or not name.isalpha() or name[0].islower():
        return None
    if affix.untracked == "named":
        return Campaign(affix.action, affix.direction, name, UNTRACKED)
    words = _WORD.findall(name)
    if affix.untracked != "cased" or verb.islower() or verb.isupper():
        return None
    if name.isupper() or len(words) > MOST_WORDS or words[0].lower() in _no_names():
        return None
    return Campaign(affix.action, affix.direction, name, CASED)


def _known(campaign: Campaign, tag: str, names: NameIndex) -> Campaign:
    """Give a campaign whose whole tag is configured as an alias to that entity."""
    entity = names.tags.get(tag)
    return campaign._replace(target=entity, confidence=TRACKED) if entity else campaign


def _without_urgency(rest: str) -> str:
    """Drop the "now" of #BoycottAcmeNow, in several languages.

    >>> _without_urgency("AcmeNow"), _without_urgency("Now")
    ('Acme', 'Now')
    """
    for urgency in URGENCY:
        if rest.lower().endswith(urgency) and len(rest) > len(urgency):
            return rest[: -len(urgency)]
    return rest
