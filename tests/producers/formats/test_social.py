"""What the readers make of posts, each platform's rules: Bluesky, Mastodon, Parler, Telegram."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from producers.admit import admit, observed
from producers.formats import activitypub, bluesky, mastodon, parler, telegram
from producers.parsed import AccountWithdrawal, Control, Draft, Unreadable, Withdrawal
from tests.producers.formats.recorded import drafts, values

ADA = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
BEN = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
POSTS = "app.bsky.feed.post"
HTML = (
    "Moving away from Quillhost & friends: https://news.example/2026/07/quillhost-leaves\n\n"
    "@ben see #harbour\nand the terms https://terms.example/x"
)


def test_links_that_a_client_has_cut_are_whole_again_and_hidden_ones_shown() -> None:
    first, second, *_ = drafts("bluesky-jetstream/posts.jsonl")
    assert first.text == (
        "Grüße: the registrar wrote https://news.example/quillhost-and-the-forum "
        "and look here https://docs.example/terms"
    )
    assert second.text == "This is what I mean by Quillhost\nhttps://blog.example/quill"


def test_a_post_of_bluesky_is_known_by_its_place_and_its_relay_tells_when_it_was_seen() -> None:
    first = drafts("bluesky-jetstream/posts.jsonl")[0]
    assert first.post_id == f"at://{ADA}/{POSTS}/3mptbyqhi7s2f"
    assert (first.author, first.lang) == (ADA, "de")
    assert first.created_at == "2026-07-04T14:38:08.420Z"
    assert first.observed_at == 1783175888.094841


def test_replies_and_quotes_of_bluesky_are_read_with_and_without_media() -> None:
    _, with_media, without, edit = drafts("bluesky-jetstream/posts.jsonl")
    assert with_media.reply_to == f"at://{BEN}/{POSTS}/3p"
    assert with_media.quote_of == without.quote_of == f"at://{BEN}/{POSTS}/3q"
    assert (edit.post_id, edit.revision) == (with_media.post_id, 1783175888)


def test_deletions_of_posts_and_accounts_of_bluesky_are_read_and_all_else_is_counted() -> None:
    found = [one for one in values("bluesky-jetstream/posts.jsonl") if not isinstance(one, Draft)]
    assert found == [
        Control("identity"),
        Control("account"),
        Withdrawal(
            platform="bluesky", post_id=f"at://{ADA}/{POSTS}/3mpt73z3ejc2p", at=1783175888.094834
        ),
        Control("app.bsky.feed.like"),
        Control("app.bsky.feed.repost"),
        Control("account"),  # deactivated: it may come back
        AccountWithdrawal(platform="bluesky", author=BEN, at=1783175888.094847),
    ]


def test_the_second_jetstream_says_the_same_in_other_words() -> None:
    _, post, gone, _, account, *_ = values("bluesky-jetstream/v2.jsonl")
    assert isinstance(post, Draft)
    assert post.text == drafts("bluesky-jetstream/posts.jsonl")[0].text
    assert isinstance(gone, Withdrawal)
    assert gone.post_id == post.post_id
    assert isinstance(account, AccountWithdrawal)


def test_a_post_as_blueskys_api_shows_it_is_the_one_of_the_stream_with_its_figures() -> None:
    streamed = drafts("bluesky-jetstream/posts.jsonl")[0]
    for name in ("views.jsonl", "search.json"):
        (shown,) = drafts(f"bluesky-jetstream/{name}")
        assert (shown.post_id, shown.text, shown.url) == (
            streamed.post_id,
            streamed.text,
            streamed.url,
        )
        assert (shown.likes, shown.reposts, shown.replies, shown.quotes) == (4, 3, 2, 1)


def test_a_facet_that_cuts_a_letter_is_left_alone() -> None:
    odd = drafts("bluesky-jetstream/malformed.jsonl")[1]
    assert odd.text == "é facets that cut a letter"


def test_a_status_is_text_with_its_links_and_without_the_authors_name() -> None:
    status, boost, poll, edit = drafts("mastodon/posts.json")
    assert status.text == boost.text == HTML
    assert (status.author, boost.author) == ("ada@social.example", "ben@other.example")
    assert status.url == "https://social.example/statuses/115000000000000001"
    assert (status.likes, status.reposts, boost.likes) == (3, 2, 0)
    assert (boost.repost_of, poll.quote_of) == (status.post_id, "115000000000000000")
    assert poll.text == "On hosting\n\nWho should go?\n\nQuillhost\nnobody"
    assert (poll.reply_to, edit.revision) == (status.post_id, 1783158000)


def test_what_is_not_public_or_asks_not_to_be_found_is_left_out() -> None:
    kinds = [one for one in values("mastodon/posts.json") if isinstance(one, Control)]
    assert kinds == [Control("not-public"), Control("opted-out")]
    assert Control("not-public") in values("activitypub-outbox/outbox.json")


def test_a_stream_of_mastodon_has_posts_edits_and_deletions() -> None:
    first, post, edit, other, gone, _ = values("mastodon/stream.jsonl")
    assert first == Withdrawal(platform="mastodon", post_id="115000000000000000")
    assert isinstance(post, Draft)
    assert isinstance(edit, Draft)
    assert (post.revision, edit.revision) == (0, 1783158000)
    assert other == Control("notification")
    assert gone == Withdrawal(platform="mastodon", post_id=post.post_id)


@pytest.mark.parametrize("encode", [json.dumps, lambda status: status])
def test_a_payload_may_be_json_within_a_string_or_not(encode: object) -> None:
    status = {"id": "1", "content": "<p>a</p>", "created_at": "2026-07-04", "uri": "x"}
    assert callable(encode)
    event = {"event": "update", "payload": encode(status)}
    (draft,) = mastodon.parse(json.dumps(event).encode())
    assert isinstance(draft, Draft)
    assert draft.text == "a"


def test_an_outbox_has_the_ids_and_authors_of_the_api() -> None:
    note, question, edit, repost = drafts("activitypub-outbox/outbox.json")
    status, _, poll, _ = drafts("mastodon/posts.json")
    assert (note.post_id, note.author, note.text, note.url) == (
        status.post_id,
        status.author,
        status.text,
        status.url,
    )
    assert (question.text, question.reply_to) == (poll.text, note.post_id)
    assert edit.revision == 1783158000
    assert (repost.repost_of, repost.likes) == ("114999999999999998", 0)


def test_a_repost_whose_text_is_elsewhere_is_counted_and_a_tombstone_deletes() -> None:
    found = values("activitypub-outbox/outbox.json")
    assert Control("announce") in found
    gone = Withdrawal(platform="mastodon", post_id="114000000000000000", at="2026-07-04T09:30:00Z")
    assert gone in found
    assert activitypub.parse(b'{"type": "Undo", "object": {"id": "x"}}') == (Control("undo"),)


def test_parlers_posts_echoes_and_comments_are_told_apart() -> None:
    post, echo, with_words, comment = drafts("parler/posts.jsonl")
    assert post.text == (
        "The harbour forum is on Quillhost now https://news.example/quillhost-forum"
    )
    assert (post.created_at, post.likes) == ("2021-01-05T09:30:00Z", 1200)
    assert (echo.repost_of, with_words.quote_of, comment.reply_to) == ("p01", "p01", "p01")
    assert with_words.replies == 0
    assert values("parler/posts.jsonl")[0] == Control("profile")
    assert isinstance(parler.parse(b'{"id": "1"}')[0], Unreadable)


def test_messages_of_telegram_are_put_together_of_their_pieces() -> None:
    plain, pieces, photo, poll, forwarded = drafts("telegram/result.json")
    assert plain.post_id == "123/2"
    assert pieces.text == (
        "Read this https://news.example/quillhost and https://b.example/x #quill\nnow"
    )
    assert (pieces.reply_to, pieces.revision, pieces.likes) == ("123/2", 1610962800, 4)
    assert pieces.created_at == "1610962200"
    assert photo.text == ""
    assert poll.text == "Shut Quillhost?\n\nyes\nno"
    assert forwarded.author == "channel123"


def test_of_an_account_of_telegram_only_public_chats_are_read() -> None:
    private, *public = values("telegram/account.json")
    assert private == Control("not-public")
    assert [one.post_id for one in public if isinstance(one, Draft)] == ["123/2", "123/3", "55/9"]


def test_a_message_as_telegrams_api_has_it_is_read() -> None:
    first, second = drafts("telegram/messages.jsonl")
    assert (first.post_id, first.reply_to, first.reposts) == ("123/7", "123/6", 2)
    assert (second.author, second.reply_to, second.revision) == ("9", "123/7", 1610962400)


def test_a_reader_tells_what_is_none_of_its_platform() -> None:
    for parse in (bluesky.parse, mastodon.parse, activitypub.parse, parler.parse, telegram.parse):
        (found,) = parse(b'{"something": "else"}')
        assert isinstance(found, Unreadable)
        assert found.reason == "not-a-post"


def test_a_post_is_seen_when_its_relay_says_whatever_its_author_claims() -> None:
    now = datetime(2026, 8, 1, tzinfo=UTC)
    draft = drafts("bluesky-jetstream/posts.jsonl")[0]
    seen = datetime(2026, 7, 4, 14, 38, 8, 94841, tzinfo=UTC)
    for claimed in ("2026-07-04T14:38:08.420Z", "2019-01-01T00:00:00Z", "0001-01-01T00:00:00Z", ""):
        claim = msgspec.structs.replace(draft, created_at=claimed)
        created_at = admit(claim, now)
        assert isinstance(created_at, datetime)
        assert observed(claim, created_at, now) == seen
    assert created_at == seen  # the author's claim cannot be
    by_itself = msgspec.structs.replace(draft, observed_at=None)
    assert observed(by_itself, now, now) == now
