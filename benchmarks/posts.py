"""Invented posts for the benchmarks: lines of about 1 kB, in order of time, no two alike.

They are told by the demo's generator, each seed another story, in all its languages; "ordinary"
ones are of the days before its wave, "wave" ones of the wave itself, copies and reposts included.
Pure, but for a file of one's own.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any, Literal

import msgspec

from benchmarks.firehose import PLATFORMS
from producers.demo.lines import lines_of
from producers.demo.phrasebook import read_phrasebook
from producers.demo.story import Storyteller
from producers.demo.timeline import read_timeline
from streams.language import detect_language
from uproar.config import Entity
from uproar.mentions import MentionMatcher

Kind = Literal["ordinary", "wave"]

WAVE_FROM, WAVE_TO = "2021-01-17", "2021-01-20"
CONFIG = Path(str(files("producers.demo").joinpath("uproar.yaml")))
"""The entities that are tracked: five ambiguous names with context, exclusions and hashtags."""
FIRST_SEED = 8
UNDECLARED = "und"
"""How Twitter wrote that it knew no language; some platforms of the story declare none."""
_TWEET = PLATFORMS["Twitter"]


class Written(msgspec.Struct, frozen=True):
    """A line as its platform writes it; the text in it, its declared language, whom it mentions."""

    line: bytes
    text: str
    lang: str | None
    entities: tuple[str, ...]


def written(entities: Sequence[Entity], count: int, kind: Kind = "ordinary") -> list[Written]:
    """Return so many posts that mention one of the entities, fifty for each second of their time.

    The same count and kind give the same posts.
    """
    matcher = MentionMatcher(entities)
    found = _kept(matcher, _distinct(_told(kind)) if kind == "ordinary" else _told(kind))
    return list(itertools.islice(found, count))


def from_lines(entities: Sequence[Entity], texts: Iterable[tuple[str, str]]) -> list[Written]:
    """Return posts of texts and their declared languages (empty: none) that mention an entity."""
    return list(_kept(MentionMatcher(entities), texts))


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield texts and languages of a CSV file's or JSON Lines' column `text`."""
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            rows: Iterable[dict[str, Any]] = csv.DictReader(file)
        else:
            rows = map(json.loads, file)
        for row in rows:
            yield str(row["text"]), str(row.get("lang") or "")


def _kept(matcher: MentionMatcher, texts: Iterable[tuple[str, str]]) -> Iterator[Written]:
    number = itertools.count()
    for text, lang in texts:
        mentions = matcher.find(text, detect_language(text, lang or None))
        if mentions:
            line = _TWEET.line(text, next(number)).replace(b'"lang":"en"', _declared(lang), 1)
            entities = tuple(dict.fromkeys(one.entity for one in mentions))
            yield Written(line, text, lang or None, entities)


def _declared(lang: str) -> bytes:
    return f'"lang":"{lang or UNDECLARED}"'.encode()


def _told(kind: Kind) -> Iterator[tuple[str, str]]:
    for seed in itertools.count(FIRST_SEED):
        for day, text, lang in _story(seed):
            if (WAVE_FROM <= day < WAVE_TO) if kind == "wave" else day < WAVE_FROM:
                yield text, lang


def _distinct(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen = set()
    for text, lang in texts:
        if text not in seen:
            seen.add(text)
            yield text, lang


def _story(seed: int) -> list[tuple[str, str, str]]:
    """Return day, text and language of the posts of a story, in order of time."""
    chosen = Random(seed)  # noqa: S311 - a story, not a secret
    timeline = read_timeline(files("producers.demo").joinpath("timeline.yaml").read_text("utf-8"))
    phrasebook = read_phrasebook()
    drafts = Storyteller(chosen, timeline, phrasebook).tell()
    lines = sorted(lines_of(chosen, drafts, phrasebook, timeline.ends_at), key=lambda line: line.at)
    return posts_in(line.content for line in lines)


def posts_in(lines: Iterable[bytes]) -> list[tuple[str, str, str]]:
    """Return day, text and declared language of the posts in lines, without edits and deletions."""
    posts = []
    for line in lines:
        record = msgspec.json.decode(line)
        if "text" in record and not record.get("revision"):
            posts.append((record["created_at"][:10], record["text"], record.get("lang", "")))
    return posts
