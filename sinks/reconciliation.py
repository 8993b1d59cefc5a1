"""Whether everything that went into a run came out of it: the sums of every stage. Pure.

A stage is in balance when in = out + filtered + dead letters + repeats. The two sides come from
different hands: what a producer says that it has sent, what the waybills in the ledger say that
has arrived, and what the tables hold. A record that vanished shows as the difference.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

SETTLED = ("finished", "interrupted")


class File(NamedTuple):
    """A file of the run, by the newest life of its producer."""

    source: str
    number: int
    name: str
    read: int
    kept: int
    filtered: int
    deletions: int
    dead_letters: int


class Life(NamedTuple):
    """A life of a producer: its newest report, and how far its watermarks are stored."""

    source: str
    started_at: datetime
    state: str
    read: int
    kept: int
    filtered: int
    deletions: int
    dead_letters: int
    resume_position: int
    resumed: int
    sent: int
    plan: str
    position: int
    is_finished: bool


class Told(NamedTuple):
    """What a life says that it has sent into a partition of the posts and dead-letters topics."""

    source: str
    started_at: datetime
    partition: int
    packs: int
    records: int
    letter_packs: int
    letters: int


class Seen(NamedTuple):
    """What the ledger has of a life in a partition, over the packs that a watermark speaks for.

    `every_…` counts also those behind the last watermark, of which there are `packs_beyond`.
    `repeats` are messages that came more than once, `torn` packs of which a piece is missing.
    """

    source: str
    started_at: datetime
    stream: str
    stage: str
    partition: int
    packs: int
    torn: int
    read: int
    failed: int
    told: int
    records: int
    bad: int
    new_posts: int
    further: int
    unmentioned: int
    every_new_post: int
    every_failed: int
    repeats: int
    packs_beyond: int


class Facts(msgspec.Struct, frozen=True):
    """All that is compared. `held` is what the tables hold, by kind and place.

    `missing` names the first packs that are not in the ledger, by life, stream and partition.
    `is_whole` is false where retention has begun to remove what the ledger tells of.
    """

    files: Sequence[File]
    lives: Sequence[Life]
    told: Sequence[Told]
    seen: Sequence[Seen]
    held: Mapping[str, Mapping[str, int]]
    missing: Mapping[tuple[str, datetime, str, int], Sequence[int]] = {}
    is_whole: bool = True

    @property
    def newest(self) -> dict[str, Life]:
        """The newest life of each producer."""
        return {life.source: life for life in self.lives}  # they stand oldest first

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to come: every producer's newest life has ended."""
        return all(life.state in SETTLED for life in self.newest.values())


class Balance(msgspec.Struct, frozen=True):
    """One sum: what came in at a place of a stage, what it became, and what does not add up."""

    stage: str
    place: str
    came_in: int
    became: dict[str, int]
    gap: str = ""


def reconcile(facts: Facts) -> list[Balance]:
    """Return the sum of every stage, in the order in which data flows."""
    return [
        *_files(facts),
        *_producers(facts),
        *_posts_topic(facts),
        *_streams(facts),
        *_dead_letters_topic(facts),
        *_sink(facts),
        *_tables(facts),
        *_letters(facts),
    ]


def _files(facts: Facts) -> list[Balance]:
    return [
        _summed(
            "file",
            file.name,
            file.read,
            {
                "kept": file.kept,
                "filtered": file.filtered,
                "deletions": file.deletions,
                "dead letters": file.dead_letters,
            },
        )
        for file in facts.files
    ]


def _producers(facts: Facts) -> list[Balance]:
    balances = []
    for life in facts.newest.values():
        parts = {
            "kept": life.kept,
            "filtered": life.filtered,
            "deletions": life.deletions,
            "dead letters": life.dead_letters,
        }
        balance = _summed("producer", life.source, life.read, parts)
        of_files = sum(file.read for file in facts.files if file.source == life.source)
        if life.state == "finished" and of_files and of_files != life.read:
            balance = _with_gap(balance, f"its files add up to {of_files:,} records")
        if life.resume_position and not any(
            other.source == life.source
            and other.plan == life.plan
            and other.started_at < life.started_at
            and other.position >= life.resume_position
            for other in facts.lives
        ):
            told = f"no earlier life says that records 1 to {life.resume_position:,} are stored"
            balance = _with_gap(balance, told)
        balances.append(balance)
    return balances


