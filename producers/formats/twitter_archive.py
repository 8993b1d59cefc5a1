"""The archive that Twitter gives its users of themselves: `tweets.js` and its kin. Pure.

Each file is `window.YTD.<what>.part<n> = [...]`. Records have no author: all are of the account
that `account.js` beside them names. Numbers are written as text. The layouts of 2019 (`tweet.js`,
records without a wrapper) and of 2013 (a file a month, with `user`) are read too.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Entities, Id, Link, expanded, named
from producers.formats.twitter_v1 import PLATFORM, Edits, Tweet, author_of, no_id, to_draft
from producers.parsed import Control, Draft, Parsed, Unreadable, Withdrawal

COMPANIONS = ("account.js", "note-tweet.js")
"""Files that tell of others in the same folder."""

_BEGINNING_CHARACTERS = 100
_CUT = re.compile(r"…\s*(?:https?://t\.co/\w+)?\s*\Z")
_PRIVATE = re.compile(rb"(?:window\.)?YTD\.(?:twitter_circle_tweet|direct_message)")


class _Versions(msgspec.Struct, gc=False, rename="camel"):
    edit_tweet_ids: list[str | int] = []


class _EditInfo(_Versions, gc=False, rename="camel"):
    initial_tweet_id: str | None = None
    edit_control_initial: _Versions | None = None


class _EditInfos(msgspec.Struct, gc=False):
    initial: _EditInfo | None = None
    edit: _EditInfo | None = None


class _Tweet(Tweet, gc=False):
    edit_info: _EditInfos | None = None
    deleted_at: str | None = None
    tweet_id: Id = None


class _NoteLink(msgspec.Struct, gc=False, rename="camel"):
    short_url: str | None = None
    expanded_url: str | None = None


class _NoteBody(msgspec.Struct, gc=False):
    text: str | None = None
    urls: list[_NoteLink] | None = None


class _Note(msgspec.Struct, gc=False, rename="camel"):
    tweet_id: Id = None
    created_at: str | None = None
    core: _NoteBody | None = None
    note_tweet_results: _NoteBody | None = None


class _Record(msgspec.Struct, gc=False):
    tweet: _Tweet | None = None
    note_tweet: _Note | None = msgspec.field(default=None, name="noteTweet")


class _Account(msgspec.Struct, gc=False):
    account_id: str | None = msgspec.field(default=None, name="accountId")
    username: str | None = None


class _AccountRecord(msgspec.Struct, gc=False):
    account: _Account | None = None


class Owner(msgspec.Struct, gc=False):
    """What other files of an archive tell of its tweets: their author, and long texts in full.

    `name` is the id of the account, or anything that is its own: the same owner is the same
    author in all files. The texts are by their beginnings, which is all that a tweet has of them.
    """

    name: str = ""
    long_texts: dict[str, str] = {}


_RECORD = msgspec.json.Decoder(_Record, strict=False)
_BARE = msgspec.json.Decoder(_Tweet, strict=False)
_ACCOUNT = msgspec.json.Decoder(_AccountRecord)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is one of a personal archive: wrapped, or a tweet without an author."""
    for wrapper in ("tweet", "noteTweet"):
        inner = record.get(wrapper)
        if isinstance(inner, Mapping):
            return not {"id_str", "id", "tweet_id", "noteTweetId"}.isdisjoint(inner)
    is_tweet = "id_str" in record and ("full_text" in record or "text" in record)
    return is_tweet and "user" not in record and "source" in record


def is_private(head: bytes) -> bool:
    """Say whether a file of an archive begins as one with what was written for a few only."""
    return _PRIVATE.match(head) is not None


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one record of an archive whose owner is not known."""
    return _parse(raw, Owner())


def parse_of(owner: Owner) -> Callable[[bytes], Sequence[Parsed]]:
    """Return a reader of the records of an account."""
    return lambda raw: _parse(raw, owner)


def tell(owner: Owner, raw: bytes) -> None:
    """Note what a record of a companion tells: whose archive it is, or a text in full."""
    account = decode(_ACCOUNT, raw)
    if isinstance(account, _AccountRecord) and account.account:
        owner.name = account.account.account_id or account.account.username or owner.name
        return
    record = decode(_RECORD, raw)
    note = record.note_tweet if isinstance(record, _Record) else None
    body = (note.core or note.note_tweet_results) if note else None
    if body and body.text:
        text = _text_of(body)
        owner.long_texts[_beginning(body.text)] = text


def _parse(raw: bytes, owner: Owner) -> Sequence[Parsed]:
    record = decode(_RECORD, raw)
    if isinstance(record, Unreadable):
        return (record,)
    if record.note_tweet is not None:
        return (_read_note(record.note_tweet, owner),)
    if record.tweet is not None:
        return (_read(record.tweet, owner),)
    tweet = decode(_BARE, raw)
    return (tweet if isinstance(tweet, Unreadable) else _read(tweet, owner),)


def _read(tweet: _Tweet, owner: Owner) -> Parsed:
    own_id = tweet.id_str or named(tweet.id) or named(tweet.tweet_id)
    if own_id is None:
        return no_id()
    if tweet.deleted_at is not None:
        return Withdrawal(platform=PLATFORM, post_id=own_id, at=tweet.deleted_at)
    if tweet.tweet_id is not None and tweet.full_text is None and tweet.text is None:
        return Control("header")
    tweet.id_str = own_id
    tweet.edit_history = tweet.edit_history or _versions(tweet.edit_info, own_id)
    draft = to_draft(tweet, author_of(tweet.user) or owner.name)
    cut = tweet.full_text
    if owner.long_texts and cut and _CUT.search(cut) and _beginning(cut) in owner.long_texts:
        return msgspec.structs.replace(draft, text=owner.long_texts[_beginning(cut)])
    return draft


def _beginning(text: str) -> str:
    """Return what a long text and the tweet that was made of it have in common."""
    return " ".join(unescape(text).split())[:_BEGINNING_CHARACTERS]


def _text_of(body: _NoteBody) -> str:
    links = [Link(link.short_url, link.expanded_url) for link in body.urls or ()]
    return expanded(body.text or "", Entities(links))


def _read_note(note: _Note, owner: Owner) -> Parsed:
    """A long text is a later revision of its tweet, where the archive says which that is.

    Mostly it does not: then the text is put in the place of the tweet's beginning, see `tell`.
    """
    body = note.core or note.note_tweet_results
    if note.tweet_id is None or body is None or body.text is None:
        return Control("long-text")
    post_id = str(note.tweet_id)
    return Draft(
        platform=PLATFORM,
        text=_text_of(body),
        created_at=note.created_at,
        post_id=post_id,
        author=owner.name,
        revision=1,
        url=f"https://twitter.com/i/web/status/{post_id}",
    )


def _versions(infos: _EditInfos | None, own_id: str) -> Edits | None:
    if infos is None:
        return None
    if infos.edit is None:
        return Edits(infos.initial.edit_tweet_ids) if infos.initial else None
    known = infos.edit.edit_control_initial
    if known and known.edit_tweet_ids:
        return Edits(known.edit_tweet_ids)
    first = infos.edit.initial_tweet_id
    return Edits([first, own_id]) if first else None
