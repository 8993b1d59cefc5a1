"""Refuses connections to the local network, at the moment at which they are made.

So it does not matter which library connects, how the name was resolved, or where a redirect led.

Guarantee: in a process that called `install`, this machine and its network are reached only within
`local_allowed`. The guard sees the very address that is connected to, so a name that answers
differently the second time gains nothing. Not promised: what a proxy of the environment does with
a request that was handed to it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dashboards.delivery.addresses import why_local

_EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg")


class LocalNetworkRefused(PermissionError):
    """A connection to the local network that nobody allowed."""


class Permission:
    """Whether the local network may be reached here, and what was refused."""

    def __init__(self, *, is_given: bool) -> None:
        self.is_given = is_given
        self.refused = ""


_HERE: ContextVar[Permission | None] = ContextVar("permission", default=None)


def install() -> None:
    """Guard this process from now on; that cannot be undone."""
    sys.addaudithook(_look)


@contextmanager
def local_allowed(is_allowed: bool) -> Iterator[Permission]:
    """Say for this context whether it may reach the local network; any other may not."""
    permission = Permission(is_given=is_allowed)
    token = _HERE.set(permission)
    try:
        yield permission
    finally:
        _HERE.reset(token)


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    permission, address = _HERE.get(), arguments[1]
    if address is None or (permission is not None and permission.is_given):
        return  # without an address it is of a socket that is connected: that was looked at
    if isinstance(address, tuple) and address:
        shown = str(address[0])
        reason = why_local(shown)
    else:
        shown, reason = "a socket", "of this machine"
    if reason:
        refused = f"{shown} is {reason}"
        if permission is not None:
            permission.refused = refused
        raise LocalNetworkRefused(f"not allowed to connect: {refused}")
