"""Whatever a post holds it is read: without an error, always alike, in time linear in its length.

Nothing here is timed against a tight bound: a busy machine would fail it. The whole reading is
counted instead, in calls of functions, which is the same everywhere; and regular expressions, whose
work cannot be counted, are given twenty times what the slowest of them needs.
"""

import importlib
import inspect
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import streams
import uproar
from streams.assess import Reader
from uproar import text as cleaning
from uproar.config import Entity
from uproar.records import Post, Reaction

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
ENTITIES = (
    Entity(
        id="epik",
        name="Epik",
        aliases=("Epik", "@EpikLLC", "epik.com", "#ShutDownEpik"),
        context=("domain", "registrar", "Parler"),
        exclude=("Epik High",),
        ambiguous=True,
    ),
    Entity(id="target", name="Target", ambiguous=True, exclude=("on target",)),
    Entity(id="delta", name="Delta", aliases=("Delta", "Delta Air Lines", "$DAL"), ambiguous=True),
    Entity(id="x", name="X", aliases=("X", "x.com"), ambiguous=True),
    Entity(id="gab", name="Gab"),
    Entity(id="parler", name="Parler"),
)
READER = Reader(ENTITIES)
LONGEST = 30_000
MOST_CALLS = 2_000_000
LEAD = "Epik.com and Gab should be shut down. "

CHARACTERS = [
    *"aAzZéßÆиЖαاהहの漢한กა 0٣½.,;:!?'\"’“”«»-_–…@#$&<>/\\()[]{}*~^`|+=%", "\t", "\n", "\r\n",
    "\x00", "\x1b", "\x7f", "\x85", "\xa0", "\xad", "\u2028", "\u3000", "\ud800", "\udfff",
    "\uffff", "\u0301", "\u0489", "\u064b", "\u0e49", "\u200b", "\u200c", "\u200d", "\u200e",
    "\u200f", "\u061c", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\ufe0f", "\U000e0041",
    "😀",
    "👍🏽", "🇫🇷", "👩\u200d👩\u200d👧", "ﬁ", "ﷺ", "Ａ", "𝐄", "ᴘ", "🅰", "\u0430", "i\u0307", "ǅ",
    "\u1100\u1161",
]  # fmt: skip
MARKUP = [
    "@a", "@a ", "@epikllc ", "#a", "#a ", "#ShutDownEpik ", "#shutdownepikboycottgabnow", "aB",
    "http://", "http://epik.com/", "https://epik.com ", "www.", "www.epik.com ", "epik.com", "a.b.",
    "a@b.c ", "&amp;", "&amp;amp;", "&#", "&#x;", "&#69;", "<b>", "<p>", "</p>", "<!--", "-->",
    "<a href=", "<<b", "<b <", "$DAL", "$A ", "1,", "1.1", "a-", "a'", "a_", "RT @a: ", "via @a ",
]  # fmt: skip
WORDS = [
    "don't ", "n't ", "'s ", "l'", "d'Epik ", "Epik ", "epik ", "Epik, ", "Epik's ", "EPIK ", "X ",
    "x ", "Gab ", "Target ", "Delta Air ", "Epik Gab ", "Epik and ", "of Epik ", "Epik High ",
    "shut down ", "shut down Epik ", "Shut Epik down. ", "boycott ", "Boycott Epik! ",
    "boycott and ", "stop using ", "please ", "should ", "Epik should ", "Epik must ban Gab, ",
    "could you all ", "why ", "if ", "not ", "never ", "he said ", 'he said "', '"a" ', "“a” ",
    "“a ‘b’ ", "« a » ",
    "(a) ", "tell ", "call ", "let's ", "everyone ", "that ", "and ", "and, ", "or ", "but ",
    "the ", "to ", "a, ", "A. ", "I ", "is ", "love Epik, hate Gab, ", "Epik is better than Gab ",
    "very ", "Epik but ", "no good ", "kind of ", "but good ", "shvt d0wn ", "s h u t ",
    "B.O.Y.C.O.T.T ", "b*ycott ", "il faut ", "ne pas ", "boycottez Epik ", "fermez Epik ",
    "hay que ", "que ",
    "boicot a Epik ", "man sollte Epik ", "boykottiert Epik ", "nicht ", "parem de usar Epik ",
    "hai ki bhi ", "Epik should drop Gab and ", "Epik and Gab and Parler ", "1. ", "\nEpik ",
]  # fmt: skip
UNITS = [*CHARACTERS, *MARKUP, *WORDS]


def post(text: str, lang: str | None = None) -> Post:
    return Post(
        run="r1",
        platform="mastodon",
        post_id="1",
        author="a",
        text=text,
        created_at=NOON,
        observed_at=NOON,
        received_at=NOON,
        lang=lang,
    )


def forget() -> None:
    """Read the next text as if it had never been seen."""
    cleaning._clean_short.cache_clear()
    cleaning._clean_long.cache_clear()
    cleaning._strip_short.cache_clear()
    READER._known.clear()


