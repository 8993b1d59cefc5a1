"""Where an alias stands in a text, and whether it counts there: word, handle, hashtag, host.

What a bare name *means* where it stands as a word is not decided here.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from uproar.aliases import Alias, Kind, Trust
from uproar.boundaries import begins_word, ends_word, is_wordy
from uproar.hashtags import find_tag, is_campaign, is_part, words
from uproar.links import (
    Address,
    addresses,
    bare_hosts,
    handle_at,
    is_host_of,
    is_site_named,
)
from uproar.once import once


class Placement(NamedTuple):
    """A place in the cleaned text, whether the alias counts there, and why.

    `is_open`: it stands there as a word or a part of a hashtag, and counts unless the name is
    ambiguous.
    """

    start: int
    end: int
    counts: bool
    rule: str
    is_open: bool = False


class Declared(NamedTuple):
    """An entity's handles and domains, folded. Where the file names some, others do not count."""

    handles: frozenset[str]
    domains: tuple[str, ...]
    are_handles_all: bool
    are_domains_all: bool


class Page:
    """One cleaned text with what was found out about it."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.folded = folded
        self.has_tags = "#" in text
        self.has_handles = "@" in text
        self.addresses = addresses(text)
        """The links of the text."""

    def address_at(self, place: int) -> Address | None:
        """Return the link that a place lies in, if any."""
        index = bisect_right(self.addresses, place, key=lambda address: address.start) - 1
        if index >= 0 and place < self.addresses[index].end:
            return self.addresses[index]
        return None

    @once
    def _hosts(self) -> Sequence[tuple[int, int]]:
        return bare_hosts(self.text)

    def host_at(self, place: int) -> tuple[int, int] | None:
        """Return the bare host that a place lies in, if any."""
        index = bisect_right(self._hosts, place, key=lambda host: host[0]) - 1
        return self._hosts[index] if index >= 0 and place < self._hosts[index][1] else None


def place(page: Page, alias: Alias, declared: Declared, start: int, end: int) -> Placement | None:
    """Say where the alias at `start:end` stands; None if it is but a piece of another word."""
    if alias.kind is Kind.PAGE:
        return _as_page(page, alias, start, end)
    if page.addresses and (address := page.address_at(start)):
        return _in_address(page, alias, declared, start, address)
    if alias.kind is Kind.HANDLE:
        return _as_handle(page, start, end)
    if alias.kind is Kind.HASHTAG:
        is_whole = ends_word(page.text, end) and not (start and is_wordy(page.text[start - 1]))
        return Placement(start, end, True, "its hashtag") if is_whole else None
    if alias.kind is Kind.CASHTAG:
        is_whole = ends_word(page.text, end) and not (start and is_wordy(page.text[start - 1]))
        return Placement(start, end, True, "its cashtag") if is_whole else None
    if alias.kind is Kind.DOMAIN:
        return _as_domain(page, alias, start, end)
    if page.has_tags and (tag := find_tag(page.text, start, end)):
        return _in_tag(page, start, end, tag)
    if page.has_handles and (at := _handle_around(page.text, start)) is not None:
        return _in_handle(page, alias, declared, at)
    if not (begins_word(page.text, start) and ends_word(page.text, end)):
        return None
    if _may_be_in_host(page.text, alias, start, end) and (host := page.host_at(start)):
        return _in_host(page, alias, declared, *host)
    if alias.kind is not Kind.NAME:
        return None
    if alias.trust is not Trust.CONFIGURED and page.text[start - 1 : start] == "$":
        return Placement(start - 1, end, False, "another's cashtag")
    return Placement(start, end, True, "its name", True)


def _may_be_in_host(text: str, alias: Alias, start: int, end: int) -> bool:
    """Tell whether a name has a dot beside it that may be a host's, and does not end a sentence."""
    if text[start - 1 : start] == ".":
        return True
    if text[end : end + 1] != ".":
        return False
    following = text[end + 1 : end + 2]
    return "." in alias.pattern or following == "-" or is_wordy(following or " ")


def _as_page(page: Page, alias: Alias, start: int, end: int) -> Placement | None:
    """Judge a domain with a path: nothing of the host or the last step may follow."""
    address = page.address_at(start)
    if address is None or address.host_end != start + alias.pattern.index("/"):
        return None
    domain = alias.pattern.partition("/")[0]
    if not is_host_of(page.folded[address.host_start : address.host_end], domain):
        return None
    is_whole = not (page.text[end : end + 1] == "-" or is_wordy(page.text[end : end + 1] or " "))
    return Placement(address.host_start, end, True, "its page") if is_whole else None