def _posts_topic(facts: Facts) -> list[Balance]:
    seen = _by_partition(facts, "reactions", "streams")
    balances = []
    for told in facts.told:
        found = seen.get((told.source, told.started_at, told.partition))
        read = found.read if found else 0
        gap = ""
        if told.packs > (found.packs if found else 0):
            gap = _packs_missing(facts, told, "reactions", told.packs, found)
        elif read != told.records:
            gap = f"{told.records - read:,} records missing"
        elif found and found.torn:
            gap = f"{found.torn:,} packs lack a piece"
        place = f"{told.source} {told.started_at:%Y-%m-%d %H:%M:%S}, partition {told.partition}"
        became = {"read": read, "repeated messages": found.repeats if found else 0}
        balances.append(Balance("posts topic", place, told.records, became, gap))
    for life in facts.newest.values():
        sent = sum(
            told.records
            for told in facts.told
            if (told.source, told.started_at) == (life.source, life.started_at)
        )
        if life.state == "finished":
            balance = _summed("producer, sent", life.source, life.sent, {"into partitions": sent})
            balances.insert(0, balance)
    return balances


def _streams(facts: Facts) -> list[Balance]:
    letters = _by_partition(facts, "dead-letters", "streams")
    balances = []
    for key, seen in _by_partition(facts, "reactions", "streams").items():
        parts = {"on": seen.records + seen.bad, "dead letters": seen.failed}
        balance = _summed("streams", _place(seen), seen.read, parts)
        written = letters[key].records + letters[key].bad if key in letters else 0
        if written != seen.failed:
            balance = _with_gap(
                balance, f"{seen.failed:,} dead letters told, {written:,} of them arrived"
            )
        elif seen.told != seen.records + seen.bad:
            balance = _with_gap(balance, f"the waybills tell of {seen.told:,} records going on")
        balances.append(balance)
    return balances


def _dead_letters_topic(facts: Facts) -> list[Balance]:
    seen = _by_partition(facts, "dead-letters", "producer")
    balances = []
    for told in facts.told:
        if not told.letter_packs:
            continue
        found = seen.get((told.source, told.started_at, told.partition))
        arrived = found.records + found.bad if found else 0
        gap = ""
        if told.letter_packs > (found.packs if found else 0):
            gap = _packs_missing(facts, told, "dead-letters", told.letter_packs, found)
        elif arrived != told.letters:
            gap = f"{told.letters - arrived:,} dead letters missing"
        place = f"{told.source} {told.started_at:%Y-%m-%d %H:%M:%S}, partition {told.partition}"
        became = {"read": arrived, "repeated messages": found.repeats if found else 0}
        balances.append(Balance("dead-letters topic", place, told.letters, became, gap))
    return balances


def _sink(facts: Facts) -> list[Balance]:
    return [
        _summed(
            "sink",
            _place(seen),
            seen.records,
            {
                "new posts": seen.new_posts,
                "edits, deletions, repeats": seen.further,
                "without a mention": seen.unmentioned,
            },
        )
        for seen in _by_partition(facts, "reactions", "streams").values()
    ]


