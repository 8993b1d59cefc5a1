"""A secret may stand in a file, as Docker and Kubernetes hand it over."""

import logging
from pathlib import Path

import pytest

from uproar.errors import SettingsError
from uproar.settings import Settings, is_secret

SECRET = "an-invented-secret"
SECRET_SETTINGS = sorted(field for field in Settings.__struct_fields__ if is_secret(field))


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A file for its owner only that holds the secret."""
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    return path


def read(**env: str) -> Settings:
    return Settings.from_env({"HOME": "/home/ada", **env})


def mistake(**env: str) -> str:
    with pytest.raises(SettingsError) as refused:
        read(**env)
    told = f"{refused.value} {refused.value.hint}"
    assert SECRET not in told
    return told


@pytest.mark.parametrize("field", SECRET_SETTINGS)
def test_every_secret_setting_may_stand_in_a_file(held: Path, field: str) -> None:
    settings = read(**{f"UPROAR_{field.upper()}_FILE": str(held)})
    assert getattr(settings, field) == SECRET


@pytest.mark.parametrize("content", ["x", "x\n", "x\r\n", "x\n\n"])
def test_line_ends_behind_the_secret_do_not_belong_to_it(held: Path, content: str) -> None:
    held.write_text(content)
    assert read(UPROAR_KAFKA_PASSWORD_FILE=str(held)).kafka_password == "x"


def test_spaces_belong_to_the_secret(held: Path) -> None:
    held.write_text(" x \n")
    assert read(UPROAR_KAFKA_PASSWORD_FILE=str(held)).kafka_password == " x "


def test_a_variable_and_its_file_together_are_a_mistake(held: Path) -> None:
    told = mistake(UPROAR_KAFKA_PASSWORD=SECRET, UPROAR_KAFKA_PASSWORD_FILE=str(held))
    assert "both `UPROAR_KAFKA_PASSWORD` and `UPROAR_KAFKA_PASSWORD_FILE` are set" in told


def test_an_empty_variable_is_as_good_as_none(held: Path) -> None:
    held_one = read(UPROAR_KAFKA_PASSWORD="", UPROAR_KAFKA_PASSWORD_FILE=str(held))
    assert held_one.kafka_password == SECRET
    assert read(UPROAR_KAFKA_PASSWORD_FILE="").kafka_password == ""


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "found nothing"),
        ("\n", "found nothing"),
        (f"{SECRET}\n{SECRET}\n", "found 2 lines"),
        ("x" * 70_000, "found 1 lines of 65537 bytes"),
    ],
)
def test_a_file_that_holds_no_single_secret_is_a_mistake(
    held: Path, content: str, found: str
) -> None:
    held.write_text(content)
    assert found in mistake(UPROAR_KAFKA_PASSWORD_FILE=str(held))


def test_a_file_that_is_no_text_is_a_mistake(held: Path) -> None:
    held.write_bytes(SECRET.encode() + b"\xff\xfe")
    assert "it is no text" in mistake(UPROAR_KAFKA_PASSWORD_FILE=str(held))


def test_a_file_that_is_not_there_or_a_folder_is_a_mistake(tmp_path: Path) -> None:
    assert "which is not there" in mistake(UPROAR_KAFKA_PASSWORD_FILE=str(tmp_path / "none"))
    assert "which is no file" in mistake(UPROAR_KAFKA_PASSWORD_FILE=str(tmp_path))
    assert "which is no file" in mistake(UPROAR_KAFKA_PASSWORD_FILE="/dev/zero")


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o640, False), (0o644, True)])
def test_a_file_that_everybody_can_read_is_used_and_warned_of(
    held: Path, mode: int, is_told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    held.chmod(mode)
    with caplog.at_level(logging.WARNING):
        assert read(UPROAR_KAFKA_PASSWORD_FILE=str(held)).kafka_password == SECRET
    assert ("everybody on this machine can read" in caplog.text) == is_told
    assert SECRET not in caplog.text


def test_only_a_secret_may_stand_in_a_file(held: Path) -> None:
    assert "no such setting: `UPROAR_WORKERS_FILE`" in mistake(UPROAR_WORKERS_FILE=str(held))


def test_a_setting_that_is_itself_a_file_is_not_read(held: Path) -> None:
    assert read(UPROAR_KAFKA_CA_FILE=str(held)).kafka_ca_file == str(held)
