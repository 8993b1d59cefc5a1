"""Twitter v1.1."""

from pathlib import Path

from producers.formats.twitter_v1 import parse
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

FILE = Path(__file__).parents[2] / "recordings" / "twitter_v1.jsonl"
PARSED = [value for line in FILE.read_bytes().split(b"\n") if line for value in parse(line)]


def draft(value: Parsed) -> Draft:
    assert isinstance(value, Draft)
    return value


def test_the_full_text_goes_before_the_cut_one() -> None:
    tweet = draft(PARSED[0])
    assert tweet.text == "The start of a long one about Quillhost, and its end"
    assert (tweet.post_id, tweet.author, tweet.reply_to) == ("101", "9", "77")
    assert (tweet.likes, tweet.reposts) == (4, 3)


def test_a_retweet_has_the_text_of_its_original_but_not_its_figures() -> None:
    retweet = draft(PARSED[1])
    assert retweet.text == draft(PARSED[0]).text
    assert (retweet.repost_of, retweet.post_id, retweet.author) == ("101", "102", "10")
    assert retweet.reposts == 0


def test_no_handle_is_in_the_address() -> None:
    assert draft(PARSED[0]).url == "https://twitter.com/i/web/status/101"


def test_a_deletion_is_a_withdrawal_at_the_time_of_the_stream() -> None:
    assert PARSED[2] == Withdrawal(platform="twitter", post_id="101", at=1610962320.0)


def test_other_notices_are_control_records_and_no_dead_letters() -> None:
    assert PARSED[3:5] == [Control("limit"), Control("scrub_geo")]
    assert parse(b'{"a_kind_of_tomorrow": {"x": 1}}') == (Control("unknown"),)


def test_an_edit_is_a_revision_of_the_first_id() -> None:
    edit = draft(PARSED[5])
    assert (edit.post_id, edit.revision, edit.quote_of) == ("103", 1, "101")


def test_a_tweet_without_an_id_is_no_post_and_one_without_text_says_so_later() -> None:
    assert isinstance(PARSED[6], Unreadable)
    assert PARSED[6].reason == "not-a-post"
    assert draft(PARSED[7]).text is None
