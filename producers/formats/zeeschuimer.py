"""Posts of X as Zeeschuimer captures them and 4CAT keeps them in NDJSON. Pure.

What else 4CAT writes as NDJSON is the API's own records, which the readers of those APIs read.
"""

from collections.abc import Mapping, Sequence

import msgspec

from producers.formats.decode import decode
from producers.formats.fields import Entities, Id, expanded
from producers.formats.twitter_v1 import Edits, Tweet, to_draft
from producers.parsed import Control, Parsed, Unreadable


class _User(msgspec.Struct, gc=False):
    rest_id: str | None = None


class _UserResult(msgspec.Struct, gc=False):
    result: _User | None = None


class _Core(msgspec.Struct, gc=False):
    user_results: _UserResult | None = None


class _Note(msgspec.Struct, gc=False):
    text: str | None = None
    entity_set: Entities | None = None


class _NoteResult(msgspec.Struct, gc=False):
    result: _Note | None = None


class _NoteResults(msgspec.Struct, gc=False):
    note_tweet_results: _NoteResult | None = None


class _Legacy(Tweet, gc=False):
    user_id_str: str | None = None
    retweeted_status_result: "_Results | None" = None


class _Results(msgspec.Struct, gc=False):
    result: "_Result | None" = None


class _Result(msgspec.Struct, gc=False):
    rest_id: Id = None
    core: _Core | None = None
    legacy: _Legacy | None = None
    note_tweet: _NoteResults | None = None
    edit_control: Edits | None = None
    tweet: "_Result | None" = None  # where the visibility is limited


class _Captured(_Result, gc=False):
    data: _Result | None = None


_CAPTURED = msgspec.json.Decoder(_Captured)


def recognises(record: Mapping[str, object]) -> bool:
    """Say whether a record is a captured post of X, in Zeeschuimer's envelope or without."""
    inner = record.get("data")
    if "source_platform" in record and isinstance(inner, Mapping):
        record = inner
    if isinstance(tweet := record.get("tweet"), Mapping) and "legacy" in tweet:
        record = tweet
    return "rest_id" in record and isinstance(record.get("legacy"), Mapping)


def parse(raw: bytes) -> Sequence[Parsed]:
    """Read one captured post; a retweet has the text of its original."""
    found: _Result | Unreadable = decode(_CAPTURED, raw)
    if isinstance(found, Unreadable):
        return (found,)
    if isinstance(found, _Captured) and found.data:
        found = found.data
    found = found.tweet or found
    legacy = found.legacy
    if legacy is None:
        if found.rest_id is not None:
            return (Control("tombstone"),)
        return (Unreadable("not-a-post", "wanted a post with `legacy`, found none"),)
    legacy.id_str = legacy.id_str or (str(found.rest_id) if found.rest_id is not None else None)
    if not legacy.id_str:
        return (Unreadable("not-a-post", "wanted a post with `rest_id`, found none"),)
    _lengthen(found, legacy)
    repeated = legacy.retweeted_status_result
    original = repeated.result if repeated else None
    original = (original.tweet or original) if original else None
    if original and original.legacy:
        _lengthen(original, original.legacy)
        original.legacy.id_str = original.legacy.id_str or str(original.rest_id or "")
        legacy.retweeted_status = original.legacy
    legacy.edit_history = found.edit_control
    return (to_draft(legacy, _author(found, legacy)),)


def _lengthen(found: _Result, legacy: _Legacy) -> None:
    """Put the text of a long post in the place of its beginning."""
    results = found.note_tweet.note_tweet_results if found.note_tweet else None
    note = results.result if results else None
    if note and note.text:
        legacy.full_text = expanded(note.text, note.entity_set)


def _author(found: _Result, legacy: _Legacy) -> str:
    results = found.core.user_results if found.core else None
    user = results.result if results else None
    return legacy.user_id_str or (user.rest_id if user else None) or ""
