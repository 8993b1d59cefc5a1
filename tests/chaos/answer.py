"""What a recording must come to, computed from its lines alone, in the plainest way.

No Kafka, no ClickHouse, none of our readers of formats. Only what a text says is asked of the
product's own reading, for the question is whether the pipeline stores just that, once.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
import numpy as np

from streams.assess import Reader
from uproar.config import Entity
from uproar.mentions import MentionMatcher
from uproar.records import EntityReaction, Post, Reaction, SentimentModel

LINE_LIMIT_BYTES: Final = 16 * 1024 * 1024
TEXT_LIMIT: Final = 100_000
FIELD_LIMIT: Final = 4_096

Key = tuple[str, str]
"""platform, post id"""
Row = tuple[str, str, str, int, datetime, str]
"""entity, platform, post id, version, observed at, sentiment label"""
Place = tuple[str, datetime, str, str]
"""entity, minute, platform, language"""


class Answer(msgspec.Struct, frozen=True):
    """Everything that is compared. `totals` holds only counters that are not zero.

    Not compared are `sent`, the posts and deletions of posts that the streams are sent, and
    `departures`, the deletions of accounts, which are sent to every partition.
    """

    rows: set[Row]
    totals: dict[Place, dict[str, int]]
    dead_letters: set[tuple[int, str]]
    counts: dict[str, int]
    watermark: datetime
    position: int
    sent: int = 0
    departures: int = 0


class _Item(msgspec.Struct, frozen=True):
    """A usable line: when it counts, where it stood, what it says."""

    at: datetime
    number: int
    record: dict[str, Any]


class Reading:
    """The product's reading of single texts, each of which is read once."""

    def __init__(self, entities: Sequence[Entity], sentiment: SentimentModel) -> None:
        reader = Reader(entities, sentiment)
        matcher = MentionMatcher(entities)

        @cache
        def read(text: str, lang: str | None) -> Reaction:
            return reader.read(_post(text, lang))

        @cache
        def may_mention(text: str) -> bool:
            return matcher.may_mention(text)

        self.read = read
        self.may_mention = may_mention


def work_out(lines: Iterable[bytes], reading: Reading) -> Answer:
    """Return what the lines come to."""
    unusable: set[tuple[int, str]] = set()
    items: list[_Item] = []
    latest: datetime | None = None  # of the posts up to here
    number = 0
    for number, line in enumerate(lines, start=1):
        record, fault = _usable(line)
        if fault:
            unusable.add((number, fault))
            continue
        told = _time(record.get("created_at"))
        at = told if isinstance(told, datetime) else latest  # a deletion may not say when
        assert at is not None, "a deletion without a time must not come first"
        if not _is_deletion(record):
            latest = max(latest or at, at)
        items.append(_Item(at, number, record))
    items.sort(key=lambda item: (item.at, item.number))
    state = _State(reading)
    for item in items:
        state.take(item)
    rows, totals = state.tables()
    assert latest is not None
    counts = Counter(f"dead letters: {reason}" for _, reason in unusable)
    return Answer(
        rows=rows,
        totals=totals,
        dead_letters=unusable,
        counts={"read": number, **state.counts, **counts},
        watermark=latest.replace(second=0, microsecond=0) + timedelta(minutes=1),
        position=number,
        sent=sum(state.counts[what] for what in ("kept", "deletions")) - state.departures,
        departures=state.departures,
    )


