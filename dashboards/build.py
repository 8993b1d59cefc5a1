"""Writes Grafana's boards and alert rules as files, and tells which are out of date."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from dashboards.boards import BOARDS
from dashboards.grafana_files import alerting_files
from dashboards.render_grafana import render_board, uid_of

GRAFANA = Path(__file__).with_name("grafana")
"""Where the files lie in this repository; provisioning mounts the folder."""

ALERTING = "provisioning/alerting"


def render_all() -> dict[str, str]:
    """Return the name and text of each board's file."""
    return {
        f"{uid_of(board.id)}.json": msgspec.json.format(
            msgspec.json.encode(
                render_board(board, tuple(other for other in BOARDS if other is not board))
            ),
            indent=2,
        ).decode()
        + "\n"
        for board in BOARDS
    }


def render_files() -> dict[str, str]:
    """Return the path within the folder and the text of every generated file."""
    rules = {f"{ALERTING}/{name}": text for name, text in alerting_files().items()}
    return render_all() | rules


def build(out: Path = GRAFANA) -> list[Path]:
    """Write every file into `out`, and return those written."""
    written = []
    for name, text in render_files().items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def differing(out: Path = GRAFANA) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each file that is not what would be written, with both texts.

    One that is missing is found empty, one that is no file of ours is wanted empty.
    """
    wanted = render_files()
    found = {
        str(path.relative_to(out)): path.read_text(encoding="utf-8")
        for pattern in ("*.json", f"{ALERTING}/*.yaml")
        for path in out.glob(pattern)
    }
    for name in sorted(wanted | found):
        if wanted.get(name) != found.get(name):
            yield name, found.get(name, ""), wanted.get(name, "")


def check(out: Path = GRAFANA) -> list[str]:
    """Return the names of files that are missing in `out`, differ, or are none of ours."""
    return [name for name, _, _ in differing(out)]
