"""Single values as platforms write them -> what a `Draft` holds. Pure and total."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape

import msgspec

from producers.parsed import ClaimedTime, Unreadable
from producers.times import read_time

Id = str | int | None
Figure = str | int | float | None

_ANY_TIME = datetime(2200, 1, 1, tzinfo=UTC)
_MULTIPLES = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_FIGURE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([kKmMbB]?)", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
_ADDRESS = re.compile(r"(https?://[^/\s]+)/(?:ap/)?users/[^/\s]+/statuses/(\d+)(?:/activity)?")
_HOST = re.compile(r"https?://([^/\s]+)/")
_SHORTENED = re.compile(r"https?://t\.co/\w+")
_OF_A_POST = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w+/status/(\d+)(/(?:photo|video)/)?.*"
)


class Link(msgspec.Struct, gc=False):
    """An address in a text as Twitter's APIs describe it."""

    url: str | None = None
    expanded_url: str | None = None


class Entities(msgspec.Struct, gc=False):
    """The part of Twitter's description of a text that tells where its links lead."""

    urls: list[Link] | None = None


def named(value: Id) -> str | None:
    """Return an id as text; None for none.

    >>> named(17), named("a"), named("")
    ('17', 'a', None)
    """
    return None if value is None or value == "" else str(value)


def figure(value: Figure) -> int:
    """Return a whole number of at least 0, also of what people abbreviate; 0 where there is none.

    >>> figure("1.2k"), figure("3,400"), figure(-1), figure(None), figure("many")
    (1200, 3400, 0, 0, 0)
    """
    if isinstance(value, int):
        return max(value, 0)
    if isinstance(value, float):
        return int(value) if 0 <= value < 1e15 else 0
    found = _FIGURE.fullmatch(value.strip().replace(",", "")) if value else None
    if found is None:
        return 0
    return int(float(found[1]) * _MULTIPLES.get(found[2].lower(), 1))


def revision_at(edited_at: ClaimedTime) -> int:
    """Return the revision of a post that was last edited then: the second, counted from 1970.

    So a later edit is a higher revision, whoever tells of it. 1 where the time cannot be read.

    >>> revision_at("2021-01-18T09:30:00Z"), revision_at("soon")
    (1610962200, 1)
    """
    time = read_time(edited_at, _ANY_TIME)
    return 1 if isinstance(time, Unreadable) else int(time.timestamp())


def spelled_time(claimed: str | None) -> str | None:
    """Write fourteen digits as RFC 3339 has them; return anything else as it is.

    >>> spelled_time("20210118093000"), spelled_time("2021-01-18")
    ('2021-01-18T09:30:00Z', '2021-01-18')
    """
    if claimed is None or (found := _COMPACT.fullmatch(claimed)) is None:
        return claimed
    year, month, day, hour, minute, second = found.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}Z"


def expanded(text: str, *described: Entities | None) -> str:
    """Put the target in the place of each shortened link, and undo Twitter's escapes.

    A link to a post becomes one without its author's name, and one to a picture stays short.

    >>> expanded("A &amp; B https://t.co/x", Entities([Link("https://t.co/x", "https://b.test")]))
    'A & B https://b.test'
    """
    if "://t.co/" in text:
        targets = dict(_targets(described))
        text = _SHORTENED.sub(lambda found: targets.get(found[0]) or found[0], text)
    return unescape(text) if "&" in text else text


def _targets(described: Iterable[Entities | None]) -> Iterable[tuple[str, str]]:
    for entities in described:
        for link in (entities.urls or ()) if entities else ():
            if not link.url or not link.expanded_url:
                continue
            post = _OF_A_POST.fullmatch(link.expanded_url)
            if post is None:
                yield link.url, link.expanded_url
            elif post[2] is None:
                yield link.url, f"https://twitter.com/i/web/status/{post[1]}"


def with_link(text: str, target: str | None) -> str:
    r"""Add an address on a line of its own, unless the text has it already.

    >>> with_link("Read this", "https://b.test")
    'Read this\nhttps://b.test'
    """
    if not target or target in text:
        return text
    return f"{text}\n{target}" if text else target


def is_address(words: str, target: str) -> bool:
    """Say whether the words of a link are its address, or what a client left of it.

    >>> is_address("b.test/a-long…", "https://b.test/a-long-path"), is_address("b", "https://b.test")
    (True, False)
    """
    shown = words.strip().removesuffix("…").removesuffix("...")
    return ("." in shown or "/" in shown) and shown in target


def joined(*parts: str | None) -> str:
    r"""Put the parts of a text that are not blank in paragraphs of their own.

    >>> joined("Title", None, "", "Words")
    'Title\n\nWords'
    """
    return "\n\n".join(part for part in parts if part and not part.isspace())


def address_without_name(address: str | None) -> str | None:
    """Return an address of a post that does not name its author; None where there is none.

    >>> address_without_name("https://social.example/users/ada/statuses/109")
    'https://social.example/statuses/109'
    >>> address_without_name("https://social.example/@ada/109") is None
    True
    """
    if not address:
        return None
    if found := _ADDRESS.fullmatch(address):
        return f"{found[1]}/statuses/{found[2]}"
    path = address.partition("://")[2].partition("/")[2]
    is_named = "@" in path or path.startswith(("users/", "u/", "user/", "profile/", "accounts/"))
    return None if is_named or not address.startswith(("http://", "https://")) else address


def host_of(address: str | None) -> str:
    """Return the host of an address, or nothing.

    >>> host_of("https://social.example/@ada")
    'social.example'
    """
    found = _HOST.match(address) if address else None
    return found[1] if found else ""
