"""Pipeline: is everything that was read stored, counted and accounted for?"""

from dashboards.panels import Board, Column, Panel

RECONCILIATION = Panel(
    id="reconciliation",
    title="Records read, and what became of them",
    why="Read = kept + filtered + deletions + unreadable. Anything left over is a loss of ours.",
    unit="records",
    shape="stats",
    height=4,
    columns=(
        Column(name="read_records", label="Read", unit="records"),
        Column(name="kept_posts", label="Kept", unit="records", color="blue"),
        Column(name="filtered_posts", label="Filtered", unit="records"),
        Column(name="deletions", label="Deletions", unit="records"),
        Column(name="unreadable_records", label="Unreadable", unit="records", color="orange"),
        Column(name="left_over", label="Left over", unit="records"),
    ),
)

WATERMARKS = Panel(
    id="watermarks_by_partition",
    title="Watermark of each partition",
    why="Everything observed before this time is stored. The oldest one holds the run back.",
    unit="time",
    shape="table",
    width=7,
    height=10,
    empty="No watermark yet",
    columns=(
        Column(name="stream", label="Stream", unit="name"),
        Column(name="source", label="Source", unit="name"),
        Column(name="partition", label="Partition", unit="records"),
        Column(name="watermark", label="Stored up to", unit="time"),
        Column(name="position", label="Input records", unit="records"),
        Column(name="stored_at", label="Last heard of", unit="time"),
    ),
)

STORING_DELAY = Panel(
    id="storing_delay",
    title="Time from receipt to storage, by time of observation",
    why="Above a few seconds, the streams or the sink are behind.",
    unit="seconds",
    shape="line",
    width=5,
    height=10,
    columns=(
        Column(name="median_seconds", label="Half are faster", unit="seconds", color="blue"),
        Column(name="late_seconds", label="95% are faster", unit="seconds", color="orange"),
    ),
)

DEAD_LETTERS = Panel(
    id="dead_letters_by_reason",
    title="Dead letters by reason, over the whole run",
    why="What could not be used and why, with the newest example of each.",
    unit="records",
    shape="table",
    height=9,
    empty="No dead letters: everything could be used",
    columns=(
        Column(name="stage", label="Stage", unit="name"),
        Column(name="reason", label="Reason", unit="text"),
        Column(name="letters", label="Dead letters", unit="records", color="orange"),
        Column(name="last_at", label="Last", unit="time"),
        Column(name="newest_place", label="Newest example", unit="text"),
        Column(name="newest_detail", label="What was wrong with it", unit="text"),
    ),
)

RUNS = Panel(
    id="runs",
    title="Runs, last heard of first",
    why="What is stored, and the time it covers. Choose a run to see it.",
    unit="records",
    shape="table",
    height=9,
    empty="No run has reported yet",
    columns=(
        Column(name="run", label="Run", unit="name"),
        Column(name="state", label="State", unit="state"),
        Column(name="read_records", label="Read", unit="records"),
        Column(name="kept_posts", label="Kept", unit="records"),
        Column(name="first_at", label="Covers from", unit="time"),
        Column(name="last_at", label="To", unit="time"),
        Column(name="reported_at", label="Last heard of", unit="time"),
        Column(name="inputs", label="Inputs", unit="text"),
    ),
)

BOARD = Board(
    id="pipeline",
    title="Pipeline",
    why="Whether the figures may be trusted",
    panels=(RECONCILIATION, WATERMARKS, STORING_DELAY, DEAD_LETTERS, RUNS),
)
