"""Telegram Desktop's export (`result.json`), and messages as its API writes them. Pure.

A message is known by its chat and its number in it. In an export of a whole account only what was
said in public channels and groups is read.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Id, joined, named, revision_at
from producers.parsed import Control, Draft, Parsed, Unreadable

PLATFORM = "telegram"

_KINDS = frozenset({"message", "service", "unsupported"})


class _Piece(msgspec.Struct, gc=False):
    type: str = ""
    text: str = ""
    href: str | None = None


class _Reaction(msgspec.Struct, gc=False):
    count: int = 0


class _Answer(msgspec.Struct, gc=False):
    text: str | None = None


class _Poll(msgspec.Struct, gc=False):
    question: str | None = None
    answers: list[_Answer] | None = None


class _Channel(msgspec.Struct, gc=False):
    channel_id: Id = None
    chat_id: Id = None
    user_id: Id = None


class _Message(msgspec.Struct, gc=False):
    id: Id = None
    type: str = ""
    date: str | int | None = None
    date_unixtime: str | int | None = None
    edited: str | int | None = None
    edited_unixtime: str | int | None = None
    sender: str | None = msgspec.field(default=None, name="from")
    from_id: Id | _Channel = None
    reply_to_message_id: Id = None
    text: str | list[str | _Piece] | None = None
    poll: _Poll | None = None
    reactions: list[_Reaction] | None = None


class Chat(msgspec.Struct, gc=False):
    """The conversation that messages stand in."""

    id: Id = None
    name: str | None = None
    type: str = ""


class _ReplyTo(msgspec.Struct, gc=False):
    reply_to_msg_id: Id = None


class _Raw(msgspec.Struct, gc=False):
    id: Id = None
    message: str | None = None
    date: str | int | None = None
    edit_date: str | int | None = None
    from_id: Id | _Channel = None
    to_id: Id | _Channel = None
    peer_id: Id | _Channel = None
    reply_to_msg_id: Id = None
    reply_to: _ReplyTo | None = None
    forwards: int | None = None


_MESSAGE = msgspec.json.Decoder(_Message)
_CHAT = msgspec.json.Decoder(Chat)
_RAW = msgspec.json.Decoder(_Raw)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a message of an export, or one as the API writes it."""
    if record.get("type") in ("message", "service", "unsupported") and "id" in record:
        return "date" in record and ("text" in record or "action" in record or "from" in record)
    return "message" in record and "date" in record and not {"to_id", "peer_id"}.isdisjoint(record)


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read a message whose chat is not known."""
    return _parse(raw, Chat(), is_one_chat=True)


def parse_in(head: bytes) -> Callable[[bytes], Sequence[Parsed]]:
    """Return a reader of the messages of the chat whose export begins with `head`.

    A chat within an export of an account has `type`, but not the account's own keys beside it;
    what was private there stays so, whereas the export of one chat is read whatever it is.
    """
    chat = decode(_CHAT, head)
    known = Chat() if isinstance(chat, Unreadable) else chat
    return lambda raw: _parse(raw, known, is_one_chat=True)


def parse_in_account(head: bytes) -> Callable[[bytes], Sequence[Parsed]]:
    """Return a reader of one of the many chats of an account: of the public ones."""
    chat = decode(_CHAT, head)
    known = Chat() if isinstance(chat, Unreadable) else chat
    return lambda raw: _parse(raw, known, is_one_chat=False)


def _parse(raw: bytes, chat: Chat, *, is_one_chat: bool) -> Sequence[Parsed]:
    message = decode(_MESSAGE, raw)
    if isinstance(message, Unreadable):
        return (message,)
    if message.type not in _KINDS:
        return (_read_raw(raw),)
    if not is_one_chat and not chat.type.startswith("public_"):
        return (Control("not-public"),)
    if message.type != "message":
        return (Control(message.type),)
    if message.id is None:
        return (Unreadable("not-a-post", "wanted a message with `id`, found none"),)
    edited_at = message.edited_unixtime or message.edited
    return (
        Draft(
            platform=PLATFORM,
            text=_text(message),
            created_at=message.date_unixtime or message.date,
            post_id=_place(chat.id, message.id) or "",
            # In a channel the author is the channel itself.
            author=_number(message.from_id) or message.sender or named(chat.id) or "",
            revision=revision_at(edited_at) if edited_at else 0,
            reply_to=_place(chat.id, message.reply_to_message_id),
            likes=sum(max(reaction.count, 0) for reaction in message.reactions or ()),
        ),
    )


def _read_raw(raw: bytes) -> Parsed:
    message = decode(_RAW, raw)
    if isinstance(message, Unreadable):
        return message
    chat = _number(message.peer_id) or _number(message.to_id)
    nested = message.reply_to.reply_to_msg_id if message.reply_to else None
    answered = nested if message.reply_to_msg_id is None else message.reply_to_msg_id
    if message.message is None or message.id is None:
        return Unreadable("not-a-post", "wanted a message of Telegram, found none")
    return Draft(
        platform=PLATFORM,
        text=message.message,
        created_at=message.date,
        post_id=_place(chat, message.id) or "",
        author=_number(message.from_id) or chat or "",
        revision=revision_at(message.edit_date) if message.edit_date else 0,
        reply_to=_place(chat, answered),
        reposts=message.forwards or 0,
    )


def _text(message: _Message) -> str | None:
    text = message.text
    if isinstance(text, list):
        text = "".join(piece if isinstance(piece, str) else _piece(piece) for piece in text)
    if message.poll is None:
        return text
    answers = "\n".join(answer.text for answer in message.poll.answers or () if answer.text)
    return joined(text, message.poll.question, answers)


def _piece(piece: _Piece) -> str:
    """Return the words, and where they lead if they do not say so themselves."""
    is_hidden = piece.type == "text_link" and piece.href and piece.href not in piece.text
    return f"{piece.text} {piece.href}" if is_hidden else piece.text


def _place(chat: Id, number: Id) -> str | None:
    if number is None:
        return None
    return f"{chat}/{number}" if chat is not None else str(number)


def _number(peer: Id | _Channel) -> str | None:
    if isinstance(peer, _Channel):
        return named(peer.channel_id) or named(peer.chat_id) or named(peer.user_id)
    return named(peer)
