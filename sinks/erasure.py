"""Takes all that is held of a person out of the tables, on request.

Guarantee: when `erase` returns, no row, total or dead letter of these authors is left that was
observed up to the time given, in any run, and what of theirs arrives later, but is as old, is not
stored either (`erased_authors`). It may be broken off and repeated. Not promised: what other people
have written about them, and what still lies in Kafka until its retention has passed.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.resources import files

import msgspec
from clickhouse_driver import Client

from sinks.batch import Placed, empty_batch
from sinks.clickhouse import EVERY_RUN, ClickHouseSink
from sinks.cluster import Cluster
from sinks.mutation import mutate
from sinks.rows import ERASED_COLUMNS, REMOVALS_COLUMNS, PostKey, removal_entry
from uproar.records import Deletion

_STATEMENTS = files("sinks") / "statements"
POSTS = (_STATEMENTS / "posts_of_author_anywhere.sql").read_text("utf-8")
ROWS = (_STATEMENTS / "rows_of_authors.sql").read_text("utf-8")
ERASE_CALLS = (_STATEMENTS / "erase_calls.sql").read_text("utf-8")
ERASE_ROWS = (_STATEMENTS / "erase_rows.sql").read_text("utf-8")
LETTERS = (_STATEMENTS / "letters_that_name.sql").read_text("utf-8")
ERASE_LETTERS = (_STATEMENTS / "erase_letters.sql").read_text("utf-8")
PLATFORMS = (_STATEMENTS / "platforms.sql").read_text("utf-8")

ON_REQUEST = "erasure on request"
POSTS_AT_ONCE = 5_000
SETTLE_SECONDS = 2.0
"""A sink that looked up who is gone just before we wrote it down has stored its batch by then."""
MOST_ROUNDS = 10
SHORTEST_NAME = 3
"""A shorter handle is not looked for in dead letters: it would be found in everybody's."""

FOR_GOOD = datetime(2200, 1, 1, tzinfo=UTC)
"""Nothing that the author will ever write is stored."""


class Subject(msgspec.Struct, frozen=True):
    """A person on a platform, by one of their pseudonyms."""

    platform: str
    pseudonym: str


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken out: posts and dead letters by run; `rows_left` is 0 when all went well."""

    posts: dict[str, int]
    dead_letters: dict[str, int]
    rows_left: int


def known_platforms(client: Client) -> list[str]:
    """Return the platforms that posts of any run came from."""
    return [platform for (platform,) in client.execute(PLATFORMS)]


def erase(
    client: Client,
    subjects: Sequence[Subject],
    handles: Iterable[str],
    until: datetime,
    pause: Callable[[float], None] = time.sleep,
    cluster: Cluster | None = None,
) -> Erased:
    """Erase the posts of these authors observed up to `until`, and dead letters that name them.

    Raises the driver's errors, with nothing forgotten: the same call goes on.
    """
    now = datetime.now(UTC)
    _remember(client, subjects, until, now)
    asked = {
        "authors": tuple(subject.pseudonym for subject in subjects),
        "until": int(until.timestamp() * 1000),
    }
    posts: dict[str, int] = {}
    sink = ClickHouseSink(client, cluster)
    quiet = 0
    for _ in range(MOST_ROUNDS):
        found = client.execute(POSTS, asked)
        for start in range(0, len(found), POSTS_AT_ONCE):
            batch = empty_batch()
            batch.reactions.extend(
                _deletion(key, now) for key in found[start : start + POSTS_AT_ONCE]
            )
            sink.write(batch)
        for run, _platform, _post_id in found:
            posts[run] = posts.get(run, 0) + 1
        if found:
            mutate(client, ERASE_ROWS, asked, cluster)
            mutate(client, ERASE_CALLS, asked, cluster)
        quiet = 0 if found else quiet + 1
        if quiet == 2:  # once for what was there, once for what was on its way
            break
        pause(SETTLE_SECONDS)
    ((rows_left,),) = client.execute(ROWS, asked)
    return Erased(
        posts=posts, dead_letters=_erase_letters(client, handles, cluster), rows_left=rows_left
    )


def _remember(client: Client, subjects: Sequence[Subject], until: datetime, now: datetime) -> None:
    erased = [(EVERY_RUN, one.platform, one.pseudonym, until) for one in subjects]
    entries = [
        removal_entry(
            EVERY_RUN, "account", f"{one.platform}:{one.pseudonym}", ON_REQUEST, (now, now)
        )
        for one in subjects
    ]
    for table, columns, rows in (
        ("erased_authors", ERASED_COLUMNS, erased),
        ("removals", REMOVALS_COLUMNS, entries),
    ):
        client.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES", rows)


def _deletion(key: PostKey, now: datetime) -> Placed:
    run, platform, post_id = key
    deletion = Deletion(
        run=run, platform=platform, post_id=post_id, observed_at=now, received_at=now
    )
    return Placed(deletion, why=ON_REQUEST)


def _erase_letters(
    client: Client, handles: Iterable[str], cluster: Cluster | None
) -> dict[str, int]:
    names = [re.escape(handle) for handle in handles if len(handle) >= SHORTEST_NAME]
    if not names:
        return {}
    asked = {"pattern": rf"(?i)(?:^|[^\w@])@?(?:{'|'.join(names)})(?:[^\w]|$)"}
    found = dict(client.execute(LETTERS, asked))
    if found:
        mutate(client, ERASE_LETTERS, asked, cluster)
    return found
