"""A batch of records -> ClickHouse's tables."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

import msgspec
from clickhouse_driver import Client

from sinks.batch import Batch, Ledgered, Partition, Placed, empty_batch
from sinks.changes import (
    DELETED_ACCOUNT,
    AuthorKey,
    Changes,
    FirstPlace,
    PostState,
    Stretch,
    authors_of,
    keys_of,
    plan_changes,
)
from sinks.cluster import Cluster
from sinks.coarser import recompute_coarser
from sinks.dropped import runs_in, without_dropped
from sinks.mutation import mutate
from sinks.rows import (
    DEAD_LETTERS_COLUMNS,
    ERASED_COLUMNS,
    FILES_COLUMNS,
    LEDGER_COLUMNS,
    MANIFESTS_COLUMNS,
    REACTIONS_COLUMNS,
    REMOVALS_COLUMNS,
    RUNS_COLUMNS,
    STATES_COLUMNS,
    WATERMARKS_COLUMNS,
    PostKey,
    Row,
    removal_entry,
)
from uproar.metrics import STEP_SECONDS
from uproar.records import AccountDeletion, Deletion

log = logging.getLogger(__name__)

_STATEMENTS = files("sinks") / "statements"
KNOWN_STATES = (_STATEMENTS / "known_states.sql").read_text(encoding="utf-8")
DROPPED_LIVES = (_STATEMENTS / "dropped_lives.sql").read_text(encoding="utf-8")
KNOWN_GONE = (_STATEMENTS / "known_gone.sql").read_text(encoding="utf-8")
POSTS_OF_AUTHORS = (_STATEMENTS / "posts_of_authors.sql").read_text(encoding="utf-8")
REMOVED_SO_FAR = (_STATEMENTS / "removed_so_far.sql").read_text(encoding="utf-8")
SERVER_TIME = (_STATEMENTS / "server_time.sql").read_text(encoding="utf-8")
RECOMPUTE_MINUTES = (_STATEMENTS / "recompute_minutes.sql").read_text(encoding="utf-8")

LEFTOVERS = (_STATEMENTS / "leftovers.sql").read_text(encoding="utf-8")
PURGE = (_STATEMENTS / "purge.sql").read_text(encoding="utf-8")

PURGED_AT_ONCE = 1_000
HIDING_TABLES = {
    "reactions": "stored_at > now() - INTERVAL 1 DAY",
    "calling_reactions": "version > toUnixTimestamp64Micro(now64(6) - INTERVAL 1 DAY)",
}
"""What holds words of authors, and hides what is deleted only from reads that say FINAL; and which
rows of it are those of the last day."""

EVERY_RUN = ""
"""In `erased_authors`: the author is gone from all runs, whatever their names."""

_IDS = [("run", "String"), ("platform", "String"), ("post_id", "String")]
_AUTHORS = [("run", "String"), ("platform", "String"), ("author", "String")]
_TOUCHED = [("run", "String"), ("minute", "DateTime('UTC')")]


class Unsettled(msgspec.Struct):
    """What batches have left to do behind their rows and minutes.

    `touched` are the minutes whose calls, hours and days are to follow; then the messages are
    entered in the ledger and the watermarks move, and then the offsets may be committed.
    """

    touched: set[Stretch] = msgspec.field(default_factory=set)
    messages: list[Ledgered] = msgspec.field(default_factory=list)
    watermarks: list[Row] = msgspec.field(default_factory=list)
    next_offsets: dict[Partition, int] = msgspec.field(default_factory=dict)

    def add(self, other: "Unsettled") -> None:
        """Take what a later batch has left to do."""
        self.touched |= other.touched
        self.messages += other.messages
        self.watermarks += other.watermarks
        self.next_offsets |= other.next_offsets


class ClickHouseSink:
    """Writes batches; the caller commits their offsets once they are settled.

    Guarantee: once in effect. Each step of `write` may be repeated, alone or with all before it,
    and with the batch cut differently: rows replace themselves by key and version, totals are
    computed anew from the rows that count, a watermark only rises. It moves last, so what lies
    behind it is stored, totalled and in the ledger. Not promised: a total that is right while its
    minute is being written; read behind the watermark.
    """

    def __init__(self, client: Client, cluster: Cluster | None = None) -> None:
        self._client = client
        self._cluster = cluster
        self.has_removed = False
        """Whether posts were deleted since somebody last looked: then `purge` has work."""

    def write(self, batch: Batch) -> None:
        """Store and settle the batch. Raises the driver's errors; nothing follows a failed step."""
        self.settle(self.store(batch))

    def store(self, batch: Batch) -> "Unsettled":
        """Store the rows of a batch and their minutes; return what is left to be settled.

        Raises the driver's errors, with nothing done after the failed step.
        """
        now = datetime.now(UTC)
        ((dropped, erased),) = self._client.execute(REMOVED_SO_FAR)
        if dropped:
            batch = self._without_dropped(batch)
        touched: set[Stretch] = set()
        records = [*batch.reactions, *self._take_leave(batch.accounts, now)]
        for message in batch.messages:
            message.recount()
        if records:
            changes = plan_changes(
                records,
                self._known(keys_of(records)),
                self._gone(authors_of(records)) if erased or batch.accounts else {},
                now,
                batch.messages,
            )
            # Rows before states: a state tells of rows, so it must never be without them.
            self._insert("reactions", REACTIONS_COLUMNS, changes.rows)
            self._insert("removals", REMOVALS_COLUMNS, changes.removals)
            self.has_removed = self.has_removed or bool(changes.removals)
            self._insert("post_states", STATES_COLUMNS, _state_rows(changes))
            self._recompute(changes)
            touched = changes.touched
        self._insert("dead_letters", DEAD_LETTERS_COLUMNS, batch.dead_letters)
        self._insert("runs", RUNS_COLUMNS, batch.reports)
        self._insert("run_files", FILES_COLUMNS, batch.files)
        self._insert("run_manifests", MANIFESTS_COLUMNS, batch.manifests)
        return Unsettled(
            touched, list(batch.messages), list(batch.watermarks), dict(batch.next_offsets)
        )

    def settle(self, unsettled: "Unsettled") -> None:
        """Compute the coarser totals of what was stored, then fill the ledger and move watermarks.

        That costs the same for one batch as for many, so it need not follow each. Raises the
        driver's errors, with nothing done after the failed step.
        """
        with STEP_SECONDS.labels("coarser").time():
            recompute_coarser(self._client, unsettled.touched)
        rest = empty_batch()
        rest.messages.extend(unsettled.messages)
        rest.watermarks.extend(unsettled.watermarks)
        ((dropped, _),) = self._client.execute(REMOVED_SO_FAR)
        if dropped:  # since it was stored, maybe
            rest = self._without_dropped(rest)
        self._insert("ledger", LEDGER_COLUMNS, [message.row() for message in rest.messages])
        self._insert("watermarks", WATERMARKS_COLUMNS, rest.watermarks)

    def purge(self) -> bool:
        """Mask what deletions of the last day have hidden, `PURGED_AT_ONCE` rows at most.

        Tells whether something may be left to do. It may be repeated, and broken off.
        """
        is_done = True
        for table, is_recent in HIDING_TABLES.items():
            leftovers = LEFTOVERS.format(table=table, is_recent=is_recent)
            rows = self._client.execute(leftovers, {"most": PURGED_AT_ONCE})
            if rows:
                times = [row[2] for row in rows]
                asked = {"keys": tuple(rows), "first": min(times), "last": max(times)}
                mutate(self._client, PURGE.format(table=table), asked, self._cluster)
            is_done = is_done and len(rows) < PURGED_AT_ONCE
        return not is_done

    def _without_dropped(self, batch: Batch) -> Batch:
        """Return the batch without what is still on its way of runs that were dropped."""
        runs = runs_in(batch)
        rows = self._client.execute(DROPPED_LIVES, {"runs": tuple(runs)}) if runs else ()
        dropped = {(run, source): started_at for run, source, started_at in rows}
        if not dropped:
            return batch
        rest, count = without_dropped(batch, dropped)
        if count:
            log.info("passed over %d records of dropped runs", count)
        return rest

    def _take_leave(self, accounts: Sequence[AccountDeletion], now: datetime) -> list[Placed]:
        """Remember who is gone, and return the deletions of the posts that are stored of them."""
        if not accounts:
            return []
        gone: dict[AuthorKey, datetime] = {}
        for account in accounts:
            key = (account.run, account.platform, account.author)
            gone[key] = max(account.observed_at, gone.get(key, account.observed_at))
        self._insert("erased_authors", ERASED_COLUMNS, [(*key, at) for key, at in gone.items()])
        entries = [
            removal_entry(run, "account", f"{platform}:{author}", DELETED_ACCOUNT, (at, now))
            for (run, platform, author), at in gone.items()
        ]
        self._insert("removals", REMOVALS_COLUMNS, entries)
        stored = self._client.execute(
            POSTS_OF_AUTHORS, external_tables=[_external("authors", _AUTHORS, gone)]
        )
        return [
            Placed(
                Deletion(
                    run=run,
                    platform=platform,
                    post_id=post_id,
                    observed_at=gone[run, platform, author],
                    received_at=now,
                ),
                why=DELETED_ACCOUNT,
            )
            for run, platform, author, post_id, observed_at in stored
            if observed_at <= gone[run, platform, author]
        ]

    def _gone(self, authors: set[AuthorKey]) -> dict[AuthorKey, datetime]:
        """Return who of the authors is gone, and until when their posts are, in their run."""
        if not authors:
            return {}
        found: dict[AuthorKey, datetime] = {
            (run, platform, author): gone_before
            for run, platform, author, gone_before in self._client.execute(
                KNOWN_GONE, external_tables=[_external("authors", _AUTHORS, authors)]
            )
        }
        if not found:
            return {}
        gone = {}
        for run, platform, author in authors:
            times = [
                found[key]
                for key in ((run, platform, author), (EVERY_RUN, platform, author))
                if key in found
            ]
            if times:
                gone[run, platform, author] = max(times)
        return gone

    @STEP_SECONDS.labels("look-up").time()
    def _known(self, keys: set[PostKey]) -> dict[PostKey, PostState]:
        rows = self._client.execute(KNOWN_STATES, external_tables=[_external("ids", _IDS, keys)])
        return {
            (run, platform, post_id): PostState(
                version, bool(is_deleted), observed_at, tuple(entities), FirstPlace(*first)
            )
            for run, platform, post_id, version, is_deleted, observed_at, entities, *first in rows
        }  # fmt: skip

    @STEP_SECONDS.labels("recompute").time()
    def _recompute(self, changes: Changes) -> None:
        if not changes.touched:
            return
        # Before the totals look at the rows: whoever computes later has then seen at least as much.
        ((version,),) = self._client.execute(SERVER_TIME)
        minutes = [minute for _, minute in changes.touched]
        self._client.execute(
            RECOMPUTE_MINUTES,
            # Seconds, for the driver would write a time in the server's zone, whatever it is.
            {"first": min(minutes), "end": max(minutes) + 60, "version": version},
            external_tables=[
                {
                    "name": "touched",
                    "structure": _TOUCHED,
                    "data": list(changes.touched),
                }
            ],
        )

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not rows:
            return
        names = ", ".join(f"`{column}`" for column in columns)
        with STEP_SECONDS.labels("insert").time():
            self._client.execute(
                f"INSERT INTO {table} ({names}) VALUES",
                list(zip(*rows, strict=True)),
                columnar=True,
            )


def _external(
    name: str, structure: list[tuple[str, str]], keys: "set[AuthorKey] | dict[AuthorKey, datetime]"
) -> dict[str, object]:
    """Return a table that travels with a query."""
    return {"name": name, "structure": structure, "data": list(keys)}


def _state_rows(changes: Changes) -> list[Row]:
    return [
        (
            *key, state.version, int(state.is_deleted), state.observed_at, list(state.entities),
            *state.first,
        )
        for key, state in changes.states.items()
    ]  # fmt: skip