def _in_address(
    page: Page, alias: Alias, declared: Declared, start: int, address: Address
) -> Placement | None:
    host_start, host_end = address.host_start, address.host_end
    if alias.kind is Kind.DOMAIN:
        if is_host_of(page.folded[host_start:host_end], alias.pattern):
            return Placement(host_start, host_end, True, "its domain")
    elif host_start <= start < host_end:
        return _in_host(page, alias, declared, host_start, host_end)
    if not begins_word(page.text, start):
        return None
    shown = page.text[host_start:host_end]
    return Placement(start, start + len(alias.pattern), False, f"in an address at `{shown}`")


def _in_host(
    page: Page, alias: Alias, declared: Declared, start: int, end: int
) -> Placement | None:
    """Judge a name in a host. Its own domain speaks for itself, as an alias."""
    host = page.folded[start:end]
    if any(is_host_of(host, domain) for domain in declared.domains):
        return None
    if declared.are_domains_all or not is_site_named(host, alias.pattern):
        return Placement(start, end, False, "in the name of another site")
    if page.text[end : end + 1] == "@":
        return Placement(start, end, False, "before the @ of an address")
    return Placement(start, end, True, "a site of its name")


def _as_domain(page: Page, alias: Alias, start: int, end: int) -> Placement | None:
    if not (begins_word(page.text, start) and ends_word(page.text, end)):
        return None
    host_start, host_end = page.host_at(start) or (start, end)
    if not is_host_of(page.folded[host_start:host_end], alias.pattern):
        return Placement(host_start, host_end, False, "in the name of another site")
    if page.text[host_end : host_end + 1] == "@":
        return Placement(host_start, host_end, False, "before the @ of an address")
    return Placement(host_start, host_end, True, "its domain")


def _as_handle(page: Page, start: int, end: int) -> Placement | None:
    if start and is_wordy(page.text[start - 1]):
        return None
    handle_end = handle_at(page.text, start)
    if handle_end == end:
        return Placement(start, end, True, "its handle")
    return Placement(start, handle_end, False, "another account's handle")


def _in_handle(page: Page, alias: Alias, declared: Declared, at: int) -> Placement | None:
    handle_end = handle_at(page.text, at)
    handle = page.folded[at:handle_end]
    if handle in declared.handles or handle[1:] in declared.domains:
        return None
    if declared.are_handles_all or not _is_account_named(handle[1:], alias.pattern):
        return Placement(at, handle_end, False, "another account's handle")
    return Placement(at, handle_end, True, "an account of its name")


def _is_account_named(handle: str, name: str) -> bool:
    """Tell whether a folded handle is that of a company of this (compact) name.

    >>> [_is_account_named(handle, "acme") for handle in ("acme", "ask_acme", "acme.com")]
    [True, True, True]
    >>> [_is_account_named(handle, "acme") for handle in ("acmelover", "acme.example.org")]
    [False, False]
    """
    if "." in handle:
        local, _, rest = handle.partition(".")
        return local == name if rest == "bsky.social" else is_site_named(handle, name)
    own = handle.partition("@")[0].replace("_", "")
    before, found, after = own.partition(name.replace("_", ""))
    parts = words().accounts
    return bool(found) and (not before or before in parts) and (not after or after in parts)


def _handle_around(text: str, start: int) -> int | None:
    """Return where the @ stands of the handle that holds `start`, if one does."""
    low = max(0, start - 64)
    place = start - 1
    while place >= low and (text[place].isalnum() or text[place] in "_.-"):
        place -= 1
    if place < low or text[place] != "@" or (place and is_wordy(text[place - 1])):
        return None
    return place if handle_at(text, place) > start else None


def _in_tag(page: Page, start: int, end: int, tag: tuple[int, int]) -> Placement:
    first, last = tag
    before, after = page.folded[first + 1 : start], page.folded[end:last]
    if not before and not after:
        return Placement(first, last, True, "its name as a hashtag", True)
    if is_campaign(before, after):
        return Placement(first, last, True, "its name in a campaign hashtag")
    if is_part(page.text[first:last], start - first, end - first):
        return Placement(first, last, True, "its name as a part of a hashtag", True)
    return Placement(first, last, False, "another hashtag")
