"""What a node's `server.properties` says, and how a SCRAM login is written down. Pure."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from deploy.kafka.certificates import COMMON_NAME, Certificates

Security = Literal["PLAINTEXT", "SASL_SSL"]

ITERATIONS = 4096
"""Kafka's least, and its own choice."""
SCRAM = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}

SMALL = {
    # Every internal topic has one copy, for there is one node; few partitions are made faster.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 4,
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": 0,
    # What a laptop can spare.
    "num.network.threads": 2,
    "num.io.threads": 2,
    "background.threads": 2,
    "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
    # A node that was killed is let back in by its controller after this long.
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 2000,
}


class NodeDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One node, as its settings describe it."""

    data: Path
    port: int
    internal_port: int
    controller_port: int
    security: Security = "PLAINTEXT"
    certificates: Certificates
    logins: Mapping[str, str]
    """Passwords by user name, for SASL."""
    super_user: str | None = None
    """With one, access control lists hold: nobody else may do what is not granted."""


def server_properties(node: NodeDescription) -> str:
    """Return the file's content. All listeners are on loopback.

    Clients have a listener of their own. What the node says to itself goes over two others; with
    TLS these take nobody but the owner of the node's own certificate.
    """
    inside = "SSL" if node.security == "SASL_SSL" else "PLAINTEXT"
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{node.controller_port}",
        "listeners": f"CLIENT://127.0.0.1:{node.port},INTERNAL://127.0.0.1:{node.internal_port},"
        f"CONTROLLER://127.0.0.1:{node.controller_port}",
        "advertised.listeners": f"CLIENT://127.0.0.1:{node.port},"
        f"INTERNAL://127.0.0.1:{node.internal_port}",
        "listener.security.protocol.map": f"CLIENT:{node.security},INTERNAL:{inside},"
        f"CONTROLLER:{inside}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "INTERNAL",
        "log.dirs": node.data,
        **SMALL,
    }
    if node.security == "SASL_SSL":
        settings |= _secured(node)
    if node.super_user is not None:
        settings |= {
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:CN={COMMON_NAME};User:{node.super_user}",
            "allow.everyone.if.no.acl.found": "false",
        }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _secured(node: NodeDescription) -> dict[str, object]:
    plain = " ".join(f'user_{name}="{_quoted(password)}"' for name, password in node.logins.items())
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    return {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": node.certificates.node,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": node.certificates.authority,
        "listener.name.internal.ssl.client.auth": "required",
        "listener.name.controller.ssl.client.auth": "required",
        "sasl.enabled.mechanisms": ",".join(["PLAIN", *SCRAM]),
        "listener.name.client.plain.sasl.jaas.config": "org.apache.kafka.common.security.plain."
        f"PlainLoginModule required {plain};",
    } | {f"listener.name.client.{name.lower()}.sasl.jaas.config": scram for name in SCRAM}


def _quoted(password: str) -> str:
    r"""Escape for a login module's line, within a properties file.

    >>> print(_quoted('a"b'))
    a\\"b
    """
    return password.replace("\\", r"\\\\").replace('"', r"\\" + '"')


def scram_records(name: str, password: str, salt: bytes) -> list[str]:
    """Return what `kafka-storage format --add-scram` wants; the password itself is not in it.

    >>> [record.partition("=[")[0] for record in scram_records("me", "secret", b"salt")]
    ['SCRAM-SHA-256', 'SCRAM-SHA-512']
    """
    return [
        f'{mechanism}=[name="{name}",iterations={ITERATIONS},salt="{_base64(salt)}",saltedpassword='
        f'"{_base64(hashlib.pbkdf2_hmac(algorithm, password.encode(), salt, ITERATIONS))}"]'
        for mechanism, algorithm in SCRAM.items()
    ]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
