"""What the models see of a post: its words without mentions, and whether it carried a link."""

import re

from uproar.text import clean, strip_mentions_and_links

READ_CHARACTERS = 2_000
"""Of a longer post the beginning is read: it says what the rest goes on about."""

LINK = "http"
"""The word that stands, at the end, for all links: a post with one often reports."""

_LINK = re.compile(rf"\b{LINK}\b")


def readable(text: str) -> str:
    """Return what is read of a post: clean, in one line. Reading that again changes nothing.

    >>> readable("@united thanks!  https://example.com/a it was lovely")
    'thanks! it was lovely http'
    """
    cleaned = clean(text[:READ_CHARACTERS]).text
    words = strip_mentions_and_links(cleaned)
    if "http" not in cleaned and "www." not in cleaned:
        return " ".join(words.split())
    kept = " ".join(_LINK.sub(" ", words).split())
    return f"{kept} {LINK}" if kept != " ".join(cleaned.split()) else kept
