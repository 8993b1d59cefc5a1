"""What Grafana's alerts say, and the panel that each belongs to. Pure.

There is no `$` in annotations: in provisioning files, some versions of Grafana would take it for a
variable.
"""

import msgspec

from dashboards.alerts.lateness import LATE_AFTER
from dashboards.boards import BOARDS
from dashboards.render_grafana import number_of, uid_of

COUNTED = ("volume", "calls_to_action", "calls_share", "negative_share")
"""Signals that a rule counts by itself, from the totals."""

JUDGED = ("spike", "new_term", "author_share", "copies_share")
"""Signals of which a rule asks what the watcher has announced."""

LATE = "late"
LATE_SECONDS = round(LATE_AFTER.total_seconds())

RUNBOOK = "docs/grafana.md"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """How a signal reads, and the panel that shows it: the first of these that is on the board."""

    title: str
    summary: str
    seen: str
    board: str = "entity"
    panels: tuple[str, ...] = ("volume",)


_COUNT = "{{ .Values.A.Value }}"
_SHARE = "{{ humanizePercentage .Values.A.Value }}"

SHOWN = {
    "volume": Shown(
        title="Many posts", summary="Many posts about {{ .Labels.entity }}", seen=f"{_COUNT} posts"
    ),
    "calls_to_action": Shown(
        title="Calls to action",
        summary="Calls to act about {{ .Labels.entity }}",
        seen=f"{_COUNT} posts",
        panels=("calls_by_action",),
    ),
    "calls_share": Shown(
        title="Large share of calls to action",
        summary="Much of what is said about {{ .Labels.entity }} calls for action",
        seen=_SHARE,
        panels=("calls_by_action",),
    ),
    "negative_share": Shown(
        title="Large share of negative posts",
        summary="The mood about {{ .Labels.entity }} is bad",
        seen=f"{_SHARE} negative",
        panels=("sentiment",),
    ),
    "spike": Shown(
        title="Spike over the expected",
        summary="A spike in posts about {{ .Labels.entity }}",
        seen=f"{_COUNT} posts in 15m as it began",
    ),
    "new_term": Shown(
        title="New term",
        summary="Many begin to say {{ .Labels.term }} about {{ .Labels.entity }}",
        seen=f"{_COUNT} authors as it began",
        panels=("new_terms", "volume"),
    ),
    "author_share": Shown(
        title="One loud author",
        summary="One author writes much of what is said about {{ .Labels.entity }}",
        seen=f"{_SHARE} of the posts as it began",
        panels=("loudest_authors",),
    ),
    "copies_share": Shown(
        title="Large share of copies",
        summary="Much of what is said about {{ .Labels.entity }} is copied",
        seen=f"{_SHARE} of the posts as it began",
        panels=("amplification", "volume"),
    ),
    LATE: Shown(
        title="Data late",
        summary="{{ .Labels.part }} is late: the other alerts cannot be trusted, this is not calm",
        seen="{{ humanizeDuration .Values.A.Value }} behind",
        board="pipeline",
        panels=("watermarks_by_partition",),
    ),
}
"""Signal -> how it reads."""

_ENTITY_BOARD = (
    r"{{ reReplaceAll `/\z` `` externalURL }}"
    "/d/uproar-entity?var-run=live&var-entity={{ .Labels.entity }}"
)
_PIPELINE_BOARD = r"{{ reReplaceAll `/\z` `` externalURL }}/d/uproar-pipeline?var-run=live"


def annotations(signal: str) -> dict[str, str]:
    """Return the annotations of a signal's rule."""
    shown = SHOWN[signal]
    uid, number = _panel(shown)
    return {
        "summary": _where_asked(shown.summary, f"{shown.title}: ClickHouse could not be asked"),
        "description": _where_asked(_description(signal), "Nothing is known: this is not calm."),
        "board": _PIPELINE_BOARD
        if signal == LATE
        else _where_asked(_ENTITY_BOARD, _PIPELINE_BOARD),
        "runbook": f"{RUNBOOK}#{signal.replace('_', '-')}",
        "__dashboardUid__": uid,
        "__panelId__": str(number),
    }


def _description(signal: str) -> str:
    seen = SHOWN[signal].seen
    if signal == LATE:
        return f"Seen: {seen}. Expected: at most {LATE_SECONDS} s."
    if signal in COUNTED:
        return f"Seen: {seen}. It fires at {{{{ .Labels.wanted }}}}."
    return (
        f"Seen: {seen}. Expected: {{{{ .Labels.wanted }}}}. Since {{{{ .Labels.since }}}} UTC. "
        "The figures behind it: `uproar alerts explain {{ .Labels.alert }}`."
    )


def _where_asked(text: str, otherwise: str) -> str:
    """Return a template for both: where ClickHouse could not be asked there are no values."""
    return f"{{{{ if .Values.A }}}}{text}{{{{ else }}}}{otherwise}{{{{ end }}}}"


def _panel(shown: Shown) -> tuple[str, int]:
    board = next(board for board in BOARDS if board.id == shown.board)
    there = {panel.id for panel in board.panels}
    panel = next((panel for panel in shown.panels if panel in there), board.panels[0].id)
    return uid_of(board.id), number_of(board, panel)
