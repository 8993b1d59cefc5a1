"""Secrets that stand in files, as Docker and Kubernetes hand them over: `X_FILE` names X's file."""

import logging
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from uproar.errors import SettingsError

SUFFIX = "_FILE"
MOST_BYTES = 65_536
"""Far more than any password, so that a wrong path does not read an archive into memory."""

log = logging.getLogger(__name__)


def with_secret_files(env: Mapping[str, str], secrets: Collection[str]) -> dict[str, str]:
    """Return the environment with each X_FILE of `secrets` replaced by X, as its file says.

    Line ends behind the secret do not belong to it. Raises SettingsError where both are given, and
    where the file cannot be read, is empty or has several lines; no message shows what is in it.
    A file that everybody on the machine can read is used, and warned of.
    """
    read = dict(env)
    for name in sorted(secrets):
        if path := read.pop(name + SUFFIX, ""):
            if read.get(name):
                raise SettingsError(
                    f"both `{name}` and `{name}{SUFFIX}` are set", hint="unset one of them"
                )
            read[name] = secret_in(name + SUFFIX, Path(path).expanduser())
    return read


def secret_in(variable: str, path: Path) -> str:
    """Return the one line of a file. Raises SettingsError, which does not show it."""
    try:
        if not path.is_file():
            raise SettingsError(
                f"`{variable}` names `{path}`, which is {_what_is_there(path)}",
                hint="wanted a file that holds the secret and nothing else",
            )
        if path.stat().st_mode & stat.S_IROTH:
            log.warning(
                "everybody on this machine can read `%s`, the secret of `%s`: chmod 600 it "
                "(Kubernetes: `defaultMode: 0400`)",
                path,
                variable,
            )
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        text = content.decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"cannot read `{path}`, which `{variable}` names: {why}") from None
    if not text or len(content) > MOST_BYTES or len(text.splitlines()) > 1:
        found = "nothing" if not text else f"{len(text.splitlines())} lines of {len(content)} bytes"
        raise SettingsError(
            f"cannot use `{path}`, which `{variable}` names: wanted one line, found {found}"
        )
    return text


def _what_is_there(path: Path) -> str:
    return "not there" if not path.exists() else "no file"
