"""What every reader of a format promises, held for each that is registered.

A format that is added to `producers.formats` is tested here without another line, once it has its
folder in `tests/recordings/`: invented posts as the platform writes them, and a file that is
`malformed`.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.columns import ColumnMap
from producers.formats import (
    FEED,
    JSON_FORMATS,
    LINE_FORMATS,
    format_names,
    format_of,
    parse_entry,
    recognise_json,
)
from producers.formats.mapped import json_parser
from producers.formats.tables import TABLES, table_parser
from producers.inputs import inspect, read
from producers.parsed import AccountWithdrawal, Draft, Frame, Parsed, Unreadable, Withdrawal

Parse = Callable[[bytes], Sequence[Parsed]]

FOLDER = Path(__file__).parents[1] / "recordings"
NAMES = format_names()
NOT_POSTS = {"account.js"}
TRACKED = ("quillhost", "@larkair")
READERS: dict[str, Parse] = {
    **{name: format_.parse for name, format_ in JSON_FORMATS.items()},
    **{name: format_.parse for name, format_ in LINE_FORMATS.items()},
    **{
        f"{name}, within an object": within(b'{"id": 1, "type": "public_channel"}', 1)
        for name, format_ in JSON_FORMATS.items()
        if (within := format_.within)
    },
    FEED: parse_entry,
    "named columns": json_parser(ColumnMap({"text": "body", "created_at": "date", "id": "key"})),
}

JUNK: list[bytes] = [
    b"",
    b"null",
    b"{",
    b'"text"',
    b"[]",
    b"{}",
    b"\xff\xfe\x00",
    b'{"text": "\\ud800", "created_at": "2021-01-18"}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"id": 1e999, "text": 3}',
    b'{"text": "cut off in the mid',
    b"<item>" * 100_000,
    b"<item><title>&#xD800;</title></item>",
    b"\t" * 15,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def recordings(key: str) -> list[Path]:
    return sorted(path for path in (FOLDER / key).iterdir() if path.name not in NOT_POSTS)


def good(key: str) -> list[Path]:
    return [path for path in recordings(key) if path.stem != "malformed"]


def malformed(key: str) -> list[Path]:
    return [path for path in recordings(key) if path.stem == "malformed"]


def values_of(path: Path) -> Iterator[tuple[Frame, Parsed]]:
    for frame, values in read(inspect(path, None), lambda _: None):
        for value in values:
            yield frame, value


@cache
def records(name: str) -> list[dict[str, Any]]:
    """The JSON records of a format's recordings."""
    key = next(key for key, known in NAMES.items() if known == name)
    found = []
    for path in good(key):
        for frame, _ in read(inspect(path, None), lambda _: None):
            record = json.loads(frame.raw)
            if isinstance(record, dict) and format_of(record) == name:
                found.append(record)
    assert found
    return found


def holds(parsed: Sequence[Parsed]) -> None:
    """What must be true of any answer."""
    assert len(parsed) >= 1
    for value in parsed:
        if isinstance(value, Unreadable):
            assert value.reason
            assert value.reason == value.reason.lower()
            assert value.detail


def test_every_format_has_recordings_with_invented_posts_and_a_malformed_one() -> None:
    for key in NAMES:
        assert good(key), key
        assert malformed(key), key


def test_every_format_is_on_the_page_of_formats() -> None:
    page = " ".join((FOLDER.parents[1] / "docs" / "formats.md").read_text("utf-8").split())
    assert [name for name in NAMES.values() if name not in page] == []


@pytest.mark.parametrize("key", NAMES)
def test_a_recording_is_recognised_by_its_content_and_gives_posts(key: str) -> None:
    formats = [inspect(path, None).format for path in recordings(key)]
    assert NAMES[key] in formats
    values = [value for path in good(key) for _, value in values_of(path)]
    drafts = [value for value in values if isinstance(value, Draft)]
    assert any(draft.text for draft in drafts)
    assert any(tracked in (draft.text or "").lower() for draft in drafts for tracked in TRACKED)
    assert not [value for value in values if isinstance(value, Unreadable)]


