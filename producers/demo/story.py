"""From the timeline to drafts: who says what, when, and who takes it up.

Each minute of a strand draws its posts from the expected number, by time of day and with noise. A
post then calls forth others (a branching process, so crowds gather in bursts): reposts, replies,
quotes, and copies by hand.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import msgspec

from producers.demo.authors import Author, draw_author
from producers.demo.draw import (
    Weighted,
    chance,
    exponential,
    heavy_tailed,
    pick,
    poisson,
)
from producers.demo.grammar import Written
from producers.demo.identities import new_post_id
from producers.demo.phrasebook import Phrasebook
from producers.demo.timeline import Strand, Timeline, expected, noise, shares, wakefulness
from producers.demo.voices import Spoken, speak

_SHORT_PLATFORM_LIMIT = 280
_COPIES_OF_ONE_KIND = 3
_MEAN_APPEAL = 1.45
_ECHOES = {
    "twitter": Weighted({"repost": 58.0, "reply": 24.0, "quote": 10.0, "copy": 8.0}),
    "mastodon": Weighted({"repost": 55.0, "reply": 45.0}),
    "reddit": Weighted({"reply": 1.0}),
    "telegram": Weighted({"repost": 70.0, "reply": 30.0}),
    "youtube": Weighted({"reply": 1.0}),
}


class Draft(msgspec.Struct, kw_only=True):
    """A post of the story before it is written down."""

    at: datetime
    post_id: str
    author: Author
    lang: str
    kind: str
    strand: str
    written: Written
    spoken: Spoken
    appeal: float
    reply_to: str = ""
    repost_of: str = ""
    quote_of: str = ""


class Storyteller:
    """Tells the story of a timeline in the words of a phrasebook."""

    def __init__(self, rng: Random, timeline: Timeline, phrasebook: Phrasebook) -> None:
        self._rng = rng
        self._timeline = timeline
        self._phrasebook = phrasebook
        self._awake = {lang: wakefulness(timeline, lang) for lang in timeline.hours}
        self._kinds = {strand.id: Weighted(strand.kinds) for strand in timeline.strands}
        self._copied: dict[tuple[str, str], list[Written]] = {}

    def tell(self) -> list[Draft]:
        """Return all posts, strand by strand."""
        drafts = []
        for strand in self._timeline.strands:
            told = [self._new(strand, lang, second) for lang, second in self._occasions(strand)]
            for draft in told:
                told.extend(self._echoes(strand, draft))
            drafts += told
        return drafts

    def _occasions(self, strand: Strand) -> Iterator[tuple[str, float]]:
        """Yield the language and the second of each post that nothing but the event caused."""
        levels = expected(self._timeline, strand)
        weights = shares(self._timeline, strand)
        total = sum(weights.values())
        factors = noise(self._rng, len(levels))
        for minute, (level, factor) in enumerate(zip(levels, factors, strict=True)):
            awake = {
                lang: share / total * self._awake[lang][minute % 1440]
                for lang, share in weights.items()
            }
            count = poisson(self._rng, level * factor * sum(awake.values()))
            if count:
                languages = Weighted(awake)
                for _ in range(count):
                    yield languages.draw(self._rng), 60 * (minute + self._rng.random())

    def _new(self, strand: Strand, lang: str, second: float) -> Draft:
        kind = self._kinds[strand.id].draw(self._rng)
        author = draw_author(self._rng, strand.camp, lang)
        written, spoken = self._say(author, lang, kind)
        at = self._timeline.starts_at + timedelta(seconds=int(second))
        return Draft(
            at=at,
            post_id=new_post_id(self._rng, author, at),
            author=author,
            lang=lang,
            kind=kind,
            strand=strand.id,
            written=written,
            spoken=spoken,
            appeal=heavy_tailed(self._rng, 1.6, 40.0),
        )

    def _say(self, author: Author, lang: str, kind: str) -> tuple[Written, Spoken]:
        """Find words; on a platform for short posts, words that fit."""
        while True:
            written = self._words(author, lang, kind)
            spoken = self._speak(author, written, kind, lang)
            if author.platform != "twitter" or len(spoken.text) <= _SHORT_PLATFORM_LIMIT:
                return written, spoken

    def _words(self, author: Author, lang: str, kind: str) -> Written:
        if self._phrasebook.kinds.kinds[kind].copied:
            texts = self._copied.setdefault((lang, kind), [])
            if len(texts) < _COPIES_OF_ONE_KIND:
                texts.append(self._phrasebook.write(self._rng, lang, kind))
            return pick(self._rng, texts)
        written = self._phrasebook.write(self._rng, lang, kind)
        if author.platform in ("reddit", "telegram") and chance(self._rng, 0.35):
            return _join(written, self._phrasebook.write(self._rng, lang, kind))
        return written

    def _speak(self, author: Author, written: Written, kind: str, lang: str) -> Spoken:
        kinds = self._phrasebook.kinds
        short = self._phrasebook.short[lang]
        return speak(self._rng, author, written, kinds.kinds[kind], kinds, short)

    def _echoes(self, strand: Strand, of: Draft) -> Iterator[Draft]:
        """Yield what a post calls forth. A repost calls forth nothing: its original does."""
        if of.repost_of:
            return
        depth = 0.4 if of.reply_to else 1.0
        for _ in range(poisson(self._rng, strand.echo * depth * of.appeal / _MEAN_APPEAL)):
            way = _ECHOES[of.author.platform].draw(self._rng)
            delay = 8 + exponential(self._rng, 900.0 * (1 + heavy_tailed(self._rng, 1.5, 12.0)))
            at = of.at + timedelta(seconds=int(delay))
            if at < self._timeline.ends_at:
                yield self._echo(strand, of, way, at)

    def _echo(self, strand: Strand, of: Draft, way: str, at: datetime) -> Draft:
        second = (at - self._timeline.starts_at).total_seconds()
        author = self._somebody_else(strand, of)
        if way in ("reply", "quote"):
            draft = self._new(strand, of.lang, second)
            words = self._say(author, of.lang, draft.kind)
        else:
            draft = of
            spoken = of.spoken
            if way == "copy":
                spoken = self._speak(author, of.written, of.kind, of.lang)
            words = (of.written, spoken)
        return msgspec.structs.replace(
            draft,
            at=at,
            author=author,
            post_id=new_post_id(self._rng, author, at),
            written=words[0],
            spoken=words[1],
            appeal=heavy_tailed(self._rng, 1.6, 10.0),
            reply_to=of.post_id if way == "reply" else "",
            quote_of=of.post_id if way == "quote" else "",
            repost_of=of.post_id if way == "repost" else "",
        )

    def _somebody_else(self, strand: Strand, of: Draft) -> Author:
        """Return another author of the same platform."""
        while True:
            author = draw_author(self._rng, strand.camp, of.lang)
            if author.platform == of.author.platform and author.number != of.author.number:
                return author


def _join(first: Written, second: Written) -> Written:
    """Make one longer text of two."""
    stop = "" if first.text.endswith((".", "!", "?", "…")) else "."
    return Written(
        f"{first.text}{stop} {second.text}", tuple(dict.fromkeys((*first.about, *second.about)))
    )
