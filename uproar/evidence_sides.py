"""What leads to a name and what follows it: articles, verbs, and the rest of a longer name."""

from collections.abc import Sequence
from functools import cache

from uproar.neighbours import Neighbours, Word
from uproar.reasons import Reason, Tongue
from uproar.senses import Found, Sense, evidence_words

WEAK = 1.0
"""Words that count no more than this speak for any company."""
_LONGEST_ACRONYM = 4
_PAST = ("ed", "ó", "ou")
"""How the past of most verbs ends in English, Spanish and Portuguese."""
_IDIOMATIC = frozenset({"in", "on", "by", "as", "of"})
"""After these an English noun may stand without its article: "in spirit"."""
_PORTUGUESE = frozenset({"pt"})
_ENGLISH = frozenset({"en"})
_ANYTHING_HAS = frozenset({"ist", "wird", "hat", "war", "will", "macht"})
_NOUNS_LAST = frozenset({"en", "de"})
"""Languages in which what a name describes stands behind it: "the Epik breach"."""
_FEWEST_DESCRIBED = 2
_SOMEWHERE = frozenset({"in", "on", "near", "at", "by", "de", "en", "à", "em", "di", "bei", "am"})
_OF_PLACES = frozenset({"into", "through", "near", "outside", "towards", "across", "around"})


def read_before(
    around: Neighbours, sense: Sense, tongue: Tongue, found: Sequence[Found]
) -> list[Reason]:
    """Read what leads to the name: a preposition, an article, a verb's helper.

    `found` are the words that speak for and against the entity.
    """
    lists = evidence_words()
    word = around.previous
    if word is None:
        return _without_article(around, sense, tongue)
    known, reasons = sense.known, list[Reason]()
    if word.low in lists.kin and _is_had(around):
        return [Reason(-2.5, f"after `{word}`, as a person or a pet")]
    phrase = _first(around.lead_ins, sense.before)
    is_cased = around.name[:1].isupper()
    if phrase and phrase not in lists.determiners:
        return [Reason(1.4, f"after `{phrase}`"), *_without_article(around, sense, tongue)]
    if word.low in lists.regions and word.islower():
        return [Reason(-2.5, f"after `{word}`, as a place")]
    if word.islower() and sense.weights.get(word.low, 0) > WEAK:
        return [Reason(1.0, f"behind `{word}`")]
    if word.low in lists.company_articles and tongue.may_be(_PORTUGUESE):
        return [Reason(0.7 if is_cased or known else 0.0, f"after `{word}`, as companies stand")]
    if word.low in lists.determiners and tongue.has(word):
        reasons.append(_determined(around, sense, tongue, word, found))
    elif not is_cased and known is None and _is_described(around, word, tongue):
        reasons.append(Reason(-1.4, f"after `{around.before[1]} {word}`, as a thing"))
    elif word.low in lists.leads:
        reasons.append(_led(around, sense, word))
        reasons += _without_article(around, sense, tongue)
    elif word.low in lists.verb_leads and not is_cased:
        reasons.append(Reason(-1.5, f"after `{word}`, as a verb"))
    return reasons


def _is_had(around: Neighbours) -> bool:
    """Tell whether what stands before the name is somebody's: "my cat Hermes"."""
    return len(around.before) > 1 and around.before[1].low in evidence_words().possessives


def _led(around: Neighbours, sense: Sense, word: Word) -> Reason:
    """Judge a name after what leads to companies, among others."""
    if _describes(around, sense):
        return Reason(0.0, "")
    is_place = sense.known is None and around.name[:1].isupper() and word.low in _OF_PLACES
    if is_place:
        return Reason(-0.4, f"after `{word}`, as a place may stand")
    return Reason(0.7 if around.name[:1].isupper() else 0.4, f"after `{word}`")


def _without_article(around: Neighbours, sense: Sense, tongue: Tongue) -> list[Reason]:
    """Read a name without an article where its other sense would need one: "at shell, again".

    It must not be the beginning of a compound ("target practice"), or a verb's stem.
    """
    if not (sense.known and sense.known.is_thing and tongue.may_be(_ENGLISH)):
        return []
    following, before = around.following, around.previous
    if before is not None and before.low in _IDIOMATIC and before.low not in sense.before:
        return []
    if before is None:
        if following is None or not _is_verb(following):
            return []
    elif following is not None and following.low not in evidence_words().plain:
        return []
    return [Reason(1.1, "without the article that the ordinary word takes")]


