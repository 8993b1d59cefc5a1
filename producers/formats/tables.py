"""Tables that are known by the columns of their header: what research tools export. Pure."""

from collections.abc import Callable, Mapping, Sequence
from html import unescape

import msgspec

from producers.columns import FIELDS, REQUIRED, UNKNOWN_PLATFORM, ColumnMap, to_draft
from producers.formats import reddit
from producers.formats.twitter_v1 import PLATFORM as TWITTER
from producers.parsed import Draft, Parsed, Unreadable

Row = Mapping[str, str]


class Table(msgspec.Struct, frozen=True):
    """A kind of table: the columns it must have, those it may have, by field, and its platform.

    Of several columns for one field, the first that is there is taken. `finish` puts right what no
    column has by itself; it gets the draft and the whole row.
    """

    needs: frozenset[str]
    columns: dict[str, str | tuple[str, ...]]
    platform: str = UNKNOWN_PLATFORM
    finish: Callable[[Draft, Row], Parsed] = lambda draft, _: draft

    def present(self, header: Sequence[str]) -> ColumnMap:
        """Return those of the columns that a header has."""
        found: dict[str, str] = {}
        for field, names in self.columns.items():
            for name in (names,) if isinstance(names, str) else names:
                if name in header:
                    found.setdefault(field, name)
        return ColumnMap(found, self.platform)


def _tweet(draft: Draft, row: Row) -> Draft:
    """Undo Twitter's escapes, and name the post by an address without a handle."""
    is_repost = row.get("tweet_type") == "retweet"
    referred = row.get("retweet_or_quote_id") or None
    return msgspec.structs.replace(
        draft,
        text=unescape(draft.text) if draft.text and "&" in draft.text else draft.text,
        url=f"https://twitter.com/i/web/status/{draft.post_id}" if draft.post_id else None,
        repost_of=draft.repost_of or (referred if is_repost else None),
        quote_of=draft.quote_of or (referred if row.get("tweet_type") == "quote" else None),
        likes=0 if is_repost or draft.repost_of else draft.likes,
        reposts=0 if is_repost or draft.repost_of else draft.reposts,
    )


def _threaded(draft: Draft, row: Row) -> Draft:
    """4CAT names a thread by its first post, which answers nothing."""
    lang = draft.lang.partition(",")[0].strip() if draft.lang else None
    reply_to = None if draft.reply_to == draft.post_id else draft.reply_to
    is_bluesky = draft.url is not None and draft.url.startswith("https://bsky.app/")
    did = row.get("author_id")
    key = draft.post_id.rpartition("/")[2]
    if is_bluesky:  # by the account's id, not by its handle
        url = f"https://bsky.app/profile/{did}/post/{key}" if did and key else None
        return msgspec.structs.replace(draft, lang=lang, reply_to=reply_to, url=url)
    return msgspec.structs.replace(draft, lang=lang, reply_to=reply_to)


def _answer(draft: Draft, _: Row) -> Draft:
    """Undo what 4CAT asks for: a post that answers nothing stands in a thread of its own."""
    is_first = draft.reply_to == draft.post_id
    return msgspec.structs.replace(draft, reply_to=None) if is_first else draft


def _submission(draft: Draft, row: Row) -> Parsed:
    values = {name: value for name, value in row.items() if value}
    if not values.get("title"):
        return draft
    try:
        return reddit.read(msgspec.convert(values, reddit.Thing, strict=False))
    except msgspec.ValidationError as error:
        return Unreadable("wrong-shape", f"wanted a submission of Reddit, found {error}")


GUARDED = "guarded"
"""The column in which `uproar export` names those before whose value it put an apostrophe."""

_FOURCAT = frozenset({"id", "thread_id", "author", "body", "timestamp"})
_BODY: dict[str, str | tuple[str, ...]] = {"id": "id", "text": "body", "created_at": "timestamp"}

