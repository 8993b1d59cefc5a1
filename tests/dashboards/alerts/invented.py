"""Invented minutes, put into the tables as the sink would have left them."""

import math
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from clickhouse_driver import Client

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def calm(minutes: int, rate: float, seed: int) -> list[int]:
    """Return counts of an entity that is talked about at `rate` posts a minute, more by day."""
    draw = random.Random(seed)
    counts = []
    for index in range(minutes):
        mean = rate * (1 + 0.6 * math.sin(2 * math.pi * (index / 1440 - 0.3)))
        limit, product, count = math.exp(-mean), draw.random(), 0
        while product > limit:
            product *= draw.random()
            count += 1
        counts.append(count)
    return counts


def store_minutes(
    client: Client,
    run: str,
    counts: Mapping[str, list[int]],
    calling: Mapping[str, list[int]] | None = None,
    start: datetime = START,
) -> None:
    """Store totals of each minute that has posts."""
    rows = []
    for entity, series in counts.items():
        calls = (calling or {}).get(entity, [0] * len(series))
        for index, posts in enumerate(series):
            if posts:
                minute = start + index * MINUTE
                rows.append(
                    (run, entity, minute, "mastodon", "en", posts, posts // 3, posts - posts // 3,
                     calls[index], calls[index], 1, 0)
                )  # fmt: skip
    client.execute(
        "INSERT INTO reactions_by_minute (run, entity, minute, platform, lang, posts, negative, "
        "neutral, calling, calling_against, version, is_deleted) VALUES",
        rows,
    )
    days = {(run, row[1], row[2].replace(hour=0, minute=0), "mastodon", "en", 1, 0) for row in rows}
    client.execute(
        "INSERT INTO reactions_by_day (run, entity, day, platform, lang, version, is_deleted) "
        "VALUES",
        sorted(days),
    )


def store_watermark(client: Client, run: str, before: datetime, *, is_last: bool = False) -> None:
    """Say that everything before a time is stored."""
    rows = [
        (run, "file", stream, 0, START, "", 1, before, 0, int(is_last), datetime.now(UTC))
        for stream in ("reactions", "dead-letters")
    ]
    client.execute(
        "INSERT INTO watermarks (run, source, stream, partition, started_at, plan, partitions, "
        "observed_before, position, is_last, stored_at) VALUES",
        rows,
    )
