"""Secrets and data of the local stack: for its owner's eyes, and never in what is told."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.uproar.stack.processes import eventually
from uproar.cli import main
from uproar.clickhouse import connect, reported
from uproar.endpoints import Endpoints, KafkaEndpoint
from uproar.errors import StoreUnavailable, UproarError
from uproar.guarded import is_secret
from uproar.settings import Settings
from uproar.stack.home import Home, Secrets

pytestmark = pytest.mark.integration

GIVEN = {
    "UPROAR_AUTHOR_KEY": "an-invented-key-that-nobody-is-to-see",
    "UPROAR_KAFKA_PASSWORD": "an-invented-password-of-kafka",
    "UPROAR_GRAFANA_TOKEN": "an-invented-token-of-grafana",
}
HANDLE = "ada_the_invented"
UP_SECONDS = 90


class Up(msgspec.Struct, frozen=True):
    """A whole stack that has replayed something, what it printed, and its folder."""

    owner: int
    home: Home
    printed: Path

    def secrets(self) -> list[str]:
        """Return every secret there is: those given, and those generated."""
        generated = self.home.secrets()
        made = msgspec.to_builtins(generated).values()
        return [*GIVEN.values(), *(value for value in made if isinstance(value, str) and value)]

    def processes(self) -> list[Path]:
        """Return the folder in /proc of each process of the stack."""
        found, wanted = [], [self.owner]
        while wanted:
            process = Path(f"/proc/{wanted.pop()}")
            found.append(process)
            for thread in (process / "task").iterdir():
                wanted += [int(pid) for pid in (thread / "children").read_text().split()]
        return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("up")
    config, posts = folder / "uproar.yaml", folder / "posts.jsonl"
    config.write_text("entities: [{id: nimbus, name: Nimbus}]\n")
    post = {
        "platform": "bluesky",
        "id": "1",
        "author": HANDLE,
        "text": "Nimbus is down",
        "created_at": "2021-01-10T00:00:00Z",
    }
    posts.write_text(json.dumps(post) + "\nno record\n")
    home = Home(folder / "home")
    uproar = [sys.executable, "-m", "uproar", "--config", str(config)]
    environment = {**os.environ, **GIVEN, "UPROAR_HOME": str(home.folder)}
    printed = folder / "printed"
    with printed.open("wb") as output:
        owner = subprocess.Popen(
            [*uproar, "up"], env=environment, stdout=output, stderr=output, umask=0
        )
        try:
            assert eventually(lambda: _is_up(home), UP_SECONDS), printed.read_text()
            subprocess.run(
                [*uproar, "replay", str(posts), "--run", "leaky"],
                env=environment,
                stdout=output,
                stderr=output,
                umask=0,
                check=True,
                timeout=UP_SECONDS,
            )
            yield Up(owner.pid, home, printed)
        finally:
            owner.send_signal(signal.SIGINT)
            owner.wait(30)


def _is_up(home: Home) -> bool:
    note = home.note()
    return note is not None and note.page_port > 0


def test_every_file_of_the_stack_is_for_its_owner_only_whatever_the_umask(up: Up) -> None:
    data = up.home.clickhouse / "data"
    open_to_others = [
        f"{path.stat().st_mode:o} {path}"
        for path in (up.home.folder, *up.home.folder.rglob("*"))
        if not path.is_relative_to(data) or path == data
        if path.stat().st_mode & 0o077 and not path.is_socket()
    ]
    assert open_to_others == []


def test_no_secret_is_in_the_arguments_of_a_process(up: Up) -> None:
    processes = up.processes()
    assert len(processes) >= 5, "broker, ClickHouse, worker, sink, page"
    for process in processes:
        arguments = (process / "cmdline").read_text()
        assert not [secret for secret in up.secrets() if secret in arguments], arguments


def test_the_servers_inherit_no_setting(up: Up) -> None:
    servers = [
        process
        for process in up.processes()
        if any(name in (process / "cmdline").read_text() for name in ("tansu", "clickhouse_server"))
    ]
    assert len(servers) == 2
    for process in servers:
        assert "UPROAR_" not in (process / "environ").read_text()


def test_no_secret_and_no_handle_is_in_a_log_a_note_or_what_is_printed(up: Up) -> None:
    time.sleep(1)  # what is on its way to a log
    told = [up.printed, up.home.folder / "stack.json", *up.home.logs.iterdir()]
    for path in told:
        content = path.read_text(errors="replace")
        for secret in (*up.secrets(), HANDLE):
            assert secret not in content, path


def test_uproar_settings_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = {
        f"UPROAR_{field.upper()}": f"an-invented-{field}"
        for field in Settings.__struct_fields__
        if is_secret(field)
    }
    for name, value in marked.items():
        monkeypatch.setenv(name, value)
    printed = CliRunner().invoke(main, ["settings"]).output
    assert "UPROAR_AUTHOR_KEY=(set)" in printed
    assert "an-invented" not in printed


def test_no_secret_shows_in_a_repr(tmp_path: Path) -> None:
    fields = {field: "hush" for field in Settings.__struct_fields__ if is_secret(field)}
    values = (
        Settings(home=tmp_path, **fields),  # type: ignore[arg-type]
        Secrets(writer_password="hush", reader_password="hush", author_key="hush"),
        Endpoints(
            kafka=KafkaEndpoint(brokers=("one",), username="ada", password="hush"),
            clickhouse_url="hush",
            reader_url="hush",
            migrator_url="hush",
        ),
    )
    assert "hush" not in repr(values)


odd = st.text(st.characters(min_codepoint=33, exclude_categories=["C", "Z"]), min_size=6)


@settings(deadline=None, max_examples=150)
@given(password=odd, scheme=st.sampled_from(["clickhouse", "clickhouses", "http", ""]))
def test_no_part_of_a_password_however_odd_is_in_an_error_of_clickhouse(
    password: str, scheme: str
) -> None:
    marked = f"hunter2{password}2retnuh"
    url = f"{scheme}://ada:{marked}@127.0.0.1:1/uproar"
    with pytest.raises(StoreUnavailable) as refused, reported(url):
        connect(url).execute("SELECT 1")
    told = f"{refused.value} {refused.value.hint}"
    assert "hunter2" not in told
    assert "2retnuh" not in told


@settings(deadline=None, max_examples=100)
@given(password=odd)
def test_no_password_is_in_an_error_about_the_settings_or_kafka(password: str) -> None:
    from uproar.endpoints import external_kafka

    marked = f"hunter2{password}"
    env = {
        "HOME": "/home/ada",
        "UPROAR_KAFKA_BROKERS": "one:9092",
        "UPROAR_KAFKA_PASSWORD": marked,
        "UPROAR_WORKERS": "none",
    }
    for mistaken in (env, {**env, "UPROAR_WORKERS": "1"}):
        with pytest.raises(UproarError) as refused:
            external_kafka(Settings.from_env(mistaken))
        assert "hunter2" not in f"{refused.value} {refused.value.hint}"


def test_a_refused_login_is_told_without_its_password(servers: Endpoints) -> None:
    place = servers.reader_url.rpartition("@")[2]
    url = f"clickhouse://reader:hunter2@{place}"
    with pytest.raises(StoreUnavailable, match="Authentication failed") as refused, reported(url):
        connect(url).execute("SELECT 1")
    assert "hunter2" not in f"{refused.value} {refused.value.hint}"
    assert "check user and password" in str(refused.value.hint)
