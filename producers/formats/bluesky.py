"""Bluesky's Jetstream, v1 and v2: what repositories of accounts saw written and removed. Pure.

Posts as the API shows them, which research tools keep, are read as well. Texts, links and
references follow the lexicon of `app.bsky.feed.post`. The address of a post names its account by
DID, as Bluesky itself does; no handle is in it.
"""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Figure, figure, is_address, revision_at, with_link
from producers.parsed import (
    AccountWithdrawal,
    ClaimedTime,
    Control,
    Draft,
    Parsed,
    Unreadable,
    Withdrawal,
)

PLATFORM = "bluesky"

_POST = "app.bsky.feed.post"
_LINK = "app.bsky.richtext.facet#link"
_V2 = "network.bsky.jetstream.subscribeEvents#"
_KINDS = frozenset({"commit", "identity", "account", "sync", "info"})
_GONE = frozenset({"deleted", "takendown"})
"""States of an account that end what it wrote; from the others it may come back."""


class _Reference(msgspec.Struct, gc=False):
    uri: str | None = None
    record: "_Reference | None" = None  # one deeper where media stands beside it


class _Reply(msgspec.Struct, gc=False):
    parent: _Reference | None = None


class _Card(msgspec.Struct, gc=False):
    uri: str | None = None


class _Media(msgspec.Struct, gc=False):
    external: _Card | None = None


class _Embed(_Media, gc=False):
    record: _Reference | None = None
    media: _Media | None = None


class _Feature(msgspec.Struct, gc=False):
    type: str = msgspec.field(default="", name="$type")
    uri: str | None = None


class _Index(msgspec.Struct, gc=False, rename="camel"):
    byte_start: int = 0
    byte_end: int = 0


class _Facet(msgspec.Struct, gc=False):
    index: _Index
    features: list[_Feature] = []


class _Record(msgspec.Struct, gc=False, rename="camel"):
    text: str | None = None
    created_at: str | None = None
    langs: list[str] | None = None
    reply: _Reply | None = None
    facets: list[_Facet] | None = None
    embed: _Embed | None = None


class _Commit(msgspec.Struct, gc=False):
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    record: msgspec.Raw = msgspec.Raw(b"null")


class _Account(msgspec.Struct, gc=False):
    active: bool = True
    status: str | None = None


class _Event(msgspec.Struct, gc=False):
    """An event of v1; or of v2, whose commit and account fields stand beside the rest."""

    type: str = msgspec.field(default="", name="$type")
    kind: str = ""
    did: str = ""
    time_us: int | None = None
    time: str | None = None
    commit: _Commit | None = None
    account: _Account | None = None
    payload: msgspec.Raw = msgspec.Raw()


class _Person(msgspec.Struct, gc=False):
    did: str = ""


class _View(msgspec.Struct, gc=False, rename="camel"):
    """A post as the API shows it, with what others made of it."""

    uri: str | None = None
    author: _Person | None = None
    record: msgspec.Raw = msgspec.Raw()
    indexed_at: str | None = None
    like_count: Figure = None
    repost_count: Figure = None
    reply_count: Figure = None
    quote_count: Figure = None


_VIEW = msgspec.json.Decoder(_View)
_EVENT = msgspec.json.Decoder(_Event)
_COMMIT = msgspec.json.Decoder(_Commit)
_ACCOUNT = msgspec.json.Decoder(_Account)
_RECORD = msgspec.json.Decoder(_Record)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is an event of Jetstream, in its envelope or without, or a post."""
    uri = record.get("uri")
    if isinstance(uri, str) and uri.startswith("at://") and "record" in record:
        return "author" in record
    payload = record.get("payload")
    if record.get("$type") == "message" and isinstance(payload, Mapping):
        record = payload
    kind = record.get("$type")
    if isinstance(kind, str) and kind.startswith(_V2):
        return True
    kind = record.get("kind")
    return isinstance(kind, str) and kind in _KINDS and "did" in record


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one event: a post, its edit or deletion, the end of an account; others are control."""
    event = decode(_EVENT, raw)
    if isinstance(event, Unreadable):
        return (event,)
    if event.type == "message" and (payload := bytes(event.payload)):
        raw = payload
        event = decode(_EVENT, raw)
        if isinstance(event, Unreadable):
            return (event,)
    return (_read(event, raw),)


