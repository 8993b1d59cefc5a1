"""Read the stored posts of a run again, and store what is read of them now."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from itertools import islice

from clickhouse_driver import Client

from sinks.batch import Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from sinks.stored import Comparison, StoredRow, stored_posts
from uproar.records import Post, Reaction

_STATEMENTS = files("sinks") / "statements"
STORED_DAYS = (_STATEMENTS / "stored_days.sql").read_text("utf-8")
STORED_ENTITIES = (_STATEMENTS / "stored_entities.sql").read_text("utf-8")
STORED_POSTS = (_STATEMENTS / "stored_posts.sql").read_text("utf-8")

POSTS_AT_ONCE = 5_000

ReadAll = Callable[[Sequence[Post]], Sequence[Reaction]]
"""Posts -> what is read in each, in the same order."""


def entities_of(client: Client, run: str) -> tuple[str, ...]:
    """Return which entities have rows in a run."""
    return tuple(entity for (entity,) in client.execute(STORED_ENTITIES, {"run": run}))


def rescore(
    client: Client,
    run: str,
    read: ReadAll,
    sink: ClickHouseSink | None,
    progress: Callable[[int], None],
) -> Comparison:
    """Read every stored post of a run with `read`; write the result to `sink`, if there is one.

    Guarantee: rows and totals are then those of today's reading, as if the posts had only now come
    in. It may be broken off and repeated, and run beside a live sink: an edit or a deletion that
    comes meanwhile wins. Not promised: mentions in posts that were not stored, for their text is
    not there. Raises the driver's errors. `client` must not be the one the sink writes with.
    """
    comparison = Comparison()
    for day in [day for (day,) in client.execute(STORED_DAYS, {"run": run})]:
        rows = client.execute_iter(
            STORED_POSTS, {"run": run, "day": day}, settings={"max_block_size": 8192}
        )
        posts = stored_posts(run, (StoredRow(*row) for row in rows))
        while batch := list(islice(posts, POSTS_AT_ONCE)):
            reactions = read([stored.post for stored in batch])
            for stored, reaction in zip(batch, reactions, strict=True):
                comparison.add(stored, reaction)
            if sink is not None:
                out = empty_batch()
                out.reactions.extend(map(Placed, reactions))
                sink.write(out)
            progress(comparison.counts["posts"])
    return comparison
