"""Entity: one organisation, product or person in depth."""

from dashboards.happening import ALERTS, ANNOTATIONS, SPIKES
from dashboards.overview import TOTALS
from dashboards.panels import Board, Column, Panel
from dashboards.voices import (
    AMPLIFICATION,
    COPIES,
    LOUDEST_AUTHORS,
    NEW_TERMS,
    NEWEST_WEIGHED,
    TOP_HASHTAGS,
    TOP_LINKS,
    TOP_TERMS,
)

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
    title="Posts per interval against what was expected, spikes marked",
    why="When far more was said than usual. A wave of reposts is fewer voices than it looks. What "
    "was expected is of all platforms and languages, and shows only while all are chosen and as "
    "far as the run is watched (`uproar watch`).",
    unit="posts",
    shape="combined",
    height=9,
    columns=(
        Column(name="originals", label="Originals", unit="posts", color="blue"),
        Column(name="repeats", label="Reposts", unit="posts", color="sky"),
        Column(name="posts_expected", label="Expected", unit="posts", color="orange", mark="line"),
        Column(name="spike_posts", label="Spike", unit="posts", color="vermillion", mark="point"),
    ),
)

SENTIMENT = Panel(
    id="sentiment",
    title="Posts per interval, by sentiment",
    why="How the mood splits. Unsure: the model cannot say. Unread: it does not know the language.",
    unit="posts",
    shape="bars",
    columns=(
        Column(name="negative_posts", label="Negative", unit="posts", color="vermillion"),
        Column(name="neutral_posts", label="Neutral", unit="posts", color="grey"),
        Column(name="positive_posts", label="Positive", unit="posts", color="blue"),
        Column(name="unsure_posts", label="Unsure", unit="posts", color="yellow"),
        Column(name="unread_posts", label="Unread", unit="posts", color="faint"),
    ),
)

SENTIMENT_SHARES = Panel(
    id="sentiment_shares",
    title="Share of negative posts, and of those nobody can judge, per interval",
    why="Negative is of the posts whose mood is sure. Where the share that no model judges (unsure "
    "or unread) is high, the mood is that of the rest only.",
    unit="share",
    shape="line",
    width=6,
    columns=(
        Column(name="negative_share", label="Negative", unit="share", color="vermillion"),
        Column(name="abstain_share", label="Not judged", unit="share", color="grey"),
    ),
)

MEAN_SCORE = Panel(
    id="mean_score",
    title="Mean sentiment score per interval",
    why="Where the mood is heading, from -1 to 1; few posts make it jump.",
    unit="score",
    shape="line",
    width=6,
    columns=(Column(name="mean_score", label="Mean score", unit="score", color="purple"),),
)


def _ranking(query: str, title: str, why: str, label: str, width: int) -> Panel:
    return Panel(
        id=query,
        title=title,
        why=why,
        unit="posts",
        shape="ranking",
        width=width,
        height=9,
        columns=(
            Column(name=query.removesuffix("s"), label=label, unit="name"),
            Column(name="mentions", label="Posts", unit="posts"),
        ),
    )


PLATFORMS = _ranking("platforms", "Posts by platform", "Where it is said.", "Platform", 3)
LANGUAGES = _ranking(
    "languages", "Posts by language", "In which languages it is said.", "Language", 3
)

LATEST_POSTS = Panel(
    id="latest_posts",
    title="Latest posts",
    why="What people say, in their words; the words that call for action are marked.",
    unit="posts",
    shape="posts",
    width=7,
    height=14,
    columns=POST_COLUMNS,
)

ENGAGED_POSTS = Panel(
    id="engaged_posts",
    title=f"Most-engaged posts: of the newest {NEWEST_WEIGHED:,}",
    why="What carries furthest: originals with most likes, reposts, replies and quotes, as counted "
    "when they were last received; those of a live post grow after it came.",
    unit="posts",
    shape="posts",
    height=12,
    columns=POST_COLUMNS,
)

BOARD = Board(
    id="entity",
    title="Entity",
    why="One entity in depth",
    takes_one_entity=True,
    panels=(
        TOTALS,
        VOLUME,
        SPIKES,
        ALERTS,
        SENTIMENT,
        SENTIMENT_SHARES,
        MEAN_SCORE,
        CALLS_BY_ACTION,
        NEW_TERMS,
        TOP_TERMS,
        TOP_HASHTAGS,
        TOP_LINKS,
        AMPLIFICATION,
        COPIES,
        LATEST_POSTS,
        LOUDEST_AUTHORS,
        ENGAGED_POSTS,
        ANNOTATIONS,
        PLATFORMS,
        LANGUAGES,
    ),
)
