"""A Grafana that is spoken to over its HTTP API, with its errors in our words.

It goes through the package grafana-api, by its low-level client: that one knows every path, while
the ready-made methods know neither alert rules nor contact points.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from grafana_api.grafana_api import (
    GrafanaBadInputError,
    GrafanaClientError,
    GrafanaException,
    GrafanaUnauthorizedError,
)
from grafana_api.grafana_face import GrafanaFace
from requests import exceptions

from uproar.errors import SettingsError, UproarError

FORBIDDEN, NOT_FOUND = 403, 404
NEEDS_ADMIN = "/v1/provisioning"
TIMEOUT_SECONDS = 20.0
EDITABLE = {"X-Disable-Provenance": "true"}
"""Sent with rules and contact points: they stay editable in Grafana, as boards are."""


class GrafanaRefused(UproarError):
    """Grafana does not answer, or does not do what it is asked."""


class Grafana:
    """One Grafana and the token for it. Raises SettingsError when the URL cannot be used."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise SettingsError(
                f"cannot use `{_without_login(url)}` as the URL of Grafana",
                hint="wanted something like https://grafana.example.org; "
                "the token stands in `UPROAR_GRAFANA_TOKEN`",
            )
        path = parts.path.strip("/")
        self.host = parts.netloc
        self.url = f"{parts.scheme}://{parts.netloc}" + (f"/{path}" if path else "")
        self._api = GrafanaFace(
            auth=token,
            host=parts.netloc,
            protocol=parts.scheme,
            url_path_prefix=f"{path}/" if path else "",
            timeout=TIMEOUT_SECONDS,
        ).api
        # Following one, a POST would become a GET, and the token would go where it leads.
        self._api.s.max_redirects = 0

    def find(self, path: str, *, may_be_hidden: bool = False) -> Any:
        """Return what stands at a path; None where nothing does. Raises GrafanaRefused.

        With `may_be_hidden`, also None where we may not look: to all but an Admin, Grafana says
        that of folders that are not there.
        """
        try:
            return self._ask("GET", path, None)
        except _Missing:
            return None
        except _Forbidden as error:
            if may_be_hidden:
                return None
            raise GrafanaRefused(str(error), hint=error.hint) from error

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Create, change or remove something. Raises GrafanaRefused with nothing changed."""
        try:
            return self._ask(method, path, body)
        except _Missing as error:
            raise GrafanaRefused(
                f"Grafana at `{self.host}` knows no `{path}`",
                hint="wanted Grafana 9.4 or later, at the address where its page is",
            ) from error
        except _Forbidden as error:
            raise GrafanaRefused(str(error), hint=error.hint) from error

    def _ask(self, method: str, path: str, body: Any) -> Any:
        with _reported(self.host, path):
            try:
                return getattr(self._api, method)(path, json=body, headers=EDITABLE)
            except exceptions.JSONDecodeError as error:
                if not error.doc.strip():
                    return None  # done, and nothing to say about it
                raise


class _Missing(Exception):
    """Nothing stands at the path."""


class _Forbidden(UproarError):
    """The token does not allow it."""


@contextmanager
def _reported(host: str, path: str) -> Iterator[None]:
    try:
        yield
    except GrafanaUnauthorizedError as error:
        raise GrafanaRefused(
            f"Grafana at `{host}` does not know the token",
            hint="make a new one for the service account, and set `UPROAR_GRAFANA_TOKEN` to it",
        ) from error
    except GrafanaException as error:
        if error.status_code == NOT_FOUND:
            raise _Missing from error
        told = f"Grafana at `{host}` refused: {_message(error)}"
        if error.status_code == FORBIDDEN and not _is_of_provenance(error):
            role = "Admin" if path.startswith(NEEDS_ADMIN) or "permissions" in path else "Editor"
            raise _Forbidden(told, hint=f"the token needs the role {role}") from error
        raise GrafanaRefused(told, hint=_hint(error)) from error
    except (exceptions.JSONDecodeError, TypeError) as error:  # a page, where JSON was wanted
        raise GrafanaRefused(
            f"what answers at `{host}` is no Grafana",
            hint="check the URL: wanted the address at which Grafana's own page opens",
        ) from error
    except exceptions.TooManyRedirects as error:
        raise GrafanaRefused(
            f"Grafana at `{host}` sends us elsewhere",
            hint="give the address at which it ends up in a browser: often with https, or a path",
        ) from error
    except OSError as error:  # what `requests` raises is one
        raise GrafanaRefused(
            f"Grafana at `{host}` does not answer: {_reason(error)}",
            hint="check the URL, and that Grafana runs",
        ) from error


def _message(error: GrafanaException) -> str:
    answer = error.response
    said = answer.get("message") if isinstance(answer, dict) else ""
    return " ".join(str(said or error.message).split())[:300]


def _hint(error: GrafanaException) -> str | None:
    if _is_of_provenance(error):
        return "these were made from provisioning files: change them there, or remove them first"
    if isinstance(error, GrafanaBadInputError):
        return None
    if isinstance(error, GrafanaClientError) and error.status_code in (409, 412):
        return "its name or uid is taken, perhaps where the token may not look: look in Grafana"
    return None


def _is_of_provenance(error: GrafanaException) -> bool:
    return "provenance" in str(error.message).lower()


def _reason(error: OSError) -> str:
    """Return what is wrong in words: `requests` tells it with the names of its classes.

    >>> _reason(exceptions.ConnectTimeout("HTTPConnectionPool(...)"))
    'it took too long'
    """
    if isinstance(error, exceptions.Timeout):
        return "it took too long"
    if isinstance(error, exceptions.SSLError):
        return "its TLS certificate cannot be trusted"
    text = str(error)
    if "NameResolutionError" in text or "Name or service not known" in text:
        return "no such host"
    if "refused" in text:
        return "nothing listens there"
    return "the connection broke off"


def _without_login(url: str) -> str:
    before, separator, rest = url.partition("://")
    return before + separator + rest.rpartition("@")[2]
