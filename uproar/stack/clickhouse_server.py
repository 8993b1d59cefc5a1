"""Run ClickHouse's engine out of chdb as a server: `python -m uproar.stack.clickhouse_server DIR`.

DIR holds `config.xml` and `users.xml`; a folder for logs may be named behind it. The engine is
clickhouse-local's, whose `SYSTEM START LISTEN` opens its ports for as long as a query runs; that
query reads from a pipe of ours, and closing the pipe ends it. Ends with status 0 after SIGTERM or
SIGINT, with 1 when it cannot start.

Whoever may run a query may call the engine's function `file`, which outside of a ClickHouse server
reads any file, and knows functions that connect elsewhere. So the process shuts itself in first,
where the kernel can do that: it opens its own folder, Python's and the system's libraries, and
connects to nothing.
"""

import os
import signal
import sys
import sysconfig
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from uproar.stack.confine import APPEND, EVERYTHING, READ, READ_FILE, WRITE_FILE, confine

HANDLERS_AGAIN_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""chdb puts its own signal handlers in place while it starts, more than once."""


def shut_in(folder: Path, logs: Sequence[Path]) -> bool:
    """Confine this process to what the engine needs; False where the kernel cannot."""
    engine = find_spec("chdb")
    libraries = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib")}
    if engine is not None and engine.origin is not None:
        libraries.add(str(Path(engine.origin).parents[1]))
    system = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/proc", "/sys")
    devices = ("/dev/null", "/dev/random", "/dev/urandom")
    return confine(
        [
            *((Path(name), READ) for name in (*sorted(libraries), *system)),
            *((Path(name), READ_FILE | WRITE_FILE) for name in devices),
            *((path, APPEND) for path in logs),
            (folder, EVERYTHING),
        ]
    )


def serve(folder: Path) -> int:
    """Serve until a signal comes or the engine ends; returns the exit status."""
    from chdb import (
        _chdb as engine,
    )  # before chdir: importing opens and closes an engine of its own

    os.chdir(folder)
    read_end, write_end = os.pipe()
    stop = threading.Event()
    problem: list[str] = []
    statements = (
        "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; "
        f"INSERT INTO FUNCTION null('s String') FROM INFILE '/dev/fd/{read_end}' "
        "FORMAT LineAsString"
    )

    def run() -> None:
        try:
            # The second argument becomes the default format of the HTTP interface.
            result = engine.query(  # type: ignore[attr-defined]
                statements, "TabSeparated"
            )
            if result.has_error():
                problem.append(result.error_message())
        except Exception as error:
            problem.append(str(error))
        finally:
            stop.set()

    holding = threading.Thread(target=run, daemon=True)
    holding.start()
    for seconds in HANDLERS_AGAIN_SECONDS:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        if stop.wait(seconds):
            break
    while not stop.wait(1):
        pass  # a wait without limit would never see the signal
    os.close(write_end)
    holding.join(timeout=10)
    if problem:
        sys.stderr.write(problem[0] + "\n")
    return 1 if problem else 0


if __name__ == "__main__":
    named = [Path(argument) for argument in sys.argv[1:]]
    if not shut_in(named[0], named[1:]):
        sys.stderr.write("this kernel has no Landlock: the engine may read files of its user\n")
    status = serve(named[0])
    sys.stderr.flush()
    os._exit(status)  # the engine's own threads would hold up a normal exit
