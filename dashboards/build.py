"""Writes the Grafana boards as files, and tells which files are not what would be written."""

from pathlib import Path

import msgspec

from dashboards.boards import BOARDS
from dashboards.render_grafana import render_board, uid_of

GRAFANA = Path(__file__).with_name("grafana")
"""Where the boards lie in this repository; provisioning mounts the folder."""


def render_all() -> dict[str, str]:
    """Return each file's name and text."""
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


def build(out: Path = GRAFANA) -> list[Path]:
    """Write every board into `out`, and return the files written."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in render_all().items():
        path = out / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def check(out: Path = GRAFANA) -> list[str]:
    """Return the names of boards that are missing in `out`, differ, or are no board of ours."""
    wanted = render_all()
    found = {path.name: path.read_text(encoding="utf-8") for path in out.glob("*.json")}
    return sorted(name for name in wanted | found if wanted.get(name) != found.get(name))
