"""Messages are settled in order, each behind its deliveries, and none behind one that failed."""

import asyncio
from collections.abc import Awaitable, Callable

from streams.deliveries import Deliveries


class Ledger:
    """What was settled, and what failed."""

    def __init__(self) -> None:
        self.settled: list[int] = []
        self.errors: list[Exception] = []

    def settle(self, number: int) -> Callable[[], Awaitable[None]]:
        async def note() -> None:
            self.settled.append(number)

        return note

    async def failed(self, error: Exception) -> None:
        self.errors.append(error)


def acknowledged() -> asyncio.Future[None]:
    """Return what stands for the broker's word on a delivery, which is still to come."""
    return asyncio.get_running_loop().create_future()


def test_a_later_message_that_is_delivered_first_is_settled_behind_the_earlier_one() -> None:
    async def tried() -> list[int]:
        ledger, slow, soon = Ledger(), acknowledged(), acknowledged()
        deliveries = Deliveries(ledger.failed)
        await deliveries.add([slow], ledger.settle(1))
        await deliveries.add([soon], ledger.settle(2))
        soon.set_result(None)
        await asyncio.sleep(0.01)
        assert ledger.settled == []
        slow.set_result(None)
        await deliveries.settled()
        return ledger.settled

    assert asyncio.run(tried()) == [1, 2]


def test_nothing_behind_a_delivery_that_failed_is_settled_and_the_failure_is_told_once() -> None:
    async def tried() -> Ledger:
        ledger, made, refused, later = Ledger(), acknowledged(), acknowledged(), acknowledged()
        made.set_result(None)
        refused.set_exception(ConnectionError("away"))
        later.set_result(None)
        deliveries = Deliveries(ledger.failed)
        for number, delivery in enumerate((made, refused, later), start=1):
            await deliveries.add([delivery], ledger.settle(number))
        await deliveries.settled()
        return ledger

    ledger = asyncio.run(tried())
    assert ledger.settled == [1]
    assert [str(error) for error in ledger.errors] == ["away"]


def test_no_more_than_the_bound_are_under_way_and_what_is_dropped_is_not_settled() -> None:
    async def tried() -> list[int]:
        ledger, never = Ledger(), [acknowledged() for _ in range(3)]
        deliveries = Deliveries(ledger.failed, most=2)
        for number in (1, 2):
            await deliveries.add([never[number - 1]], ledger.settle(number))
        third = asyncio.create_task(deliveries.add([never[2]], ledger.settle(3)))
        await asyncio.sleep(0.01)
        assert not third.done()
        third.cancel()
        deliveries.drop()
        await asyncio.sleep(0.01)
        return ledger.settled

    assert asyncio.run(tried()) == []


def test_bytes_have_a_bound_as_well_but_one_message_may_be_as_large_as_it_is() -> None:
    async def tried() -> list[int]:
        ledger, slow, later = Ledger(), acknowledged(), acknowledged()
        deliveries = Deliveries(ledger.failed, most_bytes=100)
        await deliveries.add([slow], ledger.settle(1), size=500)
        second = asyncio.create_task(deliveries.add([later], ledger.settle(2), size=1))
        await asyncio.sleep(0.01)
        assert not second.done()
        slow.set_result(None)
        await second
        assert ledger.settled == [1]
        later.set_result(None)
        await deliveries.add([], ledger.settle(3), size=100)
        await deliveries.settled()
        return ledger.settled

    assert asyncio.run(tried()) == [1, 2, 3]
