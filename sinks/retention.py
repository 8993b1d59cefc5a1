"""How long rows are kept, by platform: what the tables' times to live should be. Pure."""

import re
from collections.abc import Mapping

import msgspec

LONGEST_DAYS = 18_250
"""A time to live is reckoned in ClickHouse's DateTime, which ends in 2106 and then begins anew:
rows that should stay longer would be gone at once. So whatever is longer means: for ever."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What decides in one table how old a row is, and which rows grow old at all."""

    column: str
    grain: str = ""
    """How long the stretch of a total is: it goes when the last of what it counts goes."""
    has_platform: bool = True
    is_live_only: bool = True
    """A replay is of the past anyway, and stays until it is dropped."""


KEPT = {
    "reactions": Kept(column="observed_at"),
    "calling_reactions": Kept(column="observed_at"),
    "post_states": Kept(column="observed_at"),
    "reactions_by_minute": Kept(column="minute"),
    "reactions_by_hour": Kept(column="hour", grain="toIntervalHour(1)"),
    "reactions_by_day": Kept(column="day", grain="toIntervalDay(1)"),
    "expected_by_minute": Kept(column="minute", has_platform=False),
    "deliveries": Kept(column="attempted_at", has_platform=False, is_live_only=False),
    "ledger": Kept(column="stored_at", has_platform=False),
    "dead_letters": Kept(column="received_at", has_platform=False, is_live_only=False),
}
"""Totals hold the authors' pseudonyms and go with what they count. A dead letter does not say its
platform, so that the shortest of all times is right for it. What else there is holds no posts."""


class Retention(msgspec.Struct, frozen=True):
    """Days for each platform that is named, and for any other."""

    days: int
    by_platform: Mapping[str, int] = {}

    def ttl(self, table: str) -> str:
        """Return what stands behind TTL in a table's definition; empty: its rows stay.

        >>> Retention(400).ttl("post_states")
        "toDateTime(observed_at) + toIntervalDay(400) DELETE WHERE run = 'live'"
        """
        kept = KEPT[table]
        if kept.has_platform:
            return ", ".join(self._by_platform(kept))
        days = self.days
        if not kept.is_live_only:
            days = min(days, *self.by_platform.values()) if self.by_platform else days
        return ", ".join(_clause(kept, days, ""))

    def _by_platform(self, kept: Kept) -> list[str]:
        named = sorted(self.by_platform)
        clauses = [
            clause
            for name in named
            for clause in _clause(kept, self.by_platform[name], f" AND platform = '{name}'")
        ]
        others = f" AND platform NOT IN ({', '.join(repr(name) for name in named)})"
        return [*clauses, *_clause(kept, self.days, others if named else "")]


def _clause(kept: Kept, days: int, platforms: str) -> list[str]:
    if days > LONGEST_DAYS:
        return []
    end = f"toDateTime({kept.column}) + toIntervalDay({days})"
    if kept.grain:
        end += f" + {kept.grain}"
    return [f"{end} DELETE" + (f" WHERE run = 'live'{platforms}" if kept.is_live_only else "")]


def ttl_of(definition: str) -> str:
    """Return the time to live in a table's definition as ClickHouse writes it; empty: none.

    >>> ttl_of("MergeTree ORDER BY a TTL b + toIntervalDay(4) SETTINGS index_granularity = 8192")
    'b + toIntervalDay(4)'
    """
    found = re.search(r" TTL (.*?)(?: SETTINGS .*)?\Z", definition, re.DOTALL)
    return found[1] if found else ""
