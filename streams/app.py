"""The Faust app: posts -> reactions and dead letters. Wiring only.

Guarantee: at least once. The offset of a message is acknowledged only after the broker has
acknowledged everything that came out of it; within a partition the order stays. Faust itself
acknowledges what failed (docs/decisions/0003-faust.md), hence `noack` and bytes in every topic.
A post that we cannot read becomes a dead letter; a broker or setting that fails stops the worker.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import faust

from streams.deliveries import Deliveries
from streams.messages import Message, Outcome, PostReader, assess_message
from streams.observed import ObservedMessages
from streams.transport import PromptApp
from uproar import metrics
from uproar.endpoints import KafkaEndpoint
from uproar.fuse import OFF, Fuse
from uproar.kafka import (
    BATCH_BYTES,
    COMPRESSION,
    LOCAL_SESSION_SECONDS,
    MAX_REQUEST_BYTES,
    SESSION_SECONDS,
    tls_context,
)
from uproar.topics import Topics

FUSE_HINT = "`uproar dead-letters list` shows them; `reading-failed` is a bug of ours"

METADATA_SECONDS = 5
BUFFERED_MESSAGES = 512
"""Messages that wait in memory for the agent: some 100 kB each where packs are full, and a few
posts each where they come live. Where four fifths are there, Faust sleeps for a second before it
fetches again; with fewer, what came in that second was enough for the next sleep."""


def build_app(
    kafka: KafkaEndpoint,
    topics: Topics,
    data: Path,
    reader: Callable[[], PostReader],
    fuse_share: float = OFF,
) -> faust.App:
    """Return the app. `reader` is asked before each message, so that new entities count at once.

    Where more than `fuse_share` of the newest records fail, the worker stops (`uproar.fuse`).
    """
    app = _app(kafka, topics, data)
    posts = app.topic(topics.posts, value_type=bytes, value_serializer="raw")
    reactions = app.topic(topics.reactions, value_type=bytes, value_serializer="raw")
    dead_letters = app.topic(topics.dead_letters, value_type=bytes, value_serializer="raw")
    observed = ObservedMessages()
    fuse = Fuse(fuse_share)

    @app.agent(posts, name="read-posts")
    async def read_posts(stream: faust.StreamT[bytes]) -> None:
        """Turn posts into reactions, or dead letters. At least once (docs/guarantees.md)."""
        manual = cast("faust.Stream[bytes]", stream).noack()  # Faust acks even when we raise
        observed.watch(app, manual)
        under_way = Deliveries(failed=app.crash)
        try:
            async for event in manual.events():
                with metrics.READING_SECONDS.time():
                    read = observed.reader(reader())
                    outcome = assess_message(observed.decoder, read, _message(event))
                sent = [
                    await topic.send(value=value, partition=event.message.partition)
                    for topic, values in (
                        (dead_letters, outcome.dead_letters),
                        (reactions, outcome.reactions),
                    )
                    for value in values
                ]
                size = sum(map(len, (*outcome.dead_letters, *outcome.reactions)))
                await under_way.add(sent, settle(manual, event, outcome), size)
                fuse.see_message(outcome.good, outcome.failures)
                if fuse.blown:
                    await under_way.settled()
                    raise fuse.error("the worker stops", FUSE_HINT)
        except Exception as error:
            # Going on would leave a gap behind; whoever starts us again starts at the gap.
            await app.crash(error)
            raise
        finally:
            under_way.drop()

    def settle(stream: Any, event: Any, outcome: Outcome) -> Callable[[], Awaitable[None]]:
        account = observed.account()

        async def settled() -> None:
            await stream.ack(event)
            observed.delivered(event, outcome, account)

        return settled

    return app


def _message(event: Any) -> Message:
    message = event.message
    return Message(
        value=event.value,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        received_at=datetime.now(UTC),
    )


def _app(kafka: KafkaEndpoint, topics: Topics, data: Path) -> faust.App:
    settings: dict[str, Any] = {
        "id": topics.streams_group,
        "broker": [f"kafka://{broker}" for broker in kafka.brokers],
        "broker_credentials": _credentials(kafka),
        "datadir": data,
        "store": "memory://",
        "web_enabled": False,
        "topic_allow_declare": False,  # the command line creates them, with its partitions
        "topic_disable_leader": True,  # its empty partition would hold up every fetch
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": 4 * MAX_REQUEST_BYTES,
        "broker_session_timeout": SESSION_SECONDS,
        "broker_commit_interval": 1.0,
        # A broker that has just come back may know no topic yet: whoever shares out the partitions
        # then gives none to anybody, until the group looks again. The default is five minutes.
        "consumer_metadata_max_age_ms": METADATA_SECONDS * 1000,
        "producer_acks": -1,
        "producer_compression_type": COMPRESSION,
        "producer_max_batch_size": BATCH_BYTES,
        "producer_max_request_size": MAX_REQUEST_BYTES,
        "stream_buffer_maxsize": BUFFERED_MESSAGES,
        "stream_wait_empty": False,
    }
    if kafka.is_local:
        settings |= {
            "broker_session_timeout": LOCAL_SESSION_SECONDS,
            "broker_heartbeat_interval": 1.0,
        }
    return (PromptApp if kafka.is_local else faust.App)(**settings)


def _credentials(kafka: KafkaEndpoint) -> Any:
    context = tls_context(kafka)
    if kafka.security.startswith("SASL"):
        return faust.SASLCredentials(
            mechanism=kafka.sasl_mechanism,
            username=kafka.username,
            password=kafka.password,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context else None
