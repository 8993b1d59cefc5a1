"""Labelled files: each format is known by its content, and each mistake told by place."""

from collections.abc import Callable
from typing import Any

import pytest

from uproar.errors import InputError
from uproar.evaluation.calls import is_calls, read_calls
from uproar.evaluation.language import is_language, read_language
from uproar.evaluation.lines import Source
from uproar.evaluation.mentions import is_mentions, read_mentions
from uproar.evaluation.sentiment import is_sentiment, read_sentiment

CALL = (
    b'{"text": "Drop Acme", "is_call_to_action": true, '
    b'"action": "shutdown", "direction": "against"}'
)
MENTION = '{"entity": "Acme", "about": true, "text": "Acme naïve"}'.encode()


def of(content: bytes, **more: Any) -> Source:
    return Source("f", content, **more)


def test_json_lines_are_read_with_place_and_language() -> None:
    source = of(b'\xef\xbb\xbf{"text": "ok", "label": "neutral", "lang": "fr", "id": 7}\r\n\n'
                b'{"text": "bad", "label": "negative"}')  # fmt: skip
    first, second = read_sentiment(source)
    assert (first.where, first.label, first.lang, first.id) == ("f:1", "neutral", "fr", "7")
    assert (second.where, second.label, second.lang) == ("f:3", "negative", "und")


def test_a_pair_of_files_takes_its_language_from_the_folder() -> None:
    source = of(b"tr\xc3\xa8s bien\n\nnul\n", labels=b"2\n1\n0\n", folder="French")
    assert [(one.text, one.label, one.lang) for one in read_sentiment(source)] == [
        ("très bien", "positive", "fr"), ("", "neutral", "fr"), ("nul", "negative", "fr"),
    ]  # fmt: skip
    assert [one.row.lang for one in read_language(source)] == ["fr"] * 3
    english = source._replace(folder="tweeteval")
    assert {one.lang for one in read_sentiment(english)} == {"en"}


def test_semevals_tabs_are_read_with_their_escapes_and_without_an_empty_field() -> None:
    source = of(b"1\tpositive\tit\\u2019s fine\n2\tnegative\tso\tawful\t\n")
    first, second = read_sentiment(source)
    assert (first.text, first.label) == ("it’s fine", "positive")
    assert (second.text, second.label) == ("so\tawful", "negative")


def test_the_escapes_of_semeval_are_read_in_pairs_of_files_too() -> None:
    (one,) = read_sentiment(of(b"it\\u2019s \\ud83d\\ude42 \\ud83d\n", labels=b"2\n"))
    assert one.text == "it’s 🙂 \ufffd"


def test_mean_ratings_are_read_as_such() -> None:
    (one,) = read_sentiment(of(b"1\t-2.5\tit rained\r\n"))
    assert (one.text, one.rating, one.label) == ("it rained", -2.5, None)


def test_the_airline_csv_is_read_by_its_columns() -> None:
    content = (
        b'tweet_id,airline_sentiment,text\n1,negative,"late, again\nand again"\n2,positive,ok\n'
    )
    first, second = read_sentiment(of(content))
    assert (first.label, first.text) == ("negative", "late, again\nand again")
    assert (second.where, second.label) == ("f:4", "positive")


def test_of_a_csv_without_labels_the_posts_are_read_for_counting_calls() -> None:
    source = of(b"id,text\n1,hello\n")
    assert is_calls(source)
    assert [(one.text, one.row) for one in read_calls(source)] == [("hello", None)]


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (CALL, {"calls"}),
        (MENTION, {"mentions"}),
        (b'{"text": "x", "label": "neutral", "lang": "en"}', {"sentiment", "language"}),
        (b'{"text": "x", "lang": "en"}', {"language"}),
        (b"1\tneutral\tx", {"sentiment"}),
        (b"1\t2.5\tx", {"sentiment"}),
        (b"id,text,label\n", {"sentiment", "calls"}),
        (b"0\tnegative\n1\tneutral\n", set()),
        (b"just words", set()),
        (b"", set()),
        (b"\xff\xfe", set()),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, parts: set[str]) -> None:
    known = {
        "calls": is_calls,
        "mentions": is_mentions,
        "sentiment": is_sentiment,
        "language": is_language,
    }
    assert {part for part, is_mine in known.items() if is_mine(of(content))} == parts


@pytest.mark.parametrize(
    ("read", "content", "message"),
    [
        (
            read_calls,
            b'{"text": "x"}',
            "f:1: wanted the key `is_call_to_action`, found the keys `text`",
        ),
        (read_calls, CALL + b"\n{", "f:2: wanted a JSON object, found `{`"),
        (read_calls, CALL + b"\n[1]", "f:2: wanted a JSON object, found `[1]`"),
        (
            read_calls,
            b'{"text": "Drop it", "is_call_to_action": true}',
            "f:1: wanted `action` and `direction` of a call, found `Drop it`",
        ),
        (
            read_calls,
            b'{"text": 5, "is_call_to_action": true}',
            "f:1: wanted `str` as `text`, found `5`",
        ),
        (
            read_calls,
            CALL.replace(b"shutdown", b"hug"),
            "f:1: wanted one of the labels that docs/evaluation.md lists as `action`, found `hug`",
        ),
        (
            read_mentions,
            b'{"entity": "A", "about": "yes", "text": "x"}',
            "f:1: wanted `bool` as `about`, found `yes`",
        ),
        (read_mentions, MENTION + b"\n\xff", "f:2: wanted UTF-8, found the byte 0xFF"),
        (
            read_sentiment,
            b"1\tneutral\tx\n2\tsad\ty",
            "f:2: wanted `negative`, `neutral` or `positive`, found `sad`",
        ),
        (
            read_sentiment,
            b"1\tneutral\tx\n2\tneutral",
            "f:2: wanted 3 fields between tabs, found 2",
        ),
        (
            read_sentiment,
            b"1\t2.0\tx\n2\t7\ty",
            "f:2: wanted a mean rating from -4 to 4, found `7`",
        ),
        (
            read_sentiment,
            b"id,text\n1,x\n",
            "f:1: wanted a column `airline_sentiment` or `label`, found `id`, `text`",
        ),
        (read_sentiment, b"text,label\nx,neutral,3\n", "f:2: wanted 2 columns, found more"),
        (read_sentiment, b"text,label\nx\n", "f:2: wanted 2 columns, found fewer"),
        (read_language, b'{"text": "x"}', "f:1: wanted the key `lang`, found the keys `text`"),
    ],
)
def test_a_mistake_is_told_with_place_wanted_and_found(
    read: Callable[[Source], Any], content: bytes, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        list(read(of(content)))
    assert str(caught.value) == message


def test_texts_and_labels_of_different_length_are_refused() -> None:
    with pytest.raises(InputError, match="f: wanted 3 texts, as many as labels, found 2"):
        list(read_sentiment(of(b"a\nb\n", labels=b"0\n1\n2\n")))
    with pytest.raises(InputError, match="f:2: wanted `0`, `1` or `2` as its label, found `9`"):
        list(read_sentiment(of(b"a\nb\n", labels=b"0\n9\n")))
