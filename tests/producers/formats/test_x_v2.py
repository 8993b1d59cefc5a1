"""X API v2 as twarc2 writes it."""

from pathlib import Path

from producers.formats.x_v2 import parse
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

FILE = Path(__file__).parents[2] / "recordings" / "x_v2_pages.jsonl"
LINES = [parse(line) for line in FILE.read_bytes().split(b"\n") if line]


def draft(value: Parsed) -> Draft:
    assert isinstance(value, Draft)
    return value


def test_a_page_gives_each_of_its_posts_and_a_bad_one_costs_no_other() -> None:
    first, bad, last = LINES[0]
    assert draft(first).post_id == "201"
    assert isinstance(bad, Unreadable)
    assert bad.payload == b'{"id": 17, "text": "Its id is no text"}'
    assert draft(last).text == "Short at first, and then very long"


def test_a_repost_has_the_text_that_the_page_includes_but_not_its_figures() -> None:
    repost = draft(LINES[0][0])
    assert repost.text == "Quillhost was down again for the whole morning"
    assert (repost.repost_of, repost.reposts) == ("200", 0)


def test_replies_quotes_edits_and_figures_are_read() -> None:
    post = draft(LINES[0][2])
    assert (post.reply_to, post.quote_of) == ("190", "191")
    assert (post.post_id, post.revision) == ("199", 1)
    assert (post.likes, post.reposts, post.replies, post.quotes) == (3, 1, 2, 4)


def test_an_empty_page_is_a_control_record() -> None:
    assert LINES[1] == (Control("empty-page"),)
    assert parse(b'{"data": [], "meta": {}}') == (Control("empty-page"),)
    assert parse(b'{"data": null, "meta": {}}') == (Control("empty-page"),)


def test_a_post_of_the_stream_stands_by_itself() -> None:
    assert draft(LINES[2][0]).text == "One post by itself"


def test_compliance_events_withdraw_posts_or_are_control_records() -> None:
    assert LINES[3] == (
        Withdrawal(platform="twitter", post_id="203", at="2022-10-28T13:50:00.000Z"),
    )
    assert LINES[4] == (Control("compliance"),)


def test_a_flattened_repost_has_the_text_of_its_reference_and_no_handle() -> None:
    post = draft(LINES[5][0])
    assert post.text == "Quillhost was down again for the whole morning"
    assert post.author == "13"
    assert "invented" not in (post.url or "")
