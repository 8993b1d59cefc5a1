"""Entity: one organisation, product or person in depth."""

from dashboards.overview import TOTALS
from dashboards.panels import Board, Column, Panel

CALLS_BY_ACTION = Panel(
    id="calls_by_action",
    title="Posts that call for action, by action and direction",
    why="What the crowd wants done: against the entity upwards, in its support downwards.",
    unit="posts",
    shape="bars",
    mirrors=" for",
    empty="No calls to action in this range",
)

POST_COLUMNS = (
    Column(name="time", label="Observed", unit="time"),
    Column(name="entity", label="Entity", unit="name"),
    Column(name="platform", label="Platform", unit="name"),
    Column(name="language", label="Language", unit="name"),
    Column(name="author", label="Author", unit="name"),
    Column(name="label", label="Sentiment", unit="name"),
    Column(name="score", label="Score", unit="score"),
    Column(name="text", label="Text", unit="text"),
    Column(name="calls", label="Calls", unit="text", is_hidden=True),
    Column(name="evidence", label="Evidence", unit="text", is_hidden=True),
    Column(name="responses", label="Responses", unit="posts"),
    Column(name="url", label="Source", unit="text"),
)

VOLUME = Panel(
    id="volume",
    title="Posts per interval, originals and reposts",
    why="When it was talked about. A wave of reposts is fewer voices than it looks.",
    unit="posts",
    shape="bars",
    columns=(
        Column(name="originals", label="Originals", unit="posts", color="blue"),
        Column(name="repeats", label="Reposts", unit="posts", color="sky"),
    ),
)

SENTIMENT = Panel(
    id="sentiment",
    title="Posts per interval, by sentiment",
    why="How the mood splits. Unsure: the model cannot say. Unread: it does not know the language.",
    unit="posts",
    shape="bars",
    width=7,
    columns=(
        Column(name="negative_posts", label="Negative", unit="posts", color="vermillion"),
        Column(name="neutral_posts", label="Neutral", unit="posts", color="grey"),
        Column(name="positive_posts", label="Positive", unit="posts", color="blue"),
        Column(name="unsure_posts", label="Unsure", unit="posts", color="yellow"),
        Column(name="unread_posts", label="Unread", unit="posts", color="faint"),
    ),
)

MEAN_SCORE = Panel(
    id="mean_score",
    title="Mean sentiment score per interval",
    why="Where the mood is heading, from -1 to 1; few posts make it jump.",
    unit="score",
    shape="line",
    width=5,
    columns=(Column(name="mean_score", label="Mean score", unit="score", color="purple"),),
)

LOUDEST_AUTHORS = Panel(
    id="loudest_authors",
    title="Loudest authors",
    why="Whether this is a crowd or a few. Authors are pseudonyms.",
    unit="authors",
    shape="table",
    width=5,
    height=14,
    columns=(
        Column(name="author", label="Author", unit="name"),
        Column(name="mentions", label="Posts", unit="posts"),
        Column(name="share", label="Share", unit="share"),
        Column(name="posts_against", label="Calls against", unit="posts", color="vermillion"),
        Column(name="mean_score", label="Mean score", unit="score"),
    ),
)


def _ranking(query: str, title: str, why: str, label: str) -> Panel:
    return Panel(
        id=query,
        title=title,
        why=why,
        unit="posts",
        shape="ranking",
        width=6,
        height=6,
        columns=(
            Column(name=query.removesuffix("s"), label=label, unit="name"),
            Column(name="mentions", label="Posts", unit="posts"),
        ),
    )


BOARD = Board(
    id="entity",
    title="Entity",
    why="One entity in depth",
    takes_one_entity=True,
    panels=(
        TOTALS,
        VOLUME,
        SENTIMENT,
        MEAN_SCORE,
        CALLS_BY_ACTION,
        Panel(
            id="latest_posts",
            title="Latest posts",
            why="What people say, in their words; the words that call for action are marked.",
            unit="posts",
            shape="posts",
            width=7,
            height=14,
            columns=POST_COLUMNS,
        ),
        LOUDEST_AUTHORS,
        _ranking("platforms", "Posts by platform", "Where it is said.", "Platform"),
        _ranking("languages", "Posts by language", "In which languages it is said.", "Language"),
    ),
)
