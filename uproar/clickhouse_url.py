"""URLs of ClickHouse: read, and named in messages without their passwords. Pure."""

import re
from urllib.parse import SplitResult, urlsplit

from uproar.errors import StoreUnavailable

SCHEMES = ("clickhouse", "clickhouses")

_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5}(?=[/?#]|\Z))?")


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


def host_of(url: str) -> str:
    """Return host and port of a URL, for messages: never its password, however it is misspelt.

    >>> host_of("clickhouse://me:secret@db.example:9000/uproar")
    'db.example:9000'
    >>> host_of("clickhouse://me:sec/ret@db.example:9000"), host_of("clickhouse://me:secret")
    ('db.example:9000', 'me')
    """
    found = _HOST.match(url.partition("://")[2].rpartition("@")[2])
    return found[0] if found else ""
