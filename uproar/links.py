"""Addresses in a text: links with a scheme or a path, bare hosts, and handles."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_ADDRESS = re.compile(
    r"(?:https?://(?:[^\s/@<>\"]*@)?|(?<![\w.@-])(?=www\.|(?:[\w-]+\.)+[a-z]{2,24}[/?#:]))"
    r"(?P<host>[^\s/?#:<>\"@]+)[^\s<>\"]*",
    re.IGNORECASE,
)
_PATHED = re.compile(r"\.[a-z]{2,24}[/?#:]", re.IGNORECASE)
_HANDLE = re.compile(r"@(?:[\w-]+(?:\.[a-z0-9-]*[a-z0-9])+|\w+)(?:@[\w.-]*\w)?")
_TOP = "com|net|org|info|biz|io|ai|app|dev|tv|me|co|gov|edu|social"
_SITE = rf"(?:[\w-]+\.)*?{{}}\.(?:{_TOP}|[a-z]{{{{2}}}})(?:\.[a-z]{{{{2}}}})?"
_DOTTED = re.compile(r"(?<![\w.-])[\w-]+(?:\.[\w-]+)+")
_LONG_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.[a-z]{2,24}\Z")
_HOST_END = re.compile(rf"\.(?:{_TOP}|{_TOP.upper()}|[a-z]{{2}}|[A-Z]{{2}})\Z")


class Address(NamedTuple):
    """A link: where it stands, and where its host does."""

    start: int
    end: int
    host_start: int
    host_end: int


def addresses(text: str) -> Sequence[Address]:
    """Find the links of a text, in order.

    >>> addresses("see https://epik.com/a")
    [Address(start=4, end=22, host_start=12, host_end=20)]
    """
    if "." not in text and "://" not in text:
        return ()
    if "://" not in text and not _PATHED.search(text) and "www." not in text.lower():
        return ()  # what every address has: the pattern for them tries every letter
    return [
        Address(found.start(), found.end(), *_trimmed(text, *found.span("host")))
        for found in _ADDRESS.finditer(text)
    ]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and not (text[end - 1].isalnum()):
        end -= 1
    return start, end


def is_host_of(host: str, domain: str) -> bool:
    """Tell whether a folded host is the domain or lies under it.

    >>> is_host_of("www.epik.com", "epik.com"), is_host_of("notepik.com", "epik.com")
    (True, False)
    """
    return host == domain or host.endswith(f".{domain}")


def is_site_named(host: str, name: str) -> bool:
    """Tell whether a folded host is that of a company of this (compact) name.

    >>> is_site_named("shop.delta.com", "delta"), is_site_named("delta.example.org", "delta")
    (True, False)
    """
    return re.fullmatch(_SITE.format(re.escape(name)), host) is not None


def bare_hosts(text: str) -> Sequence[tuple[int, int]]:
    """Find what reads as a host, in links or by itself, in order.

    >>> bare_hosts("see www.epik.com. Epik.No, Epik.")
    [(4, 16)]
    >>> bare_hosts("epik.com.example.xyz")  # any end will do where there are more dots
    [(0, 20)]
    """
    return [
        found.span()
        for found in _DOTTED.finditer(text)
        if _HOST_END.search(found[0]) or _LONG_HOST.match(found[0])
    ]


def handle_at(text: str, start: int) -> int:
    """Return where the handle whose @ stands at `start` ends.

    >>> handle_at("@epik.bsky.social!", 0), handle_at("@Epik. Please", 0)
    (17, 5)
    """
    found = _HANDLE.match(text, start)
    return found.end() if found else start + 1