@pytest.mark.parametrize("key", NAMES)
def test_every_post_has_an_id_an_author_a_time_and_no_handle_in_its_address(key: str) -> None:
    for path in good(key):
        for _, value in values_of(path):
            if isinstance(value, Draft):
                assert value.created_at
                assert value.platform
                assert "invented" not in (value.url or "")
                assert "@" not in (value.url or "")
                if key not in ("table-with-our-columns", "uproar-json-lines"):
                    assert value.post_id
            if isinstance(value, Withdrawal):
                assert value.post_id
            if isinstance(value, AccountWithdrawal):
                assert value.author


@pytest.mark.parametrize("key", NAMES)
def test_what_is_malformed_costs_no_other_record_and_says_why(key: str) -> None:
    (path,) = malformed(key)
    values = [value for _, value in values_of(path)]
    assert any(isinstance(value, Unreadable) for value in values)
    assert isinstance(values[0], Draft)
    holds(values)


@pytest.mark.parametrize("key", NAMES)
def test_a_format_that_is_asked_for_is_the_one_that_reads(key: str) -> None:
    for path in good(key):
        if inspect(path, None).format != NAMES[key]:
            continue
        asked = inspect(path, ColumnMap({}, format=NAMES[key]))
        assert asked.format == NAMES[key]
        assert list(read(asked, lambda _: None)) == list(read(inspect(path, None), lambda _: None))


@pytest.mark.parametrize("name", JSON_FORMATS)
def test_the_records_of_a_format_are_taken_for_no_other(name: str) -> None:
    assert recognise_json(records(name)) == name
    assert {format_of(record) for record in records(name)} == {name}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk[:12]))
def test_junk_is_a_value_and_never_raises(name: str, junk: bytes) -> None:
    holds(READERS[name](junk))


@pytest.mark.parametrize("name", READERS)
@given(junk=st.binary() | JSON.map(lambda value: json.dumps(value).encode("utf-8", "replace")))
def test_no_bytes_make_a_reader_raise(name: str, junk: bytes) -> None:
    holds(READERS[name](junk))


@given(record=st.dictionaries(st.text(), JSON))
def test_no_object_makes_the_recognition_raise(record: dict[str, Any]) -> None:
    format_of(record)


@pytest.mark.parametrize("name", JSON_FORMATS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_record_with_one_value_replaced_is_read_or_explained(
    name: str, data: st.DataObject
) -> None:
    record: Any = data.draw(st.sampled_from(records(name)))
    changed = json.loads(json.dumps(record))
    place: Any = changed
    while True:  # some value, however deep
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not (isinstance(inner, dict | list) and inner) or data.draw(st.booleans()):
            break
        place = inner
    place[key] = data.draw(JSON)
    format_of(changed)
    holds(READERS[name](json.dumps(changed).encode("utf-8", "replace")))


@pytest.mark.parametrize("name", JSON_FORMATS)
def test_fields_that_nobody_knows_change_nothing(name: str) -> None:
    for record in records(name):
        line = json.dumps(record).encode()
        with_more = json.dumps({**record, "something_new": {"a": [1]}}).encode()
        assert READERS[name](with_more) == READERS[name](line)


@pytest.mark.parametrize("name", READERS)
def test_the_same_bytes_give_the_same_values(name: str) -> None:
    for record in (record for known in JSON_FORMATS for record in records(known)):
        line = json.dumps(record).encode()
        holds(READERS[name](line))
        assert READERS[name](line) == READERS[name](line)


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
def test_no_row_makes_a_reader_of_tables_raise(name: str, data: st.DataObject) -> None:
    known = [names for names in TABLES[name].columns.values() if isinstance(names, str)]
    header = [*TABLES[name].needs, *(set(known) - TABLES[name].needs)]
    cells = data.draw(st.lists(st.text(), min_size=len(header), max_size=len(header)))
    holds(table_parser(name, header)(cells))
