"""Statements for one server -> statements for a cluster: replicated, sharded tables. Pure.

On a cluster a table `name` is two: `name_local` holds the rows of a shard, replicated, and `name`
is the Distributed table over all of them, which everything reads and inserts into. So only what
defines or mutates tables is rewritten; queries and inserts are the same as on one server.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import msgspec

POST_KEY = "run, platform, post_id"

SHARDED_BY = {
    "reactions": POST_KEY,
    "reactions_next": POST_KEY,
    "post_states": POST_KEY,
    "calling_reactions": POST_KEY,
}
"""Where a post's rows stand together. Any other table is sharded by its whole sorting key: all
versions of a row share it, so they meet on one shard, and FINAL there sees them all."""

WRITER_SETTINGS = {
    "distributed_foreground_insert": 1,
    "insert_quorum": "auto",
    "insert_quorum_parallel": 0,
    "select_sequential_consistency": 1,
    "prefer_localhost_replica": 0,
}
"""What a writer needs so that totals stay exact: an insert returns when the shards hold it, on most
of their replicas; and what is looked at to compute a total holds every insert before."""

_NAME = r"`?(\w+)`?"
_TABLE = re.compile(
    rf"CREATE TABLE IF NOT EXISTS {_NAME}\s+(?P<columns>\(.*?\)|AS {_NAME})\s*"
    r"ENGINE = (?P<engine>\w*MergeTree)(?P<arguments>\([^()]*\))?(?P<rest>.*)\Z",
    re.DOTALL,
)
_ORDER = re.compile(r"ORDER BY (?:\((?P<many>[^()]*)\)|(?P<one>\w+))")
_COLUMN_COMMAND = re.compile(r"\s*(ADD|DROP|MODIFY|RENAME|COMMENT|CLEAR) COLUMN\b")


class Cluster(msgspec.Struct, frozen=True):
    """The name of a cluster in the servers' `remote_servers`, and the database on it."""

    name: str
    database: str

    def statements(self, statement: str) -> tuple[str, ...]:
        """Return what does on the cluster what `statement` does on one server.

        Raises ValueError for a kind of statement that no rule is known for: a bug of ours.
        """
        for pattern, rewrite in _RULES:
            if match := pattern.match(statement):
                return tuple(rewrite(self, statement, match))
        raise ValueError(f"no rule to run this on a cluster: `{statement[:60]}`")

    @property
    def on(self) -> str:
        """The clause that makes every server of the cluster do it."""
        return f"ON CLUSTER `{self.name}`"


def cluster_of(url: str, name: str) -> Cluster | None:
    """Return the cluster of that name, with the database of a URL; None where it has no name."""
    return Cluster(name, urlsplit(url).path.lstrip("/")) if name else None


def local(table: str) -> str:
    """Return the name of the table that holds the rows of one shard.

    >>> local("reactions")
    'reactions_local'
    """
    return f"{table}_local"


def _create_table(cluster: Cluster, statement: str, _: re.Match[str]) -> Iterator[str]:
    match = _TABLE.match(statement)
    if match is None:
        raise ValueError(f"cannot read this table's definition: `{statement[:60]}`")
    name, columns = match[1], match["columns"]
    if columns.startswith("AS "):
        columns = f"AS {local(columns.removeprefix('AS ').strip('`'))}"
    engine = f"Replicated{match['engine']}{match['arguments'] or ''}"
    yield (
        f"CREATE TABLE IF NOT EXISTS {local(name)} {cluster.on}\n{columns}\n"
        f"ENGINE = {engine}{match['rest']}"
    )
    yield (
        f"CREATE TABLE IF NOT EXISTS {name} {cluster.on} AS {local(name)}\n"
        f"ENGINE = Distributed('{cluster.name}', '{cluster.database}', '{local(name)}', "
        f"{sharding_key(name, match['rest'])})"
    )


def sharding_key(table: str, definition: str) -> str:
    """Return the expression that says on which shard a row stands.

    >>> sharding_key("runs", "ORDER BY (run, source, started_at)")
    'cityHash64(run, source, started_at)'
    """
    order = _ORDER.search(definition)
    if order is None:
        raise ValueError(f"the table `{table}` has no sorting key to be sharded by")
    return f"cityHash64({SHARDED_BY.get(table) or order['many'] or order['one']})"


def _alter_table(cluster: Cluster, _: str, match: re.Match[str]) -> Iterator[str]:
    """Columns change in both tables, all else (indexes, mutations) only where rows are."""
    name, commands = match[1], match[2]
    yield f"ALTER TABLE {local(name)} {cluster.on}{commands}"
    if all(_COLUMN_COMMAND.match(part) for part in _split(commands)):
        yield f"ALTER TABLE {name} {cluster.on}{commands}"


def _split(commands: str) -> Iterator[str]:
    """Split at the commas that stand outside of brackets and quotes."""
    depth, begin, is_quoted = 0, 0, False
    for index, letter in enumerate(commands):
        if letter == "'":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and depth == 0:
            yield commands[begin:index]
            begin = index + 1
    yield commands[begin:]


def _on_local(cluster: Cluster, _: str, match: re.Match[str]) -> Iterator[str]:
    yield f"{match[1]}{local(match[2])} {cluster.on}{match[3]}"


def _exchange(cluster: Cluster, _: str, match: re.Match[str]) -> Iterator[str]:
    """Rows change places; the Distributed tables go by names and stay."""
    yield f"EXCHANGE TABLES {local(match[1])} AND {local(match[2])} {cluster.on}"


def _drop_table(cluster: Cluster, _: str, match: re.Match[str]) -> Iterator[str]:
    for name in (match[1], local(match[1])):
        yield f"DROP TABLE IF EXISTS {name} {cluster.on} SYNC"


def _named(cluster: Cluster, statement: str, match: re.Match[str]) -> Iterator[str]:
    """Views and databases are the same everywhere, and stand on each server."""
    yield f"{match[0]} {cluster.on}{statement[match.end() :]}"


def _once(_: Cluster, statement: str, __: re.Match[str]) -> Iterator[str]:
    """Inserts go through the Distributed table, from the server that is asked."""
    yield statement


_Rewrite = Callable[[Cluster, str, re.Match[str]], Iterator[str]]

_RULES: tuple[tuple[re.Pattern[str], _Rewrite], ...] = (
    (re.compile(r"CREATE TABLE "), _create_table),
    (re.compile(rf"ALTER TABLE {_NAME}(\s.*)\Z", re.DOTALL), _alter_table),
    (re.compile(rf"(DELETE FROM ){_NAME}(\s.*)\Z", re.DOTALL), _on_local),  # noqa: S608 - a pattern
    (re.compile(rf"(TRUNCATE TABLE ){_NAME}(.*)\Z", re.DOTALL), _on_local),
    (re.compile(rf"EXCHANGE TABLES {_NAME} AND {_NAME}\Z"), _exchange),
    (re.compile(rf"DROP TABLE IF EXISTS {_NAME}(?: SYNC)?\Z"), _drop_table),
    (re.compile(rf"CREATE VIEW IF NOT EXISTS {_NAME}"), _named),
    (re.compile(rf"DROP VIEW IF EXISTS {_NAME}"), _named),
    (re.compile(rf"CREATE DATABASE IF NOT EXISTS {_NAME}"), _named),
    (re.compile(r"INSERT INTO "), _once),
)
