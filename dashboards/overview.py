"""Overview: who is talked about, how much, in what mood, and against whom a crowd calls."""

from dashboards.happening import ALERTS
from dashboards.panels import Board, Column, Panel

ENTITY = Column(name="entity", label="Entity", unit="name", opens="entity")

FIGURES = (
    Column(name="mentions", label="Mentions", unit="posts"),
    Column(name="unique_authors", label="Unique authors", unit="authors"),
    Column(name="negative_share", label="Negative share", unit="share", color="vermillion"),
    Column(name="mean_score", label="Mean score", unit="score"),
    Column(name="posts_against", label="Calls against", unit="posts", color="vermillion"),
    Column(name="posts_for", label="Calls in support", unit="posts", color="blue"),
)
"""What is told of a range, in all or of one entity."""

TOTALS = Panel(
    id="totals",
    title="Mentions, authors, mood and calls in the range",
    why="The size of it all. A post that mentions two entities counts as two mentions, an author "
    "counts once. Negative share and mean score are of the posts whose language a model reads.",
    unit="posts",
    shape="stats",
    height=4,
    columns=FIGURES,
)

ENTITIES_NOW = Panel(
    id="entities_now",
    title="Entities, ranked by what happens now",
    why="Where to look first: the last 15 minutes (or the last bar, where bars are longer) that "
    "are stored, against what the watcher expected of them; where it does not watch, against the "
    "mean of the 24 stretches of that length before. Ranked by how far the posts stand out, in "
    "standard deviations.",
    unit="posts",
    shape="table",
    height=9,
    columns=(
        ENTITY,
        Column(name="posts_now", label="Posts now", unit="posts", color="blue"),
        Column(name="posts_expected", label="Expected", unit="posts"),
        Column(name="times_expected", label="Times as many", unit="times"),
        Column(name="standing_out", label="Stands out", unit="score"),
        Column(name="negative_share", label="Negative share", unit="share", color="vermillion"),
        Column(name="against_now", label="Calls against", unit="posts", color="vermillion"),
        Column(name="measured_against", label="Measured against", unit="name"),
        Column(name="now_from", label="From", unit="time", is_hidden=True),
        Column(name="now_to", label="To", unit="time", is_hidden=True),
    ),
)

ENTITIES = Panel(
    id="entities",
    title="Entities over the range, most mentioned first",
    why="The whole range instead of now. Choose an entity to open its board.",
    unit="posts",
    shape="table",
    height=9,
    columns=(ENTITY, *FIGURES),
)

VOLUME_BY_ENTITY = Panel(
    id="volume_by_entity",
    title="Posts per interval, by entity",
    why="When a wave rises, and whose it is. The seven entities mentioned most stand by "
    "themselves, the rest together.",
    unit="posts",
    shape="bars",
    height=9,
)

VOLUME_OF_EACH = Panel(
    id="volume_of_each",
    title="Posts per interval, each entity by itself",
    why="The shape of each wave, which a stack of bars hides; on one scale, so that sizes compare. "
    "The twelve entities mentioned most.",
    unit="posts",
    shape="multiples",
    height=10,
)

CALLS_BY_ENTITY = Panel(
    id="calls_by_entity",
    title="Posts that call for action, by entity acted against",
    why="A crowd that is angry talks; a crowd that calls for action is about to act. The seven "
    "entities most called against stand by themselves, the rest together.",
    unit="posts",
    shape="bars",
    empty="No calls to action in this range",
)


def _voice(query: str, title: str, why: str, label: str) -> Panel:
    return Panel(
        id=query,
        title=title,
        why=why,
        unit="share",
        shape="ranking",
        width=6,
        height=7,
        columns=(ENTITY, Column(name="share", label=label, unit="share")),
    )


VOICE_BY_POSTS = _voice(
    "voice_by_posts",
    "Share of voice, by posts",
    "Of all mentions, the part that each entity has.",
    "Share of mentions",
)

VOICE_BY_AUTHORS = _voice(
    "voice_by_authors",
    "Share of voice, by unique authors",
    "The same with each author counted once for each entity: far below the share by posts where "
    "a few authors are loud.",
    "Share of authors",
)

BOARD = Board(
    id="overview",
    title="Overview",
    why="All entities at once",
    panels=(
        TOTALS,
        ENTITIES_NOW,
        ALERTS,
        VOLUME_BY_ENTITY,
        VOLUME_OF_EACH,
        CALLS_BY_ENTITY,
        VOICE_BY_POSTS,
        VOICE_BY_AUTHORS,
        ENTITIES,
    ),
)