class _State:
    """What is known of every post after the records so far, in order of time."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._newest: dict[Key, dict[str, Any]] = {}
        self._first_at: dict[Key, datetime] = {}
        self._told_at: defaultdict[Key, list[tuple[str, datetime]]] = defaultdict(list)
        self._deleted: set[Key] = set()
        self._gone: dict[tuple[str, str], datetime] = {}
        self.departures = 0
        self.counts: Counter[str] = Counter(kept=0, filtered=0, deletions=0)

    def take(self, item: _Item) -> None:
        record, at = item.record, _whole_milliseconds(item.at)
        if record.get("deleted_account"):
            self.counts["deletions"] += 1
            self.departures += 1
            self._gone[record["platform"], record["author"]] = at  # the last one is the latest
            return
        key = (record["platform"], record["id"])
        if record.get("deleted"):
            self.counts["deletions"] += 1
            self._deleted.add(key)
            return
        revision = record.get("revision", 0)
        if not revision and not self._reading.may_mention(record["text"]):
            self.counts["filtered"] += 1
            return
        self.counts["kept"] += 1
        if revision or self._reading.read(record["text"], record.get("lang")).entities:
            self._first_at.setdefault(key, at)
            self._told_at[key].append((record["author"], at))
        if key not in self._newest or revision >= self._newest[key].get("revision", 0):
            self._newest[key] = record

    def tables(self) -> tuple[set[Row], dict[Place, dict[str, int]]]:
        """Return rows and minute totals."""
        rows: set[Row] = set()
        totals: defaultdict[Place, Counter[str]] = defaultdict(Counter)
        authors: defaultdict[Place, set[str]] = defaultdict(set)
        for key, record, reaction in self._left():
            at = self._first_at[key]
            for entity in reaction.entities:
                mood = entity.sentiment
                label = mood.label if mood else "unread"
                rows.add((entity.entity, *key, record.get("revision", 0), at, label))
                minute = at.replace(second=0, microsecond=0)
                place = (entity.entity, minute, key[0], reaction.lang)
                authors[place] |= {record["author"]} - {""}
                totals[place].update(_counted(record, entity))
        return rows, {
            place: _not_zero({**counted, "authors": len(authors[place])})
            for place, counted in totals.items()
        }

    def _left(self) -> Iterator[tuple[Key, dict[str, Any], Reaction]]:
        for key, record in self._newest.items():
            if key not in self._deleted and not self._is_gone(key):
                yield key, record, self._reading.read(record["text"], record.get("lang"))

    def _is_gone(self, key: Key) -> bool:
        """Say whether any word of the post is older than its author's departure."""
        return any(
            at <= self._gone.get((key[0], author), datetime.min.replace(tzinfo=UTC))
            for author, at in self._told_at[key]
        )


def _counted(record: dict[str, Any], entity: EntityReaction) -> dict[str, int]:
    mood = entity.sentiment
    counted = Counter(["posts", (mood.label if mood.is_sure else "unsure") if mood else "unread"])
    counted.update({f"{call.action} {call.direction}" for call in entity.calls})
    directions = {call.direction for call in entity.calls}
    score = np.float32(mood.score if mood else 0.0)  # as the table keeps it
    return {
        **counted,
        "reposts": int("repost_of" in record),
        "calling": int(bool(entity.calls)),
        "calling_against": int("against" in directions),
        "calling_for": int("for" in directions),
        "sentiment_sum": round(float(score) * 10_000),
    }


def _not_zero(counted: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counted.items() if count}


def _usable(line: bytes) -> tuple[dict[str, Any], str]:
    """Return the record of a line, or the reason why it has none."""
    if len(line) > LINE_LIMIT_BYTES:
        return {}, "line-too-long"
    try:
        record = json.loads(line.decode())
    except UnicodeDecodeError:
        return {}, "not-utf8"
    except ValueError:
        return {}, "not-json" if line.endswith(b"}") else "truncated-line"
    return record, _fault(record)


def _fault(record: dict[str, Any]) -> str:
    if not isinstance(record.get("text", ""), str):
        return "wrong-shape"
    if record.get("deleted_account"):
        return ""
    if record.get("deleted"):
        return "" if record.get("id") else "not-a-post"
    if "text" not in record:
        return "no-text"
    if len(record["text"]) > TEXT_LIMIT:
        return "text-too-long"
    if len(record.get("url", "")) > FIELD_LIMIT:
        return "field-too-long"
    told = _time(record.get("created_at"))
    return told if isinstance(told, str) else ""


def _time(written: object) -> datetime | str:
    """Return the time, or the reason why there is none."""
    if written is None:
        return "no-time"
    if isinstance(written, int | float):
        return datetime.fromtimestamp(written, UTC)
    try:
        at = datetime.fromisoformat(str(written)).astimezone(UTC)
    except ValueError:
        return "bad-time"
    return at if 1990 <= at.year < 3000 else "time-out-of-range"


def _whole_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _is_deletion(record: dict[str, Any]) -> bool:
    return bool(record.get("deleted") or record.get("deleted_account"))


def _post(text: str, lang: str | None) -> Post:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    return Post(
        run="answer", platform="mastodon", post_id="1", author="", text=text, lang=lang,
        created_at=at, observed_at=at, received_at=at,
    )  # fmt: skip
