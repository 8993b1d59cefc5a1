"""`uproar analyze`: a line in, a line out."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.analyze import analyze_line
from streams.assess import Reader
from uproar.config import Entity

READER = Reader([Entity(id="acme", name="Acme")])


def analyzed(line: bytes, number: int = 7) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(analyze_line(READER, line, number))
    return result


def test_all_that_is_read_is_in_the_line() -> None:
    got = analyzed(b'{"id": "p1", "text": "Boycott Acme, they are awful", "lang": "en"}\n')
    assert list(got) == ["id", "lang", "sentiment", "mentions", "calls"]
    assert got["id"] == "p1"
    assert got["mentions"] == ["acme"]
    assert got["sentiment"]["label"] == "negative"
    [call] = got["calls"]
    assert call["evidence"] == "Boycott Acme"
    assert (call["action"], call["target"], call["direction"]) == ("boycott", "acme", "against")


@pytest.mark.parametrize(("written", "read"), [("1", 1), ('"1"', "1"), ("null", None)])
def test_an_id_comes_back_as_it_was_written(written: str, read: object) -> None:
    assert analyzed(f'{{"id": {written}, "text": "x"}}'.encode())["id"] == read


def test_other_keys_are_ignored() -> None:
    assert "error" not in analyzed(b'{"text": "x", "author": {"name": [1, 2]}, "likes": 3}')


def test_a_byte_order_mark_before_the_first_line_is_ignored() -> None:
    assert "error" not in analyzed(b'\xef\xbb\xbf{"text": "x"}')


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"", "found an empty line"),
        (b" \n", "found an empty line"),
        (b"Boycott Acme", "found what is no JSON"),
        (b'{"text": "x"', "found what is no JSON"),
        (b'{"text": "\xff"}', "found what is no JSON"),
        (b"[" * 100_000, "wanted a JSON object with `text`"),
        (b"[]", "found `array`"),
        (b'"text"', "found `str`"),
        (b"{}", "wanted an object with the key `text`, found one without"),
        (b'{"txt": "x"}', "wanted an object with the key `text`, found one without"),
        (b'{"text": 1}', "wanted `str` as `text`, found `int`"),
        (b'{"text": null}', "wanted `str` as `text`, found `null`"),
        (b'{"text": "x", "lang": 5}', "as `lang`, found `int`"),
        (b'{"text": "x", "id": []}', "as `id`, found `array`"),
    ],
)
def test_a_bad_line_says_its_number_what_was_wanted_and_what_was_found(
    line: bytes, problem: str
) -> None:
    got = analyzed(line, 12)
    assert got["id"] is None
    assert got["error"].startswith("line 12: wanted ")
    assert problem in got["error"]


@given(st.binary())
def test_any_bytes_give_exactly_one_line_of_json(line: bytes) -> None:
    out = analyze_line(READER, line, 1)
    assert b"\n" not in out
    assert isinstance(json.loads(out), dict)


@settings(deadline=None)  # the first reading loads the models
@given(st.text(), st.one_of(st.none(), st.text(max_size=5)))
def test_any_text_in_any_declared_language_is_read(text: str, lang: str | None) -> None:
    line = json.dumps({"text": text, "lang": lang}).encode()
    out = analyze_line(READER, line, 1)
    assert b"\n" not in out
    got = json.loads(out)
    # JSON can spell half of a surrogate pair, which is no text
    assert ("error" in got) == any("\ud800" <= char <= "\udfff" for char in text + (lang or ""))
