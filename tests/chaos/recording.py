"""A recording drawn from a seed: what real archives have, in known shares. Pure.

The same seed and size give the same lines. Authors and texts are invented.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any, Final, NamedTuple

from tests.chaos.phrases import ABOUT, ELSEWHERE, NAMES, PLATFORMS

BEGINS: Final = datetime(2024, 3, 4, 6, 0, tzinfo=UTC)
SPAN_SECONDS: Final = 6 * 3600
NUMBERS: Final = 6
"""How many figures a phrase may hold: few, so that few different texts have to be read."""

MENTIONING: Final = 0.34
REPEATED: Final = 0.04
EDITED: Final = 0.04
DELETED: Final = 0.03
BROKEN: Final = 0.005
GONE: Final = 0.002
LATE: Final = 0.03
LATEST_SECONDS: Final = 600
CROWDED_MINUTES: Final = 5
CROWDED: Final = 0.15
"""Share of all posts that fall into the crowded minutes, mostly by authors of their own."""

Json = dict[str, Any]


class Line(NamedTuple):
    """A line and the time by which it takes its place in the file."""

    at: datetime
    content: bytes


class Drawn(NamedTuple):
    """A post, while others are drawn that have to do with it."""

    at: datetime
    record: Json


def draw_recording(seed: int, records: int) -> list[bytes]:
    """Return the lines, without their ends, of a recording with so many input records."""
    rng = Random(seed)
    edits, deletions, departures, repeats, broken = (
        max(least, int(records * share))
        for share, least in ((EDITED, 8), (DELETED, 8), (GONE, 3), (REPEATED, 4), (BROKEN, 12))
    )
    others = edits + deletions + departures + repeats + broken
    posts = [_post(rng, number) for number in range(records - others)]
    lines = [Line(post.at, _written(rng, post.at, post.record)) for post in posts]
    lines += _edits(rng, posts, edits)
    lines += _deletions(rng, posts, deletions)
    lines += _departures(rng, posts, departures)
    lines.sort(key=lambda line: _place(rng, line))
    for _ in range(repeats):
        at = rng.randrange(len(lines) - 1)
        lines.insert(min(len(lines), at + rng.choice((1, 1, 2, 40, 900))), lines[at])
    contents = [line.content for line in lines]
    for number in range(broken):
        one_each = BROKEN_LINES[number:] or BROKEN_LINES[1:]  # the first is 16 MB: one will do
        at = rng.randrange(1, len(contents))
        contents.insert(
            at, (one_each[0] if number < len(BROKEN_LINES) else rng.choice(one_each))(number)
        )
    return contents


def _post(rng: Random, number: int) -> Drawn:
    is_crowded = rng.random() < CROWDED
    seconds = rng.random() * SPAN_SECONDS
    author = f"author-{int(rng.random() ** 2 * 5_000)}"
    if is_crowded:
        minute = rng.randrange(1, CROWDED_MINUTES + 1) * SPAN_SECONDS // (CROWDED_MINUTES + 1)
        seconds = minute // 60 * 60 + rng.random() * 60
        author = f"passer-by-{number % 7_000}"
    record: Json = {
        "id": f"p{number}",
        "platform": rng.choice(PLATFORMS),
        "author": "" if rng.random() < 0.01 else author,
        **_words(rng, mentions=rng.random() < MENTIONING),
    }
    if rng.random() < 0.1:
        record["repost_of"] = f"p{rng.randrange(number + 1)}"
    return Drawn(BEGINS + timedelta(milliseconds=int(seconds * 1000)), record)


def _words(rng: Random, *, mentions: bool) -> Json:
    lang = rng.choices(tuple(ABOUT), (6, 1, 1, 1, 1))[0]
    first, second = rng.sample(NAMES, 2)
    phrase = rng.choice((ABOUT if mentions else ELSEWHERE)[lang])
    words: Json = {"text": phrase.format(first, second, n=rng.randrange(2, 2 + NUMBERS))}
    declared = rng.random()
    if declared < 0.5:
        words["lang"] = lang
    elif declared < 0.55:
        words["lang"] = rng.choice(("und", "en", "fi"))
    return words


def _edits(rng: Random, posts: list[Drawn], count: int) -> list[Line]:
    """Higher revisions: mostly later than their post, some earlier, some in the wrong order."""
    lines: list[Line] = []
    while len(lines) < count:
        post = rng.choice(posts)
        for revision in range(1, rng.choice((2, 2, 2, 3, 4))):
            apart = rng.randrange(1, 5_000) * (-1 if rng.random() < 0.1 else 1)
            at = post.at + timedelta(seconds=apart)
            words = {"text": post.record["text"] + rng.choice((" (edited)", " !"))}
            if rng.random() < 0.5:
                words = _words(rng, mentions=rng.random() < 0.6)
            record = {**post.record, **words, "revision": revision}
            lines.append(Line(at, _written(rng, at, record)))
    return lines[:count]


def _deletions(rng: Random, posts: list[Drawn], count: int) -> list[Line]:
    """Posts withdrawn: mostly later, some earlier than the post, some that nobody knows."""
    lines = []
    for number in range(count):
        post = rng.choice(posts)
        at = post.at + timedelta(seconds=rng.randrange(1, 7_200))
        record: Json = {"id": post.record["id"], "platform": post.record["platform"]}
        if rng.random() < 0.1:
            at = post.at - timedelta(seconds=rng.randrange(1, 600))
        if rng.random() < 0.1:
            record["id"] = f"unknown-{number}"
        content = {**record, "deleted": True}
        if rng.random() < 0.05:  # it does not say when: where it stands
            lines.append(Line(at, json.dumps(content).encode()))
        else:
            lines.append(Line(at, _written(rng, at, content)))
    return lines


def _departures(rng: Random, posts: list[Drawn], count: int) -> list[Line]:
    """Authors who are gone with all their posts until then; some go on writing afterwards."""
    lines = []
    named = [post for post in posts if post.record["author"]]
    for _ in range(count):
        post = rng.choice(named)
        at = post.at + timedelta(seconds=rng.choice((0, rng.randrange(1, 7_200))))
        record = {
            "platform": post.record["platform"],
            "author": post.record["author"],
            "deleted_account": True,
        }
        lines.append(Line(at, _written(rng, at, record)))
    return lines


def _written(rng: Random, at: datetime, record: Json) -> bytes:
    written: str | float = at.isoformat().replace("+00:00", "Z")
    form = rng.random()
    if form < 0.05:
        written = at.astimezone(tz=_EAST).isoformat()
    elif form < 0.1:
        written = int(at.timestamp() * 1000) / 1000
    return json.dumps({**record, "created_at": written}, ensure_ascii=form < 0.5).encode()


def _place(rng: Random, line: Line) -> float:
    late = rng.randrange(1, LATEST_SECONDS) if rng.random() < LATE else 0
    return line.at.timestamp() + late


def _broken(**changed: Any) -> Callable[[int], bytes]:
    """Return what writes a post that has something wrong."""

    def write(number: int) -> bytes:
        record = {
            "id": f"broken-{number}", "platform": "mastodon", "author": "author-1",
            "created_at": "2024-03-04T08:00:00Z", "text": "Shut down Quillhost",
        }  # fmt: skip
        kept = {**record, **changed}
        return json.dumps({key: value for key, value in kept.items() if value != ...}).encode()

    return write


_EAST = timezone(timedelta(hours=5, minutes=30))

BROKEN_LINES: Final[tuple[Callable[[int], bytes], ...]] = (
    lambda number: b'{"text":"' + b"x" * (16 * 1024 * 1024) + b'","n":%d}' % number,
    lambda number: b'{"id":"broken-%d","text":oops}' % number,
    lambda number: b'{"id":"broken-%d","text":"Quillhost h\xe9las"}' % number,
    lambda number: b'{"id":"broken-%d","text":"Shut down Quill' % number,
    _broken(text=["Quillhost"]),
    _broken(deleted=True, id=...),
    _broken(text=...),
    _broken(text="Quillhost " + "x" * 100_000),
    _broken(url="https://quillhost.example/" + "x" * 5_000),
    _broken(created_at=...),
    _broken(created_at="yesterday"),
    _broken(created_at="9999-12-31T23:59:59Z"),
)
"""One a reason: too long a line, not JSON, not UTF-8, cut off, of the wrong shape, …"""
