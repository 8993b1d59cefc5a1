"""TLS for tests: certificates made on the spot, and a door to a server that speaks it.

The local ClickHouse opens no TLS port (its engine's START LISTEN knows TCP and HTTP alone), so a
door of ours stands before it, with the standard library's TLS. The client's side is the real one.
"""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class Authority:
    """An authority that signs certificates, with everything it makes in one folder."""

    def __init__(self, folder: Path, name: str = "Uproar test authority") -> None:
        self._folder = folder
        self.certificate, self._key = folder / f"{name}.pem", folder / f"{name}.key"
        _openssl("-subj", f"/CN={name}", "-keyout", str(self._key), "-out", str(self.certificate),
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip

    def sign(self, name: str, *names: str, days: int = 2) -> tuple[Path, Path]:
        """Return a certificate for these alternative names, and its key."""
        certificate, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        _openssl("-subj", f"/CN={name}", "-keyout", str(key), "-out", str(certificate),
                 "-CA", str(self.certificate), "-CAkey", str(self._key), "-days", str(days),
                 "-addext", f"subjectAltName={','.join(names)}",
                 "-addext", "basicConstraints=critical,CA:false")  # fmt: skip
        return certificate, key


def _openssl(*arguments: str) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("certificates are made with OpenSSL, and there is none")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [openssl, "req", "-x509", *key, *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )


@contextmanager
def door(
    port: int, certificate: tuple[Path, Path], clients: Path | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Speak TLS on a port of loopback for the server at `port`; yield it, and who came in.

    With `clients`, only who shows a certificate of that authority is let in.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    if clients is not None:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_let_in, args=(listening, context, port, came), daemon=True).start()
        yield listening.getsockname()[1], came
        listening.shutdown(socket.SHUT_RDWR)


def _let_in(listening: socket.socket, context: ssl.SSLContext, port: int, came: list[str]) -> None:
    with suppress(OSError):
        while True:
            arrived, _ = listening.accept()
            threading.Thread(
                target=_serve, args=(arrived, context, port, came), daemon=True
            ).start()


def _serve(arrived: socket.socket, context: ssl.SSLContext, port: int, came: list[str]) -> None:
    with suppress(OSError), arrived:
        encrypted = context.wrap_socket(arrived, server_side=True)
        came.append(encrypted.version() or "")
        with encrypted, socket.create_connection(("127.0.0.1", port)) as server:
            back = threading.Thread(target=_pass_on, args=(server, encrypted), daemon=True)
            back.start()
            _pass_on(encrypted, server)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
