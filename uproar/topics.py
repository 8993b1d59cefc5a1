"""The catalogue of topics. A stage meets another only here.

Messages have no key: the producer chooses the partition from the post's identity
(`uproar.packs.partition_of`), because a message carries many posts.
"""

import msgspec


class Topics(msgspec.Struct, frozen=True, kw_only=True):
    """The names of the three topics, and of the groups that read them, under one prefix."""

    posts: str
    reactions: str
    dead_letters: str
    streams_group: str
    sink_group: str

    def all(self) -> tuple[str, str, str]:
        """Return the three names in the order in which data flows."""
        return (self.posts, self.reactions, self.dead_letters)


def topics(prefix: str = "uproar") -> Topics:
    """Name the topics.

    >>> topics().dead_letters
    'uproar.dead-letters.v1'
    """
    return Topics(
        posts=f"{prefix}.posts.v1",
        reactions=f"{prefix}.reactions.v1",
        dead_letters=f"{prefix}.dead-letters.v1",
        streams_group=f"{prefix}-streams",
        sink_group=f"{prefix}-clickhouse-sink",
    )