def _is_verb(word: Word) -> bool:
    """Tell whether a word after a name is likely what a company did or does."""
    lists = evidence_words()
    if word.low in lists.company_verbs or word.low in lists.third_person:
        return True
    return word.islower() and word.endswith(_PAST) and len(word) > _LONGEST_ACRONYM


def _may_be_third_person(word: Word) -> bool:
    """Tell whether a word may be what a company does, by its ending."""
    return word.islower() and len(word) > _LONGEST_ACRONYM and word[-1] == "s" != word[-2]


def _determined(
    around: Neighbours, sense: Sense, tongue: Tongue, word: Word, found: Sequence[Found]
) -> Reason:
    """Judge a name after an article: "the Delta", "the Epik checkout", "my Uber", "die Post"."""
    lists = evidence_words()
    after = around.continuations
    if _first(after, sense.after) or _first(after, sense.company_after):
        return Reason(0.0, "")
    known = sense.known
    if known and known.is_countable and word.low in lists.having:
        return Reason(0.4, f"after `{word}`, as one has it")
    if known and tongue.may_be(known.article):
        return Reason(0.3, f"after `{word}`, as its name stands")
    is_cased = around.name[:1].isupper()
    if is_cased and word.low in lists.possessives:
        return Reason(-0.6, f"after `{word}`")
    if is_cased and sense.has_branches and _is_somewhere(around):
        return Reason(0.4, f"after `{word}`, as a branch of it")
    following = around.following
    if not around.is_shouted and _is_well_spoken(found):
        return Reason(-0.6, f"after `{word}`")
    is_low_german = tongue.lang == "de" and following is not None and following.islower()
    may_describe = tongue.may_be(_NOUNS_LAST) and not is_low_german
    has_noun = (
        may_describe
        and following is not None
        and not (following.low in lists.plain or _is_verb(following))
    )
    if is_cased and has_noun:
        return Reason(-0.6, f"after `{word}`")
    return Reason(-2.0 if is_cased else -1.4, f"after `{word}`, as a thing")


def _is_described(around: Neighbours, word: Word, tongue: Tongue) -> bool:
    """Tell whether an article and one word more stand before a name: "the old foundry"."""
    lists = evidence_words()
    if len(around.before) < _FEWEST_DESCRIBED or word.low in lists.plain:
        return False
    article = around.before[1]
    return article.low in lists.determiners and tongue.has(article)


def _is_well_spoken(found: Sequence[Found]) -> bool:
    """Tell whether two words of the entity's own stand by, and none against it."""
    own = sum(one.points > WEAK for one in found)
    return own > 1 and not any(one.points < 0 for one in found)


def _is_spoken_for(found: Sequence[Found]) -> bool:
    """Tell whether a near word of the entity's own stands by, and none against it."""
    return any(one.points > WEAK for one in found) and not any(one.points < 0 for one in found)


def _is_somewhere(around: Neighbours) -> bool:
    """Tell whether a place follows: "the Target in Plano", "el Coto de Flores"."""
    after = around.after
    return len(after) > 1 and after[0].low in _SOMEWHERE and after[1][0].isupper()


def read_after(
    around: Neighbours, sense: Sense, tongue: Tongue, found: Sequence[Found]
) -> list[Reason]:
    """Read what follows the name: what companies have, do or suffer, or the rest of a phrase.

    `found` are the words that speak for and against the entity.
    """
    lists = evidence_words()
    word = around.following
    if word is None:
        return []
    reasons: list[Reason] = []
    if around.is_possessive and word.low not in lists.plain:
        reasons.append(Reason(0.4, "in the genitive"))
    phrases = around.continuations
    if _is_human(around, sense, tongue):
        return [*reasons, Reason(-1.8, f"before `{word}`, as a person")]
    is_english = not tongue.is_open and tongue.may_be(_ENGLISH)
    if is_english and _describes(around, sense) and _opens_noun(around, word):
        reasons.append(Reason(-1.0, f"before `{word}`, of which it says how it is"))
    word = _past_adverb(around, word)
    if phrase := _first(phrases, sense.after):
        reasons.append(Reason(0.2 if _describes(around, sense) else 1.5, f"before `{phrase}`"))
    elif phrase := _first(phrases, sense.company_after):
        reasons.append(Reason(0.2 if _describes(around, sense) else 1.1, f"before `{phrase}`"))
    elif _is_verb(word) or (around.begins_sentence and _may_be_third_person(word)):
        known = sense.known
        is_doubtful = (known is not None and known.is_person) or (
            tongue.lang == "de" and (known is None or "de" in known.word)
        )
        if tongue.lang == "de" and around.begins_sentence and word.low in _acting():
            reasons.append(Reason(0.7, "a noun would take an article"))
        reasons.append(Reason(0.3 if is_doubtful else 0.8, f"before `{word}`"))
    elif word.low in lists.continuations and tongue.has(word) and _may_be_verb(around, sense):
        points = -0.5 if _is_spoken_for(found) else -1.2
        reasons.append(Reason(points, f"before `{word}`, as a verb or adjective"))
    return reasons


