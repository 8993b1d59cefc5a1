"""What stands out and what is known to have happened: alerts, spikes and noted events."""

from dashboards.panels import Column, Panel

ALERTS = Panel(
    id="alerts",
    title="Alerts of the range, open ones first",
    why="What the watcher announced of the entities chosen, and whether it goes on. Platform and "
    "language do not matter here: a threshold watches all of them. A late run shows too, for then "
    "calm is not known.",
    unit="name",
    shape="table",
    height=8,
    empty="No alert in this range",
    columns=(
        Column(name="state", label="State", unit="state"),
        Column(name="entity", label="Entity", unit="name", opens="entity"),
        Column(name="signal", label="Signal", unit="name"),
        Column(name="severity", label="Severity", unit="name"),
        Column(name="started_at", label="Since", unit="time"),
        Column(name="ended_at", label="Until", unit="time"),
        Column(name="seen", label="Seen", unit="name"),
        Column(name="limit", label="Limit", unit="name"),
        Column(name="peak", label="Peak", unit="name"),
        Column(name="term", label="Term", unit="text"),
        Column(name="id", label="Id", unit="name", is_hidden=True),
    ),
)

SPIKES = Panel(
    id="spikes",
    title="Spikes: when far more was said than expected",
    why="Each stretch that stood out, at medium sensitivity: how many posts came, how many were "
    "expected in the same minutes, and the highest minute. All platforms and languages.",
    unit="posts",
    shape="table",
    height=7,
    empty="No spike in this range, as far as it has been watched",
    columns=(
        Column(name="state", label="State", unit="state"),
        Column(name="entity", label="Entity", unit="name"),
        Column(name="started_at", label="From", unit="time"),
        Column(name="ended_at", label="To", unit="time"),
        Column(name="posts", label="Posts", unit="posts", color="vermillion"),
        Column(name="posts_expected", label="Expected", unit="posts"),
        Column(name="times_expected", label="Times as many", unit="times"),
        Column(name="peak_at", label="Highest minute", unit="time"),
        Column(name="peak_posts", label="Posts in it", unit="posts"),
        Column(name="standing_out", label="Stands out", unit="score"),
    ),
)

ANNOTATIONS = Panel(
    id="annotations",
    title="Known events in the range",
    why="What is known to have happened, noted by a person: compare it with when the crowd rose.",
    unit="name",
    shape="table",
    width=6,
    height=9,
    empty="No event is noted in this range",
    columns=(
        Column(name="time", label="From", unit="time"),
        Column(name="ended_at", label="To", unit="time"),
        Column(name="title", label="Event", unit="text"),
        Column(name="text", label="What happened", unit="text"),
        Column(name="entity", label="Entity", unit="name"),
        Column(name="url", label="Source", unit="text", is_hidden=True),
    ),
)
