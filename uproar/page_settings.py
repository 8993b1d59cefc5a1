"""Where the built-in page may listen, and with which token. Pure: what is asked for is checked."""

import ipaddress
from typing import Final

from uproar.errors import SettingsError

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
SHORTEST_TOKEN: Final = 16
"""Letters; `openssl rand -hex 24` makes a good one."""
_MAKE_ONE = "make one with `openssl rand -hex 24`, and set it as `UPROAR_PAGE_TOKEN`"


def address_of(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that `name` writes out; None where it is a name."""
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches what listens there.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    address = address_of(host)
    return host.lower() in LOOPBACK_NAMES or (address is not None and address.is_loopback)


def check_page_settings(host: str, token: str) -> None:
    """Raise SettingsError where the page would stand open, or its token could be guessed.

    >>> check_page_settings("127.0.0.1", "")
    >>> check_page_settings("0.0.0.0", "a-token-that-is-long-enough")
    """
    if not token and not is_loopback(host):
        raise SettingsError(
            f"`UPROAR_PAGE_HOST` is `{host}`, which others can reach, and there is no token",
            hint=_MAKE_ONE,
        )
    if token and len(token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"cannot use `UPROAR_PAGE_TOKEN`: wanted {SHORTEST_TOKEN} letters or more, "
            f"found {len(token)}",
            hint=_MAKE_ONE,
        )


def named(written: str) -> frozenset[str]:
    """Read `UPROAR_PAGE_NAMES`.

    >>> sorted(named("Uproar.example, dash.example"))
    ['dash.example', 'uproar.example']
    """
    return frozenset(name.strip().lower() for name in written.split(",") if name.strip())


def reached_at(host: str) -> str:
    """Return what to write in an address for who is on this machine.

    >>> reached_at("0.0.0.0"), reached_at("::"), reached_at("::1"), reached_at("10.0.0.7")
    ('127.0.0.1', '127.0.0.1', '[::1]', '10.0.0.7')
    """
    address = address_of(host)
    if address is not None and address.is_unspecified:
        return "127.0.0.1"
    return f"[{host}]" if address is not None and address.version == 6 else host