TABLES = {
    # With or without the labels that Kaggle's set has.
    "US airline tweets": Table(
        frozenset({"tweet_id", "text", "tweet_created"}),
        {
            "id": "tweet_id", "text": "text", "created_at": "tweet_created", "author": "name",
            "reposts": "retweet_count",
        },
        TWITTER,
        _tweet,
    ),
    "twarc CSV of Twitter v1.1": Table(
        frozenset({"id", "tweet_url", "user_screen_name", "text", "tweet_type"}),
        {
            "id": "id", "text": "text", "created_at": "created_at", "author": "user_id",
            "lang": "lang", "reply_to": "in_reply_to_status_id", "likes": "favorite_count",
            "reposts": "retweet_count",
        },
        TWITTER,
        _tweet,
    ),
    "twarc CSV of X v2": Table(
        frozenset({"id", "author_id", "text", "public_metrics.retweet_count"}),
        {
            "id": "id", "text": "text", "created_at": "created_at", "author": "author_id",
            "lang": "lang", "reply_to": "referenced_tweets.replied_to.id",
            "repost_of": "referenced_tweets.retweeted.id",
            "quote_of": "referenced_tweets.quoted.id",
            "likes": "public_metrics.like_count", "reposts": "public_metrics.retweet_count",
            "replies": "public_metrics.reply_count", "quotes": "public_metrics.quote_count",
        },
        TWITTER,
        _tweet,
    ),
    "DMI-TCAT CSV": Table(
        frozenset({"id", "from_user_name", "from_user_id", "text", "created_at"}),
        {
            "id": "id", "text": "text", "created_at": "created_at", "author": "from_user_id",
            "lang": "lang", "reply_to": "in_reply_to_status_id", "quote_of": "quoted_status_id",
            "likes": "favorite_count", "reposts": "retweet_count",
        },
        TWITTER,
        _tweet,
    ),
    "4CAT CSV of X": Table(
        _FOURCAT | {"is_retweet", "retweeted_user"},
        {
            **_BODY, "author": "author_id", "lang": "language_guess", "likes": "like_count",
            "reposts": "retweet_count", "replies": "reply_count", "quotes": "quote_count",
        },
        TWITTER,
        _tweet,
    ),
    "4CAT CSV of Bluesky": Table(
        _FOURCAT | {"replied_to_post", "quoted_post"},
        {
            **_BODY, "author": "author_id", "lang": "languages", "url": "link",
            "reply_to": "replied_to_post", "quote_of": "quoted_post", "likes": "like_count",
            "reposts": "repost_count", "replies": "reply_count", "quotes": "quote_count",
        },
        "bluesky",
        _threaded,
    ),
    "4CAT CSV of Telegram": Table(
        _FOURCAT | {"chat", "views"},
        {
            **_BODY, "author": "author", "reply_to": "reply_to",
            "revision": "unix_timestamp_edited",
        },
        "telegram",
    ),
    "4CAT CSV of Uproar": Table(
        _FOURCAT | {"unix_timestamp", "observed_at", GUARDED},
        {
            **_BODY, "author": "author", "reply_to": "thread_id", "lang": "language",
            "likes": "like_count", "reposts": "repost_count", "replies": "reply_count",
            "quotes": "quote_count", **{
                name: name
                for name in ("platform", "url", "repost_of", "quote_of", "revision", "observed_at")
            },
        },
        finish=_answer,
    ),
    "4CAT CSV": Table(
        _FOURCAT,
        {
            **_BODY, "author": ("author_id", "author"), "reply_to": "thread_id", "lang": "language",
            "likes": "like_count", "replies": "reply_count",
        },
        finish=_threaded,
    ),
    "YouTube Data Tools CSV": Table(
        frozenset({"id", "isReplyTo", "authorName", "text", "publishedAt"}),
        {
            "id": "id", "text": "text", "created_at": "publishedAt", "reply_to": "isReplyTo",
            "author": ("authorChannelId", "authorChannelUrl", "authorName"),
            "likes": "likeCount", "replies": "replyCount",
        },
        "youtube",
    ),
    "Reddit CSV": Table(
        frozenset({"id", "title", "selftext", "created_utc"}),
        {"id": "id", "text": "title", "created_at": "created_utc", "author": "author"},
        reddit.PLATFORM,
        _submission,
    ),
    "table with our columns": Table(
        frozenset(REQUIRED), {field: field for field in FIELDS}
    ),
}  # fmt: skip
"""By name; the first that has all it needs is the one."""


def table_of(header: Sequence[str]) -> str | None:
    """Name the kind of table that has this header; None where it is not known.

    >>> table_of(["text", "created_at", "mood"])
    'table with our columns'
    """
    found = frozenset(header)
    return next((name for name, table in TABLES.items() if table.needs <= found), None)


def table_parser(name: str, header: Sequence[str]) -> Callable[[Sequence[str]], Sequence[Parsed]]:
    """Return a reader of rows of a known kind of table that are as long as their header."""
    table = TABLES[name]
    mapped = table.present(header)
    places = {field: header.index(column) for field, column in mapped.columns.items()}
    guard = header.index(GUARDED) if GUARDED in header else None

    def parse(cells: Sequence[str]) -> Sequence[Parsed]:
        if guard is not None and cells[guard]:
            cells = _unguarded(header, cells, cells[guard].split(";"))
        draft = to_draft({field: cells[at] for field, at in places.items()}, table.platform)
        if isinstance(draft, Unreadable):
            return (draft,)
        return (table.finish(draft, dict(zip(header, cells, strict=False))),)

    return parse


def _unguarded(header: Sequence[str], cells: Sequence[str], names: Sequence[str]) -> list[str]:
    """Take the apostrophe off that keeps a spreadsheet from computing a cell."""
    return [
        cell.removeprefix("'") if name in names else cell
        for name, cell in zip(header, cells, strict=True)
    ]
