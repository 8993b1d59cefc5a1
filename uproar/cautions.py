"""What is unsafe about the servers that the settings name: refused, or told. Pure.

A login without a password is refused where the server is another machine: the local stack makes
its own passwords, so nobody needs one. A connection without TLS is told: inside a private network
it is common, and only who runs it knows.
"""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote

from uproar.clickhouse_url import host_of, read_url
from uproar.errors import SettingsError, StoreUnavailable
from uproar.settings import Settings

_PORT = re.compile(r":\d+\Z")

URLS = ("clickhouse_url", "clickhouse_reader_url", "clickhouse_migrator_url")


def cautions(settings: Settings) -> tuple[str, ...]:
    """Return a sentence for each thing to know about. Raises SettingsError for what is refused.

    A URL that cannot be read is passed over: who connects with it will say so.
    """
    told = [caution for name in URLS for caution in _of_clickhouse(settings, name)]
    return tuple(dict.fromkeys((*told, *_of_kafka(settings))))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, and nobody else can listen in.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1")
    (True, True, True)
    >>> is_loopback("db.example"), is_loopback("10.0.0.7"), is_loopback("127.0.0.1.example")
    (False, False, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _of_clickhouse(settings: Settings, name: str) -> Iterator[str]:
    url: str = getattr(settings, name)
    if not url:
        return
    try:
        parts = read_url(url)
    except StoreUnavailable:
        return
    if is_loopback(parts.hostname or ""):
        return
    options = parse_qs(parts.query)
    if not unquote(parts.password or "") and "certfile" not in options:
        raise SettingsError(
            f"`UPROAR_{name.upper()}` has no password, and `{host_of(url)}` is another machine",
            hint="give its user one: `deploy/clickhouse/users.sql` makes users with the least "
            "rights; or log in with a certificate, ?certfile=FILE&keyfile=FILE",
        )
    is_encrypted = parts.scheme == "clickhouses" or _is_on(options, "secure", default=False)
    if not is_encrypted:
        yield (
            f"what goes to ClickHouse at `{host_of(url)}`, passwords too, can be read on the way: "
            "write clickhouses:// for TLS"
        )
    elif not (
        _is_on(options, "verify", default=True) and _is_on(options, "check_hostname", default=True)
    ):
        yield f"the certificate of ClickHouse at `{host_of(url)}` is not checked: anybody may be it"


def _is_on(options: dict[str, list[str]], name: str, *, default: bool) -> bool:
    found = options.get(name, [str(default)])[-1].lower()
    return found in ("1", "true", "yes", "on", "y", "t")


def _of_kafka(settings: Settings) -> Iterator[str]:
    brokers = [broker.strip() for broker in settings.kafka_brokers.split(",") if broker.strip()]
    is_plain = settings.kafka_security in ("PLAINTEXT", "SASL_PLAINTEXT")
    if is_plain and not all(is_loopback(_PORT.sub("", broker)) for broker in brokers):
        password = ", passwords too," if settings.kafka_security.startswith("SASL") else ""
        yield (
            f"what goes to Kafka{password} can be read on the way: "
            "`UPROAR_KAFKA_SECURITY` with `SSL` or `SASL_SSL` encrypts it"
        )
