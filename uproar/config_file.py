"""`uproar.yaml` on disk: read when a command starts, and again whenever it changes."""

import logging
from pathlib import Path

from uproar.config import Config, parse_config
from uproar.errors import ConfigError

log = logging.getLogger(__name__)


def read_config(path: Path) -> Config:
    """Read the file. Raises ConfigError when it is missing or has a mistake."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(
            f"there is no `{path}`, so nothing is tracked",
            hint="`uproar init` writes a commented one; `--config FILE` names another",
        ) from error
    except OSError as error:
        raise ConfigError(f"cannot read `{path}`: {error.strerror}") from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}:{line}: wanted UTF-8, found the byte 0x{content[error.start]:02X}",
            hint="save the file in UTF-8",
        ) from error
    return parse_config(text, str(path))


class ConfigFile:
    """The configuration as it stands now: an edit counts at once, without a restart.

    A mistake made while running is logged and the last good version stays in force.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = self._look()
        self._config = read_config(path)

    def current(self) -> Config:
        """Return the newest good version; the same object as long as nothing changed."""
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._config = read_config(self._path)
                log.info("read %s again: it changed", self._path)
            except ConfigError as error:
                log.error("%s; the version before stays in force", error)
        return self._config

    def _look(self) -> tuple[int, int, int]:
        try:
            state = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (state.st_mtime_ns, state.st_size, state.st_ino)
