"""What becomes of each input record: pure. The time and the matcher are passed in."""

from datetime import datetime

import msgspec

from producers.admit import FIELD_LIMIT_CHARACTERS, admit, derive_id, observed, to_post
from producers.filter import Matcher, goes_further
from producers.parsed import (
    AccountWithdrawal,
    ClaimedTime,
    Control,
    Draft,
    Frame,
    Parsed,
    Passed,
    Unreadable,
    Withdrawal,
)
from producers.plan import ReplayPlan
from producers.times import read_time
from uproar.records import PAYLOAD_LIMIT_BYTES, AccountDeletion, DeadLetter, Deletion, Post

STAGE = "replay"


class Timed(msgspec.Struct, frozen=True, gc=False):
    """A record with its place in time; `record` is None for a post that is filtered.

    `is_within` tells whether it has a place among the posts that are replayed: one outside
    `--from` and `--to`, or a deletion of unknown time, has none.
    """

    time: datetime
    record: Post | Deletion | AccountDeletion | None
    is_within: bool = True


class Intake:
    """Judges the records of one replay, file after file, by its plan."""

    def __init__(self, plan: ReplayPlan, matcher: Matcher) -> None:
        self._plan = plan
        self._matcher = matcher
        self.latest: datetime | None = None
        """Time of the latest post so far that is within the bounds."""

    def judge(
        self,
        frame: Frame,
        index: int,
        value: Parsed | Passed,
        source: str,
        received_at: datetime,
    ) -> Timed | DeadLetter | Control:
        """Say what becomes of value number `index` of a frame of the file called `source`."""
        if isinstance(value, Passed):
            return self._pass_over(value.at)
        outcome: Timed | Unreadable
        if isinstance(value, Draft):
            outcome = self._judge_post(value, source, frame, index, received_at)
        elif isinstance(value, Withdrawal):
            outcome = self._judge_deletion(value, received_at)
        elif isinstance(value, AccountWithdrawal):
            outcome = self._judge_account(value, received_at)
        elif isinstance(value, Control):
            return value
        else:
            outcome = value
        if isinstance(outcome, Unreadable):
            return self._dead_letter(frame, index, outcome, source, received_at)
        return outcome

    def _judge_post(
        self, draft: Draft, source: str, frame: Frame, index: int, received_at: datetime
    ) -> Timed | Unreadable:
        created_at = admit(draft, received_at)
        if isinstance(created_at, Unreadable):
            return created_at
        time = observed(draft, created_at, received_at)
        passed = self._pass_over(time)
        if not passed.is_within:
            return passed
        if not goes_further(draft, self._matcher, keep_all=self._plan.keep_all):
            return passed
        if not draft.post_id:
            place = (frame.position, frame.part + index)
            draft = msgspec.structs.replace(draft, post_id=derive_id(draft, source, place))
        post = to_post(draft, self._plan.run, created_at, received_at, self._plan.names)
        return Timed(time, post)

    def _pass_over(self, time: datetime) -> Timed:
        """Place a post in time, as one that is filtered."""
        if not self._is_within(time):
            return Timed(time, None, is_within=False)
        if self.latest is None or time > self.latest:
            self.latest = time
        return Timed(time, None)

    def _judge_deletion(self, gone: Withdrawal, received_at: datetime) -> Timed | Unreadable:
        if fault := _overlong(gone.platform, gone.post_id):
            return fault
        time = self._time_of(gone.at, received_at)
        deletion = Deletion(
            run=self._plan.run,
            platform=gone.platform,
            post_id=gone.post_id,
            observed_at=time or received_at,
            received_at=received_at,
        )
        return Timed(deletion.observed_at, deletion, time is not None and self._is_within(time))

    def _judge_account(self, gone: AccountWithdrawal, received_at: datetime) -> Timed | Unreadable:
        if fault := _overlong(gone.platform, gone.author):
            return fault
        if not gone.author:
            return Unreadable("not-a-post", "wanted the author who is gone, found none")
        time = self._time_of(gone.at, received_at)
        deletion = AccountDeletion(
            run=self._plan.run,
            platform=gone.platform,
            author=self._plan.names.name(gone.platform, gone.author),
            observed_at=time or received_at,
            received_at=received_at,
        )
        return Timed(deletion.observed_at, deletion, time is not None and self._is_within(time))

    def _time_of(self, claimed: ClaimedTime, received_at: datetime) -> datetime | None:
        """Return when a deletion happened; None where nothing tells.

        Without a time of its own, it belongs where it stands: behind the posts read so far.
        """
        told = read_time(claimed, received_at)
        return self.latest if isinstance(told, Unreadable) else told

    def _is_within(self, time: datetime) -> bool:
        plan = self._plan
        return (plan.start is None or time >= plan.start) and (plan.end is None or time < plan.end)

    def _dead_letter(
        self, frame: Frame, index: int, fault: Unreadable, source: str, received_at: datetime
    ) -> DeadLetter:
        payload = frame.raw if fault.payload is None else fault.payload
        return DeadLetter(
            run=self._plan.run,
            stage=STAGE,
            reason=fault.reason,
            detail=fault.detail,
            source=source,
            position=frame.position,
            part=frame.part + index,
            payload=payload[:PAYLOAD_LIMIT_BYTES],
            size_bytes=frame.size_bytes if fault.payload is None else len(payload),
            received_at=received_at,
        )


def _overlong(platform: str, name: str) -> Unreadable | None:
    if max(len(platform), len(name)) <= FIELD_LIMIT_CHARACTERS:
        return None
    found = f"wanted an id of at most {FIELD_LIMIT_CHARACTERS:,} characters, found more"
    return Unreadable("field-too-long", found)
