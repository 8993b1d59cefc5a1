"""Which posts to quote, and how much of each. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from dashboards.reports.document import Quote
from dashboards.reports.figures import Candidate, Facts
from dashboards.reports.phrases import ACTION_WORDS, count_of, language, short_moment

SURE = 0.9
"""A call less sure than this is counted, but not quoted."""
CLEAR = 0.4
"""A mood weaker than this is not quoted for it."""
LONGEST = 280
LONGEST_NAME = 120
LONGEST_WORD = 60
"""A longer one is cut: it would burst a column."""

RowT = TypeVar("RowT", bound=msgspec.Struct)

_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\u200b]")
_REPEAT = re.compile(r"^\s*RT @\w{1,30}:?\s*")
_URL = re.compile(r"https?://[^\s<>\"'`\\]{3,2000}\Z")


def choose(
    candidates: Iterable[Candidate], wanted: int, *, direction: str = "", label: str = "",
    actions: Sequence[str] = (),
) -> list[Candidate]:  # fmt: skip
    """Return posts of different words, those first that others responded to most.

    With a direction, only posts that surely call for action that way, one of each of the `actions`
    before further ones; with a label, only those that are clearly of that mood and call for
    nothing.
    """
    found: dict[str, Candidate] = {}
    for one in candidates:
        if direction:
            fits = direction in one.directions and one.confidence[_place(one, direction)] >= SURE
        else:
            fits = not one.actions and one.label == label and abs(one.score) >= CLEAR
        if fits:
            found.setdefault(_gist(one.text), one)
    ordered = list(found.values())
    firsts: dict[str, Candidate] = {}
    for one in ordered if direction else ():
        action = one.actions[_place(one, direction)]
        if not actions or action in actions:
            firsts.setdefault(action, one)
    chosen = list(firsts.values())[:wanted]
    others = [
        one
        for one in ordered
        if one not in chosen
        and (not actions or not direction or one.actions[_place(one, direction)] in actions)
    ]
    chosen += others[: wanted - len(chosen)]
    return sorted(chosen, key=lambda one: -one.responses)


def _place(post: Candidate, direction: str) -> int:
    return list(post.directions).index(direction)


def quote(post: Candidate, entity: str, direction: str = "") -> Quote:
    """Return a post as it is quoted: no author, nothing invisible, not too long."""
    text = clean(post.text)
    evidence = ""
    if direction in post.directions:
        evidence = clean(post.evidence[_place(post, direction)])
    before, shown, after = cut(text, evidence)
    facts = [entity, post.platform, language(post.language), short_moment(post.time)]
    if direction:
        action = post.actions[_place(post, direction)]
        facts.insert(1, f"{ACTION_WORDS.get(action, action)} ({direction})")
    if post.responses:
        facts.append(count_of(post.responses, "response"))
    return Quote(
        before=before, shown=shown, after=after, about=" · ".join(facts), url=safe_url(post.url)
    )


def clean(text: str) -> str:
    r"""Return a text in one line, without what moves or hides others' letters.

    Of a repeated post the name before it goes as well.

    >>> clean("RT @someone: a\u202eb\x07\n\nc")
    'ab c'
    """
    text = _CONTROLS.sub("", _REPEAT.sub("", text))
    text = "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn")
    )
    words = [
        word if len(word) <= LONGEST_WORD else word[:LONGEST_WORD] + "…" for word in text.split()
    ]
    return " ".join(words)


def cleaned(facts: Facts) -> Facts:
    """Return the figures with every name and word that came from outside in a harmless form."""

    def tidied(rows: Sequence[RowT], *fields: str) -> list[RowT]:
        return [
            msgspec.structs.replace(
                row, **{field: clean(getattr(row, field))[:LONGEST_NAME] for field in fields}
            )
            for row in rows
        ]

    return msgspec.structs.replace(
        facts,
        names={entity: clean(name)[:LONGEST_NAME] for entity, name in facts.names.items()},
        addressees=tidied(facts.addressees, "addressee"),
        words=tidied(facts.words, "evidence"),
        languages=tidied(facts.languages, "name"),
        platforms=tidied(facts.platforms, "name"),
        letters=tidied(facts.letters, "stage", "reason"),
        alerts=tidied(facts.alerts, "term"),
        annotations=tidied(facts.annotations, "title", "text"),
    )


def cut(text: str, evidence: str) -> tuple[str, str, str]:
    """Split a text around its evidence, cut to what fits.

    >>> cut("please shut it down now", "shut it down")
    ('please ', 'shut it down', ' now')
    >>> cut("x" * 300, "")[0][-3:]
    'xx…'
    """
    place = text.lower().find(evidence.lower()) if evidence else -1
    if place < 0 or len(text.lower()) != len(text):
        return (text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"), "", ""
    before, shown = text[:place], text[place : place + len(evidence)]
    after = text[place + len(evidence) :]
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    room = max(LONGEST - len(shown), 0)
    if len(before) + len(after) > room:
        of_before = min(len(before), max(room // 2, room - len(after)))
        if of_before < len(before):
            before = "…" + before[len(before) - of_before :].lstrip() if of_before else "…"
        of_after = max(room - of_before, 0)
        if of_after < len(after):
            after = after[:of_after].rstrip() + "…"
    return before, shown, after


def safe_url(url: str) -> str:
    """Return an address that may be followed; "" for anything but http and https.

    >>> safe_url("https://social.example/1"), safe_url("javascript:alert(1)")
    ('https://social.example/1', '')
    """
    return url if _URL.match(url) else ""


def _gist(text: str) -> str:
    """Return what is left of a text without case, links, names and signs: copies look alike."""
    words: Sequence[str] = re.sub(r"https?://\S+|@\w+", " ", _REPEAT.sub("", text).lower()).split()
    return " ".join(re.sub(r"\W", "", word) for word in words)[:120]
