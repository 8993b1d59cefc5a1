"""A batch of records -> ClickHouse's tables."""

from collections.abc import Sequence
from importlib.resources import files

from clickhouse_driver import Client

from sinks.batch import Batch
from sinks.changes import Changes, PostState, keys_of, plan_changes
from sinks.rows import (
    DEAD_LETTERS_COLUMNS,
    REACTIONS_COLUMNS,
    RUNS_COLUMNS,
    STATES_COLUMNS,
    WATERMARKS_COLUMNS,
    PostKey,
    Row,
)

_STATEMENTS = files("sinks") / "statements"
KNOWN_STATES = (_STATEMENTS / "known_states.sql").read_text(encoding="utf-8")
SERVER_TIME = (_STATEMENTS / "server_time.sql").read_text(encoding="utf-8")
RECOMPUTE_MINUTES = (_STATEMENTS / "recompute_minutes.sql").read_text(encoding="utf-8")

_IDS = [("run", "String"), ("platform", "String"), ("post_id", "String")]
_TOUCHED = [("run", "String"), ("minute", "DateTime('UTC')")]


class ClickHouseSink:
    """Writes batches; the caller commits their offsets afterwards.

    Guarantee: once in effect. Each step of `write` may be repeated, alone or with all before it,
    and with the batch cut differently: rows replace themselves by key and version, totals are
    computed anew from the rows that count, a watermark only rises. It moves last, so what lies
    behind it is stored and totalled. Not promised: a total that is right while its minute is
    being written; read behind the watermark.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def write(self, batch: Batch) -> None:
        """Store the batch. Raises the driver's errors, with nothing done after the failed step."""
        if batch.reactions:
            changes = plan_changes(batch.reactions, self._known(keys_of(batch.reactions)))
            # Rows before states: a state tells of rows, so it must never be there without them.
            self._insert("reactions", REACTIONS_COLUMNS, changes.rows)
            self._insert("post_states", STATES_COLUMNS, _state_rows(changes))
            self._recompute(changes)
        self._insert("dead_letters", DEAD_LETTERS_COLUMNS, batch.dead_letters)
        self._insert("runs", RUNS_COLUMNS, batch.reports)
        self._insert("watermarks", WATERMARKS_COLUMNS, batch.watermarks)

    def _known(self, keys: set[PostKey]) -> dict[PostKey, PostState]:
        ids = [{"run": run, "platform": platform, "post_id": id_} for run, platform, id_ in keys]
        rows = self._client.execute(
            KNOWN_STATES, external_tables=[{"name": "ids", "structure": _IDS, "data": ids}]
        )
        return {
            (run, platform, post_id): PostState(
                version, bool(is_deleted), observed_at, tuple(entities)
            )
            for run, platform, post_id, version, is_deleted, observed_at, entities in rows
        }

    def _recompute(self, changes: Changes) -> None:
        if not changes.touched:
            return
        # Before the totals look at the rows: whoever computes later has then seen at least as much.
        ((version,),) = self._client.execute(SERVER_TIME)
        minutes = [int(minute.timestamp()) for _, minute in changes.touched]
        self._client.execute(
            RECOMPUTE_MINUTES,
            # Seconds, for the driver would write a time in the server's zone, whatever it is.
            {"first": min(minutes), "end": max(minutes) + 60, "version": version},
            external_tables=[
                {
                    "name": "touched",
                    "structure": _TOUCHED,
                    "data": [{"run": run, "minute": minute} for run, minute in changes.touched],
                }
            ],
        )

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if rows:
            names = ", ".join(f"`{column}`" for column in columns)
            self._client.execute(
                f"INSERT INTO {table} ({names}) VALUES",
                list(zip(*rows, strict=True)),
                columnar=True,
            )


def _state_rows(changes: Changes) -> list[Row]:
    return [
        (*key, state.version, int(state.is_deleted), state.observed_at, list(state.entities))
        for key, state in changes.states.items()
    ]