@cache
def _acting() -> frozenset[str]:
    """Return what companies do, without the verbs that anything may have."""
    return evidence_words().company_verbs - _ANYTHING_HAS


def _past_adverb(around: Neighbours, word: Word) -> Word:
    """Return the verb behind "just", "still" and the like, else the word itself."""
    if word.low in evidence_words().adverbs and len(around.after) > 1:
        verb = around.after[1]
        if _is_verb(Word(verb.low)):
            return verb
    return word


def _opens_noun(around: Neighbours, word: Word) -> bool:
    lists = evidence_words()
    return (
        around.begins_sentence
        and word.islower()
        and not (word.low in lists.plain or _is_verb(word))
    )


def _is_human(around: Neighbours, sense: Sense, tongue: Tongue) -> bool:
    """Tell whether a name is a person by what follows: "tim from accounts", "Penny and I"."""
    lists = evidence_words()
    if around.is_possessive:
        return False
    if around.after[0].low in lists.creature_verbs:
        return True
    if sense.known is not None and not sense.known.is_person:
        return False
    if tongue.lang == "de" and sense.known is None:
        return False
    if _first(around.continuations, lists.human_after):
        return True
    return around.after[0].low in lists.human_verbs and tongue.has(around.after[0])


def _first(phrases: Sequence[str], wanted: frozenset[str]) -> str | None:
    """Return the first of some phrases that is among the wanted ones."""
    for phrase in phrases:
        if phrase in wanted:
            return phrase
    return None


def _describes(around: Neighbours, sense: Sense) -> bool:
    """Tell whether a name may but say how what follows is: "free internet", "Next flight"."""
    is_cased_amid = around.name[:1].isupper() and not around.begins_sentence
    return sense.known is not None and sense.known.describes and not is_cased_amid


def _may_be_verb(around: Neighbours, sense: Sense) -> bool:
    """Tell whether a name may be a verb or adjective before a word like "the" or "de"."""
    before = around.previous
    if around.name[:1].isupper() and not around.begins_sentence:
        return False
    is_ours = before is not None and sense.weights.get(before.low, 0) > WEAK
    return not is_ours and _first(around.lead_ins, sense.before) is None


def read_longer_name(around: Neighbours, sense: Sense) -> list[Reason]:
    """Read whether the name is a piece of a person's or another thing's longer name."""
    if not around.name[:1].isupper() or around.is_title or around.is_shouted:
        return _named_person(around, sense)
    reasons: list[Reason] = []
    before, after = around.previous, around.following
    if before is not None and _is_part_of_name(before):
        is_lead = _first(around.lead_ins, sense.before) is not None
        reasons += (
            [] if is_lead else _ends_longer_name(around, before, is_known=sense.known is not None)
        )
    if after is not None and _is_part_of_name(after) and not around.is_possessive:
        phrases = around.continuations
        is_ours = _first(phrases, sense.after) or _first(phrases, sense.company_after)
        if not is_ours and after.low not in evidence_words().plain:
            reasons.append(Reason(-2.0, f"it begins a longer name, `{around.name} {after}`"))
    return reasons or _named_person(around, sense)


def _ends_longer_name(around: Neighbours, before: Word, *, is_known: bool) -> Sequence[Reason]:
    lists = evidence_words()
    longer = f"`{before} {around.name}`"
    if before.low in lists.titles or before.low in lists.given_names:
        return [Reason(-3.0 if is_known else -5.0, f"it ends a person's name, {longer}")]
    if before.low in lists.plain:
        return []
    starts = len(around.before) == 1
    return [Reason(-1.4 if starts else -2.0, f"it ends a longer name, {longer}")]


def _named_person(around: Neighbours, sense: Sense) -> list[Reason]:
    before = around.previous
    if before is None or before.low not in evidence_words().titles:
        return []
    is_person = sense.known is None or sense.known.is_person or before[0].isupper()
    return [Reason(-2.5, f"after the title `{before}`")] if is_person else []


def _is_part_of_name(word: str) -> bool:
    return (
        word[0].isupper()
        and (len(word) > 1)
        and not (word.isupper() and len(word) <= _LONGEST_ACRONYM)
    )
