"""Rules of the configuration: `near`, pages, cashtags, and hosts that only begin like ours."""

import pytest

from uproar.config import Entity, Near
from uproar.mentions import MentionMatcher

NEAR = MentionMatcher(
    [Entity(id="mercury", name="Mercury", near=Near(words=("bank", "wire"), within=4))]
)
PAGES = MentionMatcher(
    [Entity(id="epik", name="Epik", aliases=("epik.com", "reddit.com/r/epik", "$EPK"))]
)
AMBIGUOUS = MentionMatcher([Entity(id="epik", name="Epik", ambiguous=True)])


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Mercury the bank froze us", True),
        ("our bank is mercury now", True),
        ("wired by Mercury, the slow wire", True),
        ("Mercury is in retrograde", False),
        ("bank holiday, and at night one could see Mercury", False),
        ("@mercury hello", True),
    ],
)
def test_a_near_word_must_stand_within_so_many_words(text: str, is_found: bool) -> None:
    assert bool(NEAR.find(text)) is is_found


@pytest.mark.parametrize(
    "text",
    [
        "https://www.reddit.com/r/epik/comments/1",
        "old.reddit.com/r/Epik",
        "see reddit.com/r/epik.",
        "holding $EPK",
        "https://dns.epik.com/x",
    ],
)
def test_a_page_a_cashtag_and_a_subdomain_of_ours_count(text: str) -> None:
    assert len(PAGES.find(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "https://reddit.com/r/epikhigh",
        "reddit.com/r/other?from=reddit.com/r/epik",
        "epik.com.evil.xyz",
        "https://epik.com.evil.xyz/",
        "US$EPK",
        "$EPKX",
    ],
)
def test_what_only_begins_like_ours_does_not_count(text: str) -> None:
    assert PAGES.find(text) == ()


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("EVERYBODY BOYCOTT EPIK NOW", True),
        ("the Epik checkout is broken", True),
        ("EPIK WIN", False),
        ("the Epik", False),
        ("that was epik", False),
    ],
)
def test_an_ambiguous_name_is_weighed_in_capitals_and_after_an_article(
    text: str, is_found: bool
) -> None:
    assert bool(AMBIGUOUS.find(text, "en")) is is_found
