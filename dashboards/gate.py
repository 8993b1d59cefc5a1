"""What stands before every answer of the built-in page: who may ask, and how errors read."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from aiohttp import web

from dashboards.page_access import COOKIE, SESSION_SECONDS, Access
from dashboards.scope import BadRequest
from uproar.errors import UproarError

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Nothing is loaded from elsewhere, no other site may frame or read the page."""

LOGIN: Final = "/api/login"
OPEN_PATHS: Final = frozenset({"/", "/palette.css", "/healthz", LOGIN})
"""What is answered before the token is shown, with the static files: none of it is data."""
MOST_BODY_BYTES: Final = 1024
WRONG_TOKEN_SECONDS: Final = 0.5

log = logging.getLogger(__name__)


class Busy(Exception):
    """More is asked for than the page will queue; asking again in a moment may succeed."""


class _Token(msgspec.Struct, forbid_unknown_fields=True):
    token: str


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Refuses requests under a foreign name, from a foreign site, without the token or with a body.

    Errors are data. Every answer carries the security headers; only the page's own files may be
    kept by the browser, and are asked for again.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    async def prepare(self, request: web.Request, response: web.StreamResponse) -> None:
        """Set the headers, just before an answer goes out."""
        response.headers.update(SECURITY_HEADERS)
        is_file = request.path.startswith("/static/") and response.status < 400
        response.headers["Cache-Control"] = "no-cache" if is_file else "no-store"

    async def login(self, request: web.Request) -> web.Response:
        """Take the token, and give the browser what shows that it was right."""
        try:
            given = msgspec.json.decode(await request.read(), type=_Token).token
        except msgspec.MsgspecError:
            raise BadRequest('wanted `{"token": "…"}`') from None
        if not self._access.is_token(given):
            log.warning("somebody showed the page a wrong token")
            await asyncio.sleep(WRONG_TOKEN_SECONDS)
            return error(403, "this is not the token of this page", None)
        response = web.Response(status=204)
        response.set_cookie(
            COOKIE,
            self._access.session(time.time()),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=request.headers.get("X-Forwarded-Proto", request.scheme) == "https",
        )
        return response

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request pass to its handler, or answer why not."""
        has_body = request.can_read_body
        is_login = (request.method, request.path) == ("POST", LOGIN)
        if not self._access.answers_to(request.headers.get("Host", "")):
            return error(421, "this page does not answer under this name", NAMES_HINT)
        if is_from_elsewhere(request.headers):
            return error(403, "this page does not answer other sites", None)
        if has_body and not (is_login and (request.content_length or 1e9) <= MOST_BODY_BYTES):
            response = error(413, "nothing is sent to this page", None)
            response.force_close()  # rather than read what comes
            return response
        if not self.may_ask(request) and not _is_open(request.path):
            return error(401, "this page asks for its token", "open the page to give it")
        return await _answer(request, handler)

    def may_ask(self, request: web.Request) -> bool:
        """Say whether who asks has shown the token, or needs none."""
        if not self._access.token:
            return True
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and self._access.is_token(token.strip()):
            return True
        return self._access.is_session(request.cookies.get(COOKIE, ""), time.time())


NAMES_HINT = "`UPROAR_PAGE_NAMES` takes further names"


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith("/static/")


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Say whether another site's page asks. A link to this page, followed by a person, does not.

    It could not read the answers, but have its visitor's browser keep ClickHouse busy.

    >>> is_from_elsewhere({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"})
    True
    >>> is_from_elsewhere({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
    False
    >>> is_from_elsewhere({"Origin": "https://evil.example", "Host": "localhost:8765"})
    True
    >>> is_from_elsewhere({"Origin": "http://localhost:8765", "Host": "localhost:8765"})
    False
    """
    origin = headers.get("Origin", "")
    if origin and origin.partition("://")[2] != headers.get("Host", ""):
        return True
    is_page = headers.get("Sec-Fetch-Dest", "document") == "document"  # and no frame in another
    is_followed = headers.get("Sec-Fetch-Mode") == "navigate" and is_page
    return headers.get("Sec-Fetch-Site", "") in ("cross-site", "same-site") and not is_followed


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Busy as problem:
        response = error(503, str(problem), None)
        response.headers["Retry-After"] = "1"
        return response
    except BadRequest as problem:
        return error(400, str(problem), None)
    except UproarError as problem:
        return error(503, str(problem), problem.hint)
    except web.HTTPException as problem:
        if problem.status < 400:
            raise
        return error(problem.status, problem.text or problem.reason, None)


def error(status: int, message: str, hint: str | None) -> web.Response:
    """Return an error as the page's other answers are: as JSON."""
    body = msgspec.json.encode({"error": message, "hint": hint})
    return web.Response(status=status, body=body, content_type="application/json")
