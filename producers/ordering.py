"""How the records of a replay are put in order: within a window, or by a sort on disk."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from producers.ahead import Scouts
from producers.inputs import Input, Part, parts
from producers.intake import Intake, Timed
from producers.order import WINDOW_BYTES, WINDOW_RECORDS, Disorder, Order, OrderBuffer
from producers.parsed import Draft, Parsed, Passed
from producers.plan import ReplayPlan
from producers.sorting import ExternalOrder
from producers.spill import Spill
from uproar.records import AccountDeletion, Deletion, Post

Record = Post | Deletion | AccountDeletion

HELD_BYTES = 1_000
"""What a post weighs in memory beside its text, about."""

_LOOK_UP_EVERY = 1_024  # records


def fits_window(
    inputs: Sequence[Input],
    plan: ReplayPlan,
    now: datetime,
    on_bytes: Callable[[int], None],
    should_stop: Callable[[], bool] = lambda: False,
    scouts: Scouts | None = None,
) -> bool:
    """Read the inputs for their times alone; say whether the window brings all into order.

    Stops at the first record that it would not. Where it says yes, none will come out late: every
    post is counted here as if it were kept, and so weighs more than it will. Reads to the end
    otherwise, and so costs about what decoding does. True, too, when `should_stop` says so.
    `scouts` without entities read large files ahead, which changes no answer.
    """
    intake = Intake(plan, _Nothing())
    disorder = Disorder(min(plan.window_records, WINDOW_RECORDS), WINDOW_BYTES)
    count = 0
    for source in inputs:
        for part in parts(source, on_bytes):
            if not isinstance(part, Part):
                continue
            records = scouts.records(part, lambda: now) if scouts else part.records
            for frame, values in records:
                for index, value in enumerate(values):
                    judged = intake.judge(frame, index, value, part.source.name, now)
                    if isinstance(judged, Timed) and judged.is_within:
                        disorder.see(judged.time, HELD_BYTES + 4 * _characters(value))
                count += 1
                if disorder.late:
                    return False
                if count % _LOOK_UP_EVERY == 0 and should_stop():
                    return True
    return all(not disorder.late for _ in disorder.rest())


@contextmanager
def order_of(
    plan: ReplayPlan, *, is_sorted: bool, folder: Path | None = None
) -> Iterator[Order[Record | None]]:
    """Lend what puts the records of a plan in order; `folder` is where a sort finds room.

    A sort keeps pseudonyms and texts on disk for as long as it lasts, in a file without a name.
    """
    if not is_sorted:
        yield OrderBuffer[Record | None](plan.window_records)
        return
    with Spill(folder) as spill:
        yield ExternalOrder(spill, _ENCODE, _DECODER.decode)


def _characters(value: Parsed | Passed) -> int:
    if isinstance(value, Passed):
        return value.characters
    return len(value.text or "") if isinstance(value, Draft) else 0


class _Nothing:
    """Finds no entity in any text."""

    def may_mention(self, _text: str) -> bool:
        return False


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODER = msgspec.msgpack.Decoder(Record | None)
