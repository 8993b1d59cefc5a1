"""What is granted on a server of one's own is what is tested on the local one."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from deploy.clickhouse.__main__ import main
from deploy.clickhouse.users_sql import users_sql
from sinks.migrate import split_statements
from uproar.clickhouse import connect
from uproar.clickhouse_access import ROLES
from uproar.stack.clickhouse_files import MIGRATOR, READER, WRITER, ClickHouseFiles

ROOT = Path(__file__).parents[2]
LOCAL_NAMES = {"migrator": MIGRATOR, "writer": WRITER, "reader": READER}
VERBS = {"migrator": "migrate", "writer": "write", "reader": "read"}


def local_users() -> ElementTree.Element:
    return ElementTree.fromstring(
        ClickHouseFiles(
            data=Path("/data"),
            logs=Path("/logs"),
            tcp_port=9000,
            http_port=8123,
            migrator_password="invented",
            writer_password="invented, too",
            reader_password="also invented",
        ).users_xml()
    )


def values_of(element: ElementTree.Element | None) -> dict[str, str]:
    assert element is not None
    return {child.tag: child.text or "" for child in element if len(child) == 0}


def of_sql(pattern: str) -> str:
    found = re.search(pattern, users_sql(), re.S)
    assert found, pattern
    return found[1]


def test_the_file_is_what_the_roles_say() -> None:
    written = (ROOT / "deploy" / "clickhouse" / "users.sql").read_text("utf-8")
    assert written == users_sql(), "run `python -m deploy.clickhouse > deploy/clickhouse/users.sql`"


@pytest.mark.parametrize("name", LOCAL_NAMES)
def test_both_forms_grant_the_same(name: str) -> None:
    local = local_users().findall(f"users/{LOCAL_NAMES[name]}/grants/query")
    granted = re.findall(rf"^GRANT (.*) TO uproar_can_{VERBS[name]};$", users_sql(), re.M)
    assert [f"GRANT {grant}" for grant in granted] == [query.text for query in local]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_both_forms_set_the_same_limits(role: object) -> None:
    name = role.name  # type: ignore[attr-defined]
    profile = local_users().find(f"profiles/{name}")
    local = values_of(profile)
    del local["allow_python_table_function"]  # chdb's alone
    if not local:
        assert f"SETTINGS PROFILE uproar_can_{VERBS[name]}" not in users_sql()
        return
    written = of_sql(rf"ALTER SETTINGS PROFILE uproar_can_{VERBS[name]} SETTINGS\n(.*?);")
    pairs = [line.strip().rstrip(",").partition(" = ") for line in written.splitlines()]
    assert {key: value.split(" ")[0].strip("'") for key, _, value in pairs} == local
    assert profile is not None
    for limited in profile.findall("constraints/*"):
        bounds = f"MIN {limited.findtext('min')} MAX {limited.findtext('max')}"
        assert f"{limited.tag} = {local[limited.tag]} {bounds} CHANGEABLE_IN_READONLY" in written


def test_both_forms_have_the_same_quota() -> None:
    local = values_of(local_users().find("quotas/reader/interval"))
    seconds, limits = re.findall(r"FOR INTERVAL (\d+) second MAX (.*)$", users_sql(), re.M)[0]
    written = dict(limit.split(" = ") for limit in limits.split(", "))
    assert {**written, "duration": seconds} == local


def test_no_password_is_in_the_file_and_none_can_be_forgotten() -> None:
    hashes = re.findall(r"IDENTIFIED WITH (\w+) BY '(.*)'", users_sql())
    assert len(hashes) == len(ROLES)
    for method, placeholder in hashes:
        assert method == "sha256_hash"
        assert placeholder.startswith("REPLACE")  # which is no hash: ClickHouse takes none such
        assert not re.fullmatch(r"[0-9A-Fa-f]{64}", placeholder)


def test_the_command_prints_it_for_a_database_and_a_cluster_and_refuses_what_is_no_name() -> None:
    printed = CliRunner().invoke(main, ["--database", "other", "--cluster", "east"]).output
    assert "GRANT ON CLUSTER east SELECT ON other.* TO uproar_can_read;" in printed
    assert "GRANT ON CLUSTER east CLUSTER ON *.* TO uproar_can_migrate;" in printed
    for bad in ("a; DROP TABLE x", "a.b", "`", "1"):
        assert CliRunner().invoke(main, ["--database", bad]).exit_code == 2


@pytest.mark.integration
@pytest.mark.parametrize("cluster", ["", "east"])
def test_clickhouse_understands_every_statement(server_url: str, cluster: str) -> None:
    client = connect(server_url)
    for statement in split_statements(users_sql(cluster=cluster)):
        client.execute("SELECT formatQuery(%(statement)s)", {"statement": statement})
    client.disconnect()
