"""Invented posts of 1 kB, one a line, as each platform writes them. Pure: the same every time."""

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from uproar.config import Entity

POST_BYTES = 1_000
_FIRST = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)
_POSTS_A_SECOND = 50
_NAMES = (
    "Norvex Talindo Quarbit Belmora Zantric Ostravel Fendwell Kelpora Mirathon Dulvex Brightholm "
    "Castrel Ondavia Perrigal Solvane Trinmar Uvexa Wendral Yarlone Halvic"
)
_ENGLISH = (
    "people today about never really think there which market ticket support waiting morning again "
    "service phone train weather cannot believe story better house every little water after where "
    "small found still between the and of to in it is that for was on with as at this but they"
)
_FRENCH = (
    "les gens déjà toujours été très après matin météo réponse café théâtre où ça même problème "
    "être forêt garçon français leçon août naïve œuvre le la de du un une et est pour que dans"
)
_RUSSIAN = (
    "погода сегодня очень люди думают никогда снова поезд утро вечером больше нашей жизни ещё и в "
    "не на что как это по из за для уже где день город вопрос ответ"
)
_EMOJI = ("😂", "❤\N{VARIATION SELECTOR-16}", "🔥", "👍🏽", "😭", "…", "’")


def entities() -> list[Entity]:
    """Return 20 invented companies of five aliases each: names, an account, a site, a hashtag."""
    return [
        Entity(
            id=name.lower(),
            name=name,
            aliases=(f"{name} Group", f"@{name}HQ", f"{name.lower()}.example", f"#Boycott{name}"),
        )
        for name in _NAMES.split()
    ]


def english(chosen: random.Random) -> str:
    """Write plain English, with a line break now and then."""
    words = chosen.choices(_ENGLISH.split(), k=30)
    words[0] = words[0].capitalize()
    return " ".join(words[:15]) + chosen.choice((", ", ".\n\n", "! ")) + " ".join(words[15:]) + "."


def other_languages(chosen: random.Random) -> str:
    """Write with accents or in Cyrillic, with typographic signs and emoji."""
    words = chosen.choices(chosen.choice((_FRENCH, _RUSSIAN)).split(), k=25)
    return f"{' '.join(words)}{chosen.choice(_EMOJI)} l’été {chosen.choice(_EMOJI)}"


def linked(chosen: random.Random) -> str:
    """Write English with a link, hashtags and accounts."""
    words = " ".join(chosen.choices(_ENGLISH.split(), k=18))
    number = chosen.randrange(10**6)
    return (
        f"@somebody{number % 97}.example {words} #breaking #news{number % 31} "
        f"https://news.example/{number}/story?ref=feed&id={number}"
    )


Write = Callable[[random.Random], str]
TEXTS: dict[str, Write] = {
    "English": english,
    "accents, Cyrillic, emoji": other_languages,
    "links, hashtags, accounts": linked,
}


class Platform(msgspec.Struct, frozen=True):
    """How a platform writes a post: the name of its format, and a line of the text given."""

    format: str
    line: Callable[[str, int], bytes]


def lines(
    platform: Platform, write: Write, count: int, share: float, first: int = 0
) -> Sequence[bytes]:
    """Return so many lines in order of time, of which about a share mentions an entity.

    `first` is the number of the first: other numbers, other posts.
    """
    chosen = random.Random(first)  # noqa: S311 - the same posts every time
    made = []
    for number in range(first, first + count):
        text = write(chosen)
        if chosen.random() < share:
            name = chosen.choice(_NAMES.split())
            text += chosen.choice((f" {name} again", f" #Boycott{name}", f" @{name}HQ answer us"))
        made.append(platform.line(text, number))
    return made


