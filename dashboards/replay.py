"""Replay: two runs side by side, or one in its own time."""

from dashboards.overview import ENTITY
from dashboards.panels import Board, Column, Panel
from dashboards.pipeline import RUNS

_ALIGNED = (
    "Both are taken over the same time of events; where the two runs share none, the compared one "
    "is moved so that both begin together."
)

BOTH_TOTALS = Panel(
    id="replay_totals",
    title="The totals of both runs",
    why=f"Whether two readings of the past, or two events, are alike in size and mood. {_ALIGNED}",
    unit="posts",
    shape="table",
    height=5,
    columns=(
        Column(name="run", label="Run", unit="name", opens="run"),
        Column(name="mentions", label="Mentions", unit="posts", color="blue"),
        Column(name="unique_authors", label="Unique authors", unit="authors"),
        Column(name="negative_share", label="Negative share", unit="share", color="vermillion"),
        Column(name="abstain_share", label="Not judged", unit="share"),
        Column(name="mean_score", label="Mean score", unit="score"),
        Column(name="posts_against", label="Calls against", unit="posts", color="vermillion"),
        Column(name="posts_for", label="Calls in support", unit="posts", color="blue"),
        Column(name="from_at", label="From", unit="time"),
        Column(name="to_at", label="To", unit="time"),
    ),
)

BOTH_VOLUMES = Panel(
    id="replay_volume",
    title="Posts per interval, of both runs",
    why=f"Whether they rise and fall alike. {_ALIGNED} The time shown is that of the run.",
    unit="posts",
    shape="line",
    height=9,
)

BOTH_ENTITIES = Panel(
    id="replay_entities",
    title="What differs, entity by entity",
    why="Where two readings of the same posts disagree, or how two events differ; the largest "
    f"difference first. {_ALIGNED}",
    unit="posts",
    shape="table",
    height=9,
    columns=(
        ENTITY,
        Column(name="mentions", label="Mentions", unit="posts", color="blue"),
        Column(name="compared_mentions", label="Compared", unit="posts", color="orange"),
        Column(name="difference", label="Difference", unit="posts"),
        Column(name="negative_share", label="Negative share", unit="share"),
        Column(name="compared_negative", label="Compared", unit="share"),
        Column(name="posts_against", label="Calls against", unit="posts"),
        Column(name="compared_against", label="Compared", unit="posts"),
        Column(name="against_difference", label="Difference", unit="posts"),
    ),
)

BOTH_CALLS = Panel(
    id="replay_calls",
    title="What the crowds of both runs call for",
    why=f"Posts with each kind of call, in both. {_ALIGNED}",
    unit="posts",
    shape="table",
    width=6,
    height=9,
    empty="No calls to action in this range of either run",
    columns=(
        Column(name="action", label="Action", unit="name"),
        Column(name="direction", label="Direction", unit="name"),
        Column(name="posts_calling", label="Posts", unit="posts", color="blue"),
        Column(name="compared_calling", label="Compared", unit="posts", color="orange"),
        Column(name="difference", label="Difference", unit="posts"),
    ),
)

READINGS = Panel(
    id="replay_readings",
    title="By what each run was read",
    why="Two runs can be compared as crowds only where models, rules and entities are the same; "
    "where these differ, their difference is one of reading.",
    unit="name",
    shape="table",
    width=6,
    height=9,
    empty="Neither run has told by what it goes",
    columns=(
        Column(name="fact", label="What", unit="name"),
        Column(name="in_run", label="Run", unit="name"),
        Column(name="in_compared", label="Compared", unit="name"),
        Column(name="state", label="State", unit="state"),
    ),
)

BOARD = Board(
    id="replay",
    title="Replay",
    why="Two runs side by side, or one in its own time",
    compares_runs=True,
    panels=(BOTH_TOTALS, BOTH_VOLUMES, BOTH_ENTITIES, BOTH_CALLS, READINGS, RUNS),
)
