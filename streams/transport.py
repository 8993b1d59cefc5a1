"""Faust's Kafka driver with one setting that it fixes: how long a fetch may wait.

The driver asks for 1.5 s. Apache Kafka answers as soon as something arrives, so there it does no
harm; the local broker answers only at half that wait, which would add 0.4 s to every reaction.
"""

import time
from typing import Any

import faust
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport

from uproar.fetch_wait import FetchWait
from uproar.kafka import LOCAL_FETCH_WAIT_MILLISECONDS


class PromptConsumerThread(AIOKafkaConsumerThread):
    """The driver's consumer thread, whose consumer waits a short time while records come."""

    _wait: FetchWait | None = None

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = LOCAL_FETCH_WAIT_MILLISECONDS
        return consumer

    async def _fetch_records(self, consumer: Any, *given: Any, **named: Any) -> Any:
        records = await super()._fetch_records(consumer, *given, **named)
        self._wait = self._wait or FetchWait()
        wait = self._wait.after(has_come=bool(records), seconds=time.monotonic())
        consumer._fetcher._fetch_max_wait_ms = wait
        return records


class PromptConsumer(Consumer):
    """The driver's consumer, on that thread."""

    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return PromptConsumerThread(self, loop=self.loop, beacon=self.beacon)


class PromptTransport(Transport):
    """The driver, with that consumer."""

    Consumer = PromptConsumer


class PromptApp(faust.App):
    """A Faust app for the local broker."""

    def _new_transport(self) -> Transport:
        return PromptTransport(self.conf.broker_consumer, self)
