"""A certificate authority and a certificate for 127.0.0.1, for a node that speaks TLS."""

import os
import shutil
import subprocess
from pathlib import Path

from uproar.errors import StackError

COMMON_NAME = "uproar-kafka-node"
DAYS = 825
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Certificates:
    """The PEM files of a node in a folder: `authority.pem` is what clients are to trust."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "authority.pem"
        self.node = folder / "node.pem"
        """The node's certificate and its key, as Kafka wants them: in one file."""
        self._authority_key = folder / "authority.key"

    def make(self) -> None:
        """Make them, unless they are there. Raises StackError without OpenSSL."""
        if self.node.exists():
            return
        before = os.umask(0o077)  # nobody else reads a key, not even while it is written
        try:
            self._make()
        finally:
            os.umask(before)

    def _make(self) -> None:
        key, certificate = self.node.with_suffix(".key"), self.node.with_suffix(".crt")
        _openssl("-subj", "/CN=Uproar test authority", "-keyout", str(self._authority_key),
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                 "-out", str(self.authority))  # fmt: skip
        _openssl("-subj", f"/CN={COMMON_NAME}", "-keyout", str(key), "-out", str(certificate),
                 "-CA", str(self.authority), "-CAkey", str(self._authority_key),
                 "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
                 "-addext", "basicConstraints=critical,CA:false")  # fmt: skip
        self.node.write_text(key.read_text() + certificate.read_text())
        key.unlink()
        certificate.unlink()


def _openssl(*arguments: str) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        raise StackError(
            "certificates are made with OpenSSL 3, and there is no `openssl` in the path"
        )
    made = subprocess.run(  # noqa: S603 - our own command line, no shell
        [openssl, "req", "-x509", "-days", str(DAYS), *_KEY, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise StackError(f"OpenSSL makes no certificate: {made.stderr.strip()[-300:]}")
