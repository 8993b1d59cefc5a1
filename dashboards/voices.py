"""Who speaks, in which words, and how much of it is one voice repeated.

What reads the posts themselves is bound to the newest of the range; its title or `why` says so.
"""

from dashboards.panels import Column, Panel

NEWEST_READ = 5_000
"""Posts whose words are read; of the stretch before as many."""
NEWEST_WEIGHED = 50_000
"""Posts whose author or responses are looked at."""

_BEFORE = (
    "Before is the stretch of equal length before the range, of which as many are read; where "
    "nothing is stored of it, the posts are halved and the later half is held against the earlier."
)

NEW_TERMS = Panel(
    id="new_terms",
    title=f"What is new in the words: of the newest {NEWEST_READ:,} posts",
    why=f"Words, hashtags and links that are used far more often than before, most telling first "
    f"(by likelihood ratio). {_BEFORE} A term is new where nobody used it before.",
    unit="posts",
    shape="table",
    height=10,
    empty="Nothing is used more often than before",
    columns=(
        Column(name="term", label="Term", unit="text"),
        Column(name="kind", label="Kind", unit="name"),
        Column(name="state", label="State", unit="state"),
        Column(name="posts_with", label="Posts", unit="posts", color="vermillion"),
        Column(name="unique_authors", label="Unique authors", unit="authors"),
        Column(name="share", label="Share of posts", unit="share"),
        Column(name="share_before", label="Share before", unit="share"),
        Column(name="times_before", label="Times as often", unit="times"),
        Column(name="first_at", label="First in the range", unit="time"),
    ),
)


def _terms(query: str, title: str, why: str, label: str, empty: str) -> Panel:
    return Panel(
        id=query,
        title=f"{title}: of the newest {NEWEST_READ:,} posts",
        why=f"{why} Each counts once in a post.",
        unit="posts",
        shape="table",
        width=4,
        height=10,
        empty=empty,
        columns=(
            Column(name="term", label=label, unit="text"),
            Column(name="posts_with", label="Posts", unit="posts", color="blue"),
            Column(name="unique_authors", label="Unique authors", unit="authors"),
            Column(name="share", label="Share of posts", unit="share"),
        ),
    )


TOP_TERMS = _terms(
    "top_terms",
    "Words used most",
    "What it is about. Words of three letters and more, without the commonest ones of English, "
    "French, Spanish, German and Portuguese; languages that put no spaces between words are cut "
    "at punctuation only.",
    "Word",
    "No words in this range",
)
TOP_HASHTAGS = _terms(
    "top_hashtags",
    "Hashtags used most",
    "Under which banners people gather.",
    "Hashtag",
    "No hashtags in this range",
)
TOP_LINKS = _terms(
    "top_links",
    "Links shared most",
    "Which pages feed it, without what stands behind ? or # in an address.",
    "Link",
    "No links in this range",
)

LOUDEST_AUTHORS = Panel(
    id="loudest_authors",
    title=f"Loudest authors: of the newest {NEWEST_WEIGHED:,} posts",
    why="Whether this is a crowd or a few. Authors are pseudonyms; the share is of the posts whose "
    "author is known.",
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

AMPLIFICATION = Panel(
    id="amplification",
    title="How much of it is one voice repeated: shares of the posts per interval",
    why="Reposts; copies, which say what another post of the interval says but for case, links, "
    "handles and spaces; and the loudest author's part. High while few authors speak: a campaign "
    f"rather than a crowd. Copies are of the newest {NEWEST_READ:,} posts, the loudest author of "
    f"the newest {NEWEST_WEIGHED:,}.",
    unit="share",
    shape="combined",
    width=7,
    columns=(
        Column(name="repost_share", label="Reposts", unit="share", color="sky", mark="line"),
        Column(name="copies_share", label="Copies", unit="share", color="orange", mark="line"),
        Column(
            name="loudest_share",
            label="Loudest author",
            unit="share",
            color="purple",
            mark="line",
        ),
    ),
)

COPIES = Panel(
    id="copies",
    title=f"Texts said again, word for word: of the newest {NEWEST_READ:,} posts",
    why="The same words but for case, links, handles and spaces, from how many authors: many are a "
    "campaign, one is a loudspeaker.",
    unit="posts",
    shape="table",
    width=5,
    empty="No text is said twice in this range",
    columns=(
        Column(name="text", label="Text", unit="text"),
        Column(name="posts", label="Posts", unit="posts", color="orange"),
        Column(name="unique_authors", label="Unique authors", unit="authors"),
        Column(name="platforms", label="Platforms", unit="name"),
        Column(name="first_at", label="First", unit="time"),
    ),
)
