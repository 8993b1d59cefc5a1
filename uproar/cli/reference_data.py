"""What the reference tells of data: topics with their records, tables with their columns.

Both are read from the code: the records' structs, and the statements of the schema.
"""

import re
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from sinks.migrate import migrations
from uproar import records
from uproar.topics import topics

_TABLE = re.compile(
    r"CREATE TABLE IF NOT EXISTS (?P<name>\w+)\s*\((?P<columns>.*?)\n\)\s*\n"
    r"ENGINE = (?P<engine>\w+).*?ORDER BY (?P<key>\([^()]*\)|\w+)",
    re.DOTALL,
)
_ADDED = re.compile(r"ALTER TABLE (?P<name>\w+)\s(?P<rest>.*)", re.DOTALL)
_COLUMN = re.compile(
    r"^\s*(?:ADD COLUMN IF NOT EXISTS )?(?P<name>\w+)\s+(?P<type>[A-Z]\w*(?:\(.*?\))?)"
    r"(?= COMMENT| DEFAULT| CODEC|\s*,?\s*$)(?P<rest>.*)$"
)
_COMMENT = re.compile(r"COMMENT '((?:[^']|'')*)'")


class Column(msgspec.Struct, frozen=True):
    """A column of a table as the schema has it."""

    name: str
    type: str
    meaning: str


class Table(msgspec.Struct, kw_only=True):
    """A table as the schema leaves it."""

    name: str
    engine: str
    key: str
    columns: list[Column]


def topics_page() -> Iterator[str]:
    """Yield a table of the topics, then one of the fields of each record."""
    names = topics()
    unions = (
        (names.posts, records.PostsRecord),
        (names.reactions, records.ReactionsRecord),
        (names.dead_letters, records.DeadLettersRecord),
    )
    yield "| topic | records in its packs |\n|---|---|\n" + "\n".join(
        f"| `{topic}` | {', '.join(f'`{_tag(kind)}`' for kind in get_args(union))} |"
        for topic, union in unions
    )
    seen = dict.fromkeys(kind for _, union in unions for kind in get_args(union))
    for kind in seen:
        first = (kind.__doc__ or "").split("\n")[0]
        fields = ", ".join(f"`{field.encode_name}`" for field in msgspec.structs.fields(kind))
        yield f"**`{_tag(kind)}`**: {first} Fields: {fields}."


def tables_page() -> Iterator[str]:
    """Yield each table with its columns."""
    for table in tables():
        rows = "\n".join(
            f"| `{one.name}` | `{one.type}` | {one.meaning} |" for one in table.columns
        )
        told = f"### {table.name}\n\n{table.engine}, ordered by {table.key}."
        yield f"{told}\n\n| column | type | meaning |\n|---|---|---|\n{rows}"


def tables() -> list[Table]:
    """Return the tables that all migrations together leave, by name."""
    found: dict[str, Table] = {}
    for migration in migrations(retention_days=400):
        for statement in migration.statements:
            if match := _TABLE.match(statement):
                found[match["name"]] = Table(
                    name=match["name"],
                    engine=match["engine"],
                    key=", ".join(re.findall(r"\w+", match["key"])),
                    columns=list(_columns(match["columns"])),
                )
            elif (match := _ADDED.match(statement)) and match["name"] in found:
                found[match["name"]].columns += _columns(match["rest"], is_added=True)
    return [found[name] for name in sorted(found)]


def _columns(text: str, *, is_added: bool = False) -> Iterator[Column]:
    """Yield the columns that lines of a definition name; those of a Nested begin with its name."""
    nested = ""
    for line in text.splitlines():
        if opened := re.match(r"^\s*(\w+) Nested\s*$", line):
            nested = f"{opened[1]}."
        elif line.strip() in (")", "),"):
            nested = ""
        elif (match := _COLUMN.match(line)) and (not is_added or "ADD COLUMN" in line):
            comment = _COMMENT.search(match["rest"])
            meaning = comment[1].replace("''", "'") if comment else ""
            kind = f"Array({match['type']})" if nested else match["type"]
            yield Column(nested + match["name"], kind, meaning)


def _tag(kind: Any) -> str:
    return str(kind.__struct_config__.tag)
