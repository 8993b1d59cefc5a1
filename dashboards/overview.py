"""Overview: who is talked about, how much, in what mood, and against whom a crowd calls."""

from dashboards.panels import Board, Column, Panel

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

ENTITIES = Panel(
    id="entities",
    title="Entities, most mentioned first",
    why="Where to look. Choose an entity to open its board.",
    unit="posts",
    shape="table",
    height=9,
    columns=(Column(name="entity", label="Entity", unit="name"), *FIGURES),
)

BOARD = Board(
    id="overview",
    title="Overview",
    why="All entities at once",
    panels=(
        TOTALS,
        Panel(
            id="volume_by_entity",
            title="Posts per interval, by entity",
            why="When a wave rises, and whose it is.",
            unit="posts",
            shape="bars",
            height=9,
        ),
        ENTITIES,
        Panel(
            id="calls_by_entity",
            title="Posts that call for action, by entity acted against",
            why="A crowd that is angry talks; a crowd that calls for action is about to act.",
            unit="posts",
            shape="bars",
            empty="No calls to action in this range",
        ),
        Panel(
            id="voice_by_posts",
            title="Share of voice, by posts",
            why="Of all mentions, the part that each entity has.",
            unit="share",
            shape="ranking",
            width=6,
            height=7,
            columns=(
                Column(name="entity", label="Entity", unit="name"),
                Column(name="share", label="Share of mentions", unit="share"),
            ),
        ),
        Panel(
            id="voice_by_authors",
            title="Share of voice, by unique authors",
            why="Of all authors, the part that speaks of each entity: far below its share of "
            "posts where a few authors are loud. The parts may add up to more than the whole.",
            unit="share",
            shape="ranking",
            width=6,
            height=7,
            columns=(
                Column(name="entity", label="Entity", unit="name"),
                Column(name="share", label="Share of authors", unit="share"),
            ),
        ),
    ),
)
