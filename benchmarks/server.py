"""A ClickHouse of the local stack in a folder of its own, with its memory limit."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from uproar.stack.home import Home
from uproar.stack.servers import start_clickhouse


class Server(msgspec.Struct, frozen=True):
    """Where it listens: for one who may do all, and for one who reads, with a reader's limits."""

    writer_url: str
    reader_url: str
    pid: int

    def spent(self) -> float:
        """Return the seconds of processor time that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_bytes(self) -> int:
        """Return the most memory that it has held since it started."""
        lines = Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines()
        held = {name: value for name, _, value in (line.partition(":") for line in lines)}
        return int(held["VmHWM"].split()[0]) * 1024


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Serve the data of `folder` for as long as the context lasts."""
    home = Home(folder)
    child, port, _ = start_clickhouse(home, 0, 0)
    secrets = home.secrets()
    try:
        yield Server(
            f"clickhouse://migrator:{secrets.migrator_password}@127.0.0.1:{port}/uproar",
            f"clickhouse://reader:{secrets.reader_password}@127.0.0.1:{port}/uproar",
            child.pid or 0,
        )
    finally:
        child.stop()
