"""Campaign hashtags: #ShutDownEpik, #boycottdelta, #DeltaBoykott. The same in every language."""

from functools import cache
from typing import NamedTuple

import yaml

from streams.calls.lexicon import FOLDER
from streams.calls.names import NameIndex
from uproar.records import Action, Direction

TAGS_FILE = FOLDER.parent / "call_hashtags.yaml"
SHORTEST_NAME = 3


class Campaign(NamedTuple):
    """What a hashtag urges: an action on a target, tracked or as written."""

    action: Action
    direction: Direction
    target: str
    is_tracked: bool


class _Affix(NamedTuple):
    letters: str
    action: Action
    direction: Direction
    is_sure: bool


@cache
def _affixes() -> tuple[tuple[_Affix, ...], tuple[_Affix, ...]]:
    """Return the known first and last parts of campaign hashtags, longest first."""
    written = yaml.safe_load(TAGS_FILE.read_text("utf-8"))
    sides: list[tuple[_Affix, ...]] = []
    for side in ("first", "last"):
        parts = [
            _Affix(word, entry["action"], entry["direction"], bool(entry.get("sure", False)))
            for entry in written[side]
            for word in entry["parts"].split()
        ]
        sides.append(tuple(sorted(parts, key=lambda affix: -len(affix.letters))))
    return sides[0], sides[1]


def read_campaign(tag: str, names: NameIndex) -> Campaign | None:
    """Read a hashtag (without #) as a campaign, or return None.

    The rest beside the verb must be a tracked name, or, after a verb that is hardly used
    otherwise, one capitalised word: #BoycottAcme.

    >>> read_campaign("shutdownepik", NameIndex({"Epik": "epik"}))
    Campaign(action='shutdown', direction='against', target='epik', is_tracked=True)
    >>> read_campaign("Shutdown", NameIndex({"Epik": "epik"})) is None
    True
    """
    body = tag.replace("_", "")
    low = body.lower()
    first, last = _affixes()
    for affix in first:
        if low.startswith(affix.letters) and len(low) > len(affix.letters):
            campaign = _with_rest(affix, body[len(affix.letters) :], names)
            if campaign:
                return campaign
    for affix in last:
        if low.endswith(affix.letters) and len(low) > len(affix.letters):
            campaign = _with_rest(affix, body[: -len(affix.letters)], names)
            if campaign and campaign.is_tracked:
                return campaign
    return None


def _with_rest(affix: _Affix, rest: str, names: NameIndex) -> Campaign | None:
    low = rest.lower()
    for cut in ("", "now", "ya", "jetzt", "maintenant", "ja", "agora", "ahora", "today", "forever"):
        entity = names.tag(low.removesuffix(cut)) if cut == "" or low.endswith(cut) else None
        if entity:
            return Campaign(affix.action, affix.direction, entity, True)
    looks_named = rest[0].isupper() and rest.isalpha() and len(rest) >= SHORTEST_NAME
    if affix.is_sure and looks_named:
        return Campaign(affix.action, affix.direction, rest, False)
    return None
