"""What the readers make of archives: Twitter's of its users, streams, Reddit, YouTube, captures."""

import shutil
from pathlib import Path

from producers.formats import reddit
from producers.inputs import inspect, read
from producers.parsed import AccountWithdrawal, Control, Draft, Withdrawal
from tests.producers.archives import write, zip_of
from tests.producers.formats.recorded import FOLDER, drafts, values

TWITTER = "https://twitter.com/i/web/status"


def test_a_stream_that_begins_with_deletions_is_read_with_all_its_notices() -> None:
    found = values("twitter-v1.1/posts.jsonl")
    assert found[0] == Withdrawal(
        platform="twitter", post_id="1351100000000000003", at=1610962201.0
    )
    assert AccountWithdrawal(platform="twitter", author="11", at=1610962300.0) in found
    kinds = [one.kind for one in found if isinstance(one, Control)]
    assert kinds == [
        "limit", "scrub_geo", "status_withheld", "user_withheld", "warning", "disconnect",
    ]  # fmt: skip


def test_a_tweet_is_its_whole_text_with_links_expanded_and_escapes_undone() -> None:
    long, retweet, _, links, edit = drafts("twitter-v1.1/posts.jsonl")
    assert long.text == (
        "The registrar of the harbour forum is gone and nobody at Quillhost & Co. cares to say "
        "why, which is a shame, for people wrote there for ten years "
        "https://news.example/quillhost-moves"
    )
    assert retweet.text == long.text
    assert (retweet.repost_of, retweet.reposts, long.reposts) == (long.post_id, 0, 3)
    assert links.text == f"Look here {TWITTER}/1351100000000000001 https://t.co/cccccccccc"
    assert (links.quote_of, links.reply_to) == ("1351100000000000001", "1351000000000000009")
    assert (edit.post_id, edit.revision) == ("1351100000000000005", 1)


def test_a_page_of_x_gives_reposts_the_whole_original_with_its_links() -> None:
    repost, links, *_ = drafts("x-v2/posts.jsonl")
    assert repost.text == (
        "Quillhost was down again for the whole morning & nobody says why "
        "https://status.example/quillhost"
    )
    assert links.text == "Read & weep https://news.example/quillhost https://t.co/bbbbbbbbbb"
    assert Control("errors") in values("x-v2/posts.jsonl")
    gone = AccountWithdrawal(platform="twitter", author="10", at="2022-10-28T13:52:00.000Z")
    assert gone in values("x-v2/posts.jsonl")


def test_a_personal_archive_is_by_the_account_that_stands_beside_it() -> None:
    first, reply, edit, _ = drafts("twitter-personal-archive/tweets.js")
    assert (first.author, first.likes, first.reposts) == ("9", 1, 2)
    assert first.text == "Moved our club's page away from Quillhost https://club.example/new"
    assert reply.reply_to == "1351000000000000009"
    assert (edit.post_id, edit.revision) == ("1600000000000000001", 1)
    (tied,) = drafts("twitter-personal-archive/note-tweet.js")
    assert (tied.author, tied.revision) == ("9", 1)


def test_a_tweet_that_was_cut_has_the_long_text_that_stands_beside_it() -> None:
    text = drafts("twitter-personal-archive/tweets.js")[-1].text
    assert text
    assert text.startswith("Why we moved the club's page: Quillhost changed its terms")
    assert "a form & a shrug. https://club.example/why says more." in text
    assert text.endswith("it took us the whole winter to find out.")


def test_without_its_account_an_archive_is_by_one_author_who_is_no_other(tmp_path: Path) -> None:
    authors = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        for name in ("tweets.js", "tweet-2019.js"):
            shutil.copy(FOLDER / "twitter-personal-archive" / name, folder)
            for _, found in read(inspect(folder / name, None), lambda _: None):
                authors += [(folder.name, one.author) for one in found if isinstance(one, Draft)]
    assert len(set(authors)) == 2
    assert len({author for _, author in authors}) == 2
    assert all(author for _, author in authors)


def test_older_layouts_and_what_was_deleted_are_read() -> None:
    (of_2019,) = drafts("twitter-personal-archive/tweet-2019.js")
    (of_2013,) = drafts("twitter-personal-archive/2013_01.js")
    assert (of_2019.author, of_2013.author) == ("9", "9")
    assert of_2013.created_at == "2013-01-12 10:00:00 +0000"
    assert values("twitter-personal-archive/deleted-tweets.js") == [
        Withdrawal(platform="twitter", post_id="1351100000000000003", at="2021-01-18T12:00:00.000Z")
    ]


