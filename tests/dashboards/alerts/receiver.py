"""A web server on loopback that takes messages, as a chat or a webhook would."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Keeps what came, by path. `answers` are the statuses of the next requests, 200 after them."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, Any]]] = []
        self.asked = 0
        self.answers: list[int] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self.port = 0
        self.redirects_to = ""

    def url(self, path: str) -> str:
        return f"json://127.0.0.1:{self.port}/{path}"

    def titles(self, path: str) -> list[str]:
        return [str(letter["title"]) for where, letter in self.came if where == f"/{path}"]

    def take(self, path: str, content: bytes) -> int:
        self.asked += 1
        self.is_open.wait(30)
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.came.append((path, json.loads(content)))
        return status


@contextmanager
def receiving(host: str = "127.0.0.1") -> Iterator[Receiver]:
    """Lend a receiver that listens."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.take(self.path, content))
            self.end_headers()

        def do_GET(self) -> None:
            receiver.asked += 1
            self.send_response(302)
            self.send_header("Location", receiver.redirects_to)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((host, 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.is_open.set()
            server.shutdown()
            thread.join()
