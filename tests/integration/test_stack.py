"""The local stack: it starts, is shared, keeps its tables, and leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.uproar.stack.processes import eventually, is_alive
from uproar.clickhouse import connect, connect_to_read
from uproar.errors import StackError
from uproar.settings import Settings
from uproar.stack.home import FolderLock, Home
from uproar.stack.local import attach, stack

pytestmark = pytest.mark.integration

HOLD_A_STACK = """
import sys, time
from pathlib import Path
from uproar.settings import Settings
from uproar.stack.local import stack
with stack(Settings(home=Path(sys.argv[1]))):
    print("up", flush=True)
    time.sleep(600)
"""


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_is_left_whatever_way_the_owner_ends(home: Path, end: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_STACK, str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    servers = children_of(owner.pid)
    assert len(servers) == 2
    owner.send_signal(end)
    owner.wait(30)
    owner.stdout.close()
    assert eventually(lambda: not any(map(is_alive, servers)))
    with stack(Settings(home=home)):  # and the folder can be used again at once
        pass


def test_a_second_command_uses_the_running_stack(home: Path) -> None:
    with stack(Settings(home=home)) as first, stack(Settings(home=home)) as second:
        assert first.endpoints == second.endpoints
        assert attach(Settings(home=home)) == first.endpoints


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_command_that_joined_is_told_when_the_stack_is_taken_away(
    home: Path, end: signal.Signals
) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_STACK, str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    with stack(Settings(home=home)) as joined:
        assert not joined.has_failed()
        owner.send_signal(end)
        owner.wait(30)
        assert eventually(joined.has_failed)
        with pytest.raises(StackError, match="ended with the command that ran it"):
            joined.check()
    owner.stdout.close()


def test_tables_are_kept_across_restarts(home: Path) -> None:
    with stack(Settings(home=home)) as running:
        client = connect(running.endpoints.migrator_url, database="default")
        client.execute("CREATE DATABASE uproar")
        client.execute("CREATE TABLE uproar.kept (a UInt8) ENGINE = MergeTree ORDER BY a")
        client.execute("INSERT INTO uproar.kept VALUES", [(7,)])
        client.disconnect()
    with stack(Settings(home=home)) as running:
        client = connect(running.endpoints.clickhouse_url)
        assert client.execute("SELECT a FROM kept") == [(7,)]
        client.disconnect()


def test_a_port_in_use_is_named_with_the_setting_that_changes_it(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for name in ("kafka_port", "clickhouse_port", "clickhouse_http_port"):
            with (
                pytest.raises(StackError, match=f"port {port}") as failure,
                stack(Settings(home=home, **{name: port})),
            ):
                pass
            assert f"UPROAR_{name.upper()}" in str(failure.value.hint)


def test_a_folder_held_by_something_else_is_an_error(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uproar.stack.local.JOIN_SECONDS", 0.3)
    lock = FolderLock(Home(home).folder / "stack.lock")
    assert lock.acquire()
    with pytest.raises(StackError, match="holds"), stack(Settings(home=home)):
        pass
    lock.release()


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match="cannot use"):
        Home(tmp_path / "file" / "home")


def test_secrets_are_readable_by_their_owner_only_and_stay_the_same(home: Path) -> None:
    secrets = Home(home).secrets()
    assert Home(home).secrets() == secrets
    for path in (home / "secrets.json", home):
        assert path.stat().st_mode & 0o077 == 0


def test_nobody_gets_in_without_a_password_and_the_reader_changes_nothing(home: Path) -> None:
    with stack(Settings(home=home)) as running:
        migrator = connect(running.endpoints.migrator_url, database="default")
        migrator.execute("CREATE DATABASE uproar")
        migrator.execute("CREATE TABLE uproar.t (a UInt8) ENGINE = MergeTree ORDER BY a")
        migrator.disconnect()
        place = running.endpoints.clickhouse_url.rpartition("@")[2]
        stranger = connect(f"clickhouse://default@{place}", database="default")
        reader = connect_to_read(running.endpoints.reader_url, running.endpoints.clickhouse_url)
        for client, statement in (
            (stranger, "SELECT * FROM uproar.t"),
            (stranger, "SYSTEM STOP LISTEN TCP"),
            (reader, "INSERT INTO t VALUES (1)"),
            (reader, "DROP TABLE t"),
            (reader, "SELECT * FROM file('/etc/passwd', 'LineAsString')"),
        ):
            with pytest.raises(Exception, match=r"Not enough privileges|overflown session count"):
                client.execute(statement)
        assert reader.execute("SELECT count() FROM t") == [(0,)]
        stranger.disconnect()
        reader.disconnect()


def test_a_stack_is_not_stopped_under_a_command_that_uses_it(home: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD_A_STACK.replace("600", "0"), str(home)],
        stdout=subprocess.PIPE,
    )
    assert owner.stdout is not None
    user = FolderLock(Home(home).folder / "users.lock")
    assert user.acquire(shared=True)
    assert owner.stdout.readline() == b"up\n"
    time.sleep(0.5)  # long enough for an owner that would not wait
    assert owner.poll() is None
    user.release()
    assert owner.wait(20) == os.EX_OK
    owner.stdout.close()
