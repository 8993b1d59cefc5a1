"""Send posts one by one: a line, a dictionary, a message of JSON, by kafka-python."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from benchmarks.rivals.task import Task, told
from uproar.endpoints import KafkaEndpoint
from uproar.kafka import producer_settings


def post_of(line: bytes, run: str, now: datetime) -> dict[str, Any]:
    """Return a tweet as the fields of a post."""
    tweet = json.loads(line)
    created_at = datetime.strptime(tweet["created_at"], "%a %b %d %H:%M:%S %z %Y").isoformat()
    return {
        "type": "post",
        "run": run,
        "platform": "twitter",
        "post_id": tweet["id_str"],
        "author": tweet["user"]["screen_name"],
        "text": tweet["text"],
        "created_at": created_at,
        "observed_at": created_at,
        "received_at": now.isoformat(),
        "lang": tweet["lang"],
    }


def main(task: Task) -> None:
    """Send them all, then wait until they are acknowledged."""
    kafka = KafkaEndpoint(brokers=task.brokers, is_local=task.is_local)
    producer = KafkaProducer(
        **producer_settings(kafka), value_serializer=lambda post: json.dumps(post).encode()
    )
    print(datetime.now(UTC).isoformat(), flush=True)  # noqa: T201 - when sending began
    with Path(task.posts).open("rb") as lines:
        for line in lines:
            producer.send(task.topics.posts, post_of(line, task.run, datetime.now(UTC)))
    producer.flush()
    producer.close()


if __name__ == "__main__":
    main(told())
