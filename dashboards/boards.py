"""The boards, in the order in which they are offered, and the variables they share."""

from dashboards import calls_to_action, entity, overview, pipeline
from dashboards.panels import Board, Panel

BOARDS: tuple[Board, ...] = (
    overview.BOARD,
    entity.BOARD,
    calls_to_action.BOARD,
    pipeline.BOARD,
)

VARIABLES = {"run": "Run", "entity": "Entity", "platform": "Platform", "lang": "Language"}
"""Name -> label. A query `variable_<name>.sql` lists the values; `run` has no All."""


def panels() -> dict[str, Panel]:
    """Return every panel by its id; one that stands on two boards is the same panel."""
    return {panel.id: panel for board in BOARDS for panel in board.panels}
