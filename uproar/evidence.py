"""Weighing whether a name that may be an ordinary word or another name is the organisation.

Each thing seen around the name is a point for or against, said in words. The sum decides. No
reading depends on the declared language beyond what `Tongue` allows, so that a post whose language
nobody has looked at yet is never refused for what its language would let pass.
"""

from collections.abc import Sequence

from uproar.evidence_sides import WEAK, read_after, read_before, read_longer_name
from uproar.known_names import EVERY_LANGUAGE
from uproar.neighbours import Neighbours
from uproar.reasons import Name, Reason, Tongue, Weighed
from uproar.senses import Found, Sense, evidence_words, summed

_SURE_TONGUE = 2
_OWN_FAR = 1.4
"""Words of the entity itself count more than this, near or far."""
_FEWEST_OWN = 2
_EVERY = frozenset(EVERY_LANGUAGE)
_SHOWN = 4
"""How many words beside a name are named."""


def tongue_of(around: Neighbours, lang: str | None) -> Tongue:
    """Tell the language by its commonest words; `lang` is what is thought where they are few."""
    tongues = evidence_words().tongues_by_word
    seen: dict[str, int] = {}
    for word in {word.low for word in around.all_words()}:
        for tongue in tongues.get(word, ()):
            seen[tongue] = seen.get(tongue, 0) + 1
    most = max(seen.values(), default=0)
    if most >= _SURE_TONGUE:
        first, *others = [tongue for tongue, count in seen.items() if count == most]
        if not others:
            return Tongue(first, False)
    if lang is None:
        return Tongue(None, True)
    return Tongue("en" if lang == "und" else lang, False)


def weigh(around: Neighbours, name: Name, sense: Sense, lang: str | None) -> Weighed:
    """Weigh all that stands around a name. Linear in the words within reach."""
    tongue = tongue_of(around, lang)
    found = spoken(around, sense)
    reasons = [
        *_prior(name, tongue, sense, is_lower=around.name.islower()),
        *_words(found),
        *_other_phrase(around, name, sense, tongue),
    ]
    if around.is_tag:
        reasons += _tag(around, name, sense)
        return _summed(reasons)
    reasons += _case(around, name, tongue, sense)
    reasons += read_before(around, sense, tongue, found)
    reasons += read_after(around, sense, tongue, found)
    reasons += read_longer_name(around, sense)
    return _summed(reasons)


def speaks_of_stocks(around: Neighbours) -> bool:
    """Tell whether a word of the stock market stands near."""
    return not evidence_words().finance.isdisjoint(word.low for word in around.all_words())


def speaks_for(around: Neighbours, sense: Sense) -> str:
    """Return a word of the entity's own, where none speaks against it; else nothing.

    One that its whole sector uses needs a second.
    """
    found = spoken(around, sense)
    own = [one.word for one in found if one.points > _OWN_FAR and one.word != around.name.lower()]
    shared = {word for one in sense.known.sectors for word in one.context} if sense.known else set()
    is_sure = len(own) >= _FEWEST_OWN or any(word not in shared for word in own)
    if not is_sure or any(one.points < 0 for one in found):
        return ""
    return own[0]


def _summed(reasons: Sequence[Reason]) -> Weighed:
    told = tuple(reason for reason in reasons if reason.points)
    return Weighed(sum(reason.points for reason in told) > 0, told)


def _tag(around: Neighbours, name: Name, sense: Sense) -> list[Reason]:
    """Read a name that is a hashtag, or a part of one: "#delta", "#DeltaFlight"."""
    if not around.tag_parts:
        return [Reason(1.3 if around.name == name.written else 0.9, "a hashtag of its name alone")]
    tag = around.tag
    if any(phrase.replace(" ", "") in tag for phrase in sense.weak_phrases_folded):
        return [Reason(-1.5, "in a hashtag that says something else")]
    company = sense.after | sense.company_after | sense.weights.keys()
    if any(part in company and sense.weights.get(part, 1) > 0 for part in around.tag_parts):
        return [Reason(1.6, "in a hashtag with what belongs to it")]
    return [Reason(0.3, "a part of a hashtag")]


def _other_phrase(around: Neighbours, name: Name, sense: Sense, tongue: Tongue) -> list[Reason]:
    """Read whether name and neighbours are a phrase that is known to mean something else."""
    is_foreign = tongue.is_open if tongue.lang is None else tongue.lang not in name.word
    if not sense.weak_phrases or around.is_tag or (name.word and is_foreign):
        return []
    is_open = around.is_uncased or around.is_shouted
    phrases = sense.weak_phrases_folded if is_open else sense.weak_phrases
    written = around.name.lower() if is_open else around.name
    before = [word.low for word in around.before[:3]][::-1]
    after = [word.low for word in around.after[:3]]
    for low in range(len(before), -1, -1):
        for high in range(len(after), -1, -1):
            phrase = " ".join((*before[len(before) - low :], written, *after[:high]))
            if phrase in phrases:
                opens = low == len(around.before) and high == 0
                return [Reason(-1.0 if opens else -2.0, f"in `{phrase}`")]
    return []


