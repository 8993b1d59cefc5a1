"""A port is free, or the setting that chooses another is named. Nothing is connected to."""

import socket

import pytest

from uproar.errors import StackError
from uproar.stack.ports import LASTING_PORTS, LOOPBACK, choose_lasting_port, choose_port


def test_any_free_port_can_be_listened_on_afterwards() -> None:
    port = choose_port(0, "UPROAR_KAFKA_PORT")
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((LOOPBACK, port))
    assert choose_port(port, "UPROAR_KAFKA_PORT") == port


def test_a_port_that_must_outlast_its_server_is_none_that_is_lent_to_clients() -> None:
    assert choose_lasting_port(0, "UPROAR_CLICKHOUSE_PORT") in LASTING_PORTS
    wanted = choose_port(0, "UPROAR_CLICKHOUSE_PORT")
    assert choose_lasting_port(wanted, "UPROAR_CLICKHOUSE_PORT") == wanted


def test_a_port_that_is_taken_is_told_with_the_setting_that_changes_it() -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"port {port} on {LOOPBACK} is not free") as refused:
            choose_port(port, "UPROAR_KAFKA_PORT")
    assert "`UPROAR_KAFKA_PORT`" in str(refused.value.hint)
