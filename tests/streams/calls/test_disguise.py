"""Words that hide from word lists are read; ordinary writing is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.calls.disguise import is_suspect, undisguised
from streams.calls.names import NameIndex
from streams.calls.tokens import tokenize
from streams.calls_to_action import detect_calls_to_action

NAMES = {"Acme": "acme", "Globex": "globex"}
INDEX = NameIndex(NAMES)


def plain(text: str) -> list[str]:
    """Return the words of a text as they are read in English."""
    return [token.low for token in undisguised(tokenize(text), "en", INDEX)]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("shvt d0wn 4cme n0w", "shutdown"),
        ("b0ycott acme", "boycott"),
        ("BOYC*TT ACME", "boycott"),
        ("sh*t acme d0wn", "shutdown"),
        ("s h u t  d o w n  a c m e", "shutdown"),
        ("shut \N{CLAPPING HANDS SIGN} down \N{CLAPPING HANDS SIGN} Acme", "shutdown"),
        ("Shut.Down.Acme.", "shutdown"),
        ("Boycott. Acme. Now.", "boycott"),
        ("boooycott acmeee", "boycott"),
        ("b\N{LATIN SMALL LETTER O WITH STROKE}ycott Acme", "boycott"),
        ("SHUTDOWN ACME!!!!!!!!", "shutdown"),
        ("#ShutDownAcmeNow", "shutdown"),
        ("&#66;oycott Acme &amp; Globex", "boycott"),
        ("bo\N{ZERO WIDTH SPACE}ycott Acme", "boycott"),
        ("\N{MATHEMATICAL BOLD CAPITAL B}oycott Acme", "boycott"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "und"])
def test_a_hidden_call_is_read_whatever_the_language_detector_makes_of_it(
    text: str, action: str, lang: str
) -> None:
    calls = detect_calls_to_action(text, lang, NAMES)
    assert [(call.action, call.target) for call in calls][:1] == [(action, "acme")]


@pytest.mark.parametrize(
    "text", ["gr8 flight b4 noon", "I am on AA123 from LAX", "a b testing", "the U.S. and the U.K."]
)
def test_ordinary_writing_is_left_as_it_is(text: str) -> None:
    assert plain(text) == [token.low for token in tokenize(text)]


@given(st.text(alphabet="abv0145$*@.! \N{CLAPPING HANDS SIGN}xyzshutdown", max_size=80))
def test_hidden_words_keep_their_places(text: str) -> None:
    low = text.lower()
    is_suspect(low, low.split())
    tokens = undisguised(tokenize(text), "en", INDEX)
    places = [(token.start, token.end) for token in tokens]
    assert places == sorted(places)
    assert all(0 <= first <= last <= len(text) for first, last in places)
