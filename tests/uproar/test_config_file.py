"""An edit counts at once; a mistake made while running changes nothing."""

import logging
import os
from pathlib import Path

import pytest

from uproar.config_file import ConfigFile, read_config
from uproar.errors import ConfigError


def written(name: str) -> str:
    return f"entities:\n  - id: epik\n    name: {name}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "uproar.yaml"
    path.write_text(written("Epik"))
    return path


def names(file: ConfigFile) -> list[str]:
    return [entity.name for entity in file.current().entities]


def test_a_missing_file_is_told_with_the_way_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no `.*none\.yaml`") as refused:
        read_config(tmp_path / "none.yaml")
    assert "uproar init" in str(refused.value.hint)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Is a directory"):
        read_config(tmp_path)


def test_a_file_that_is_not_utf8_is_told_with_line_and_byte(path: Path) -> None:
    path.write_bytes(written("Epik").encode() + b"    aliases: [Caf\xe9]\n")
    with pytest.raises(ConfigError) as refused:
        read_config(path)
    assert str(refused.value) == f"{path}:4: wanted UTF-8, found the byte 0xE9"


def test_a_mistake_is_told_with_the_file_as_it_was_named(path: Path) -> None:
    path.write_text("entities: []\n")
    with pytest.raises(ConfigError, match=r"uproar\.yaml:1: wanted "):
        read_config(path)


def test_nothing_starts_with_a_mistake(path: Path) -> None:
    path.write_text("")
    with pytest.raises(ConfigError):
        ConfigFile(path)


def test_an_edit_counts_at_once_and_no_edit_costs_nothing(path: Path) -> None:
    file = ConfigFile(path)
    before = file.current()
    assert file.current() is before
    path.write_text(written("Epik Inc."))
    assert names(file) == ["Epik Inc."]


def test_a_file_that_is_replaced_by_one_of_the_same_size_and_time_counts(path: Path) -> None:
    file = ConfigFile(path)
    state = path.stat()
    other = path.with_name("edited.yaml")
    other.write_text(written("Gabb"))
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(path)
    assert names(file) == ["Gabb"]


def test_a_mistake_made_while_running_is_logged_once_and_the_last_good_version_stays(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = ConfigFile(path)
    path.write_text(written("Epik").replace("name", "nmae"))
    with caplog.at_level(logging.INFO, "uproar.config_file"):
        assert names(file) == ["Epik"]
        assert names(file) == ["Epik"]
    (told,) = caplog.records
    assert "uproar.yaml:3: no such key: `nmae`" in told.getMessage()
    path.write_text(written("Mended"))
    assert names(file) == ["Mended"]


def test_a_file_that_goes_away_changes_nothing_until_it_is_back(path: Path) -> None:
    file = ConfigFile(path)
    path.unlink()
    assert names(file) == ["Epik"]
    path.write_text(written("Back"))
    assert names(file) == ["Back"]