def _read(event: _Event, raw: bytes) -> Parsed:
    is_v2 = event.type.startswith(_V2)
    kind = event.type.removeprefix(_V2) if is_v2 else event.kind or event.type
    if kind not in _KINDS:
        if b'"uri"' in raw and isinstance(view := decode(_VIEW, raw), _View) and view.uri:
            return _read_view(view)
        if event.type == "error":
            return Control("error")
        return Unreadable("not-a-post", "wanted an event of Jetstream, found no kind of one")
    at = event.time if event.time_us is None else event.time_us / 1_000_000
    commit: _Commit | Unreadable | None = event.commit
    account: _Account | Unreadable | None = event.account
    if is_v2 and kind == "commit":
        commit = decode(_COMMIT, raw)
    elif is_v2 and kind == "account":
        account = decode(_ACCOUNT, raw)
    for found in (commit, account):
        if isinstance(found, Unreadable):
            return found
    if kind == "commit" and isinstance(commit, _Commit):
        return _read_commit(event.did, commit, at)
    if kind == "account" and isinstance(account, _Account) and event.did and _is_gone(account):
        return AccountWithdrawal(platform=PLATFORM, author=event.did, at=at)
    return Control(kind)


def _is_gone(account: _Account) -> bool:
    return not account.active and account.status in _GONE


def _read_commit(did: str, commit: _Commit, at: ClaimedTime) -> Parsed:
    if commit.collection != _POST:
        return Control(commit.collection[:100] or "commit")
    if not did or not commit.rkey:
        return Unreadable("not-a-post", "wanted a post with `did` and `rkey`, found none")
    post_id = f"at://{did}/{_POST}/{commit.rkey}"
    if commit.operation == "delete":
        return Withdrawal(platform=PLATFORM, post_id=post_id, at=at)
    record = decode(_RECORD, bytes(commit.record))
    if isinstance(record, Unreadable):
        return record
    draft = _draft(record, post_id, did, at)
    if commit.operation == "update":
        return msgspec.structs.replace(draft, revision=revision_at(at))
    return draft


def _read_view(view: _View) -> Parsed:
    uri = view.uri or ""
    if f"/{_POST}/" not in uri:
        return Control("no-post")
    record = decode(_RECORD, bytes(view.record) or b"{}")
    if isinstance(record, Unreadable):
        return record
    did = (view.author.did if view.author else "") or uri.split("/")[2]
    return msgspec.structs.replace(
        _draft(record, uri, did, view.indexed_at),
        likes=figure(view.like_count),
        reposts=figure(view.repost_count),
        replies=figure(view.reply_count),
        quotes=figure(view.quote_count),
    )


def _draft(record: _Record, post_id: str, did: str, at: ClaimedTime) -> Draft:
    return Draft(
        platform=PLATFORM,
        text=_text(record),
        created_at=record.created_at or at,
        observed_at=at,
        post_id=post_id,
        author=did,
        lang=record.langs[0] if record.langs else None,
        url=f"https://bsky.app/profile/{did}/post/{post_id.rpartition('/')[2]}",
        reply_to=record.reply.parent.uri if record.reply and record.reply.parent else None,
        quote_of=_quoted(record.embed),
    )


def _text(record: _Record) -> str | None:
    """Return the text with what its links lead to: clients cut them, and show cards for others."""
    text = record.text
    if text is None:
        return None
    if record.facets:
        text = _with_targets(text, record.facets)
    embed = record.embed
    if embed is None:
        return text
    card = embed.external or (embed.media.external if embed.media else None)
    return with_link(text, card.uri) if card else text


def _with_targets(text: str, facets: Sequence[_Facet]) -> str:
    encoded = text.encode()  # facets count bytes
    links = sorted(
        (facet.index.byte_start, facet.index.byte_end, feature.uri)
        for facet in facets
        for feature in facet.features
        if feature.type == _LINK and feature.uri
    )
    pieces: list[str] = []
    done = 0
    for start, end, target in links:
        if not done <= start < end <= len(encoded) or _cuts(encoded, start, end):
            continue
        pieces.append(encoded[done:start].decode())
        words = encoded[start:end].decode()
        pieces.append(target if is_address(words, target) else f"{words} {target}")
        done = end
    if not done:
        return text
    return "".join([*pieces, encoded[done:].decode()])


def _cuts(encoded: bytes, *places: int) -> bool:
    """Say whether a place is within a letter: such a link is not the client's but a mistake."""
    return any(encoded[at : at + 1] and encoded[at] & 0xC0 == 0x80 for at in places)


def _quoted(embed: _Embed | None) -> str | None:
    if embed is None or embed.record is None:
        return None
    uri = embed.record.uri or (embed.record.record.uri if embed.record.record else None)
    return uri if uri and f"/{_POST}/" in uri else None  # lists and feeds can be embedded too
