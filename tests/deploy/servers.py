"""The servers of deploy/compose.yaml without containers: their very configuration, other ports."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clickhouse_driver.errors import Error, NetworkError

from deploy.kafka.node import KafkaNode
from uproar.clickhouse import connect
from uproar.endpoints import KafkaEndpoint
from uproar.stack.clickhouse_files import ClickHouseFiles
from uproar.stack.home import write_private
from uproar.stack.ports import choose_port

START_SECONDS = 60
BOOT_USER = """
    <default>
      <no_password/>
      <networks><ip>::1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
  </users>"""
"""What the local engine starts as; a server in a container knows no such user."""


class ComposedKafka(KafkaNode):
    """A node by the properties that `deploy/secrets.sh` has written for the container."""

    def __init__(self, folder: Path, properties: Path, password: str) -> None:
        super().__init__(folder)
        self._written = properties.read_text("utf-8")
        self._password = password

    def endpoint(self, user: str = "uproar", mechanism: str = "PLAIN") -> KafkaEndpoint:
        """Return how to log in; without a user, as its own health check does: inside."""
        if not user:
            return KafkaEndpoint(brokers=(f"127.0.0.1:{self._ports['9094']}",))
        return KafkaEndpoint(
            brokers=(self.address,),
            security="SASL_PLAINTEXT",
            sasl_mechanism=mechanism,
            username=user,
            password=self._password,
        )

    def _write_properties(self) -> None:
        self._ports = {
            "9092": self.port,
            "9093": choose_port(0, "a port"),
            "9094": choose_port(0, "a port"),
        }
        written = self._written.replace("/var/lib/kafka/data", str(self._data))
        for there in ("://kafka:", "CLIENT://:", "://localhost:"):
            written = written.replace(there, f"{there.partition('://')[0]}://127.0.0.1:")
        written = written.replace("@localhost:", "@127.0.0.1:")
        for there, here in self._ports.items():
            written = written.replace(f":{there}", f":{here}")
        write_private(self._properties, written.encode(), replace=True)


@contextmanager
def composed_clickhouse(folder: Path, users_xml: str) -> Iterator[int]:
    """Run the local engine with the container's users; yields its port."""
    port, http_port = choose_port(0, "a port"), choose_port(0, "a port")
    for part in (folder, folder / "logs", folder / "tmp"):
        part.mkdir()
    config = ClickHouseFiles(
        data=folder / "data",
        logs=folder / "logs",
        tcp_port=port,
        http_port=http_port,
        migrator_password="",
        writer_password="",
        reader_password="",
    ).config_xml()
    (folder / "config.xml").write_text(config)
    (folder / "users.xml").write_text(users_xml.replace("\n  </users>", BOOT_USER))
    with subprocess.Popen(
        [sys.executable, "-m", "uproar.stack.clickhouse_server", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(folder / "tmp")},  # it opens no file outside
    ) as server:
        try:
            yield port
        finally:
            server.terminate()
            server.wait(START_SECONDS)


def wait_for_clickhouse(url: str) -> None:
    """Return when that user gets an answer."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        client = connect(url)
        try:
            client.execute("SELECT 1")
        except (NetworkError, OSError, EOFError):
            assert time.monotonic() < deadline, "ClickHouse does not answer"
            time.sleep(0.1)
        except Error as error:
            if "does not exist" not in str(error):  # the database, which nobody has made yet
                raise
            return
        else:
            return
        finally:
            client.disconnect()
