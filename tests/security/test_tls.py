"""TLS to ClickHouse: who is trusted gets the password, and nobody else."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from tests.security.conftest import Secured
from tests.security.tls import Authority, door
from uproar.clickhouse import connect, read, read_url, reported
from uproar.errors import StoreUnavailable

pytestmark = pytest.mark.integration


class Doors(msgspec.Struct, frozen=True):
    """Where TLS is spoken: by whom it should be, under another name, and to known clients only."""

    right: int
    elsewhere: int
    choosy: int
    plain: int
    authority: Authority
    other_authority: Authority
    client: tuple[Path, Path]
    login: str
    came: list[str]

    def ask(
        self, port: int, scheme: str = "clickhouses", host: str = "127.0.0.1", **options: Path | str
    ) -> list[tuple[int]]:
        """Run a query over a door and return its rows."""
        query = "&".join(f"{name}={quote(str(value))}" for name, value in options.items())
        url = f"{scheme}://{self.login}@{host}:{port}/uproar?{query}"
        with reported(url), connect(url) as client:
            return list(read(client, "SELECT count() FROM runs").rows)


@pytest.fixture(scope="module")
def doors(secured: Secured, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    other = Authority(tmp_path_factory.mktemp("other"), "Another authority")
    url = read_url(secured.running.endpoints.reader_url)
    assert url.port is not None
    right = authority.sign("server", "IP:127.0.0.1", "DNS:localhost")
    wrong = authority.sign("elsewhere", "DNS:elsewhere.example")
    client = authority.sign("client", "DNS:client.example")
    with (
        door(url.port, right) as (port, came),
        door(url.port, wrong) as (elsewhere, _),
        door(url.port, right, authority.certificate) as (choosy, _),
    ):
        login = f"{url.username}:{url.password}"
        yield Doors(port, elsewhere, choosy, url.port, authority, other, client, login, came)


def refusal(doors: Doors, port: int, **options: object) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as refused:
        doors.ask(port, **options)  # type: ignore[arg-type]
    assert doors.login.partition(":")[2] not in str(refused.value) + str(refused.value.hint)
    return refused.value


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_with_a_certificate_of_the_named_authority_is_spoken_to(
    doors: Doors, host: str
) -> None:
    assert doors.ask(doors.right, host=host, ca_certs=doors.authority.certificate) == [(0,)]
    assert doors.came[-1] in ("TLSv1.2", "TLSv1.3")


def test_an_authority_that_nobody_named_is_not_trusted(doors: Doors) -> None:
    error = refusal(doors, doors.right)
    assert "certificate verify failed" in str(error)
    assert "?ca_certs=FILE" in str(error.hint)


def test_a_certificate_of_another_authority_is_not_trusted(doors: Doors) -> None:
    error = refusal(doors, doors.right, ca_certs=doors.other_authority.certificate)
    assert "certificate verify failed" in str(error)


def test_a_certificate_for_another_host_is_not_trusted(doors: Doors) -> None:
    error = refusal(doors, doors.elsewhere, ca_certs=doors.authority.certificate)
    assert "IP address mismatch" in str(error)
    assert "must be in the certificate" in str(error.hint)
    error = refusal(doors, doors.elsewhere, host="localhost", ca_certs=doors.authority.certificate)
    assert "ostname mismatch" in str(error)
    assert "must stand in the certificate" in str(error.hint)


def test_a_host_may_be_known_by_another_name_where_the_url_says_so(doors: Doors) -> None:
    trusted = doors.authority.certificate
    assert doors.ask(doors.elsewhere, ca_certs=trusted, server_hostname="elsewhere.example")


def test_a_client_certificate_is_shown_where_one_is_asked_for(doors: Doors) -> None:
    trusted = doors.authority.certificate
    certificate, key = doors.client
    assert doors.ask(doors.choosy, ca_certs=trusted, certfile=certificate, keyfile=key) == [(0,)]
    error = refusal(doors, doors.choosy, ca_certs=trusted)
    assert "?certfile=FILE" in str(error.hint)


def test_tls_to_a_port_without_it_is_told(doors: Doors) -> None:
    error = refusal(doors, doors.plain, ca_certs=doors.authority.certificate)
    assert "this port speaks no TLS" in str(error.hint)


def test_plain_text_to_a_port_with_tls_is_told(doors: Doors) -> None:
    error = refusal(doors, doors.right, scheme="clickhouse")
    assert "clickhouses://" in str(error.hint)


@pytest.mark.parametrize("option", ["ca_certs", "certfile", "keyfile"])
def test_a_file_that_is_not_there_is_named(doors: Doors, tmp_path: Path, option: str) -> None:
    error = refusal(doors, doors.right, **{option: tmp_path / "none.pem"})
    assert "none.pem" in str(error)
    assert option in str(error)
