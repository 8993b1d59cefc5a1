"""What the local ClickHouse is told: on loopback only, and nobody without a password."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uproar.stack.clickhouse_files import (
    DATABASE,
    MIGRATOR,
    READER,
    WRITER,
    ClickHouseFiles,
    password_hash,
)


def files(data: Path = Path("/data"), password: str = "invented") -> ClickHouseFiles:
    return ClickHouseFiles(
        data=data,
        logs=Path("/logs"),
        tcp_port=9000,
        http_port=8123,
        migrator_password="invented, too",
        writer_password=password,
        reader_password="invented too",
    )


def texts_of(xml: str, path: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(xml).findall(path)]


@pytest.mark.parametrize("folder", ["/data", "/a & b", "/<data>", "/a/]]>/b", "/ünï/日本", '/"a"'])
def test_any_folder_arrives_as_it_is_and_a_password_as_its_hash(folder: str) -> None:
    of_folder = files(data=Path(folder), password=folder)
    assert texts_of(of_folder.config_xml(), "path") == [f"{folder}/"]
    hashed = texts_of(of_folder.users_xml(), f"users/{WRITER}/password_sha256_hex")
    assert hashed == [password_hash(folder)]


printable = st.text(st.characters(min_codepoint=32, exclude_categories=("C", "Z")), min_size=1)


@settings(deadline=None)
@given(printable)
def test_no_folder_or_password_breaks_out_of_its_element(text: str) -> None:
    of_text = files(data=Path(text), password=text)
    assert len(texts_of(of_text.config_xml(), "path")) == 1
    users = ElementTree.fromstring(of_text.users_xml()).find("users")
    assert users is not None
    assert [user.tag for user in users] == ["default", MIGRATOR, WRITER, READER]


def test_no_password_stands_in_a_file_that_a_query_can_read() -> None:
    xml = files(password="an-invented-password").users_xml()
    assert "an-invented-password" not in xml
    assert "<password>" not in xml


def test_it_listens_on_loopback_at_its_ports_and_nowhere_else() -> None:
    xml = files().config_xml()
    assert texts_of(xml, "listen_host") == ["127.0.0.1"]
    assert texts_of(xml, "tcp_port") == ["9000"]
    assert texts_of(xml, "http_port") == ["8123"]


def test_only_the_launchers_user_has_no_password_and_it_may_only_open_ports() -> None:
    xml = files().users_xml()
    users = ElementTree.fromstring(xml).find("users")
    assert users is not None
    assert [u.tag for u in users if u.find("password_sha256_hex") is None] == ["default"]
    assert texts_of(xml, "users/default/grants/query") == [
        "GRANT SYSTEM LISTEN ON *.*",
        "GRANT CREATE TEMPORARY TABLE ON *.*",
    ]
    assert texts_of(xml, "quotas/boot/interval/queries") == ["3"]
    assert texts_of(xml, "profiles/boot/max_sessions_for_user") == ["1"]


def test_the_reader_is_granted_nothing_that_writes() -> None:
    xml = files().users_xml()
    grants = texts_of(xml, f"users/{READER}/grants/query")
    assert grants == [f"GRANT SELECT ON {DATABASE}.*"]
    assert texts_of(xml, "profiles/reader/readonly") == ["1"]
