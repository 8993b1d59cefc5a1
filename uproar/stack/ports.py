"""Ports on loopback: choosing a free one, and saying clearly that a wanted one is taken."""

import secrets
import socket
from contextlib import suppress

from uproar.errors import StackError

LOOPBACK = "127.0.0.1"

LASTING_PORTS = range(20_000, 32_000)
"""Below those that systems lend to outgoing connections: a client that keeps knocking at a server
that is down could be lent the very port it knocks at, and the server could not come back."""


def choose_port(wanted: int, purpose: str) -> int:
    """Return `wanted`, or any free port where it is 0. Raises StackError when it is taken.

    `purpose` names the setting, as in `UPROAR_KAFKA_PORT`.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, wanted))
        except OSError as error:
            raise StackError(
                f"port {wanted} on {LOOPBACK} is not free, so nothing can listen there: "
                f"{error.strerror}",
                hint=f"stop what uses it, or set `{purpose}` to another port, or to 0 for any",
            ) from error
        return int(probe.getsockname()[1])


def choose_lasting_port(wanted: int, purpose: str) -> int:
    """Return a port as `choose_port` does, but one that stays free while its server is down."""
    if wanted:
        return choose_port(wanted, purpose)
    while True:
        with suppress(StackError):
            return choose_port(LASTING_PORTS[secrets.randbelow(len(LASTING_PORTS))], purpose)


def is_open(port: int) -> bool:
    """Tell whether something accepts connections on a port of loopback."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False
