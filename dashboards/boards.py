"""The boards, in the order in which they are offered, and the variables they share."""

from dashboards import calls_to_action, entity, overview, pipeline, replay
from dashboards.panels import Board, Panel

BOARDS: tuple[Board, ...] = (
    overview.BOARD,
    entity.BOARD,
    calls_to_action.BOARD,
    replay.BOARD,
    pipeline.BOARD,
)

VARIABLES = {"run": "Run", "entity": "Entity", "platform": "Platform", "lang": "Language"}
"""Name -> label. A query `variable_<name>.sql` lists the values. `run` has no All: the posts of a
replay may be those of another run again, so that sums over runs would count them twice; the panel
`runs` lists all of them side by side."""

COMPARED = "compared"
COMPARED_LABEL = "Compared with"
"""One more variable, of boards that compare runs. `variable_compared.sql` lists the values; the run
itself is one of them, and means: with none. No value means the same."""


def panels() -> dict[str, Panel]:
    """Return every panel by its id; one that stands on two boards is the same panel."""
    return {panel.id: panel for board in BOARDS for panel in board.panels}
