"""What stands before every answer of the built-in page: who may ask, and how errors read."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from aiohttp import web

from dashboards.scope import BadRequest
from uproar.errors import UproarError

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Nothing is loaded from elsewhere, no other site may frame or read the page."""


class Busy(Exception):
    """More is asked for than the page will queue; asking again in a moment may succeed."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests under a foreign name, from a foreign site or with a body; errors are data.

    A site elsewhere can point its own name at 127.0.0.1 and would then be allowed, by the
    browser, to read our answers (DNS rebinding); its name stands in the Host header. Under ours it
    could not read them, but have its visitor's browser keep ClickHouse busy.
    """
    if not is_loopback(request.headers.get("Host", "")):
        response: web.StreamResponse = _error(421, "this page answers on localhost only", None)
    elif is_from_elsewhere(request.headers):
        response = _error(403, "this page does not answer other sites", None)
    elif request.can_read_body:
        response = _error(413, "nothing is sent to this page", None)
        response.force_close()  # rather than read what comes
    else:
        response = await _answer(request, handler)
    response.headers.update(SECURITY_HEADERS)
    return response


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Say whether another site's page asks. A link to this page, followed by a person, does not.

    >>> is_from_elsewhere({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"})
    True
    >>> is_from_elsewhere({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    False
    >>> is_from_elsewhere({"Origin": "https://evil.example"}), is_from_elsewhere({})
    (True, False)
    """
    origin = headers.get("Origin", "")
    if origin and not is_loopback(origin.partition("://")[2]):
        return True
    is_page = headers.get("Sec-Fetch-Dest", "document") == "document"  # and no frame in another
    is_followed = headers.get("Sec-Fetch-Mode") == "navigate" and is_page
    return headers.get("Sec-Fetch-Site", "") in ("cross-site", "same-site") and not is_followed


def is_loopback(host: str) -> bool:
    """Say whether a Host header names this machine's loopback interface.

    >>> is_loopback("localhost:8765"), is_loopback("[::1]:8765"), is_loopback("127.0.0.1")
    (True, True, True)
    >>> is_loopback("evil.example:8765"), is_loopback("127.0.0.1.evil.example"), is_loopback("")
    (False, False, False)
    """
    name, port = host, ""
    if host.startswith("["):
        name, _, port = host[1:].partition("]")
        port = port.removeprefix(":")
    elif ":" in host:
        name, _, port = host.rpartition(":")
    return name.lower() in LOOPBACK_NAMES and (port == "" or port.isdigit())


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Busy as error:
        response = _error(503, str(error), None)
        response.headers["Retry-After"] = "1"
        return response
    except BadRequest as error:
        return _error(400, str(error), None)
    except UproarError as error:
        return _error(503, str(error), error.hint)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _error(error.status, error.text or error.reason, None)


def _error(status: int, message: str, hint: str | None) -> web.Response:
    body = msgspec.json.encode({"error": message, "hint": hint})
    return web.Response(status=status, body=body, content_type="application/json")
