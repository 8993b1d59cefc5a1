"""Which failures of a write are waited for, and which end the sink."""

import pytest
from clickhouse_driver.errors import (
    ErrorCodes,
    NetworkError,
    ServerException,
    SocketTimeoutError,
    TypeMismatchError,
)

from sinks.consume import may_pass


@pytest.mark.parametrize(
    "error",
    [
        NetworkError("refused"),
        SocketTimeoutError("slow"),
        EOFError(),
        ConnectionResetError(),
        ServerException("too many parts", ErrorCodes.TOO_MANY_PARTS),
        ServerException("memory", ErrorCodes.MEMORY_LIMIT_EXCEEDED),
        ServerException("read only", ErrorCodes.TABLE_IS_READ_ONLY),
        ServerException("busy", ErrorCodes.TOO_MANY_SIMULTANEOUS_QUERIES),
        ServerException("disk", ErrorCodes.NOT_ENOUGH_SPACE),
    ],
)
def test_a_server_that_is_away_or_overloaded_is_waited_for(error: Exception) -> None:
    assert may_pass(error)


@pytest.mark.parametrize(
    "error",
    [
        ServerException("no such table", ErrorCodes.UNKNOWN_TABLE),
        ServerException("wrong password", 516),
        ServerException("not allowed", 497),
        TypeMismatchError("an int is no string"),
    ],
)
def test_what_is_refused_for_what_it_is_would_be_refused_for_ever(error: Exception) -> None:
    assert not may_pass(error)
