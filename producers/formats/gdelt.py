"""GDELT 2.0: the mentions table and the knowledge graph, tab-separated without a header. Pure.

GDELT has no texts of articles. What names an organisation is the title, which the knowledge graph
keeps, and otherwise the address, of which sites make the title a part.
"""

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import unquote, urlsplit

from producers.formats.fields import spelled_time, with_link
from producers.parsed import Control, Draft, Parsed, Unreadable

PLATFORM = "gdelt"

MENTION_COLUMNS = 16
GRAPH_COLUMNS = 27
_WEB = "1"
"""The type of a mention, or of a collection, whose identifier is an address."""

_TIME = re.compile(rb"\d{14}", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+", re.UNICODE)
_TITLE = re.compile(r"<PAGE_TITLE>(.*?)</PAGE_TITLE>", re.DOTALL)
_LANGUAGE = re.compile(r"srclc:([a-z]{2,3})")
_TWO_LETTERS = {
    "ara": "ar", "ben": "bn", "bul": "bg", "cat": "ca", "ces": "cs", "cze": "cs", "dan": "da",
    "deu": "de", "ger": "de", "ell": "el", "gre": "el", "eng": "en", "est": "et", "fas": "fa",
    "per": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "heb": "he", "hin": "hi", "hrv": "hr",
    "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "lit": "lt", "lav": "lv",
    "mkd": "mk", "msa": "ms", "nld": "nl", "dut": "nl", "nor": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk", "slv": "sl", "spa": "es", "sqi": "sq",
    "srp": "sr", "swe": "sv", "tam": "ta", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur",
    "vie": "vi", "zho": "zh", "chi": "zh",
}  # fmt: skip


def recognises_mention(line: bytes) -> bool:
    """Say whether a line is a row of the mentions table."""
    cells = line.rstrip(b"\r").split(b"\t")
    return len(cells) == MENTION_COLUMNS and all(map(_TIME.fullmatch, cells[1:3]))


def recognises_graph(line: bytes) -> bool:
    """Say whether a line is a row of the knowledge graph."""
    cells = line.rstrip(b"\r").split(b"\t")
    return len(cells) == GRAPH_COLUMNS and _TIME.fullmatch(cells[1]) is not None


def parse_mention(raw: bytes) -> Sequence[Parsed]:
    """Read one mention of an event: an article, known by its address. Others are control records.

    An article that speaks of several events stands in several rows, which are one post.
    """
    cells = _cells(raw, MENTION_COLUMNS)
    if isinstance(cells, Unreadable):
        return (cells,)
    if cells[3] != _WEB:
        return (Control("no-web-page"),)
    draft = _draft(cells[5], cells[4], cells[2], cells[14], None)
    return (draft,)


def parse_graph(raw: bytes) -> Sequence[Parsed]:
    """Read one article of the knowledge graph, with its title if it has one."""
    cells = _cells(raw, GRAPH_COLUMNS)
    if isinstance(cells, Unreadable):
        return (cells,)
    if cells[2] != _WEB:
        return (Control("no-web-page"),)
    title = _TITLE.search(cells[26])
    draft = _draft(cells[4], cells[3], cells[1], cells[25], title[1].strip() if title else None)
    return (draft,)


def words_of_address(address: str) -> str:
    """Return the words that an address is made of after its host: the longest part of its path.

    >>> words_of_address("https://news.example/2021/01/18/registrar-takes-in-site-1234.html")
    'registrar takes in site'
    """
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    parts = (_WORDS.findall(unquote(part.partition(".")[0])) for part in path.split("/"))
    words = max(parts, key=lambda found: sum(not word.isdigit() for word in found), default=[])
    while words and words[-1].isdigit():
        words.pop()
    return " ".join(words) if len(words) > 1 else ""


def _cells(raw: bytes, wanted: int) -> list[str] | Unreadable:
    # GDELT's files hold stray bytes of other encodings; the article is worth more than they are.
    cells = raw.decode("utf-8", "replace").rstrip("\r").split("\t")
    if len(cells) != wanted:
        found = f"wanted {wanted} cells between tabs, found {len(cells)}"
        return Unreadable("wrong-shape", found)
    return cells


def _draft(address: str, site: str, seen_at: str, translation: str, title: str | None) -> Parsed:
    if not address:
        return Unreadable("not-a-post", "wanted the address of an article, found none")
    words = unescape(title) if title else words_of_address(address)
    language = _LANGUAGE.search(translation)
    code = language[1] if language else "en"  # only what was translated has one
    return Draft(
        platform=PLATFORM,
        text=with_link(words, address),
        created_at=spelled_time(seen_at),
        post_id=address,
        author=site,
        lang=_TWO_LETTERS.get(code, code),
        url=address,
    )
