"""What is read is readable; what is shown is what the author wrote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uproar.text import clean, strip_mentions_and_links

PIECES = (
    "Epik", "parler", " ", "  ", "\t", "\n", "\r\n", "<p>", "</p>", "<br/>", "<b", "<", ">", "&",
    "&amp;", "amp;", "&lt;", "&#69;", "&#x202e;", "&nbsp;", ";", "\u200b", "\u00ad", "\ufeff",
    "\u202e", "\x00", "\x85", "а", "Е", "о", "ﬁ", "½", "é", "e\u0301", "İ", "ß", "ς", "\u212b",
    "Ａ", "𝐄", "🅰", "ｶﾞ", "가", "\u1100\u1161", "の", "ﷺ", "\u0f73", "\ud800", "😀", "’", "“", "`",
)  # fmt: skip

any_text = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>Shut down <b>E</b>pik</p>", "\nShut down Epik\n"),
        ("Epik<br />Gab", "Epik\nGab"),
        ("Ben &amp; Jerry &lt;3", "Ben & Jerry <3"),
        ("Tom &amp;amp; Ann", "Tom & Ann"),
        ("&#69;p&#x69;k", "Epik"),
        ("E\u00adp\u200bi\u2060k", "Epik"),
        ("\u202eEpik\u202c", "Epik"),
        ("don’t “stop”", 'don\'t "stop"'),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("Delta  Air\u00a0Lines\tnow", "Delta Air Lines now"),
        ("Ｅｐｉｋ 𝐄𝐩𝐢𝐤", "Epik Epik"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_markup_entities_and_invisible_characters_do_not_hide_a_name(
    written: str, read: str
) -> None:
    assert clean(written).text == read


@pytest.mark.parametrize("written", ["P\u0430rler", "\u0420\u0430rl\u0435r", "ᴘᴀʀʟᴇʀ", "🄿🄰🅁🄻🄴🅁"])
def test_letters_that_pass_for_latin_ones_are_read_as_these(written: str) -> None:
    assert clean(f"Boycott {written} today").text.lower() == "boycott parler today"


@pytest.mark.parametrize(
    "written",
    [
        "Москва сказала нет", "я против Parler", "η Αθήνα", "Ես սիրում եմ", "a < b and b > c",
        "if (a<b) return", "AT&T", "R&D;", "<3 Epik", "<not a tag>", "日本語", "café",
    ],
)  # fmt: skip
def test_what_is_no_disguise_is_left_alone(written: str) -> None:
    assert clean(written).text == written


def test_a_text_in_which_nothing_changes_keeps_no_offsets() -> None:
    cleaned = clean("Shut down Epik now!")
    assert (cleaned.starts, cleaned.ends) == (None, None)
    assert cleaned.quote(10, 14) == "Epik"


def test_a_quote_is_what_the_author_wrote_disguise_and_all() -> None:
    cleaned = clean("Boycott E\u00adp<i>i</i>k, &amp; now")
    start = cleaned.text.index("Epik")
    assert cleaned.quote(start, start + 4) == "E\u00adp<i>i</i>k"
    start = cleaned.text.index("&")
    assert cleaned.quote(start, start + 1) == "&amp;"


@pytest.mark.parametrize("span", [(-5, 3), (2, 1), (3, 99), (99, 100)])
def test_a_span_that_lies_outside_the_text_is_quoted_as_far_as_it_lies_within(
    span: tuple[int, int],
) -> None:
    for written in ("plain words", "<p>marked up</p>"):
        cleaned = clean(written)
        assert cleaned.quote(*span) in written
    assert clean("").quote(*span) == ""


@settings(deadline=None)
@given(any_text)
def test_whatever_is_quoted_stands_in_the_original_and_in_the_same_order(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.original == text
    spans = [cleaned.original_span(place, place + 1) for place in range(len(cleaned.text))]
    assert all(0 <= first < last <= len(text) for first, last in spans)
    assert spans == sorted(spans)
    for start in range(len(cleaned.text) + 1):
        for end in range(start, min(start + 9, len(cleaned.text) + 1)):
            first, last = cleaned.original_span(start, end)
            assert cleaned.quote(start, end) == text[first:last]
            assert 0 <= first <= last <= len(text)


@settings(deadline=None)
@given(any_text)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once


@settings(deadline=None)
@given(any_text)
def test_what_was_cleaned_can_be_encoded_and_holds_nothing_invisible(text: str) -> None:
    cleaned = clean(text).text
    cleaned.encode()
    assert not set(cleaned) & set("\x00\r\t\u00ad\u200b\u202e\u2060\ufeff")
    assert "  " not in cleaned


def test_markup_nested_without_end_is_taken_for_what_it_is_and_ends_as_words() -> None:
    bomb = "<" * 50 + "b>" * 50 + "&amp;" * 3 + "lt;" + "&amp;lt;b&amp;gt;" * 9
    cleaned = clean(bomb).text
    assert clean(cleaned).text == cleaned


def test_a_letter_keeps_its_accents_but_not_a_hundred_of_them() -> None:
    assert clean("e\u0301").text == "é"
    assert len(clean("e" + "\u0301" * 500).text) < 12


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("@united thanks", "  thanks"),
        ("see https://united.example/united now", "see   now"),
        ("see WWW.united.example", "see  "),
        ("ask @ada@example.social please", "ask   please"),
        ("united @ home", "united @ home"),
        ("mail ada@united.example", "mail ada@united.example"),
        ("no link: http", "no link: http"),
    ],
)
def test_names_in_handles_and_links_are_no_words_of_the_author(text: str, left: str) -> None:
    assert strip_mentions_and_links(text) == left
