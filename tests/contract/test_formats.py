"""What every reader of a format promises, held for each that is registered.

A format that is added to `producers.formats` is tested here without another line; its recording
in `tests/recordings/` must be named in `RECORDINGS`.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.columns import ColumnMap
from producers.formats import JSON_FORMATS, recognise_json
from producers.formats.mapped import json_parser
from producers.inputs import inspect, read
from producers.parsed import Draft, Parsed, Unreadable

Parse = Callable[[bytes], Sequence[Parsed]]

FOLDER = Path(__file__).parents[1] / "recordings"
RECORDINGS = {
    "Twitter v1.1": "twitter_v1.jsonl",
    "X v2": "x_v2_pages.jsonl",
    "uproar JSON Lines": "uproar.jsonl",
}
READERS: dict[str, Parse] = {
    **{name: format_.parse for name, format_ in JSON_FORMATS.items()},
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
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def records(name: str) -> list[dict[str, Any]]:
    found = []
    for line in (FOLDER / RECORDINGS[name]).read_bytes().splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


def holds(parsed: Sequence[Parsed]) -> None:
    """What must be true of any answer."""
    assert len(parsed) >= 1
    for value in parsed:
        if isinstance(value, Unreadable):
            assert value.reason
            assert value.reason == value.reason.lower()
            assert value.detail


def test_every_format_has_a_recording_with_invented_posts() -> None:
    assert RECORDINGS.keys() == JSON_FORMATS.keys()


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_recognised_by_its_content_and_gives_posts(name: str) -> None:
    path = FOLDER / RECORDINGS[name]
    assert recognise_json(records(name)) == name
    source = inspect(path, None)
    assert source.format == name
    values = [value for _, values in read(source, lambda _: None) for value in values]
    assert any(isinstance(value, Draft) and value.text for value in values)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk[:12]))
def test_junk_is_a_value_and_never_raises(name: str, junk: bytes) -> None:
    holds(READERS[name](junk))


@pytest.mark.parametrize("name", READERS)
@given(junk=st.binary() | JSON.map(lambda value: json.dumps(value).encode("utf-8", "replace")))
def test_no_bytes_make_a_reader_raise(name: str, junk: bytes) -> None:
    holds(READERS[name](junk))


@pytest.mark.parametrize("name", RECORDINGS)
@given(data=st.data())
def test_a_record_with_one_value_replaced_is_read_or_explained(
    name: str, data: st.DataObject
) -> None:
    record = data.draw(st.sampled_from(records(name)))
    key = data.draw(st.sampled_from(sorted(record)))
    changed = {**record, key: data.draw(JSON)}
    holds(READERS[name](json.dumps(changed).encode("utf-8", "replace")))


@pytest.mark.parametrize("name", RECORDINGS)
def test_fields_that_nobody_knows_change_nothing(name: str) -> None:
    for record in records(name):
        line = json.dumps(record).encode()
        with_more = json.dumps({**record, "something_new": {"a": [1]}}).encode()
        assert READERS[name](with_more) == READERS[name](line)


@pytest.mark.parametrize("name", READERS)
def test_the_same_bytes_give_the_same_values(name: str) -> None:
    for record in (record for known in RECORDINGS for record in records(known)):
        line = json.dumps(record).encode()
        assert READERS[name](line) == READERS[name](line)
