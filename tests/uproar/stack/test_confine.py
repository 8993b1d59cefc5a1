"""A process that has shut itself in: what it can still open, and that it cannot undo it."""

import subprocess
import sys
from pathlib import Path

import pytest

SHUT_IN = """
import os, socket, sys, threading
from pathlib import Path
from uproar.stack.confine import APPEND, EVERYTHING, READ, confine
mine, logs, readable = map(Path, sys.argv[1:4])
is_confined = confine(
    [(mine, EVERYTHING), (logs, APPEND), (readable, READ), (Path("/no/such/path"), READ)]
)
if not is_confined:
    sys.exit(77)

def attempt(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "done"

def connect():
    with socket.socket() as one:
        one.connect(("127.0.0.1", 9))

for what in (
    lambda: (mine / "made").write_text("x"),
    lambda: (mine / "made").read_text(),
    lambda: (mine / "made").rename(mine / "renamed"),
    lambda: (mine / "folder").mkdir(),
    lambda: (logs / "log").write_text("x"),
    lambda: readable.read_text(),
    lambda: (logs / "log").read_text(),
    lambda: readable.write_text("x"),
    lambda: Path("/etc/passwd").read_text(),
    lambda: (mine / ".." / "secret").read_text(),
    lambda: (mine / "link").symlink_to("/etc/passwd") or (mine / "link").read_text(),
    lambda: os.listdir("/"),
    lambda: Path("/tmp/uproar-not-to-be-made").write_text("x"),
    connect,
):
    print(attempt(what))
told = []
other = threading.Thread(target=lambda: told.append(attempt(Path("/etc/passwd").read_text)))
other.start()
other.join()
print(told[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Landlock")
def test_a_process_that_shut_itself_in_opens_what_it_may_and_nothing_else(tmp_path: Path) -> None:
    mine, logs, readable = tmp_path / "mine", tmp_path / "logs", tmp_path / "readable"
    mine.mkdir()
    logs.mkdir()
    readable.write_text("x")
    (tmp_path / "secret").write_text("x")
    ended = subprocess.run(
        [sys.executable, "-c", SHUT_IN, str(mine), str(logs), str(readable)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if ended.returncode == 77:
        pytest.skip("this kernel has no Landlock")
    assert ended.returncode == 0, ended.stderr
    results = ended.stdout.split()
    assert results[:6] == ["done"] * 6
    *files, connected, in_a_thread = results[6:]
    assert files == ["PermissionError"] * 7
    assert connected in ("PermissionError", "ConnectionRefusedError")  # the latter before Linux 6.7
    assert in_a_thread == "PermissionError"


def test_elsewhere_nothing_is_confined_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from uproar.stack.confine import confine

    monkeypatch.setattr(sys, "platform", "darwin")
    assert not confine([])
