"""The folder of the local stack: its locks, secrets and the note that says where the servers are.

home/
├── stack.lock      held by the command that runs the stack
├── users.lock      held shared by each command that uses it: its owner waits for them
├── stack.json      where the servers of a running stack listen (absent when none runs)
├── secrets.json    generated passwords and the key of author pseudonyms, for the owner only
├── clickhouse/     configuration and data
└── logs/           what each process printed
"""

import fcntl
import os
import secrets
from pathlib import Path

import msgspec

from uproar.errors import StackError
from uproar.guarded import Guarded


class Secrets(Guarded, frozen=True, kw_only=True):
    """What is generated once a folder; readable by its owner only.

    The migrator's password came later than the others: a folder from before gets one.
    """

    migrator_password: str = ""
    writer_password: str
    reader_password: str
    author_key: str
    retired_author_keys: tuple[str, ...] = ()


class StackNote(msgspec.Struct, frozen=True, kw_only=True):
    """Where the servers of a running stack listen; 0 for a server that is not ours.

    `config` is the file that its stages go by; empty while no stages run.
    """

    owner_pid: int
    kafka_port: int
    clickhouse_port: int
    clickhouse_http_port: int
    page_port: int = 0
    grafana_port: int = 0
    config: str = ""


class Home:
    """The folder, made on first use. Raises StackError when it cannot be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()
        self.logs = self.folder / "logs"
        self.clickhouse = self.folder / "clickhouse"
        try:
            for part in (self.folder, self.logs, self.clickhouse):
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
                part.chmod(0o700)
        except OSError as error:
            raise StackError(
                f"cannot use `{self.folder}` for the local stack's data: {error.strerror}",
                hint="set `UPROAR_HOME` to a folder that you can write to",
            ) from error

    def secrets(self) -> Secrets:
        """Return the generated secrets, making them on first use."""
        path = self.folder / "secrets.json"
        if not path.exists():
            made = Secrets(
                migrator_password=secrets.token_urlsafe(24),
                writer_password=secrets.token_urlsafe(24),
                reader_password=secrets.token_urlsafe(24),
                author_key=secrets.token_hex(32),
            )
            write_private(path, msgspec.json.encode(made), replace=False)
        try:
            found = msgspec.json.decode(path.read_bytes(), type=Secrets)
            if not found.migrator_password:
                made = msgspec.structs.replace(found, migrator_password=secrets.token_urlsafe(24))
                write_private(path, msgspec.json.encode(made), replace=True)
                found = made
            return found
        except (OSError, msgspec.MsgspecError) as error:
            raise StackError(
                f"cannot read the generated passwords in `{path}`: {error}",
                hint="restore the file, or remove the whole folder to start with empty tables",
            ) from error

    def rotate_author_key(self) -> None:
        """Name authors by a new key from now on; the old one is kept, to find them again."""
        kept = self.secrets()
        turned = msgspec.structs.replace(
            kept,
            author_key=secrets.token_hex(32),
            retired_author_keys=(kept.author_key, *kept.retired_author_keys),
        )
        write_private(self.folder / "secrets.json", msgspec.json.encode(turned), replace=True)

    def forget_retired_keys(self) -> None:
        """Destroy the old keys: nobody can tell any more who is behind their pseudonyms."""
        kept = msgspec.structs.replace(self.secrets(), retired_author_keys=())
        write_private(self.folder / "secrets.json", msgspec.json.encode(kept), replace=True)

    def note(self) -> StackNote | None:
        """Return where the running stack's servers listen; None when no note is there."""
        try:
            return msgspec.json.decode((self.folder / "stack.json").read_bytes(), type=StackNote)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None

    def write_note(self, note: StackNote) -> None:
        """Tell other commands where the servers listen."""
        write_private(self.folder / "stack.json", msgspec.json.encode(note), replace=True)

    def remove_note(self) -> None:
        """Tell other commands that no stack runs."""
        (self.folder / "stack.json").unlink(missing_ok=True)


def write_private(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file in one step, readable by its owner only; an existing one is kept or replaced."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        if replace:
            partial.replace(path)
        else:
            path.hardlink_to(partial)
    except FileExistsError:
        pass  # another command was first; its secrets count
    finally:
        partial.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Tell whether a process of that id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's, but there
    return True


class FolderLock:
    """An advisory lock on a file, freed by the kernel when its holder is gone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, shared: bool = False) -> bool:
        """Take the lock; False when somebody else has it."""
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Free the lock, if held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
