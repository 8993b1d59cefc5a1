"""Pipeline: is everything that was read stored, counted and accounted for?"""

from dashboards.panels import Board, Column, Panel
from dashboards.voices import NEWEST_WEIGHED

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
    title="Watermark of each partition, the one furthest behind first",
    why="Everything observed before this time is stored. The oldest one holds the run back.",
    unit="time",
    shape="table",
    height=10,
    empty="No watermark yet",
    columns=(
        Column(name="stream", label="Stream", unit="name"),
        Column(name="source", label="Source", unit="name"),
        Column(name="partition", label="Partition", unit="records"),
        Column(name="watermark", label="Stored up to", unit="time"),
        Column(name="behind_seconds", label="Behind the foremost", unit="seconds", color="orange"),
        Column(name="silent_seconds", label="Silent for", unit="seconds"),
        Column(name="position", label="Input records", unit="records"),
        Column(name="stored_at", label="Last heard of", unit="time"),
    ),
)

STORING_DELAY = Panel(
    id="storing_delay",
    title=f"Time from receipt to storage: of the newest {NEWEST_WEIGHED:,} posts",
    why="By time of observation. Above a few seconds, the streams or the sink are behind.",
    unit="seconds",
    shape="line",
    width=6,
    height=9,
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
        Column(name="run", label="Run", unit="name", opens="run"),
        Column(name="state", label="State", unit="state"),
        Column(name="read_records", label="Read", unit="records"),
        Column(name="kept_posts", label="Kept", unit="records"),
        Column(name="first_at", label="Covers from", unit="time"),
        Column(name="last_at", label="To", unit="time"),
        Column(name="reported_at", label="Last heard of", unit="time"),
        Column(name="inputs", label="Inputs", unit="text"),
    ),
)

LAG = Panel(
    id="lag",
    title="How far behind the run is stored",
    why="Lag in records: what the producers say they have sent, less what is stored of it. Offsets "
    "of Kafka itself are among the metrics (docs/metrics.md).",
    unit="records",
    shape="stats",
    height=4,
    columns=(
        Column(name="watermark", label="Stored up to (UTC)", unit="time"),
        Column(name="behind_seconds", label="Behind now (live)", unit="seconds"),
        Column(name="silent_seconds", label="No news for", unit="seconds"),
        Column(name="sent_records", label="Sent", unit="records"),
        Column(name="stored_records", label="Stored", unit="records"),
        Column(name="waiting_records", label="On the way", unit="records", color="orange"),
    ),
)

RATES = Panel(
    id="rates",
    title="Records per second, by stage and source",
    why="How fast each hop goes, by the clock of the sink and whatever the range: in the last "
    "minute in which something was stored, and over the time of its work.",
    unit="rate",
    shape="table",
    width=6,
    height=9,
    empty="Nothing is stored yet",
    columns=(
        Column(name="stage", label="Stage", unit="name"),
        Column(name="source", label="Source", unit="name"),
        Column(name="records", label="Records", unit="records"),
        Column(name="last_rate", label="Last minute", unit="rate", color="blue"),
        Column(name="mean_rate", label="Mean", unit="rate"),
        Column(name="highest_rate", label="Best minute", unit="rate"),
        Column(name="last_at", label="Last stored", unit="time"),
    ),
)

RATES_OVER_TIME = Panel(
    id="rates_over_time",
    title="Records stored per second, by stage and source",
    why="By the clock of the sink, not by the time of posts: a replay shows when the range covers "
    "the time at which it was run.",
    unit="rate",
    shape="line",
    height=8,
    empty="Nothing was stored in this range, by the clock of the sink",
)

WATCH = Panel(
    id="watch",
    title="How far the run is judged for alerts",
    why="What is stored but not judged yet cannot have raised an alert.",
    unit="time",
    shape="stats",
    height=4,
    width=6,
    columns=(
        Column(name="judged_before", label="Judged up to (UTC)", unit="time"),
        Column(name="unjudged_seconds", label="Stored, not judged", unit="seconds", color="orange"),
        Column(name="judged_at", label="Last judged", unit="time"),
        Column(name="thresholds", label="Thresholds", unit="records"),
        Column(name="open_alerts", label="Open alerts", unit="records", color="vermillion"),
    ),
)

FAILED_DELIVERIES = Panel(
    id="failed_deliveries",
    title="Messages of alerts that did not arrive",
    why="An alert that nobody receives is none. By channel, over the whole run.",
    unit="records",
    shape="table",
    width=6,
    height=8,
    empty="Every message was delivered, or none was due",
    columns=(
        Column(name="channel", label="Channel", unit="name"),
        Column(name="state", label="State", unit="state"),
        Column(name="messages", label="Messages", unit="records", color="orange"),
        Column(name="attempts", label="Attempts", unit="records"),
        Column(name="last_at", label="Last attempt", unit="time"),
        Column(name="newest_detail", label="What went wrong", unit="text"),
    ),
)

BOARD = Board(
    id="pipeline",
    title="Pipeline",
    why="Whether the figures may be trusted",
    has_annotations=False,
    panels=(
        RECONCILIATION,
        LAG,
        WATERMARKS,
        RATES,
        STORING_DELAY,
        RATES_OVER_TIME,
        DEAD_LETTERS,
        WATCH,
        FAILED_DELIVERIES,
        RUNS,
    ),
)
