"""The folder of the local stack: private, shared between commands, honest about what is broken."""

import os
from pathlib import Path

import msgspec
import pytest

from uproar.errors import StackError
from uproar.stack.home import FolderLock, Home, StackNote, write_private

NOTE = StackNote(owner_pid=1, kafka_port=2, clickhouse_port=3, clickhouse_http_port=4)


def test_the_folder_and_what_is_secret_in_it_are_for_the_owner_only(home: Path) -> None:
    made = Home(home)
    made.secrets()
    made.write_note(NOTE)
    for path in (home, home / "secrets.json", home / "stack.json"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_secrets_are_made_once_and_are_long_and_different(home: Path) -> None:
    secrets = Home(home).secrets()
    assert Home(home).secrets() == secrets
    values = [secrets.writer_password, secrets.reader_password, secrets.author_key]
    assert len(set(values)) == 3
    assert min(map(len, values)) >= 32


def test_two_folders_have_different_secrets(tmp_path: Path) -> None:
    assert Home(tmp_path / "a").secrets() != Home(tmp_path / "b").secrets()


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"writer_password": 7}'])
def test_secrets_that_cannot_be_read_are_an_error_and_are_not_made_anew(
    home: Path, content: str
) -> None:
    made = Home(home)
    (home / "secrets.json").write_text(content)
    with pytest.raises(StackError, match=r"cannot read the generated passwords") as refused:
        made.secrets()
    assert refused.value.hint
    assert (home / "secrets.json").read_text() == content


def test_a_command_that_comes_second_takes_the_secrets_of_the_first(home: Path) -> None:
    secrets = Home(home).secrets()
    write_private(home / "secrets.json", b"{}", replace=False)
    assert Home(home).secrets() == secrets
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []


def test_a_note_is_there_from_when_it_is_written_until_it_is_removed(home: Path) -> None:
    made = Home(home)
    assert made.note() is None
    made.write_note(NOTE)
    assert Home(home).note() == NOTE
    made.write_note(msgspec.structs.replace(NOTE, config="uproar.yaml"))
    assert Home(home).note() == msgspec.structs.replace(NOTE, config="uproar.yaml")
    made.remove_note()
    made.remove_note()
    assert made.note() is None


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"owner_pid": "x"}'])
def test_a_note_that_cannot_be_read_is_as_good_as_none(home: Path, content: str) -> None:
    made = Home(home)
    (home / "stack.json").write_text(content)
    assert made.note() is None


def test_a_folder_that_cannot_be_made_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match=r"cannot use `.*/file/home`") as refused:
        Home(tmp_path / "file" / "home")
    assert "UPROAR_HOME" in str(refused.value.hint)


def test_a_lock_has_one_holder_or_several_that_share_it(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    owner, other, third = FolderLock(path), FolderLock(path), FolderLock(path)
    assert owner.acquire()
    assert not other.acquire()
    assert not other.acquire(shared=True)
    owner.release()
    owner.release()
    assert other.acquire(shared=True)
    assert third.acquire(shared=True)
    assert not owner.acquire()
    other.release()
    third.release()
    assert owner.acquire()
    owner.release()


def test_a_lock_is_not_handed_down_to_a_child(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "a.lock")
    assert lock.acquire()
    (descriptor,) = [
        int(path.name)
        for path in Path("/proc/self/fd").iterdir()
        if path.exists() and path.resolve() == tmp_path / "a.lock"
    ]
    assert not os.get_inheritable(descriptor)
    lock.release()