def _tables(facts: Facts) -> list[Balance]:
    """Compare ledger, states, rows and minutes; of a run under way, only that nothing is lost."""
    if not facts.is_whole:
        return []
    balances = []
    new_posts: dict[str, int] = {}
    for seen in _by_partition(facts, "reactions", "streams").values():
        place = str(seen.partition)
        new_posts[place] = new_posts.get(place, 0) + seen.every_new_post
    states = facts.held.get("states", {})
    for place in sorted(new_posts.keys() | states.keys(), key=int):
        told, held = new_posts.get(place, 0), states.get(place, 0)
        gap = ""
        if held < told or (facts.is_settled and held != told):
            gap = f"{abs(told - held):,} posts {'missing' if held < told else 'too many'}"
        became = {"stored posts": held}
        # The sink was killed between a post and its ledger, and the broker with the message.
        if lost := facts.held.get("states lost", {}).get(place, 0):
            became["first came in a message lost with its broker"] = lost
        balances.append(Balance("post_states", f"partition {place}", told, became, gap))
    told_rows, rows = facts.held.get("rows told", {}), facts.held.get("rows", {})
    minutes = facts.held.get("minutes", {})
    for entity in sorted(told_rows.keys() | rows.keys() | minutes.keys()):
        told, row, minute = (held.get(entity, 0) for held in (told_rows, rows, minutes))
        gap = "" if told == row == minute else "states, rows and minutes differ"
        became = {"rows": row, "in minutes": minute}
        balances.append(Balance("reactions", entity, told, became, gap))
    return balances


def _letters(facts: Facts) -> list[Balance]:
    """Compare what failed with the letters there are, and those that became records since.

    A file that was read anew has other letters than before; the earlier ones are told, no more.
    """
    kinds = ("letters", "letters read again", "letters before")
    dead, again, before = (facts.held.get(kind, {}) for kind in kinds)
    reported = sum(life.dead_letters for life in facts.newest.values())
    became = {"stored": _of_producers(dead)}
    if again:
        became["read again"] = _of_producers(again)
    held = sum(became.values())
    if before:
        became["of earlier readings"] = _of_producers(before)
    gap = ""
    # What a killed life sent behind its cursor, a live source reads again: one letter more.
    is_repeated = any(life.resume_position for life in facts.lives)
    if facts.is_settled and (held < reported or (held > reported and not is_repeated)):
        gap = f"{abs(reported - held):,} {'missing' if held < reported else 'too many'}"
    balances = [Balance("dead_letters", "of producers", reported, became, gap)]
    failed = sum(
        seen.every_failed for seen in _by_partition(facts, "reactions", "streams").values()
    )
    became = {"stored": dead.get("streams", 0)}
    if again.get("streams"):
        became["read again"] = again["streams"]
    held = sum(became.values())
    if failed or held:
        # A record that a second life sends again fails again, and is one letter or two.
        gap = f"{failed - held:,} missing" if held < failed and len(facts.lives) == 1 else ""
        balances.append(Balance("dead_letters", "of streams", failed, became, gap))
    return balances


def _of_producers(held: Mapping[str, int]) -> int:
    return sum(count for stage, count in held.items() if stage not in ("streams", "sink"))


def _by_partition(facts: Facts, stream: str, stage: str) -> dict[tuple[str, datetime, int], Seen]:
    return {
        (seen.source, seen.started_at, seen.partition): seen
        for seen in facts.seen
        if (seen.stream, seen.stage) == (stream, stage)
    }


def _packs_missing(facts: Facts, told: Told, stream: str, packs: int, found: Seen | None) -> str:
    count = packs - (found.packs if found else 0)
    first = facts.missing.get((told.source, told.started_at, stream, told.partition), ())
    named = ", ".join(map(str, first)) + (", …" if count > len(first) else "")
    return f"{count:,} of {packs:,} packs missing: {named}"


def _place(seen: Seen) -> str:
    return f"{seen.source} {seen.started_at:%Y-%m-%d %H:%M:%S}, partition {seen.partition}"


def _summed(stage: str, place: str, came_in: int, became: dict[str, int]) -> Balance:
    left = came_in - sum(became.values())
    gap = f"{abs(left):,} {'missing' if left > 0 else 'too many'}" if left else ""
    return Balance(stage, place, came_in, became, gap)


def _with_gap(balance: Balance, gap: str) -> Balance:
    both = f"{balance.gap}; {gap}" if balance.gap else gap
    return msgspec.structs.replace(balance, gap=both)
