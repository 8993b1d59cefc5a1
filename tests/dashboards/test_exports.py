"""A run in one file, and that file read again."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet
import pytest
from clickhouse_driver import Client

from dashboards.exports.read import Selection
from dashboards.exports.write import WRITERS, Form
from producers.inputs import inspect, read
from producers.parsed import Draft
from uproar.cli.export import form_of, write_mentions
from uproar.errors import InputError
from uproar.formulas import is_formula
from uproar.records import Deletion, Reaction

pytestmark = pytest.mark.integration

NASTY = [
    '=HYPERLINK("http://x")',
    "@handle hello",
    "'=quoted already",
    'a\nb, "c"',
    "-1+1",
    "🚫 أغلق",
]

NUMBER = re.compile(r"-?[0-9.]+(e-?[0-9]+)?")


@pytest.fixture(scope="module")
def kept(
    invented: list[Reaction], write: Callable[[Sequence[Any]], None]
) -> Iterator[list[Reaction]]:
    """Store all of them, some with nasty texts and one deleted; return those that are left."""
    nasty = [
        msgspec.structs.replace(one, post=msgspec.structs.replace(one.post, text=text, lang="en"))
        for one, text in zip(invented, NASTY, strict=False)
    ]
    posts = [*nasty, *invented[len(nasty) :]]
    write(posts)
    gone = posts[20].post
    write(
        [
            Deletion(
                run=gone.run, platform=gone.platform, post_id=gone.post_id,
                observed_at=gone.observed_at, received_at=gone.received_at,
            )
        ]
    )  # fmt: skip
    yield [one for one in posts if one is not posts[20] and one.post.run == "wave"]


def exported(store: Client, form: Form, **changes: Any) -> bytes:
    file = io.BytesIO()
    write_mentions(store, Selection(**{"run": "wave", **changes}), form, file)
    return file.getvalue()


def read_again(path: Path) -> list[Draft]:
    found = [one for _, parsed in read(inspect(path, None), lambda _: None) for one in parsed]
    assert all(isinstance(one, Draft) for one in found)
    return [one for one in found if isinstance(one, Draft)]


@pytest.mark.parametrize("form", WRITERS)
def test_what_is_exported_is_read_again_as_the_same_posts(
    form: Form, store: Client, kept: list[Reaction], tmp_path: Path
) -> None:
    path = tmp_path / f"wave.{form}"
    path.write_bytes(exported(store, form))
    drafts = read_again(path)
    found = {
        (
            one.platform,
            one.post_id,
            one.text,
            one.author,
            one.url,
            one.lang,
            one.repost_of,
            one.likes,
        )
        for one in drafts
    }
    assert found == {
        (
            one.post.platform, one.post.post_id, one.post.text, one.post.author, one.post.url,
            one.post.lang, one.post.repost_of, one.post.counts.likes,
        )
        for one in kept
    }  # fmt: skip
    assert len(drafts) == (len(kept) if form == "4cat" else sum(len(one.entities) for one in kept))


def test_no_cell_of_a_csv_is_a_formula(store: Client, kept: list[Reaction]) -> None:
    forms: tuple[Form, ...] = ("csv", "4cat")
    for form in forms:
        table = csv.DictReader(io.StringIO(exported(store, form).decode(), newline=""))
        cells = [cell for row in table for cell in row.values()]
        assert not [cell for cell in cells if is_formula(cell) and not NUMBER.fullmatch(cell)]


def test_rows_come_in_order_of_time_and_those_of_a_post_together(
    store: Client, kept: list[Reaction]
) -> None:
    rows = [json.loads(line) for line in exported(store, "ndjson").splitlines()]
    keys = [(row["observed_at"], row["platform"], row["id"], row["entity"]) for row in rows]
    assert keys == sorted(keys)
    assert len(rows) == sum(len(one.entities) for one in kept)


def test_a_range_ends_before_its_end_and_an_entity_narrows(
    store: Client, kept: list[Reaction]
) -> None:
    start = datetime(2021, 1, 10, 6, tzinfo=UTC)
    end = start + timedelta(hours=12)
    rows = exported(store, "ndjson", from_at=start, to_at=end, entities=("kestrel",)).splitlines()
    wanted = [
        entity
        for one in kept
        for entity in one.entities
        if start <= one.post.observed_at < end and entity.entity == "kestrel"
    ]
    assert len(rows) == len(wanted)


def test_calls_are_whole_in_ndjson_and_parquet(store: Client, kept: list[Reaction]) -> None:
    calls = sum(len(entity.calls) for one in kept for entity in one.entities)
    rows = [json.loads(line) for line in exported(store, "ndjson").splitlines()]
    assert sum(len(row["calls"]) for row in rows) == calls
    table = pyarrow.parquet.read_table(io.BytesIO(exported(store, "parquet")))
    assert sum(map(len, table.column("calls").to_pylist())) == calls
    assert table.schema.field("score").metadata[b"description"].startswith(b"sentiment")


@pytest.mark.parametrize("changes", [{"run": "no such run"}, {"entities": ("acme",)}])
def test_nothing_to_export_is_an_error(
    changes: dict[str, Any], store: Client, kept: list[Reaction]
) -> None:
    with pytest.raises(InputError, match="there is nothing of run"):
        exported(store, "csv", **changes)


def test_the_form_goes_by_the_name_of_the_file() -> None:
    assert [form_of(name) for name in ("a.csv.gz", "a.jsonl.zst", "a.PQ")] == [
        "csv", "ndjson", "parquet",
    ]  # fmt: skip
    with pytest.raises(InputError, match="xls"):
        form_of("a.xls")
