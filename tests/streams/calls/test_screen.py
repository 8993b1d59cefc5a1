"""The look at the bare words: where it says no, the grammar finds nothing."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.calls.grammar import in_sentences
from streams.calls.lexicon import LANGUAGES
from streams.calls.screen import screen
from streams.calls.tokens import lows_of, parts_of, tokenize
from streams.calls_to_action import read
from uproar.text import clean

ROOT = Path(__file__).parents[3]
NAMES = {"Acme": "acme", "@acme": "acme", "Globex Foods": "globex", "#ShutDownAcme": "acme"}
WORDS = (
    "shut down boycott please don't stop let's should be all we Acme @acme #Acme Globex Foods "
    "the them it now if says why ask to drop cancelled must fermez pas il faut n'achetez que "
    "schaltet ab nicht kauft boykottieren raus no compren dejen ciérrenlo de parem q vamos "
    "? ! . , : ( - ' \" … 🙄 9h x@y.example https://acme.example/a"
)
POSTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS.split()), max_size=20).map(" ".join))


def texts() -> list[str]:
    """Return a part of the labelled texts, calls and others."""
    files = [*(ROOT / "training" / "calls").rglob("*.jsonl"), ROOT / "evaluation" / "calls.jsonl"]
    lines = [line for file in sorted(files) for line in file.read_text("utf-8").splitlines()]
    return [row["text"] for row in map(json.loads, lines[::8]) if "text" in row]


def may_urge(text: str, lang: str) -> bool:
    reading, index = read(text, lang, NAMES)
    cleaned = clean(text).text
    if [*reading.tokens] == tokenize(cleaned):
        lows = lows_of(cleaned, parts_of(cleaned))
    else:  # something was hidden: what it hid is looked at
        lows = [token.low for token in reading.tokens]
    return screen(lang).may_urge(lows, index.last_words)


@settings(max_examples=200, deadline=None)  # the first of a language loads its lexicon
@given(POSTS, st.sampled_from(sorted(LANGUAGES)))
def test_where_the_bare_words_say_no_the_grammar_finds_nothing(text: str, lang: str) -> None:
    reading, _ = read(text, lang, NAMES)
    if any(in_sentences(reading)):
        assert may_urge(text, lang)


def test_no_call_of_any_labelled_text_is_passed_over() -> None:
    for at, text in enumerate(texts()):
        for lang in sorted(LANGUAGES) if at % 10 == 0 else ["en"]:
            reading, _ = read(text, lang, NAMES)
            if any(in_sentences(reading)):
                assert may_urge(text, lang), (lang, text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "My flight was cancelled again"),
        ("en", "They never call back and I had to fly with them"),
        ("en", "I used the app to book it, no help at all"),
        ("de", "Mein Flug war schon wieder verspätet"),
        ("fr", "Le vol que je prends est encore en retard"),
    ],
)
def test_ordinary_posts_need_no_grammar(lang: str, text: str) -> None:
    assert not may_urge(text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "boycott them"),
        ("en", "so please do not ever shop there"),
        ("en", "@acme stop selling it"),
        ("en", "Globex Foods drop them now"),
        ("en", "somebody should really shut it down"),
        ("en", "let's-boycott them"),
        ("de", "alle sollten dort kündigen"),
        ("fr", "il faut fermer ce site"),
        ("es", "por favor ciérrenlo"),
    ],
)
def test_what_urges_is_let_through(lang: str, text: str) -> None:
    assert may_urge(text, lang)
