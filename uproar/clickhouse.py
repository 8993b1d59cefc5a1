"""Connections to ClickHouse by its native protocol, and its errors in our words."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec
from clickhouse_driver import Client
from clickhouse_driver.errors import Error, NetworkError, ServerException

from uproar.errors import StoreUnavailable

CONNECT_TIMEOUT_SECONDS = 5
ANSWER_TIMEOUT_SECONDS = 120
SCHEMES = ("clickhouse", "clickhouses")

_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5}(?=[/?#]|\Z))?")


class Result(msgspec.Struct, frozen=True):
    """What a query answered."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def connect(
    url: str, *, database: str | None = None, settings: dict[str, Any] | None = None
) -> Client:
    """Return a client for `clickhouse://…` (or `clickhouses://…`); it connects when first used.

    A client serves one thread. Raises StoreUnavailable when the URL cannot be read.
    """
    parts = read_url(url)
    if database is not None:
        url = parts._replace(path=f"/{database}").geturl()
    try:
        client = Client.from_url(url)
    except ValueError as error:  # of an option behind `?`
        raise StoreUnavailable(
            f"cannot use the URL of ClickHouse at `{host_of(url)}`: {error}",
            hint="check `UPROAR_CLICKHOUSE_URL`",
        ) from error
    client.connection.connect_timeout = CONNECT_TIMEOUT_SECONDS
    client.connection.send_receive_timeout = ANSWER_TIMEOUT_SECONDS
    client.settings |= settings or {}
    return client


def read_url(url: str) -> SplitResult:
    """Take a URL of ClickHouse apart. Raises StoreUnavailable, without showing a password."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError when it is none
        host = (parts.hostname or "").encode("idna")
        # A password with `/`, `?` or `#` that is not encoded would be taken for what follows it.
        is_whole = not any("@" in part for part in (parts.path, parts.query, parts.fragment))
        is_usable = bool(parts.scheme in SCHEMES and host and is_whole)
    except ValueError:
        is_usable = False
    if not is_usable:
        raise StoreUnavailable(
            f"cannot use the URL of ClickHouse at `{host_of(url)}`: "
            "wanted clickhouse://user:password@host:9000/database",
            hint="check `UPROAR_CLICKHOUSE_URL`; in a password, write `/` as `%2F`, `?` as `%3F`, "
            "`#` as `%23`, `%` as `%25`",
        )
    return parts


def connect_to_read(reader_url: str, writer_url: str) -> Client:
    """Return a client that cannot change anything."""
    if reader_url != writer_url:
        return connect(reader_url)  # a user that may only read, and may not change this setting
    return connect(writer_url, settings={"readonly": 2})


@contextmanager
def reported(url: str) -> Iterator[None]:
    """Turn the driver's errors into StoreUnavailable, in one line and without the password."""
    try:
        yield
    except NetworkError as error:
        raise StoreUnavailable(
            f"ClickHouse at `{host_of(url)}` does not answer: {first_line(error)}",
            hint="check `UPROAR_CLICKHOUSE_URL`, or unset it to use the local stack",
        ) from error
    except ServerException as error:
        raise StoreUnavailable(
            f"ClickHouse at `{host_of(url)}` refused: {first_line(error)}"
        ) from error
    except (Error, OSError, EOFError) as error:
        raise StoreUnavailable(
            f"ClickHouse at `{host_of(url)}` broke off: {first_line(error)}"
        ) from error


def host_of(url: str) -> str:
    """Return host and port of a URL, for messages: never its password, however it is misspelt.

    >>> host_of("clickhouse://me:secret@db.example:9000/uproar")
    'db.example:9000'
    >>> host_of("clickhouse://me:sec/ret@db.example:9000"), host_of("clickhouse://me:secret")
    ('db.example:9000', 'me')
    """
    found = _HOST.match(url.partition("://")[2].rpartition("@")[2])
    return found[0] if found else ""


def first_line(error: Exception) -> str:
    """Return the sentence in a driver's error that says what is wrong."""
    message = str(getattr(error, "message", "") or error).split("Stack trace:")[0]
    return " ".join(message.removeprefix("DB::Exception: ").split()) or repr(error)


def read(client: Client, sql: str) -> Result:
    """Run a query and return its columns and rows."""
    rows, columns = client.execute(sql, with_column_types=True)
    return Result(columns=tuple(name for name, _ in columns), rows=rows)
