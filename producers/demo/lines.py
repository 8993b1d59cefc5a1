"""From drafts to lines of uproar JSON Lines, with what happens to posts later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import msgspec

from producers.demo.draw import chance, exponential, heavy_tailed, pick
from producers.demo.identities import url_of
from producers.demo.phrasebook import Phrasebook
from producers.demo.story import Draft

_EDITABLE = ("reddit", "telegram", "youtube")
"""Platforms on which a post could be edited in that January."""
EDITS = 60
DELETIONS = 150

_encode = msgspec.json.Encoder().encode


class Truth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is true of a post by construction: for tests, ignored by every reader.

    `call`, `direction` and `target` say what the text urges, if anything; `also` the actions that
    its hashtags call for besides.
    """

    kind: str
    lang: str
    about: tuple[str, ...] = ()
    call: str = ""
    direction: str = ""
    target: str = ""
    also: tuple[str, ...] = ()


class PostLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One post as it stands in the recording."""

    id: str
    created_at: str
    platform: str
    author: str
    text: str
    lang: str = ""
    url: str = ""
    reply_to: str = ""
    repost_of: str = ""
    quote_of: str = ""
    likes: int = 0
    reposts: int = 0
    replies: int = 0
    revision: int = 0
    truth: Truth


class DeletionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A post withdrawn, as it stands in the recording."""

    id: str
    created_at: str
    platform: str
    deleted: bool = True


class Line(msgspec.Struct, frozen=True):
    """The bytes of a line, without its end, and the time by which it is put in order."""

    at: datetime
    content: bytes


def lines_of(
    rng: Random, drafts: Sequence[Draft], phrasebook: Phrasebook, ends_at: datetime
) -> list[Line]:
    """Write down every post, some edits of posts and some deletions; in no order yet."""
    lines = [Line(draft.at, _encode(_post_line(rng, draft, phrasebook))) for draft in drafts]
    editable = [draft for draft in drafts if draft.author.platform in _EDITABLE]
    edited = _some(rng, editable, EDITS, ends_at)
    lines += [_edit(rng, draft, at, phrasebook) for draft, at in edited]
    changed = {draft.post_id for draft, _ in edited}
    untouched = [draft for draft in drafts if draft.post_id not in changed]
    for draft, at in _some(rng, untouched, DELETIONS, ends_at):
        gone = DeletionLine(
            id=draft.post_id, platform=draft.author.platform, created_at=_written_time(at)
        )
        lines.append(Line(at, _encode(gone)))
    return lines


def _post_line(rng: Random, draft: Draft, phrasebook: Phrasebook) -> PostLine:
    kind = phrasebook.kinds.kinds[draft.kind]
    likes = 0 if draft.repost_of else int(heavy_tailed(rng, 1.1, 900.0) * draft.appeal)
    return PostLine(
        id=draft.post_id,
        created_at=_written_time(draft.at),
        platform=draft.author.platform,
        author=draft.author.id,
        text=draft.spoken.text,
        lang=_declared(rng, draft),
        url="" if draft.repost_of else url_of(draft.author.platform, draft.post_id),
        reply_to=draft.reply_to,
        repost_of=draft.repost_of,
        quote_of=draft.quote_of,
        likes=likes,
        reposts=int(likes * 0.3 * rng.random()),
        replies=int(likes * 0.15 * rng.random()),
        truth=Truth(
            kind=draft.kind,
            lang=draft.lang,
            about=draft.spoken.about,
            call=kind.call,
            direction=kind.direction,
            target=kind.target,
            also=tuple(call for call in draft.spoken.tag_calls if call != kind.call),
        ),
    )


def _declared(rng: Random, draft: Draft) -> str:
    """Return the language that the platform or the author's settings would claim."""
    if draft.author.platform == "twitter":
        if chance(rng, 0.04):
            return pick(rng, ("und", "und", "en", "es", "in"))
        return draft.lang
    if draft.author.platform == "mastodon" and draft.author.trait("declares") > 0.15:
        return "en" if draft.author.trait("declares") > 0.93 else draft.lang
    return ""


def _edit(rng: Random, draft: Draft, at: datetime, phrasebook: Phrasebook) -> Line:
    note = phrasebook.write(rng, draft.lang, "edit_note").text
    revised = msgspec.structs.replace(
        draft,
        spoken=msgspec.structs.replace(draft.spoken, text=f"{draft.spoken.text}\n\n{note}"),
    )
    line = msgspec.structs.replace(
        _post_line(rng, revised, phrasebook), created_at=_written_time(at), revision=1
    )
    return Line(at, _encode(line))


def _some(
    rng: Random, drafts: Sequence[Draft], count: int, ends_at: datetime
) -> list[tuple[Draft, datetime]]:
    """Choose posts, and a time minutes or hours after each at which something happens to it."""
    chosen: dict[str, tuple[Draft, datetime]] = {}
    while len(chosen) < min(count, len(drafts) // 2):
        draft = pick(rng, drafts)
        at = draft.at + timedelta(seconds=120 + int(exponential(rng, 5400.0)))
        if at < ends_at and not draft.repost_of:
            chosen.setdefault(draft.post_id, (draft, at))
    return list(chosen.values())


def _written_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
