"""Text that is not in UTF-8."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.encodings import to_utf8
from producers.inputs import inspect
from tests.producers.archives import found_in, write
from uproar.errors import InputError

POST = {"id": "1", "text": "Grüße, 日本 😀", "created_at": "2021-01-18T09:30:00Z"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("as_csv", [True, False])
def test_json_and_csv_in_any_unicode_encoding_are_read(
    encoding: str, as_csv: bool, tmp_path: Path
) -> None:
    text = ",".join(POST) + "\n" + ",".join(f'"{value}"' for value in POST.values()) + "\n"
    text = text if as_csv else json.dumps(POST, ensure_ascii=False) + "\n"
    assert found_in(write(tmp_path, text.encode(encoding))) == {"dump": ["1"]}


# A zero behind the mark would make it that of UTF-32, and no text has one.
@given(st.text(st.characters(exclude_characters="\0")), st.integers(1, 7))
@settings(deadline=None)
def test_a_text_is_converted_whole_however_the_stream_is_cut(text: str, piece: int) -> None:
    data = text.encode("utf-16", "replace")
    chunks = to_utf8(iter([data[at : at + piece] for at in range(0, len(data), piece)]))
    assert b"".join(c for c in chunks if isinstance(c, bytes)).decode() == text.encode(
        "utf-16", "replace"
    ).decode("utf-16")


def test_half_a_character_at_the_end_is_not_lost_without_a_trace() -> None:
    data = "ab".encode("utf-16") + b"c"
    chunks = list(to_utf8(iter([data])))
    assert b"".join(c for c in chunks if isinstance(c, bytes)).decode() == "ab\ufffd"


def test_a_latin_1_csv_is_read_but_for_the_rows_that_are_no_utf_8(tmp_path: Path) -> None:
    rows = "id,text,created_at\n1,plain,2021-01-18\n2,Grüße,2021-01-18\n"
    assert found_in(write(tmp_path, rows.encode("latin-1"))) == {"dump": ["1", "not-utf8"]}


def test_a_latin_1_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        inspect(write(tmp_path, "Straße,text,created_at\n1,a,b\n".encode("latin-1")), None)
