"""Verb forms from the endings a lexicon lists: no grammar of any language is in the code.

A lexicon gives, for each ending of an infinitive, the endings of the moods it needs, and spells
out the verbs that follow no rule. The longest matching ending decides.
"""

from collections.abc import Iterable, Mapping
from enum import IntFlag

Forms = dict[str, int]
"""Form -> bits of `Mood`, plain, as they are faster."""

Endings = Mapping[str, Mapping[str, str]]
"""Ending of the infinitive -> mood -> endings, separated by spaces; `-` stands for none."""


class Mood(IntFlag):
    """In which constructions a form can be a call."""

    IMPERATIVE = 1
    INFINITIVE = 2
    SUBJUNCTIVE = 4
    PARTICIPLE = 8
    GERUND = 16
    NOUN = 32
    HYPOTHETICAL = 64
    POSTPOSED = 128
    PROHIBITIVE = 256
    PRESENT = 512


_BITS = {str(mood.name).lower(): mood.value for mood in Mood}


def conjugate(verb: str, endings: Endings, irregular: Mapping[str, Mapping[str, str]]) -> Forms:
    """Return every form of a verb with the moods it can stand for.

    >>> rules = {"er": {"imperative": "ez ons", "infinitive": "er", "participle": "é"}}
    >>> sorted(conjugate("fermer", rules, {}))
    ['fermer', 'fermez', 'fermons', 'fermé']
    """
    forms: Forms = {}
    regular: Mapping[str, str] = {}
    stem = verb
    for ending in sorted(endings, key=len, reverse=True):
        if verb.endswith(ending):
            regular, stem = endings[ending], verb[: len(verb) - len(ending)]
            break
    special = irregular.get(verb, {})
    for name in {**regular, **special}:
        if name in special:
            made: Iterable[str] = special[name].split()
        else:
            made = (_join(stem, ending) for ending in regular[name].split())
        mood = _BITS[name]
        for form in made:
            forms[form] = forms.get(form, 0) | mood
    forms.setdefault(verb, Mood.INFINITIVE.value)
    return forms


def _join(stem: str, ending: str) -> str:
    """Put stem and ending together; `ge…` before an ending makes a prefix of it.

    >>> _join("boykott", "-"), _join("boykott", "ge~t")
    ('boykott', 'geboykottt')
    """
    if ending == "-":
        return stem
    before, tilde, after = ending.partition("~")
    return before + stem + after if tilde else stem + ending
