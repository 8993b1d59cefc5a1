"""The process that delivers: the one place where Apprise is, and where addresses are opened.

It reads an order a line and answers an outcome a line, as each is done. It is a process of its own
so that what a hundred services' plug-ins do, hold or leak is not done in the watcher, and so that
no connection to the local network gets past the guard. It ends with its standard input.
"""

import logging
import os
import re
import sys
import threading
from contextvars import ContextVar
from typing import Any, BinaryIO
from urllib.parse import unquote

import apprise
import msgspec
from apprise.manager_plugins import NotificationManager

from dashboards.delivery import connection_guard
from dashboards.delivery.orders import Letter, Order, Outcome
from uproar.printable import printable

LAST_WORDS_SECONDS = 20.0
MOST_DETAIL = 300
ROOMY = 1000
"""Letters of a message, from which on a service has room for one in parts."""
_SHORTEST_SECRET = 4
_KINDS = {
    "info": apprise.NotifyType.INFO,
    "warning": apprise.NotifyType.WARNING,
    "critical": apprise.NotifyType.FAILURE,
    "resolved": apprise.NotifyType.SUCCESS,
}


_COMPLAINTS: ContextVar[list[str] | None] = ContextVar("complaints", default=None)


class Captured(logging.Handler):
    """Keeps what Apprise complains of with each order; nothing of it goes to a log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        complaints = _COMPLAINTS.get()
        if complaints is not None:
            complaints.append(record.getMessage())


class Desk:
    """Carries out orders."""

    def __init__(self) -> None:
        logger = logging.getLogger("apprise")
        logger.propagate = False
        logger.handlers = [Captured(logging.WARNING)]
        self._asset = apprise.AppriseAsset(
            app_id="Uproar",
            app_desc="Uproar",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            storage_mode=apprise.PersistentStoreMode.MEMORY,
            allow_templates=False,
            async_mode=False,
        )

    def carry_out(self, order: Order) -> Outcome:
        """Carry out one. Never raises: a plug-in may do anything."""
        complaints: list[str] = []
        _COMPLAINTS.set(complaints)
        try:
            with connection_guard.local_allowed(order.local) as permission:
                return self._carry_out(order, permission, complaints)
        except Exception as error:  # a plug-in may raise anything, with secrets in its message
            detail = f"it failed with {type(error).__name__}"
            return Outcome(number=order.number, is_done=False, detail=detail)

    def _carry_out(
        self, order: Order, permission: connection_guard.Permission, complaints: list[str]
    ) -> Outcome:
        scheme = order.url.partition("://")[0].lower()
        plugin = apprise.Apprise.instantiate(order.url, asset=self._asset, suppress_exceptions=True)
        if plugin is None:
            manager: Any = NotificationManager  # its methods have no types
            is_known = scheme in manager().schemas()
            refused = (
                f"a part of this `{scheme}://…` is missing or wrong"
                if is_known
                else f"there is no service `{scheme}://…`"
            )
            return Outcome(number=order.number, is_done=False, refused=refused)
        host = _host(plugin)
        name = _scheme(plugin) if scheme in ("http", "https") else scheme
        label = f"{name}://{host}" if host else name
        if order.letter is None:
            return Outcome(number=order.number, is_done=True, label=label, host=host)
        is_done = self._sent(plugin, order.letter, order.url)
        detail = printable(without_secrets("; ".join(complaints), order.url, label))
        refused = permission.refused
        return Outcome(
            number=order.number,
            is_done=is_done,
            refused="" if is_done or not refused else f"it leads into the local network: {refused}",
            detail="" if is_done else detail[:MOST_DETAIL] or "the service did not take it",
            label=label,
            host=host,
        )

    def _sent(self, plugin: Any, letter: Letter, url: str) -> bool:
        if "overflow=" not in url:
            # In parts where it is too long, but never as ten short messages to a telephone.
            is_roomy = plugin.body_maxlen >= ROOMY
            plugin.overflow_mode = (
                apprise.OverflowMode.SPLIT if is_roomy else apprise.OverflowMode.TRUNCATE
            )
        form = plugin.resolve_format()
        body = {
            apprise.NotifyFormat.HTML: letter.html,
            apprise.NotifyFormat.MARKDOWN: letter.markdown,
        }.get(form, letter.text)
        # Not through `Apprise.notify`: its threads are few, and one slow service would hold up all.
        return bool(
            plugin.notify(
                body=body, title=letter.title, notify_type=_KINDS[letter.kind], body_format=form
            )
        )


def _scheme(plugin: Any) -> str:
    """Return the scheme of a service whose address was given as the web knows it."""
    return str(plugin.url(privacy=True)).partition("://")[0]


def _host(plugin: Any) -> str:
    """Return the host of an address, where the service is one that has hosts, not tokens, there."""
    has_hosts = all("{host}" in template for template in plugin.templates)
    return str(plugin.host or "") if has_hosts else ""


def without_secrets(text: str, url: str, label: str) -> str:
    """Return the text with every part of the address hidden but those of its label.

    >>> without_secrets("no channel #tok123 there", "slack://tok123/b", "slack")
    'no channel #(hidden) there'
    """
    shown = set(re.split(r"[^\w.-]+", label.lower()))
    parts = {part for form in (url, unquote(url)) for part in re.split(r"[:/?&=@#\s]+", form)}
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST_SECRET and part.lower() not in shown:
            text = re.sub(re.escape(part), "(hidden)", text, flags=re.IGNORECASE)
    return text


def serve(orders: BinaryIO, outcomes: BinaryIO) -> None:
    """Carry out orders, each in a thread, until there are no more."""
    desk, lock = Desk(), threading.Lock()
    threads: list[threading.Thread] = []

    def work(order: Order) -> None:
        outcome = desk.carry_out(order)
        with lock:
            outcomes.write(msgspec.json.encode(outcome) + b"\n")
            outcomes.flush()

    for line in orders:
        order = msgspec.json.decode(line, type=Order)
        threads = [one for one in threads if one.is_alive()]
        threads.append(threading.Thread(target=work, args=(order,), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(LAST_WORDS_SECONDS / len(threads))


if __name__ == "__main__":
    connection_guard.install()
    # Whatever a plug-in prints must not come between the outcomes.
    with open(os.dup(1), "wb") as answers:  # noqa: PTH123 - a descriptor has no path
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        serve(sys.stdin.buffer, answers)
    os._exit(0)  # a plug-in that hangs keeps nobody
