"""Who may ask the built-in page: the names it answers under, and the token. Pure.

On loopback the page is for the one person of this machine and asks for nothing. Bound elsewhere it
asks for a token, once a browser: what the browser keeps is a signature with an end, not the token.
"""

import hashlib
import hmac
from typing import Final

from uproar.guarded import Guarded
from uproar.page_settings import LOOPBACK_NAMES, address_of

COOKIE: Final = "uproar_page"
SESSION_SECONDS: Final = 7 * 86_400


class Access(Guarded, frozen=True, kw_only=True):
    """How the page is guarded. Without a token everybody who reaches it may ask."""

    token: str = ""
    names: frozenset[str] = frozenset()
    """Names of this machine in a Host header, beside those of loopback."""
    is_open_elsewhere: bool = False
    """It listens on more than loopback; an address then is a name as good as any."""

    def answers_to(self, host: str) -> bool:
        """Say whether a Host header names this page.

        A site elsewhere can point a name of its own at this machine, and would be allowed to read
        our answers (DNS rebinding); it can do so with no address.

        >>> loopback = Access()
        >>> [loopback.answers_to(host) for host in ("localhost:8765", "[::1]", "127.0.0.1:1")]
        [True, True, True]
        >>> [loopback.answers_to(host) for host in ("evil.example", "10.0.0.7", "")]
        [False, False, False]
        >>> network = Access(is_open_elsewhere=True, names=frozenset({"uproar.example"}))
        >>> [network.answers_to(h) for h in ("10.0.0.7:80", "[fd00::7]:80", "uproar.example")]
        [True, True, True]
        >>> network.answers_to("evil.example"), network.answers_to("localhost:x")
        (False, False)
        """
        name, port = _split(host)
        if port and not port.isdigit():
            return False
        is_address = self.is_open_elsewhere and address_of(name) is not None
        return name in LOOPBACK_NAMES or name in self.names or is_address

    def is_token(self, given: str) -> bool:
        """Compare with the token, in a time that tells nothing.

        >>> Access(token="invented-and-long").is_token("invented-and-wrong")
        False
        """
        return bool(self.token) and hmac.compare_digest(_digest(given), _digest(self.token))

    def session(self, now: float) -> str:
        """Return what a browser keeps that has shown the token; `now` in seconds of the epoch."""
        until = str(int(now) + SESSION_SECONDS)
        return f"{until}.{self._sign(until)}"

    def is_session(self, kept: str, now: float) -> bool:
        """Say whether a browser has shown this token, and not too long ago.

        >>> access = Access(token="invented-and-long")
        >>> kept = access.session(1_000.0)
        >>> access.is_session(kept, 2_000.0), access.is_session(kept, 1_000.0 + SESSION_SECONDS)
        (True, False)
        >>> access.is_session("9" + kept, 2_000.0)
        False
        >>> Access(token="invented-and-other").is_session(kept, 2_000.0)
        False
        """
        until, _, signature = kept.partition(".")
        is_ours = hmac.compare_digest(signature.encode(), self._sign(until).encode())
        return is_ours and until.isdigit() and now < int(until)

    def _sign(self, until: str) -> str:
        words = f"uproar page until {until}".encode()
        return hmac.new(self.token.encode(), words, hashlib.sha256).hexdigest()


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()


def _split(host: str) -> tuple[str, str]:
    """Return the name, in lower case and without brackets, and the port of a Host header."""
    name, port = host, ""
    if host.startswith("["):
        name, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":")
    elif ":" in host:
        name, _, port = host.rpartition(":")
    return name.lower(), port
