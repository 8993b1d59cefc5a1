"""Posts drawn to be labelled by hand: which are asked for, and how precise the rules were. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from uproar.evaluation.groups import grouped
from uproar.evaluation.mentions import Row
from uproar.evaluation.report import Group, share

KIND = "sample"


class Stored(NamedTuple):
    """One stored mention, in the order of the statement's columns."""

    entity: str
    platform: str
    post_id: str
    lang: str
    text: str

    @property
    def id(self) -> str:
        """What the post is called in a file of labels."""
        return f"{self.platform}/{self.post_id}"


def share_out(drawn: Sequence[Stored], count: int) -> list[Stored]:
    """Return `count` of the posts drawn, as evenly from the entities as there are posts.

    >>> names = [Stored(name, "p", str(n), "en", "") for name in "ab" for n in range(3)]
    >>> [(post.entity, post.post_id) for post in share_out(names, 4)]
    [('a', '0'), ('b', '0'), ('a', '1'), ('b', '1')]
    """
    by_entity: dict[str, list[Stored]] = {}
    for post in drawn:
        by_entity.setdefault(post.entity, []).append(post)
    most = max(map(len, by_entity.values()), default=0)
    rounds = (post for turn in range(most) for post in _turn(by_entity, turn))
    return [post for _, post in zip(range(count), rounds, strict=False)]


def _turn(by_entity: Mapping[str, Sequence[Stored]], turn: int) -> list[Stored]:
    return [posts[turn] for posts in by_entity.values() if turn < len(posts)]


def unlabelled(
    sample: Iterable[Stored], names: Mapping[str, str], labels: Iterable[Row], run: str
) -> list[Stored]:
    """Return the posts of a sample that no label of this run is about.

    `names` are those of entities by id. A post is asked about once for each of its entities.
    """
    done = {(row.entity, row.id) for row in labels if row.run == run}
    return [post for post in sample if (names.get(post.entity, post.entity), post.id) not in done]


def label(post: Stored, name: str, run: str, *, about: bool) -> Row:
    """Return the label of a post, as `uproar evaluate mentions` reads it."""
    return Row(
        entity=name, about=about, text=post.text, lang=post.lang, kind=KIND, id=post.id, run=run
    )


def precision(labels: Iterable[Row], run: str) -> dict[str, Group]:
    """Return the share of a run's labelled posts that are about their entity, by entity."""
    return grouped(
        [row for row in labels if row.run == run and row.kind == KIND],
        lambda row: [row.entity],
        lambda rows: Group(
            n=len(rows),
            figures={"precision": share(sum(row.about for row in rows), len(rows))},
        ),
    )