def _moment(number: int) -> datetime:
    return _FIRST + timedelta(seconds=number // _POSTS_A_SECOND)


def _jetstream(text: str, number: int) -> bytes:
    record = {
        "$type": "app.bsky.feed.post",
        "createdAt": f"{_moment(number):%Y-%m-%dT%H:%M:%S}.{number % 1000:03d}Z",
        "langs": ["en"],
        "reply": {"parent": _reference(number), "root": _reference(number + 1)},
        "text": text,
    }
    commit = {
        "rev": f"3lf{number:010d}", "operation": "create", "collection": "app.bsky.feed.post",
        "rkey": f"3lf{number:010d}", "record": record, "cid": f"bafyrei{number:052d}",
    }  # fmt: skip
    event = {
        "did": f"did:plc:{number % 5000:024d}", "kind": "commit", "commit": commit,
        "time_us": int(_moment(number).timestamp()) * 1_000_000 + number % 20_000,
    }  # fmt: skip
    return _padded(event, record, "note", is_escaped=False)


def _reference(number: int) -> dict[str, str]:
    did = f"did:plc:{number % 4999:024d}"
    return {
        "cid": f"bafyrei{number:052d}",
        "uri": f"at://{did}/app.bsky.feed.post/3lf{number:010d}",
    }


def _tweet(text: str, number: int) -> bytes:
    name = str(number % 5000)
    user: dict[str, Any] = {
        "id": 10**9 + number % 5000, "id_str": str(10**9 + number % 5000), "name": name,
        "screen_name": f"somebody{name}", "followers_count": number % 700, "verified": False,
        "description": "",
    }  # fmt: skip
    tweet = {
        "created_at": f"{_moment(number):%a %b %d %H:%M:%S} +0000 2021",
        "id": 10**18 + number, "id_str": str(10**18 + number), "text": text, "truncated": False,
        "in_reply_to_status_id": None, "in_reply_to_status_id_str": None, "user": user,
        "geo": None, "is_quote_status": False, "retweet_count": 0, "favorite_count": 0,
        "entities": {"hashtags": [], "urls": [], "user_mentions": []}, "lang": "en",
        "timestamp_ms": str(int(_moment(number).timestamp()) * 1000),
    }  # fmt: skip
    return _padded(tweet, user, "description", is_escaped=True)


def _comment(text: str, number: int) -> bytes:
    thing = {
        "id": f"gj{number:06d}", "author": f"somebody{number % 5000}", "body": text,
        "created_utc": int(_moment(number).timestamp()), "subreddit": "invented",
        "subreddit_id": "t5_2abcd", "link_id": f"t3_kz{number % 999:05d}", "edited": False,
        "parent_id": f"t1_gj{number % 777:06d}", "gilded": 0, "controversiality": 0,
        "author_flair_text": None, "stickied": False, "score": number % 9,
        "retrieved_on": int(_moment(number).timestamp()) + 10**6,
        "permalink": f"/r/invented/comments/kz{number % 999:05d}/a_title/gj{number:06d}/",
    }  # fmt: skip
    return _padded(thing, thing, "author_flair_css_class", is_escaped=True)


def _our_line(text: str, number: int) -> bytes:
    """Our own format has few fields: such a post is nearly all text."""
    line = {
        "id": str(number), "created_at": f"{_moment(number):%Y-%m-%dT%H:%M:%SZ}",
        "author": f"somebody{number % 5000}", "platform": "invented", "lang": "en", "text": text,
    }  # fmt: skip
    while len(_encoded(line, is_escaped=False)) + len(text.encode()) < POST_BYTES:
        line["text"] += f" {text}"
    return _encoded(line, is_escaped=False)


def _padded(record: Any, into: Any, key: str, *, is_escaped: bool) -> bytes:
    into[key] = ""
    into[key] = "x" * max(0, POST_BYTES - len(_encoded(record, is_escaped=is_escaped)))
    return _encoded(record, is_escaped=is_escaped)


def _encoded(record: Any, *, is_escaped: bool) -> bytes:
    return json.dumps(record, ensure_ascii=is_escaped, separators=(",", ":")).encode()


PLATFORMS = {
    "Bluesky": Platform("Bluesky Jetstream", _jetstream),
    "Twitter": Platform("Twitter v1.1", _tweet),
    "Reddit": Platform("Reddit", _comment),
    "uproar lines": Platform("uproar JSON Lines", _our_line),
}
