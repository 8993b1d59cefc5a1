"""Run one node of Apache Kafka until Ctrl-C or SIGTERM: `make kafka`, or `python -m deploy.kafka`.

    KAFKA_NODE_PORT      port for clients on loopback; 9092 without it, 0: any that is free
    KAFKA_NODE_DATA      folder of its data, log and certificates; `kafka-node` in UPROAR_HOME
                         without it
    KAFKA_NODE_SECURITY  PLAINTEXT, as without it, or SASL_SSL: TLS and a generated login
    KAFKA_NODE_HEAP      most memory of Java's heap; 384m without it

The data stays when it stops, and is there at the next start.
"""

import os
import secrets
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import click

from deploy.kafka.maven import is_fetched, jars, java
from deploy.kafka.node import HEAP, PORT_VARIABLE, KafkaNode
from uproar.errors import SettingsError, StackError, UproarError
from uproar.settings import default_home
from uproar.stack.home import FolderLock, write_private

USUAL_PORT = "9092"
USER = "uproar"
LOOK_SECONDS = 0.5


def main(env: Mapping[str, str]) -> None:
    """Start the node, say how to use it, and wait. Raises UproarError when it cannot be run."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    java()
    if not is_fetched():
        click.echo("Fetching Apache Kafka from Maven Central, once: 45 MB", err=True)
        jars()
    home = Path(env.get("UPROAR_HOME") or default_home(env))
    folder = Path(env.get("KAFKA_NODE_DATA") or home / "kafka-node").expanduser()
    node = _node(env, folder)
    lock = FolderLock(folder / "node.lock")
    if not lock.acquire():
        raise StackError(f"another node runs on the folder `{folder}`")
    try:
        node.start()
        _tell(node, folder)
        while not stopping.wait(LOOK_SECONDS):
            if (status := node.status()) is not None:
                raise StackError(
                    f"Apache Kafka ended by itself with status {status}",
                    hint=f"its log is `{node.log}`",
                )
    finally:
        node.stop()
        lock.release()


def _node(env: Mapping[str, str], folder: Path) -> KafkaNode:
    security = env.get("KAFKA_NODE_SECURITY") or "PLAINTEXT"
    if security not in ("PLAINTEXT", "SASL_SSL"):
        raise SettingsError(
            f"cannot use `KAFKA_NODE_SECURITY`: wanted `PLAINTEXT` or `SASL_SSL`, found "
            f"`{security}`"
        )
    port = env.get(PORT_VARIABLE) or USUAL_PORT
    if not (port.isdecimal() and int(port) <= 65535):
        raise SettingsError(f"cannot use `{PORT_VARIABLE}`: wanted a port, found `{port}`")
    secure = security == "SASL_SSL"
    return KafkaNode(
        folder / "secured" if secure else folder,
        port=int(port),
        logins={USER: _password(folder)} if secure else None,
        heap=env.get("KAFKA_NODE_HEAP") or HEAP,
    )


def _password(folder: Path) -> str:
    """Return the generated password: the one that the data folder was made with."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24).encode(), replace=False)
        return path.read_text()
    except OSError as error:
        raise StackError(f"cannot use the folder `{folder}`: {error.strerror}") from error


def _tell(node: KafkaNode, folder: Path) -> None:
    click.echo(f"Apache Kafka runs in process {node.pid}; Ctrl-C stops it. Use it with:", err=True)
    click.echo(f"export UPROAR_KAFKA_BROKERS={node.address}")
    if node.security == "SASL_SSL":
        click.echo(f"export UPROAR_KAFKA_CA_FILE={node.authority}")
        click.echo(
            "export UPROAR_KAFKA_SECURITY=SASL_SSL UPROAR_KAFKA_SASL_MECHANISM=SCRAM-SHA-512"
        )
        click.echo(f'export UPROAR_KAFKA_USERNAME={USER} UPROAR_KAFKA_PASSWORD="$(cat '
                   f'{folder / "password"})"')  # fmt: skip


if __name__ == "__main__":
    try:
        main(os.environ)
    except UproarError as failure:
        click.echo(f"error: {failure}", err=True)
        if failure.hint:
            click.echo(f"\nhint: {failure.hint}", err=True)
        sys.exit(1)
