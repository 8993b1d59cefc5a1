"""What cleaning rewrites in a text: markup, entities, quotes, invisible and joining characters."""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from uproar.lookalikes import Edit

LONGEST_MARKS = 8
"""Accents kept on one letter: more than any script needs, and normalising is quadratic in them."""

BLANKS = re.compile(r"[ \t]{2,}|\t")

_BLOCKS = (
    "address|article|aside|blockquote|br|div|dd|dl|dt|figure|footer|h[1-6]|header|hr|li|main|ol|p|"
    "pre|section|table|tr|ul"
)
_INLINE = (
    "abbr|a|b|bdi|bdo|big|cite|code|del|dfn|em|figcaption|font|img|ins|i|kbd|mark|picture|q|rp|rt|"
    "ruby|samp|small|source|span|strike|strong|sub|sup|s|tbody|td|tfoot|thead|th|tt|u|var|video|wbr"
)
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2120\u2122\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NEWLINES = "\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_SINGLE_QUOTES = "\u2018-\u201b\u2032\u02bc\u00b4`"
_DOUBLE_QUOTES = "\u201c-\u201f\u2033"
_LONE_SURROGATES = "\ud800-\udfff"
_SUSPECT = f"<&{_INVISIBLE}{_NEWLINES}{_SINGLE_QUOTES}{_DOUBLE_QUOTES}{_LONE_SURROGATES}"
SUSPECTS = frozenset(
    chr(point)
    for found in re.finditer(r"([\s\S])(?:-([\s\S]))?", _SUSPECT)
    for point in range(ord(found[1]), ord(found[2] or found[1]) + 1)
)
REWRITTEN = re.compile(
    rf"(?=[{_SUSPECT}])(?:"
    rf"(?P<block></?(?i:{_BLOCKS})(?:\s[^<>]*)?/?>)"
    rf"|(?P<inline></?(?i:{_INLINE})(?:\s[^<>]*)?/?>|<!--[^<>]*-->)"
    r"|(?P<entity>&(?:amp;)*(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});)"
    rf"|(?P<newline>\r\n?|[{_NEWLINES}])"
    rf"|(?P<invisible>[{_INVISIBLE}]+)"
    rf"|(?P<single>[{_SINGLE_QUOTES}])"
    rf"|(?P<double>[{_DOUBLE_QUOTES}])"
    rf"|(?P<broken>[{_LONE_SURROGATES}]))",
    re.ASCII,
)
_REPLACEMENT = {
    "block": "\n",
    "inline": "",
    "newline": "\n",
    "invisible": "",
    "single": "'",
    "double": '"',
    "broken": "\N{REPLACEMENT CHARACTER}",
}


def rewritten(text: str) -> Iterator[Edit]:
    """Find what is to be rewritten, in order."""
    for found in REWRITTEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "entity":
            inner = found[0].rpartition("amp;")[2] or "amp;"
            written = html.unescape(f"&{inner.removeprefix('&')}")
        else:
            written = _REPLACEMENT[kind]
        if written != found[0]:
            yield found.start(), found.end(), written


class Marks(NamedTuple):
    """Accents, all that joins the letter before it, and patterns made of them."""

    accents: frozenset[str]
    joining: frozenset[str]
    too_many: re.Pattern[str]
    cluster: re.Pattern[str]


@cache
def marks() -> Marks:
    """Return accents, all that joins the letter before it, and patterns made of them.

    What joins is marks, vowel and final jamo, and half-width voicing signs.
    """
    low = [chr(point) for point in range(0x300, 0x1F000)]
    accents = [char for char in low if unicodedata.combining(char)]
    joining = [char for char in low if unicodedata.category(char) == "Mc"] + accents
    joining += [chr(point) for point in (*range(0x1160, 0x1200), *range(0xFF9E, 0xFFDD))]
    accent, join = f"[{''.join(accents)}]", f"[{''.join(joining)}]"
    return Marks(
        accents=frozenset(accents),
        joining=frozenset(joining),
        too_many=re.compile(f"(?<={accent}{{{LONGEST_MARKS}}}){accent}+"),
        cluster=re.compile(f"[\\s\\S]{join}+|[^\x00-\x7f]"),
    )
