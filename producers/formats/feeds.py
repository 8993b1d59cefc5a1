"""RSS 2.0, RSS 1.0 and Atom: one item of a feed by itself. Pure.

No entity that a feed declares is expanded and nothing outside it is looked at: an item is parsed
without the head of its document, so that there are none but those of XML and HTML.
"""

import re
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from html.entities import html5
from xml.parsers import expat

from producers.formats.fields import figure, host_of, joined, revision_at
from producers.formats.markup import html_to_text
from producers.parsed import Draft, Parsed, Unreadable, Withdrawal

PLATFORM = "rss"

_DEEPEST = 200
_ENTITY = re.compile(rb"<!\[CDATA\[.*?\]\]>|&([A-Za-z][A-Za-z0-9]{1,31});", re.DOTALL)
_OF_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_HTML = frozenset({"content:encoded", "content", "description", "summary"})
_HEAD_LIMIT_BYTES = 65_536

_Values = dict[str, str]


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read an item of a feed that is not known."""
    return _parse(raw, _Feed())


def parse_in(head: bytes) -> Callable[[bytes], Sequence[Parsed]]:
    """Return a reader of the items of the feed that begins with `head`, which ends before them."""
    feed = _Feed(head[:_HEAD_LIMIT_BYTES])
    return lambda raw: _parse(raw, feed)


class _Feed:
    """What a feed says of all its items; nothing where its head cannot be read."""

    def __init__(self, head: bytes = b"") -> None:
        declared = _ENCODING.search(head)
        self.encoding = declared[1].decode().lower() if declared else "utf-8"
        self.language = _first(rb"<language>\s*([A-Za-z-]{2,35})\s*</language>", head) or _first(
            rb"""xml:lang\s*=\s*["']([A-Za-z-]{2,35})["']""", head
        )
        link = _first(rb"<link>\s*(https?://[^<\s]+)", head) or _first(
            rb"""<link[^>]+href\s*=\s*["'](https?://[^"'\s]+)""", head
        )
        self.name = host_of(f"{link}/") or _first(rb"<title[^>]*>\s*([^<]{1,200})", head)


def _parse(raw: bytes, feed: _Feed) -> Sequence[Parsed]:
    try:
        text = raw.decode(feed.encoding)
    except (UnicodeError, LookupError) as error:
        return (Unreadable("not-utf8", f"wanted text in {feed.encoding}, found {error}"),)
    reader = _Reader()
    try:
        reader.read(_ENTITY.sub(_as_number, text.encode(errors="replace")))
    except expat.ExpatError as error:
        return (Unreadable("not-xml", f"wanted an item of a feed, found {error}"),)
    if reader.root.endswith("deleted-entry"):
        if not reader.root_attributes.get("ref"):
            return (Unreadable("not-a-post", "wanted what was deleted in `ref`, found none"),)
        gone, at = reader.root_attributes["ref"], reader.root_attributes.get("when")
        return (Withdrawal(platform=PLATFORM, post_id=gone, at=at),)
    return (_to_draft(reader, feed),)


def _to_draft(item: "_Reader", feed: _Feed) -> Parsed:
    values = item.values
    body = next((values[name] for name in _BODIES if values.get(name)), None)
    title = values.get("title")
    if title is None and body is None:
        return Unreadable("no-text", "wanted a title or a description, found none")
    link = values.get("link") or (item.guid_link or "")
    published = _time(_any(values, "pubDate", "published", "issued", "dc:date"))
    updated = _time(_any(values, "updated", "modified"))
    is_edited = bool(published and updated and updated != published)
    return Draft(
        platform=PLATFORM,
        text=joined(html_to_text(title or ""), html_to_text(body or "")),
        created_at=published or updated,
        post_id=_any(values, "guid", "id") or link,
        author=_any(values, "dc:creator", "author/name", "author") or feed.name or "",
        revision=revision_at(updated) if is_edited else 0,
        lang=item.root_attributes.get("xml:lang") or values.get("dc:language") or feed.language,
        url=link if link.startswith(("http://", "https://")) else None,
        reply_to=values.get("thr:in-reply-to"),
        replies=figure(_any(values, "slash:comments", "thr:total")),
    )


_BODIES = ("content:encoded", "content", "description", "summary")


class _Reader:
    """The first value of each element of an item, by the name that it is usually written with."""

    def __init__(self) -> None:
        self.root = ""
        self.root_attributes: _Values = {}
        self.values: _Values = {}
        self.guid_link: str | None = None
        self._open: list[str] = []
        self._pieces: list[str] = []
        self._markup: list[str] | None = None  # of content in XHTML

    def read(self, fragment: bytes) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(fragment, True)

    def _start(self, name: str, attributes: _Values) -> None:
        name = name.removeprefix("atom:").removeprefix("rss:")
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            raise expat.ExpatError(f"elements in one another deeper than {_DEEPEST}")
        if len(self._open) == 1:
            self.root, self.root_attributes = name, attributes
        elif len(self._open) == 2:
            self._pieces = []
            self._markup = [] if attributes.get("type") == "xhtml" else None
            self._attributes(name, attributes)
        elif self._markup is not None or self._open[1] in _HTML:
            if self._markup is None:  # HTML that should have been escaped
                self._markup = ["".join(self._pieces)]
            href = attributes.get("href", "").replace('"', "%22")
            self._markup.append(f'<{name} href="{href}">' if href else f"<{name}>")
        elif len(self._open) == 3:
            self._pieces = []

    def _attributes(self, name: str, attributes: _Values) -> None:
        href = attributes.get("href")
        if name == "link" and href and attributes.get("rel", "alternate") == "alternate":
            self.values.setdefault("link", href)
        if name == "thr:in-reply-to" and attributes.get("ref"):
            self.values.setdefault(name, attributes["ref"])

    def _text(self, words: str) -> None:
        if self._markup is not None:
            self._markup.append(words.replace("&", "&amp;").replace("<", "&lt;"))
        else:
            self._pieces.append(words)

    def _end(self, _: str) -> None:
        name = self._open.pop()
        if len(self._open) == 1:
            words = "".join(self._pieces if self._markup is None else self._markup).strip()
            self._markup = None
            if words:
                self.values.setdefault(name, words)
            if name == "guid" and words.startswith(("http://", "https://")):
                self.guid_link = words
        elif len(self._open) == 2 and self._markup is None:
            words = "".join(self._pieces).strip()
            if words:
                self.values.setdefault(f"{self._open[1]}/{name}", words)
        elif self._markup is not None:
            self._markup.append(f"</{name}>")


def _any(values: _Values, *names: str) -> str | None:
    return next((values[name] for name in names if values.get(name)), None)


def _time(written: str | None) -> str | None:
    """Write a time of RFC 822 as RFC 3339 has it; return anything else as it is."""
    if written is None or not written[:1].isalpha():
        return written
    try:
        return parsedate_to_datetime(written).isoformat()
    except (ValueError, TypeError, OverflowError):
        return written


def _as_number(found: re.Match[bytes]) -> bytes:
    """Write an entity of HTML, which XML does not know, as the number of its character."""
    name = found[1]
    if name is None or name in _OF_XML:
        return found[0]
    letters = html5.get(f"{name.decode()};")
    return "".join(f"&#{ord(letter)};" for letter in letters).encode() if letters else found[0]


def _first(pattern: bytes, head: bytes) -> str | None:
    found = re.search(pattern, head)
    return found[1].decode(errors="replace").strip() if found else None
