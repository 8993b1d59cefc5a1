"""The figures of a report, as the queries answer them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dashboards.trust import Trust


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """How much was said, by how many, in what mood. A post about two entities is two mentions."""

    mentions: int = 0
    repeats: int = 0
    unique_authors: int = 0
    negative_posts: int = 0
    neutral_posts: int = 0
    positive_posts: int = 0
    unsure_posts: int = 0
    unread_posts: int = 0
    posts_calling: int = 0
    posts_against: int = 0
    posts_for: int = 0

    @property
    def negative_share(self) -> float | None:
        """The part of negative among those whose mood the model is sure of; None without any."""
        sure = self.negative_posts + self.neutral_posts + self.positive_posts
        return self.negative_posts / sure if sure else None

    @property
    def against_share(self) -> float:
        """The part of mentions that call for action against."""
        return self.posts_against / self.mentions if self.mentions else 0.0


class EntityTotals(Totals, frozen=True, kw_only=True):
    """The same of one entity."""

    entity: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an entity's course."""

    entity: str
    time: datetime
    mentions: int
    posts_against: int


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What the detector expected in one step."""

    entity: str
    time: datetime
    expected: float


class Mood(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the mood."""

    time: datetime
    negative_posts: int
    neutral_posts: int
    positive_posts: int
    unsure_posts: int
    unread_posts: int


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """How many mentions hold a call of one kind."""

    action: str
    direction: str
    posts_calling: int


class CallStep(msgspec.Struct, frozen=True, kw_only=True):
    """How many mentions of one step call for an action against."""

    time: datetime
    action: str
    posts_calling: int


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asked to act, by how many posts."""

    addressee: str
    posts_calling: int


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a call, and how many posts repeat them."""

    evidence: str
    action: str
    direction: str
    posts_calling: int
    unique_authors: int


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A language or a platform, and its part of the whole."""

    name: str
    mentions: int
    posts_against: int


class Loudest(msgspec.Struct, frozen=True, kw_only=True):
    """Whether it is a crowd or a few; of the mentions whose author is known."""

    known_authors: int = 0
    known_mentions: int = 0
    of_the_loudest: int = 0
    of_the_ten_loudest: int = 0
    authors_of_one: int = 0


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A post that may be quoted."""

    time: datetime
    entity: str
    platform: str
    language: str
    text: str
    url: str
    actions: Sequence[str]
    directions: Sequence[str]
    evidence: Sequence[str]
    confidence: Sequence[float]
    label: str
    score: float
    responses: int


class Spike(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch that the watcher found far above what it expected."""

    entity: str
    started_at: datetime
    peak_at: datetime
    ended_at: datetime | None
    mentions: int
    expected: float
    peak_mentions: int


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What was announced."""

    entity: str
    signal: str
    severity: str
    started_at: datetime
    fired_at: datetime
    ended_at: datetime | None
    value: float
    expected: float
    peak_value: float
    term: str
    silence: str


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """A known event."""

    entity: str
    starts_at: datetime
    ends_at: datetime | None
    title: str
    text: str
    url: str


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of everything that was read, over the whole run."""

    read_records: int = 0
    kept_posts: int = 0
    filtered_posts: int = 0
    deletions: int = 0
    unreadable_records: int = 0
    left_over: int = 0
    inputs: str = ""


class Letters(msgspec.Struct, frozen=True, kw_only=True):
    """How many records could not be used for one reason."""

    stage: str
    reason: str
    letters: int


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A query as it was run: `name` is that of its file, `of` tells the askings of one apart."""

    name: str
    sql: str
    of: str = ""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a report tells. Times are in UTC; `to_at` is the last second of the range.

    `course` and `expected` go by `unit_seconds`, for the leading entities; `mood` and `calling` by
    `bar_seconds`, for all. `before` and `during` are the totals of the leading entity before its
    wave and from then on; both are None without a wave.
    """

    run: str
    from_at: datetime
    to_at: datetime
    asked_at: datetime
    asked_entities: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
    unit_seconds: int
    bar_seconds: int
    trust: Trust
    accounts: Accounts = Accounts()
    letters: Sequence[Letters] = ()
    totals: Totals
    entities: Sequence[EntityTotals]
    course: Sequence[Step]
    expected: Sequence[Expected] = ()
    mood: Sequence[Mood] = ()
    calls: Sequence[Call] = ()
    calling: Sequence[CallStep] = ()
    addressees: Sequence[Addressee] = ()
    words: Sequence[Words] = ()
    languages: Sequence[Part] = ()
    platforms: Sequence[Part] = ()
    loudest: Loudest = Loudest()
    candidates: Sequence[Candidate] = ()
    spikes: Sequence[Spike] = ()
    alerts: Sequence[Alert] = ()
    annotations: Sequence[Annotation] = ()
    before: Totals | None = None
    during: Totals | None = None
    queries: Sequence[Asked] = ()

    def name_of(self, entity: str) -> str:
        """Return the name that people know an entity by."""
        return self.names.get(entity, entity)
