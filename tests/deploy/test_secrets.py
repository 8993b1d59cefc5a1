"""What deploy/secrets.sh makes: all that compose.yaml asks for, random, for one person's eyes."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from deploy.clickhouse.users_xml import ADMIN, placeholder, users_xml
from tests.deploy.composed import ROOT, read_compose, secret_files
from uproar.clickhouse_access import ROLES
from uproar.clickhouse_url import read_url
from uproar.config_file import read_config
from uproar.page_settings import SHORTEST_TOKEN

PASSWORDS = ("admin", "migrator", "writer", "reader")


def make(folder: Path) -> None:
    subprocess.run(
        ["sh", ROOT / "deploy" / "secrets.sh", folder], check=True, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make(folder)
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (folder / "secrets").iterdir()}


def test_it_makes_every_secret_but_those_that_platforms_give(made: Path) -> None:
    asked = {path.name for path in secret_files(read_compose({"UPROAR_UID": "1"})).values()}
    given = {name for name in asked if name.startswith(("mastodon", "reddit", "x_", "youtube"))}
    assert asked - given <= set(contents(made))


def test_nobody_else_can_read_them(made: Path) -> None:
    assert (made / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (made / "secrets").iterdir()} == {0o600}
    owner = str((made / "secrets" / "author_key").stat().st_uid)
    assert f"UPROAR_UID={owner}" in (made / ".env").read_text().splitlines()
    assert owner != "0"


def test_they_are_random_and_long(made: Path, tmp_path: Path) -> None:
    make(tmp_path)
    first, second = contents(made), contents(tmp_path)
    passwords = [name for name in first if name.endswith(("_password", "_token", "_key"))]
    assert len({first[name] for name in passwords}) == len(passwords) >= 7
    for name in passwords:
        assert first[name] != second[name]
        assert len(first[name].strip()) >= max(48, SHORTEST_TOKEN)


def test_run_again_it_leaves_them_as_they_are_and_makes_what_is_missing(tmp_path: Path) -> None:
    make(tmp_path)
    before = contents(tmp_path)
    (tmp_path / "secrets" / "clickhouse_writer_password").unlink()
    (tmp_path / ".env").write_text("UPROAR_UID=1234\nWORKERS=4\n")
    make(tmp_path)
    after = contents(tmp_path)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "clickhouse_writer_password", "clickhouse_writer_url", "clickhouse_users.xml"
    }  # fmt: skip
    assert (tmp_path / ".env").read_text() == "UPROAR_UID=1234\nWORKERS=4\n"


def test_clickhouse_is_told_the_hashes_and_no_password(made: Path) -> None:
    found = contents(made)
    written = found["clickhouse_users.xml"]
    for name in PASSWORDS:
        password = found[f"clickhouse_{name}_password"].strip()
        assert placeholder(name) not in written
        assert password not in written
        assert hashlib.sha256(password.encode()).hexdigest() in written
    assert "<default>" not in written.partition("<users>")[2]


def test_a_process_is_told_its_own_user_and_password(made: Path) -> None:
    found = contents(made)
    for role in ROLES:
        url = read_url(found[f"clickhouse_{role.name}_url"].strip())
        assert (url.username, url.password) == (
            f"uproar_{role.name}",
            found[f"clickhouse_{role.name}_password"].strip(),
        )
        assert (url.hostname, url.port, url.path) == ("clickhouse", 9000, "/uproar")


def test_kafka_is_told_the_password_that_its_clients_have(made: Path) -> None:
    found = contents(made)
    assert f'user_uproar="{found["kafka_password"].strip()}"' in found["kafka.properties"]
    assert "KAFKA_PASSWORD" not in found["kafka.properties"]


def test_it_begins_a_configuration_that_is_valid(made: Path) -> None:
    assert read_config(made / "config" / "uproar.yaml").entities


def test_the_users_file_is_what_the_roles_say() -> None:
    written = (ROOT / "deploy" / "clickhouse" / "users.xml").read_text("utf-8")
    assert written == users_xml(), "run `python -m deploy.clickhouse --xml` into it"
    assert f"<{ADMIN}>" in written
