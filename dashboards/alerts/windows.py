"""Sums over the last minutes, kept up as minutes come and go. Pure."""

from collections import Counter, deque

import msgspec

from dashboards.alerts.facts import Minute, PostFacts


class Sums(msgspec.Struct, kw_only=True):
    """The totals of a stretch."""

    posts: int = 0
    sure: int = 0
    negative: int = 0
    calling_against: int = 0
    calling_for: int = 0
    calling: int = 0

    def calls(self, direction: str) -> int:
        """Return the posts that call for action in a direction."""
        if direction == "against":
            return self.calling_against
        return self.calling_for if direction == "for" else self.calling


class Window:
    """The last `minutes` minutes of an entity."""

    def __init__(self, minutes: int, *, is_detailed: bool = False) -> None:
        self.minutes = minutes
        self.sums = Sums()
        self._kept: deque[Minute] = deque()
        self._details = Details() if is_detailed else None

    @property
    def details(self) -> "Details":
        """What is known of the single posts; a window that was not asked for them has none."""
        if self._details is None:
            raise ValueError("this window keeps no details")
        return self._details

    def push(self, minute: Minute) -> Minute | None:
        """Take in the next minute; let go of the one that is too old, and return it."""
        self._kept.append(minute)
        if minute.posts:
            _add(self.sums, minute, 1)
        if self._details is not None:
            self._details.add(minute.details, 1)
        if len(self._kept) <= self.minutes:
            return None
        old = self._kept.popleft()
        if old.posts:
            _add(self.sums, old, -1)
        if self._details is not None:
            self._details.add(old.details, -1)
        return old


class Details:
    """How the posts of a stretch spread over authors, words and terms."""

    def __init__(self) -> None:
        self.by_author: Counter[str] = Counter()
        self.by_print: Counter[int] = Counter()
        self._by_term: dict[str, Counter[str]] = {}

    def add(self, posts: tuple[PostFacts, ...], sign: int) -> None:
        """Count posts in, or out again with -1."""
        for post in posts:
            _count(self.by_print, post.print, sign)
            if post.author:
                _count(self.by_author, post.author, sign)
            # Posts without a known author are told apart by their words.
            who = post.author or f"print {post.print}"
            for term in post.terms:
                voices = self._by_term.setdefault(term, Counter())
                _count(voices, who, sign)
                if not voices:
                    del self._by_term[term]

    def loudest_share(self) -> float:
        """Return the share of the loudest author, of the posts whose author is known."""
        known = self.by_author.total()
        return max(self.by_author.values()) / known if known else 0.0

    def copies_share(self) -> float:
        """Return the share of posts that say what another post says, the first of each aside."""
        posts = self.by_print.total()
        return (posts - len(self.by_print)) / posts if posts else 0.0

    def voices(self) -> dict[str, int]:
        """Return how many authors use each term."""
        return {term: len(voices) for term, voices in self._by_term.items()}


def _count(counter: Counter, key: object, sign: int) -> None:  # type: ignore[type-arg]
    counter[key] += sign
    if counter[key] <= 0:
        del counter[key]


def _add(sums: Sums, minute: Minute, sign: int) -> None:
    sums.posts += sign * minute.posts
    sums.sure += sign * minute.sure
    sums.negative += sign * minute.negative
    if minute.calling or minute.calling_against or minute.calling_for:
        sums.calling_against += sign * minute.calling_against
        sums.calling_for += sign * minute.calling_for
        sums.calling += sign * minute.calling
