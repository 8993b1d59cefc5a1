"""Why ClickHouse, or the way to it, refuses: what to do about it, in a sentence. Pure."""

_OF_CODES = {
    158: "ask for less: a shorter time, one entity, one run",
    159: "ask for less: a shorter time, one entity, one run; a reader's query may take 30 s",
    164: "this user only reads",
    201: "wait a minute: a reader's queries, rows and time are limited per minute",
    202: "wait for the queries that run to end",
    241: "ask for less: a shorter time, one entity, one run; a reader's memory is limited",
    392: "this setting is closed on this server",
    396: "add a LIMIT, or total the rows in the query: a reader gets 1,000,000 rows at most",
    452: "a reader's query may take 60 s at most",
    497: "each user has the least rights it needs: `deploy/clickhouse/users.sql` lists them",
    516: "check user and password in `UPROAR_CLICKHOUSE_URL` and its like",
    700: "wait for the sessions of this user to end",
}
"""By ClickHouse's own numbers (https://github.com/ClickHouse/ClickHouse, ErrorCodes.cpp)."""

_OF_WORDS = (
    (
        "ostname mismatch",
        "the name in the URL must stand in the certificate; `?server_hostname=NAME` names another",
    ),
    (
        "IP address mismatch",
        "the address in the URL must be in the certificate; `?server_hostname=NAME` names a host",
    ),
    (
        "certificate has expired",
        "the server needs a new certificate",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "nobody that is trusted here signed its certificate: `?ca_certs=FILE` behind the URL names "
        "an authority of your own",
    ),
    ("WRONG_VERSION_NUMBER", "this port speaks no TLS: 9440 usually does, and clickhouse:// none"),
    ("record layer failure", "this port speaks no TLS: 9440 usually does, and clickhouse:// none"),
)
_OF_BROKEN_LINES = ("EOF", "reset by peer", "Broken pipe", "lert ")
"""How a server that wants to be spoken to otherwise hangs up; an alert is TLS's way to do it."""


def hint_of(code: int, message: str, *, is_encrypted: bool = False) -> str | None:
    """Return what to do about an error with this number (0: none of the server's) and message.

    `is_encrypted` says whether the URL asks for TLS.

    >>> hint_of(516, "Authentication failed")
    'check user and password in `UPROAR_CLICKHOUSE_URL` and its like'
    >>> hint_of(60, "Unknown table") is None
    True
    """
    if code in _OF_CODES:
        return _OF_CODES[code]
    for words, hint in _OF_WORDS:
        if words in message:
            return hint
    if code == 0 and any(words in message for words in _OF_BROKEN_LINES):
        if is_encrypted:
            return "it may want a certificate of ours: `?certfile=FILE&keyfile=FILE` behind the URL"
        return "if this port speaks TLS, write clickhouses:// for it"
    return None
