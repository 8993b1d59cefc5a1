"""What stands before every answer of the built-in page: who may ask, and how errors read."""

from collections.abc import Awaitable, Callable
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

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests under a foreign name, and answer errors as data.

    A site elsewhere can point its own name at 127.0.0.1 and would then be allowed, by the
    browser, to read our answers (DNS rebinding); its name stands in the Host header.
    """
    if is_loopback(request.headers.get("Host", "")):
        response = await _answer(request, handler)
    else:
        response = _error(421, "this page answers on localhost only", None)
    response.headers.update(SECURITY_HEADERS)
    return response


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