def fresh(text: str, lang: str | None = None, reader: Reader = READER) -> Reaction:
    forget()
    return reader.read(post(text, lang))


def long(unit: str, length: int = LONGEST) -> str:
    return (LEAD + unit * length)[:length]


@pytest.mark.parametrize("unit", UNITS)
def test_the_same_over_and_over_is_read_and_read_alike(unit: str) -> None:
    text = long(unit, 1_500)
    assert fresh(text) == fresh(text) == Reader(ENTITIES).read(post(text))


@pytest.mark.parametrize("lang", ["en", "fr", "es", "de", "pt", "it", "ar", "hi", "ja", "??", ""])
def test_whatever_is_declared_every_kind_of_character_is_read(lang: str) -> None:
    for unit in UNITS:
        fresh(long(unit, 300), lang)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\u200b", "\x00", "\ud800", "<p></p>", "&", "@", "#"]
)
def test_a_post_of_nothing_mentions_nobody(text: str) -> None:
    assert fresh(text).entities == ()


PIECES = st.sampled_from([*UNITS, "Epik ", "Gab ", LEAD])
ANY = st.text(st.characters(exclude_categories=()), max_size=200)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(ANY, ANY.map(LEAD.__add__), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_read_and_read_alike(text: str) -> None:
    assert fresh(text) == fresh(text)
    READER.analyze(text)


def leaves(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        data = [*data, *data.values()]
    if isinstance(data, list):
        for part in data:
            yield from leaves(part)
    elif isinstance(data, str):
        yield data


LISTS = sorted(
    path for package in (streams, uproar) for path in Path(package.__path__[0]).rglob("*.yaml")
)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_word_of_every_list_can_be_repeated(path: Path) -> None:
    words = dict.fromkeys(leaves(yaml.safe_load(path.read_text("utf-8"))))
    for word in list(words)[:1_000]:
        fresh(long(f"{word[:100]} ", 200 + len(LEAD)))


def calls(text: str) -> int:
    """Return how many functions reading a text calls, those written in C among them."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    forget()
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        READER.read(post(text))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_a_post_twice_as_long_takes_about_twice_the_work_and_not_too_much(unit: str) -> None:
    """Of the calls counted a million take 25 to 50 ms, so that two are a generous bound."""
    calls(long(unit, 500))
    once, twice = (calls(long(unit, length)) for length in (2_000, 4_000))
    assert twice <= 2.5 * once + 1_000
    assert twice * LONGEST / 4_000 <= MOST_CALLS


READS_NO_POST = "uproar.aliases"
"""Its pattern is put to whole aliases of the configuration, which are short."""
NEEDS_THE_EXTRA = "streams.multilingual.layers"
MODULES = [
    found.name
    for package in (streams, uproar)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not found.name.endswith(("__main__", READS_NO_POST))
]


def within(value: Any, depth: int = 4) -> Iterator[re.Pattern[str]]:
    """Yield the patterns in a value: itself, or in what it is made of."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif depth and isinstance(value, dict):
        yield from within(list(value.values())[:200], depth - 1)
    elif depth and isinstance(value, list | tuple):
        for part in value[:200]:
            yield from within(part, depth - 1)


def patterns(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """Yield all of a module: its own, and those its cached functions of no arguments keep."""
    for value in list(vars(module).values()):
        if hasattr(value, "cache_info") and value.__module__ == module.__name__:
            if not inspect.signature(value).parameters and value.cache_info().currsize:
                yield from within(value())
        else:
            yield from within(value)


ATTACKS = [
    f"{start}{{}}{end}" for start in ("", "a", "<", '"', "#", "@", "http://") for end in ("", "\n!")
]


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Return the least processor time of three in which a pattern goes through a text."""
    least = float("inf")
    for _ in range(3):
        start = time.process_time()
        if pattern.pattern.endswith(r"\Z"):  # put to a whole word, never searched for
            pattern.match(text)
        else:
            sum(1 for _ in pattern.finditer(text))
        least = min(least, time.process_time() - start)
        if least < 0.02:
            break
    return least


@pytest.mark.parametrize("name", MODULES)
def test_no_regular_expression_backs_up_over_a_long_text(name: str) -> None:
    """At 8,000 characters a linear one takes a millisecond or two, a quadratic one hundreds.

    Short texts come first, so that an exponential one fails instead of hanging.
    """
    if name == NEEDS_THE_EXTRA:
        pytest.importorskip("onnxruntime")
    READER.read(post(LEAD))  # fills the caches
    for pattern in patterns(importlib.import_module(name)):
        for length in (24, 400, 8_000):
            for unit in UNITS:
                for attack in ATTACKS[: 2 if length == 8_000 else None]:
                    text = attack.format((unit * length)[:length])
                    assert seconds(pattern, text) < 0.05, (pattern.pattern[:200], unit, length)
