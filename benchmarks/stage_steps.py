"""The stages that need no server, each as a function of posts, to be timed alone."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import firehose
from benchmarks.posts import CONFIG
from uproar.config import Reading
from uproar.config_file import read_config
from uproar.records import Post

NOW = datetime(2021, 2, 1, tzinfo=UTC)
SECRET = "an invented key of this benchmark"  # noqa: S105
CHUNK_BYTES = 1 << 16
PACK = 200
TWITTER = firehose.PLATFORMS["Twitter"]
FORMAT = TWITTER.format
SHORT_CHARACTERS = 120

Step = Callable[[], object]


class Given(msgspec.Struct, frozen=True):
    """What a stage is given: lines as they are in a file, and the posts that they hold."""

    lines: list[bytes]
    posts: list[Post]
    langs: list[str]
    """The posts' languages, where the stage is given these."""

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Texts with their languages."""
        return [(post.text, lang) for post, lang in zip(self.posts, self.langs, strict=True)]


def decode(given: Given) -> Step:
    """Bytes of a file -> drafts: the producer's lines and format."""
    from producers.shapes import Shape, records

    chunks = list(_chunks(given.lines))
    shape = Shape("lines", FORMAT, None)
    return lambda: sum(len(values) for _, values in records(shape, iter(chunks), "invented"))


def judge(given: Given) -> Step:
    """Bytes of a file -> posts: lines, format, rules, times, and what mentions an entity."""
    from uproar.mentions import MentionMatcher

    matcher = MentionMatcher(_entities())
    return lambda: posts_of(given.lines, matcher)


def posts_of(lines: Sequence[bytes], matcher: Any) -> list[Post]:
    """Return the posts in lines as a replay would send them."""
    from producers.intake import Intake, Timed
    from producers.plan import ReplayPlan
    from producers.shapes import Shape, records
    from uproar.pseudonym import Pseudonyms

    plan = ReplayPlan(files=(Path("invented"),), run="benchmark", names=Pseudonyms(SECRET))
    intake = Intake(plan, matcher)
    posts = []
    shape = Shape("lines", FORMAT, None)
    for frame, values in records(shape, iter(list(_chunks(lines))), "invented"):
        for index, value in enumerate(values):
            judged = intake.judge(frame, index, value, "invented", NOW)
            if isinstance(judged, Timed) and isinstance(judged.record, Post):
                posts.append(judged.record)
    return posts


def language(given: Given) -> Step:
    """Text -> language, the declared one known where there is one."""
    from streams.language import detect_language

    return lambda: [detect_language(post.text, post.lang) for post in given.posts]


def match(given: Given) -> Step:
    """Text -> entities mentioned."""
    from uproar.mentions import MentionMatcher

    matcher = MentionMatcher(_entities())
    return lambda: [matcher.find(text, lang) for text, lang in given.texts]


def sentiment(given: Given) -> Step:
    """Text -> how it feels, by the usual model."""
    from streams.sentiment import score_sentiment

    return lambda: [score_sentiment(text, lang) for text, lang in given.texts]


def vader(given: Given) -> Step:
    """English text -> VADER's score, as light reading has it; others are passed over."""
    from streams.sentiment import score_sentiment

    return lambda: [score_sentiment(text, lang, "vader") for text, lang in given.texts]


def short_english(given: Given) -> Step:
    """English text of at most 120 characters -> VADER's exact score; as many as posts are given."""
    from streams.sentiment import score_sentiment

    short = [
        post.text
        for post in given.posts
        if post.lang == "en" and len(post.text) <= SHORT_CHARACTERS
    ]
    texts = (short * (len(given.posts) // len(short) + 1))[: len(given.posts)]
    return lambda: [score_sentiment(text, "en", "vader") for text in texts]


def filtered(given: Given) -> Step:
    """Bytes of a file -> nothing: posts of 1 kB that mention none of 20 entities."""
    from uproar.mentions import MentionMatcher

    lines = list(firehose.lines(TWITTER, firehose.english, len(given.posts), 0.0))
    matcher = MentionMatcher(firehose.entities())
    return lambda: posts_of(lines, matcher)


def calls(given: Given) -> Step:
    """Text -> calls to action."""
    from streams.calls_to_action import detect_calls_to_action

    entities = _entities()
    names = {word: one.id for one in entities for word in (one.name, *one.aliases)}
    return lambda: [detect_calls_to_action(text, lang, names) for text, lang in given.texts]


def reading(given: Given) -> Step:
    """Posts -> reactions, as a worker reads them by default."""
    return _reading(given, "full")


def light_reading(given: Given) -> Step:
    """Posts -> reactions by VADER and calls to action alone."""
    return _reading(given, "light")


def _reading(given: Given, how: Reading) -> Step:
    from streams.assess import Reader

    entities = _entities()
    packs = [given.posts[at : at + PACK] for at in range(0, len(given.posts), PACK)]

    def step() -> list[object]:
        reader = Reader(entities, reading=how)  # another one, for it remembers what it has read
        return [reader.read_all(pack) for pack in packs]

    return step


def pack(given: Given) -> Step:
    """Reactions -> messages: encoded and joined."""
    from streams.assess import Reader
    from uproar.codec import encode_record, join_pack

    reactions = Reader(_entities()).read_all(given.posts)

    def step() -> None:
        for at in range(0, len(reactions), PACK):
            join_pack([encode_record(one) for one in reactions[at : at + PACK]])

    return step


def unpack(given: Given) -> Step:
    """Messages -> posts: what a worker decodes."""
    from uproar.codec import posts_decoder

    decoder = posts_decoder()
    messages = _messages(given.posts)
    return lambda: [decoder.decode(message) for message in messages]


FINDS_LANGUAGE = ("language", "whole reading", "whole reading, light")
"""Stages that find out languages by themselves."""

HOLDS_NOTHING = ("pack", "unpack")
"""Stages whose memory is that of what they are given."""

STEPS: dict[str, Callable[[Given], Step]] = {
    "decode": decode,
    "decode, judge, keep": judge,
    "filter, posts that go no further": filtered,
    "match": match,
    "language": language,
    "sentiment": sentiment,
    "VADER alone": vader,
    "VADER alone, short English posts": short_english,
    "calls to action": calls,
    "whole reading": reading,
    "whole reading, light": light_reading,
    "unpack": unpack,
    "pack": pack,
}


def _messages(posts: Sequence[Post]) -> list[bytes]:
    from uproar.codec import encode_record, join_pack

    encoded = [encode_record(post) for post in posts]
    return [join_pack(encoded[at : at + PACK]) for at in range(0, len(encoded), PACK)]


def _chunks(lines: Sequence[bytes]) -> Iterator[bytes]:
    whole = b"\n".join(lines) + b"\n"
    for at in range(0, len(whole), CHUNK_BYTES):
        yield whole[at : at + CHUNK_BYTES]


def _entities() -> Any:
    return read_config(CONFIG).entities
