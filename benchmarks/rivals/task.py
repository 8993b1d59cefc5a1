"""What a program of a way is told: a file of JSON, named in its command."""

import sys
from pathlib import Path

import msgspec

from uproar.records import LIVE_RUN
from uproar.topics import Topics, topics


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Where the servers are, which topics are meant, and how posts are read."""

    brokers: tuple[str, ...]
    is_local: bool
    """Whether it is the local broker, where joining a group takes half a session's timeout."""
    prefix: str
    config: str
    """Names the entities, and how they are read."""
    clickhouse_url: str = ""
    """Of who may also make tables: the naive sink has its own."""
    posts: str = ""
    """Lines to send, for a sender of posts one by one."""
    run: str = LIVE_RUN
    is_single: bool = False
    """Whether a message is one post, instead of a pack."""
    is_tutorial: bool = False
    """Whether the naive worker reads as a tutorial would, instead of as Uproar does."""
    rows_at_once: int = 1
    """Of the naive sink."""

    @property
    def topics(self) -> Topics:
        """The topics' names."""
        return topics(self.prefix)


def told(path: str | None = None) -> Task:
    """Return the task in the file of that name, or of the program's only argument."""
    return msgspec.json.decode(Path(path or sys.argv[1]).read_bytes(), type=Task)
