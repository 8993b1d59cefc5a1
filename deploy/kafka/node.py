"""A node of Apache Kafka in a folder: start, stop, kill, start again on the same data and port."""

import base64
import os
import secrets
import signal
import subprocess
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.kafka.certificates import Certificates
from deploy.kafka.maven import FOLDER, jars, java
from deploy.kafka.properties import (
    NodeDescription,
    Security,
    scram_records,
    server_properties,
)
from uproar.endpoints import KafkaEndpoint
from uproar.errors import StackError
from uproar.kafka import connection
from uproar.stack.children import Child
from uproar.stack.home import write_private
from uproar.stack.ports import LOOPBACK, choose_port, is_open

HEAP = "384m"
LASTING_PORTS = range(20_000, 32_000)
"""Below those that systems lend to outgoing connections: a client that keeps knocking at a node
that is down could be lent the very port it knocks at, and the node could not come back."""
START_SECONDS = 120
FORMAT_SECONDS = 120
PROBE_MILLISECONDS = 2_000
PORT_VARIABLE = "KAFKA_NODE_PORT"

JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true")
"""What starts fastest and takes least: a node that serves one machine."""


class KafkaNode:
    """Broker and controller in one process, on loopback.

    It dies with the process that started it, also when that is killed. With `logins` it speaks
    TLS and wants a login, by SCRAM or PLAIN; with a `super_user` it also asks its access control
    lists. Linux is what it is tested on.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        logins: Mapping[str, str] | None = None,
        super_user: str | None = None,
        heap: str = HEAP,
    ) -> None:
        """Describe a node. `port` 0 means: any that is free, and the same one at each start.

        Raises StackError when the port or the folder cannot be used.
        """
        self.folder = folder
        self.port = choose_port(port, PORT_VARIABLE) if port else _lasting_port()
        self.security: Security = "SASL_SSL" if logins else "PLAINTEXT"
        self._logins = dict(logins or {})
        self._super_user = super_user
        self._heap = heap
        self._data = folder / "data"
        self._properties = folder / "server.properties"
        self._certificates = Certificates(folder)
        self._child: Child | None = None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # posts lie in it
            (folder / "data").mkdir(exist_ok=True)
        except OSError as error:
            raise StackError(f"cannot use the folder `{folder}`: {error.strerror}") from error

    @property
    def address(self) -> str:
        """Host and port, for `UPROAR_KAFKA_BROKERS`."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def authority(self) -> Path:
        """The PEM file that clients are to trust, for `UPROAR_KAFKA_CA_FILE`."""
        return self._certificates.authority

    @property
    def log(self) -> Path:
        """What the node printed since its last start."""
        return self.folder / "node.log"

    @property
    def pid(self) -> int | None:
        """The process's id; None before it was started."""
        return self._child.pid if self._child else None

    def endpoint(self, user: str = "", mechanism: str = "SCRAM-SHA-512") -> KafkaEndpoint:
        """Return how to connect, and to log in as that user."""
        if self.security == "PLAINTEXT":
            return KafkaEndpoint(brokers=(self.address,))
        return KafkaEndpoint(
            brokers=(self.address,),
            security=self.security,
            sasl_mechanism=mechanism,
            username=user,
            password=self._logins.get(user, ""),
            ca_file=str(self.authority),
        )

    def start(self) -> None:
        """Start it, on the data that is there; returns when it serves clients.

        Raises StackError when it does not come up.
        """
        if self.security == "SASL_SSL":
            self._certificates.make()
        self._write_properties()
        if not (self._data / "meta.properties").exists():
            self._format()
        self._child = Child("Apache Kafka", self._command("kafka.Kafka"), self.log)
        self._child.start()
        self._child.wait_until(self._serves, START_SECONDS)

    def status(self) -> int | None:
        """Return None while it runs, else its exit status."""
        return self._child.status() if self._child else 0

    def stop(self) -> None:
        """Stop it cleanly; nothing happens where it does not run."""
        if self._child:
            self._child.stop()

    def kill(self) -> None:
        """Kill it: kill -9, nothing is flushed or said to anybody."""
        if self._child and self._child.pid and self._child.status() is None:
            os.kill(self._child.pid, signal.SIGKILL)
            self._child.stop()

    def _serves(self) -> bool:
        """Tell whether a client gets an answer: the node listens before it has a leader."""
        if not is_open(self.port):
            return False
        settings = connection(self.endpoint(next(iter(self._logins), "")))
        settings["bootstrap_timeout_ms"] = settings["request_timeout_ms"] = PROBE_MILLISECONDS
        try:
            admin = KafkaAdminClient(**settings)
            try:
                return bool(admin.describe_cluster()["brokers"])
            finally:
                admin.close()
        except (KafkaError, OSError):
            return False

    def _write_properties(self) -> None:
        internal = _lasting_port({self.port})
        node = NodeDescription(
            data=self._data,
            port=choose_port(self.port, PORT_VARIABLE),
            internal_port=internal,
            controller_port=_lasting_port({self.port, internal}),
            security=self.security,
            certificates=self._certificates,
            logins=self._logins,
            super_user=self._super_user,
        )
        write_private(self._properties, server_properties(node).encode(), replace=True)

    def _format(self) -> None:
        """Give the empty data folder its identity and the SCRAM logins."""
        # The first bits are 0, for an id that begins with `-` is taken for an option.
        cluster = base64.urlsafe_b64encode(b"\0" + secrets.token_bytes(15)).decode().rstrip("=")
        command = self._command("kafka.tools.StorageTool", "format", "-t", cluster, "-c")
        for name, password in self._logins.items():
            for record in scram_records(name, password, secrets.token_bytes(16)):
                command += ["--add-scram", record]
        formatted = subprocess.run(  # noqa: S603 - our own command line, no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=FORMAT_SECONDS,
            check=False,
        )
        if formatted.returncode != 0:
            raise StackError(
                f"Kafka cannot format `{self._data}`: {formatted.stderr.strip()[-300:]}"
            )

    def _command(self, program: str, *arguments: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={FOLDER / 'log4j2.properties'}"
        return [java(), f"-Xmx{self._heap}", *JVM, logging, "-cp", f"{jars()}/*", program,
                *arguments, str(self._properties)]  # fmt: skip


def _lasting_port(others: Collection[int] = ()) -> int:
    """Return a free port that stays free while the node is down, and is none of the others."""
    while True:
        port = LASTING_PORTS[secrets.randbelow(len(LASTING_PORTS))]
        if port in others:
            continue
        with suppress(StackError):
            return choose_port(port, PORT_VARIABLE)
