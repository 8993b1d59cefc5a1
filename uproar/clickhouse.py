"""Connections to ClickHouse by its native protocol, and its errors in our words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs

import msgspec
from clickhouse_driver import Client
from clickhouse_driver.errors import Error, NetworkError, ServerException

from uproar.clickhouse_refusals import hint_of
from uproar.clickhouse_url import host_of, read_url
from uproar.errors import StoreUnavailable

__all__ = ["Result", "connect", "connect_to_read", "first_line", "host_of", "read", "read_url"]

CONNECT_TIMEOUT_SECONDS = 5
ANSWER_TIMEOUT_SECONDS = 120
PEM_OPTIONS = ("ca_certs", "certfile", "keyfile")


class Result(msgspec.Struct, frozen=True):
    """What a query answered."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def connect(
    url: str, *, database: str | None = None, settings: dict[str, Any] | None = None
) -> Client:
    """Return a client for `clickhouse://…` (or `clickhouses://…`); it connects when first used.

    With TLS, the server's certificate must be signed by an authority of the system, or of the file
    that `?ca_certs=` names, and be for the host of the URL. `certfile` and `keyfile` are ours.
    A client serves one thread. Raises StoreUnavailable when the URL, or a file of it, cannot be
    read.
    """
    parts = read_url(url)
    _check_files(parts, host_of(url))
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


def _check_files(parts: SplitResult, host: str) -> None:
    """See that the PEM files are there now: the driver would only say that some file is not."""
    for option, values in parse_qs(parts.query).items():
        if option in PEM_OPTIONS:
            try:
                with Path(values[-1]).open("rb"):
                    pass
            except OSError as error:
                raise StoreUnavailable(
                    f"cannot read `{values[-1]}`, the `{option}` of ClickHouse at `{host}`: "
                    f"{error.strerror}",
                    hint="wanted a PEM file",
                ) from error


def connect_to_read(reader_url: str, writer_url: str) -> Client:
    """Return a client that cannot change anything."""
    if reader_url != writer_url:
        return connect(reader_url)  # a user that may only read, and may not change this setting
    return connect(writer_url, settings={"readonly": 2})


@contextmanager
def reported(url: str) -> Iterator[None]:
    """Turn the driver's errors into StoreUnavailable, in one line and without the password."""
    is_encrypted = url.startswith("clickhouses://")
    try:
        yield
    except NetworkError as error:
        told = first_line(error)
        raise StoreUnavailable(
            f"ClickHouse at `{host_of(url)}` does not answer: {told}",
            hint=hint_of(0, told, is_encrypted=is_encrypted)
            or "check `UPROAR_CLICKHOUSE_URL`, or unset it to use the local stack",
        ) from error
    except ServerException as error:
        told = first_line(error)
        raise StoreUnavailable(
            f"ClickHouse at `{host_of(url)}` refused: {told}", hint=hint_of(error.code, told)
        ) from error
    except (Error, OSError, EOFError) as error:
        told = first_line(error)
        raise StoreUnavailable(
            f"ClickHouse at `{host_of(url)}` broke off: {told}",
            hint=hint_of(0, told, is_encrypted=is_encrypted),
        ) from error


def first_line(error: Exception) -> str:
    """Return the sentence in a driver's error that says what is wrong."""
    message = str(getattr(error, "message", "") or error).split("Stack trace:")[0]
    message = message.split("If you use ClickHouse Cloud")[0]  # nobody here does
    return " ".join(message.removeprefix("DB::Exception: ").split()) or repr(error)


def read(client: Client, sql: str) -> Result:
    """Run a query and return its columns and rows."""
    rows, columns = client.execute(sql, with_column_types=True)
    return Result(columns=tuple(name for name, _ in columns), rows=rows)
