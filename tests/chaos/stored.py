"""What the tables hold of a run, in the terms of an answer; and how the two differ."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from clickhouse_driver import Client

from tests.chaos.answer import Answer

_FOLDER: Final = Path(__file__).parent
MOST_SHOWN: Final = 8


def ask(client: Client, name: str, run: str) -> list[Any]:
    """Return the rows that a statement of this folder answers."""
    sql = (_FOLDER / f"{name}.sql").read_text("utf-8")
    return list(client.execute(sql, {"run": run}))


def read_tables(client: Client, run: str) -> Answer:
    """Return what is stored. A run that has not come to its end has position 0."""
    totals = {}
    for *place, counters, score, calls in ask(client, "stored_totals", run):
        named = {**counters, "sentiment_sum": score, **calls}
        totals[tuple(place)] = {name: count for name, count in named.items() if count}
    (marks,) = ask(client, "stored_watermark", run)
    (told,) = ask(client, "stored_counts", run)
    return Answer(
        rows=set(ask(client, "stored_rows", run)),
        totals=totals,
        dead_letters=set(ask(client, "stored_dead_letters", run)),
        counts=dict(zip(("read", "kept", "filtered", "deletions"), told[:4], strict=True))
        | {f"dead letters: {reason}": count for reason, count in told[4].items()},
        watermark=marks[0],
        position=marks[2] if marks[1] else 0,
    )


def disagreements(client: Client, run: str) -> list[str]:
    """Name what is made of the rows and minutes of a run and does not agree with them."""
    ((is_kept, *wrong),) = ask(client, "coarse_wrong", run)
    kinds = ("totals by hour", "totals by day", "posts in the list of calls")
    return [
        f"{count} {kind} do not agree with what they are made of"
        for kind, count in zip(kinds, wrong, strict=True)
        if is_kept and count
    ]


def differences(wanted: Answer, found: Answer) -> list[str]:
    """Name everything in which two answers differ, a line each; nothing where they are equal."""
    return [
        *_of_sets("row", wanted.rows, found.rows),
        *_of_maps("total", wanted.totals, found.totals),
        *_of_sets("dead letter", wanted.dead_letters, found.dead_letters),
        *_of_maps("count", wanted.counts, found.counts),
        *_of_maps(
            "end",
            {"watermark": wanted.watermark, "position": wanted.position},
            {"watermark": found.watermark, "position": found.position},
        ),
    ]


def _of_sets(what: str, wanted: set[Any], found: set[Any]) -> list[str]:
    missing = [f"{what} missing: {one}" for one in sorted(wanted - found)]
    return missing + [f"{what} not wanted: {one}" for one in sorted(found - wanted)]


def _of_maps(what: str, wanted: Mapping[Any, Any], found: Mapping[Any, Any]) -> list[str]:
    return [
        f"{what} {key}: wanted {wanted.get(key)}, found {found.get(key)}"
        for key in sorted(wanted.keys() | found.keys())
        if wanted.get(key) != found.get(key)
    ]
