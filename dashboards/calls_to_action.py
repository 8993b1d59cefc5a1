"""Calls to action: what is asked, of whom, against whom, and in which words."""

from dashboards.entity import CALLS_BY_ACTION, POST_COLUMNS
from dashboards.panels import Board, Column, Panel

NO_CALLS = "No calls to action in this range"

TOTALS = Panel(
    id="calls_totals",
    title="Posts that call for action in the range",
    why="How much of what is said asks somebody to act.",
    unit="posts",
    shape="stats",
    height=4,
    columns=(
        Column(name="posts_calling", label="Posts with a call", unit="posts"),
        Column(name="share", label="Share of all mentions", unit="share"),
        Column(name="posts_against", label="Against the entity", unit="posts", color="vermillion"),
        Column(name="posts_for", label="In its support", unit="posts", color="blue"),
    ),
)

WHAT_IS_ASKED = Panel(
    id="what_is_asked",
    title="What is asked, and of whom",
    why="Each kind of call, with how many people make it and since when. Who is asked to act is "
    "empty where a call does not say.",
    unit="posts",
    shape="table",
    width=8,
    height=10,
    empty=NO_CALLS,
    columns=(
        Column(name="action", label="Action", unit="name"),
        Column(name="direction", label="Direction", unit="name"),
        Column(name="entity", label="Entity", unit="name"),
        Column(name="addressee", label="Who is asked", unit="text"),
        Column(name="posts_calling", label="Posts", unit="posts", color="vermillion"),
        Column(name="unique_authors", label="Unique authors", unit="authors"),
        Column(name="first_at", label="First", unit="time"),
    ),
)

ADDRESSEES = Panel(
    id="addressees",
    title="Who is asked to act",
    why="The people and bodies under pressure, where calls name them.",
    unit="posts",
    shape="ranking",
    width=4,
    height=10,
    empty="No call in this range names who should act",
    columns=(
        Column(name="addressee", label="Who is asked", unit="text"),
        Column(name="posts_calling", label="Posts", unit="posts"),
    ),
)

IN_WHICH_WORDS = Panel(
    id="in_which_words",
    title="The words that call, most repeated first",
    why="The evidence as people wrote it: the same words from many authors are a campaign.",
    unit="posts",
    shape="table",
    height=10,
    empty=NO_CALLS,
    columns=(
        Column(name="evidence", label="Words", unit="text"),
        Column(name="action", label="Action", unit="name"),
        Column(name="direction", label="Direction", unit="name"),
        Column(name="posts_calling", label="Posts", unit="posts", color="vermillion"),
        Column(name="unique_authors", label="Unique authors", unit="authors"),
        Column(name="confidence", label="Confidence", unit="share"),
        Column(name="first_at", label="First", unit="time"),
    ),
)

CALLING_POSTS = Panel(
    id="calling_posts",
    title="Latest posts that call for action",
    why="To judge for yourself: each post with the words that were read as a call.",
    unit="posts",
    shape="posts",
    height=14,
    empty=NO_CALLS,
    columns=POST_COLUMNS,
)

BOARD = Board(
    id="calls-to-action",
    title="Calls to action",
    why="What a crowd wants done",
    panels=(TOTALS, CALLS_BY_ACTION, WHAT_IS_ASKED, ADDRESSEES, IN_WHICH_WORDS, CALLING_POSTS),
)
