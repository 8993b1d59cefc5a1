"""Metrics and health of a process over HTTP: /metrics, /healthz, /readyz.

Guarantee: it never stops or slows what the process is there for. It ends with the process, listens
on loopback unless told otherwise, and shows counts and sentences of ours, nobody's words. Not
promised: any access control; whoever reaches the port may read. docs/metrics.md has the details.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AddressFamily
from socketserver import TCPServer

import msgspec
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from uproar import __version__, metrics
from uproar.errors import StackError
from uproar.operations.notes import ProcessNote, noted
from uproar.operations.waits import WAITS

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
"""Whoever asks and then does not listen is let go."""
LOOK_SECONDS = 0.2
"""How long the end of a process waits for this server's, at most."""


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """What is served and where. Port 0 is any free one; another is wanted, and no other will do."""

    home: Path
    name: str
    stage: metrics.Stage
    host: str = "127.0.0.1"
    port: int = 0


@contextmanager
def served(serving: Serving) -> Iterator[ProcessNote]:
    """Serve this process's metrics and health for as long as the block lasts; note where.

    Raises StackError where the port asked for is taken or the host is none of this machine's.
    Without a port asked for, a machine that gives none is only logged.
    """
    _collect_process()
    metrics.BUILD.labels(__version__).set(1)
    with ExitStack() as open_:
        server = _listen(serving)
        address = ""
        if server is not None:
            open_.callback(server.server_close)
            host, port = server.server_address[:2]
            address = f"[{host!s}]:{port}" if ":" in str(host) else f"{host!s}:{port}"
            thread = threading.Thread(
                target=server.serve_forever, args=(LOOK_SECONDS,), name="metrics", daemon=True
            )
            thread.start()
            open_.callback(server.shutdown)
        note = ProcessNote(
            name=serving.name,
            stage=serving.stage,
            pid=os.getpid(),
            parent_pid=os.getppid(),
            started_at=datetime.now(UTC),
            address=address,
        )
        try:
            note = open_.enter_context(noted(serving.home, note))
        except OSError as error:  # a full disk must not stop the pipeline
            log.warning("cannot note this process in `%s`: %s", serving.home, error.strerror)
        log.info("metrics and health at http://%s/", address or "(none)")
        yield note


def _listen(serving: Serving) -> ThreadingHTTPServer | None:
    kind = _Server6 if ":" in serving.host else _Server
    try:
        return kind((serving.host, serving.port), _Handler)
    except OSError as error:
        if serving.port or not _is_shortage(error):
            raise StackError(
                f"cannot serve metrics at {serving.host}:{serving.port}: {error.strerror or error}",
                hint="set `UPROAR_METRICS_PORT` to a free port, or to 0 for any, and "
                "`UPROAR_METRICS_HOST` to an address of this machine",
            ) from error
        log.warning("no metrics: %s", error.strerror or error)
        return None


def _is_shortage(error: OSError) -> bool:
    """Tell whether the machine has run out of something, rather than that the address is wrong."""
    return error.errno is not None and error.errno in (23, 24, 12, 98, 48)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def server_bind(self) -> None:
        """Bind without asking the network for our name, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who breaks off is nothing to tell of."""
        log.debug("a visitor broke off", exc_info=True)


class _Server6(_Server):
    address_family = AddressFamily.AF_INET6


class _Handler(BaseHTTPRequestHandler):
    timeout = ANSWER_SECONDS
    server_version = "uproar"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with one of the pages."""
        page = PAGES.get(self.path.partition("?")[0])
        status, kind, body = page() if page else (404, "text/plain", b"no such page\n")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        """Answer without the page itself."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a scrape every few seconds is no news."""


Answer = tuple[int, str, bytes]
"""Status, content type, body."""


def _metrics() -> Answer:
    WAITS.open()  # brings them up to date
    return 200, CONTENT_TYPE_LATEST, generate_latest(metrics.REGISTRY)


def _health() -> Answer:
    return 200, "application/json", b'{"status":"ok"}'


def _readiness() -> Answer:
    """Return what the process waits for: 200 where nothing, else 503."""
    waits = WAITS.open()
    body = msgspec.json.encode({"ready": not waits, "waits_for": waits})
    return (503 if waits else 200), "application/json", body


PAGES: Mapping[str, Callable[[], Answer]] = {
    "/metrics": _metrics,
    "/healthz": _health,
    "/readyz": _readiness,
}

_is_collected = threading.Event()


def _collect_process() -> None:
    """Add memory, CPU time and open files of the process, once."""
    if not _is_collected.is_set():
        _is_collected.set()
        disable_created_metrics()  # type: ignore[no-untyped-call]
        ProcessCollector(registry=metrics.REGISTRY)
