"""Whether two runs come to the same: a fingerprint of all minute totals, and where they differ."""

from datetime import datetime
from importlib.resources import files

import msgspec
from clickhouse_driver import Client

_STATEMENTS = files("sinks") / "statements"
FINGERPRINT = (_STATEMENTS / "fingerprint.sql").read_text("utf-8")
DIFFERING_MINUTES = (_STATEMENTS / "differing_minutes.sql").read_text("utf-8")
FIGURES = (_STATEMENTS / "run_figures.sql").read_text("utf-8")


class Fingerprint(msgspec.Struct, frozen=True):
    """32 hexadecimal digits over every total of a run: how many totals, of how many mentions.

    Guarantee: equal totals have equal fingerprints, on any machine, under any key of pseudonyms and
    in whatever order they were stored; unequal ones have not, short of a collision that nobody
    makes by accident. Not promised: anything of texts, which are not in it.
    """

    digits: str
    totals: int
    mentions: int


class Figures(msgspec.Struct, frozen=True):
    """What a run came to for one entity; `negative_share` is None where no mood was read."""

    entity: str
    posts: int
    authors: int
    negative_share: float | None
    calls_against: int
    calls_for: int


class DifferingMinute(msgspec.Struct, frozen=True):
    """A minute of an entity whose totals differ, with the posts and calling posts of each run."""

    entity: str
    minute: datetime
    posts: tuple[int, int]
    calling: tuple[int, int]


def fingerprint(client: Client, run: str) -> Fingerprint:
    """Compute the fingerprint of what is stored now, in one query of bounded memory.

    Raises the driver's errors.
    """
    ((digits, totals, mentions),) = client.execute(FINGERPRINT, {"run": run})
    return Fingerprint(digits, totals, mentions)


def figures(client: Client, run: str) -> list[Figures]:
    """Return the figures of each entity, the one most talked about first."""
    return [Figures(*row) for row in client.execute(FIGURES, {"run": run})]


def differing_minutes(
    client: Client, one: str, other: str, most: int
) -> tuple[int, list[DifferingMinute]]:
    """Return in how many minutes two runs differ, entity by entity, and the first of them."""
    rows = client.execute(DIFFERING_MINUTES, {"one": one, "other": other, "most": most})
    found = [
        DifferingMinute(entity, minute, (posts, others_posts), (calls, others_calls))
        for entity, minute, posts, others_posts, calls, others_calls, _ in rows
    ]
    return (rows[0][-1] if rows else 0), found
