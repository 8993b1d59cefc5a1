"""How HTTP's answers and errors are told apart: to be tried again later, or never."""

import email.utils
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import aiohttp

from producers.sources.source import Lost, Refused

CONNECT_SECONDS = 15.0
AGENT = "uproar (open source; reads public posts)"
LONGEST_ASKED_SECONDS = 86_400.0

PASSING = frozenset({408, 409, 420, 425, 429})
"""Refusals of the client that go by: too early, too often."""
_AN_ADDRESS = "check the address: something else than the platform's API answers there"


def open_session(headers: Mapping[str, str] | None = None) -> aiohttp.ClientSession:
    """Return a session without a limit on how long a stream may last; close it."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        headers={"User-Agent": AGENT, **(headers or {})},
    )


@contextmanager
def told_apart(hints: Mapping[int, str]) -> Iterator[None]:
    """Turn aiohttp's errors into Lost or Refused; `hints` say what to do about a status."""
    try:
        yield
    except aiohttp.InvalidURL as error:
        raise Refused(f"`{error}` is no address", _AN_ADDRESS) from error
    except aiohttp.ClientResponseError as error:  # of a WebSocket's handshake, too
        raise refusal(error.status, error.message, error.headers or {}, hints) from error
    except TimeoutError as error:  # aiohttp's have words
        raise Lost(str(error) or "it took too long to answer") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Lost(str(error) or type(error).__name__) from error


def refusal(
    status: int, words: str, headers: Mapping[str, str], hints: Mapping[int, str]
) -> Lost | Refused:
    """Return what an answer means that is not the one wanted."""
    told = f"HTTP {status}{f': {words[:200]}' if words else ''}"
    if status in PASSING or status >= 500:
        return Lost(told, wait_seconds=retry_after(headers, datetime.now(UTC)))
    other = _AN_ADDRESS if status < 400 else "see what the platform says of this status"
    return Refused(told, hints.get(status, other), status)


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return how many seconds a server asks to wait, at most a day; 0 where it does not.

    That is in `Retry-After` (RFC 9110 section 10.2.3), or in the header that X and Mastodon have.

    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> retry_after({"Retry-After": "120"}, now), retry_after({"Retry-After": "soon"}, now)
    (120.0, 0.0)
    >>> retry_after({"Retry-After": "Thu, 01 Jan 2026 00:01:00 GMT"}, now)
    60.0
    >>> retry_after({"X-RateLimit-Reset": "2026-01-01T00:05:00Z"}, now)
    300.0
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(float(asked[:9]), LONGEST_ASKED_SECONDS)
    reset = headers.get("X-RateLimit-Reset") or headers.get("x-rate-limit-reset") or ""
    try:
        if asked:
            until = email.utils.parsedate_to_datetime(asked)
        elif reset.isascii() and reset.isdigit():
            until = datetime.fromtimestamp(int(reset[:12]), UTC)
        else:
            until = datetime.fromisoformat(reset)
    except (ValueError, OverflowError, OSError):
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(0.0, (until - now).total_seconds()), LONGEST_ASKED_SECONDS)