def _prior(name: Name, tongue: Tongue, sense: Sense, *, is_lower: bool) -> list[Reason]:
    is_word = tongue.lang in name.word or name.word >= _EVERY
    if tongue.lang is None and not tongue.is_open:
        is_word = "en" in name.word
    if tongue.lang is not None and tongue.lang not in _EVERY:
        # English words stand in every language's posts
        is_word = is_word or (is_lower and "en" in name.word)
    if is_word:
        return [Reason(-name.doubt, "it is an ordinary word, too")]
    if sense.known is not None and sense.known.is_person:
        return [Reason(-0.3, "it is a person's name, too")]
    if len(name.written) == 1:
        return [Reason(-name.doubt / 2, "it is but a letter")]
    if sense.known is not None and not name.word:
        return [Reason(0.8, "it is seldom anything else")]
    return [Reason(0.4, "it is no ordinary word of this language")]


def _case(around: Neighbours, name: Name, tongue: Tongue, sense: Sense) -> list[Reason]:
    shown = around.name
    if sense.known is not None and sense.known.is_calendar:
        return [Reason(0.1, "the capital of a day or a month says nothing")]
    if len(shown) == 1 and around.closes_post():
        return [Reason(-1.5, "it closes the post, as a kiss")]
    if around.is_shouted and shown.isupper():
        return [Reason(0.1, "all is in capitals: the case says nothing")]
    if _is_own_capitals(around, sense):
        return [Reason(2.0, f"written `{shown}`, as it writes itself")]
    is_plain = shown.istitle() and name.written.istitle()
    if shown == name.written or (is_plain and " " not in name.written):
        reason = _in_its_case(around, name, tongue, is_plain=is_plain)
        is_person = sense.known is not None and sense.known.is_person
        if is_person and around.begins_sentence and reason.points < WEAK:
            reason = Reason(reason.points / 2, reason.words)
        return [reason]
    if shown.isupper() and len(shown) > 1:
        return [Reason(0.3, "written in capitals")]
    if not name.word:
        return [Reason(-0.1, f"not written `{name.written}`")]
    if around.is_uncased:
        return [Reason(-0.3, "in lower case, as all of the post")]
    points = -1.5 if around.capitalises_names() else -0.9
    return [Reason(points, f"not written `{name.written}`")]


def _is_own_capitals(around: Neighbours, sense: Sense) -> bool:
    """Tell whether a name stands in the capitals it gives itself, and its neighbour does not."""
    before = around.previous
    is_own = sense.known is not None and around.name in sense.known.written
    return is_own and around.name.isupper() and not (before is not None and before.isupper())


def _in_its_case(around: Neighbours, name: Name, tongue: Tongue, *, is_plain: bool) -> Reason:
    """Judge a name as it is written: what else may explain its capitals?"""
    first = name.written.partition(" ")[0]
    is_one = is_plain and first == name.written
    is_noun = tongue.lang == "de" and name.is_german_noun
    if around.is_listed() and not around.begins_sentence and not is_noun:
        return Reason(1.5, "in a list of names")
    if around.is_title and is_plain:
        return Reason(0.1, "the words around it are capitalised, too")
    if tongue.lang == "de" and is_one and name.is_unknown and not is_noun:
        return Reason(0.9, "with a capital, as any German noun may be")
    if is_noun and (is_one or around.begins_sentence):
        return Reason(0.1, "its capital is that of any German noun")
    is_led = is_one or first.lower() in evidence_words().determiners
    if around.begins_sentence and is_led:
        return Reason(0.9, f"written `{name.written}`, if at the beginning of a sentence")
    if around.begins_sentence:
        return Reason(1.6, f"written `{name.written}`")
    return Reason(2.0, f"written `{name.written}` amid a sentence")


def spoken(around: Neighbours, sense: Sense) -> list[Found]:
    """Return which words around a name speak for and against the entity, the strongest first."""
    (before, near_from), (after, near_to) = around.sides
    return sense.speaks(((before, near_from, len(before)), (after, 0, near_to)))


def _words(found: Sequence[Found]) -> list[Reason]:
    reasons = []
    for side in (1, -1):
        of_side = [one for one in found if one.points * side > 0]
        if of_side:
            words = ", ".join(f"`{one.word}`" for one in of_side[:_SHOWN])
            reasons.append(Reason(summed(of_side), f"beside {words}"))
    return reasons
