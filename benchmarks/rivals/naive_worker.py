"""A Faust agent as its tutorial has it: an event at a time, JSON in and out, a send for each.

Faust's defaults, but for how long a group takes to be joined, which is not measured.
"""

import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import faust
import msgspec

from benchmarks.rivals.naive_reading import NaiveReader
from benchmarks.rivals.task import Task, told
from streams.worker import CurrentReader
from uproar.config_file import ConfigFile, read_config
from uproar.kafka import LOCAL_SESSION_SECONDS
from uproar.records import Post


def build_app(task: Task, data: str) -> faust.App:
    """Return the app."""
    app = faust.App(
        task.topics.streams_group,
        broker=[f"kafka://{broker}" for broker in task.brokers],
        datadir=data,
        web_enabled=False,
        broker_session_timeout=LOCAL_SESSION_SECONDS,
        broker_heartbeat_interval=1.0,
        consumer_auto_offset_reset="earliest",
    )
    posts = app.topic(task.topics.posts, value_serializer="json")
    reactions = app.topic(task.topics.reactions, value_serializer="json")
    naive = NaiveReader(read_config(Path(task.config)).entities)
    ours = CurrentReader(ConfigFile(Path(task.config)), "fast")

    @app.agent(posts)
    async def read_posts(stream: faust.StreamT[dict[str, Any]]) -> None:
        async for post in stream:
            reaction = naive.read(post) if task.is_tutorial else read_as_we_do(ours, post)
            await reactions.send(value=reaction)

    return app


def read_as_we_do(reader: CurrentReader, post: Mapping[str, Any]) -> dict[str, Any]:
    """Return a post with what Uproar reads in it, in the naive form."""
    record = msgspec.convert(
        {
            name: datetime.fromisoformat(value) if name.endswith("_at") else value
            for name, value in post.items()
        },
        Post,
    )
    reaction = reader().read(record)
    first = reaction.entities[0]
    return {
        **post,
        "entities": [one.entity for one in reaction.entities],
        "sentiment": first.sentiment.score if first.sentiment else 0.0,
        "call": first.calls[0].action if first.calls else "",
    }


def main(task: Task) -> None:
    """Read until a signal."""
    with tempfile.TemporaryDirectory() as data:
        sys.argv = ["naive"]  # Faust's worker would read ours
        faust.Worker(build_app(task, data), loglevel="WARNING").execute_from_commandline()


if __name__ == "__main__":
    main(told())