def test_comments_and_submissions_of_reddit_are_read() -> None:
    comment, edit, orphan, own, link, listed = drafts("reddit/posts.jsonl")
    assert comment.text == (
        "Quillhost & friends > everyone, see [the terms](https://terms.example/x)"
    )
    assert (comment.post_id, comment.reply_to) == ("t1_gj0002", "t3_kz0001")
    assert (edit.revision, edit.reply_to) == (1610963000, "t1_gj0002")
    assert orphan.author == ""
    assert own.text == "The forum & Quillhost\n\nWho knows <more>?"
    assert (own.likes, own.replies, own.reposts) == (7, 4, 1)
    assert link.text == "Read this\nhttps://news.example/quillhost"
    assert link.quote_of == "t3_kz0000"
    assert listed.post_id == "t1_gj0007"


def test_what_was_removed_from_reddit_is_a_deletion_when_it_was_seen_to_be_gone() -> None:
    gone = [one for one in values("reddit/posts.jsonl") if isinstance(one, Withdrawal)]
    assert [(one.post_id, one.at) for one in gone] == [
        ("t1_gj0001", 1613640600),
        ("t1_gj0005", 1613640600),
        ("t1_gj0006", 1611091800),
        ("t3_kz0003", 1610969400),
    ]


def test_what_a_moderator_has_let_in_again_is_a_post() -> None:
    record = (
        b'{"id": "a", "title": "x", "selftext": "Words", "created_utc": 1, "num_comments": 0,'
        b'"removed_by_category": "automod_filtered", "_meta": {"was_initially_deleted": true}}'
    )
    assert isinstance(reddit.parse(record)[0], Draft)
    assert isinstance(reddit.parse(record.replace(b"Words", b"[Removed]"))[0], Withdrawal)
    gone = record.replace(b'"was_initially_deleted"', b'"was_deleted_later"')
    assert isinstance(reddit.parse(gone)[0], Withdrawal)


def test_an_old_edit_without_a_time_is_a_first_revision() -> None:
    (draft,) = reddit.parse(
        b'{"id": "a", "body": "x", "edited": true, "created_utc": "1389000000"}'
    )
    assert isinstance(draft, Draft)
    assert draft.revision == 1


def test_threads_of_youtube_give_their_comments_and_replies() -> None:
    first, reply, markup, _ = drafts("youtube-comments/posts.json")
    assert (first.post_id, first.replies, first.author) == ("Ugx1", 1, "UCada")
    assert first.url == "https://www.youtube.com/watch?v=vid00000001&lc=Ugx1"
    assert (reply.reply_to, reply.revision) == ("Ugx1", 1610962800)
    assert markup.text == (
        "Look at 0:05 https://www.youtube.com/watch?v=vid00000001&t=5\nQuillhost & co"
    )
    assert Control("not-public") in values("youtube-comments/posts.json")
    assert [one.post_id for one in drafts("youtube-comments/pages.jsonl")] == [
        "Ugx1", "Ugx1.a", "Ugx3", "Ugx9",
    ]  # fmt: skip


def test_a_capture_of_x_is_read_in_its_envelope_and_without() -> None:
    wrapped, repost, limited = drafts("zeeschuimer-capture-of-x/posts.jsonl")
    assert wrapped.text == repost.text
    assert wrapped.text == "Quillhost was down for the whole morning, see https://status.example/q"
    assert (repost.repost_of, repost.author) == ("1351100000000000001", "10")
    assert (limited.reply_to, limited.quote_of) == ("1351100000000000001", "1351100000000000000")


def test_an_archive_that_is_zipped_is_by_the_account_in_it(tmp_path: Path) -> None:
    folder = FOLDER / "twitter-personal-archive"
    files = {
        f"data/{name}": (folder / name).read_bytes()
        for name in ("account.js", "tweets.js", "note-tweet.js")
    }
    path = write(tmp_path, zip_of(files))
    found = [one for _, parsed in read(inspect(path, None), lambda _: None) for one in parsed]
    assert [one.author for one in found if isinstance(one, Draft)] == ["9"] * 4
    assert found[-1] == drafts("twitter-personal-archive/tweets.js")[-1]
    del files["data/account.js"]
    path = write(tmp_path, zip_of(files))
    found = [one for _, parsed in read(inspect(path, None), lambda _: None) for one in parsed]
    assert len({one.author for one in found if isinstance(one, Draft)}) == 1
