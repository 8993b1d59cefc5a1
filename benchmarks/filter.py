"""`python -m benchmarks.filter`: posts a second and core through reading and matching.

Side by side in one run: decoding alone, what a tutorial would write, and what a replay does with a
record: its line, its format, its rules, its times, its mentions. Processor time, best of the
rounds, each of which runs every way once: other load touches all alike.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
import orjson

from benchmarks.firehose import PLATFORMS, TEXTS, Platform, entities, lines
from producers.admit import admit, observed
from producers.intake import Intake
from producers.lines import split_lines
from producers.parsed import Draft, Frame, Parsed, Unreadable
from producers.plan import ReplayPlan
from producers.shapes import Shape, records
from uproar.config import Entity
from uproar.mentions import MentionMatcher
from uproar.pseudonym import Pseudonyms

NOW = datetime(2021, 2, 1, tzinfo=UTC)
CHUNK_BYTES = 1 << 16
TARGET = 100_000


class _Post(msgspec.Struct, gc=False):
    """The least that can be decoded of a tweet, a comment or a line of our own."""

    text: str | None = None
    body: str | None = None
    created_at: str | int | float | None = None
    created_utc: str | int | float | None = None
    id: str | int | None = None
    lang: str | None = None


class _Record(msgspec.Struct, gc=False):
    text: str | None = None
    createdAt: str | None = None  # noqa: N815 - as the platform has it
    langs: list[str] | None = None


class _Commit(msgspec.Struct, gc=False):
    record: _Record | None = None
    rkey: str = ""


class _Event(msgspec.Struct, gc=False):
    did: str = ""
    time_us: int = 0
    commit: _Commit | None = None


class Case(msgspec.Struct, frozen=True):
    """One row of the table: whose posts, which texts, and how many of them match."""

    platform: str
    text: str
    share: float


@click.command()
@click.option("--posts", default=3_000, show_default=True, help="Of each kind")
@click.option("--rounds", default=7, show_default=True, help="The best one counts")
@click.option("--stages", is_flag=True, help="Show where our time goes, in microseconds a post")
def main(posts: int, rounds: int, *, stages: bool) -> None:
    """Print the table."""
    tracked = entities()
    matcher = MentionMatcher(tracked)
    aliases = sum(1 + len(entity.aliases) for entity in tracked)
    click.echo(f"{len(tracked)} entities, {aliases} aliases; posts of 1 kB, thousands a second\n")
    shares = (0.0,) if stages else (0.0, 0.01, 0.3)
    cases = [Case(name, text, share) for share in shares for name in PLATFORMS for text in TEXTS]
    measured = _stages if stages else _ways
    head: Sequence[str] = ()
    for case in cases:
        given = lines(PLATFORMS[case.platform], TEXTS[case.text], posts, case.share)
        ways = measured(PLATFORMS[case.platform], given, matcher, tracked)
        if not head:
            head = list(ways)
            click.echo(f"| posts of | texts | matching | {' | '.join(head)} |")
            click.echo("|---|---|---|" + "---|" * len(head))
        spent = _best(ways, rounds)
        cells = [_cell(spent[name] / posts, is_rate=not stages) for name in head]
        click.echo(f"| {case.platform} | {case.text} | {case.share:.0%} | {' | '.join(cells)} |")


def _cell(seconds: float, *, is_rate: bool) -> str:
    return f"{1e-3 / seconds:,.0f}" if is_rate else f"{seconds * 1e6:.1f}"


Way = Callable[[], object]


def _best(ways: dict[str, Way], rounds: int) -> dict[str, float]:
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.process_time()
            way()
            best[name] = min(best[name], time.process_time() - began)
    return best


def _ways(
    platform: Platform, given: Sequence[bytes], matcher: MentionMatcher, tracked: list[Entity]
) -> dict[str, Way]:
    chunks = list(_chunks(given))
    decode = msgspec.json.Decoder(_Event if "Bluesky" in platform.format else _Post).decode
    written = [name for entity in tracked for name in (entity.name, *entity.aliases)]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, written))})\b", re.IGNORECASE)
    return {
        "msgspec alone": lambda: [decode(line) for line in given],
        "orjson and re": lambda: [_tutorial(line, pattern) for line in given],
        "Uproar": lambda: _judged(platform, chunks, matcher),
    }


def _tutorial(line: bytes, pattern: re.Pattern[str]) -> bool:
    record = orjson.loads(line)
    if "commit" in record:
        record = record["commit"]["record"]
    text = record.get("text") or record.get("body") or ""
    return pattern.search(text) is not None


def _judged(platform: Platform, chunks: Sequence[bytes], matcher: MentionMatcher) -> int:
    intake = _intake(matcher)
    count = 0
    for frame, values in records(Shape("lines", platform.format, None), iter(chunks), "invented"):
        for index, value in enumerate(values):
            intake.judge(frame, index, value, "invented", NOW)
            count += 1
    return count


def _intake(matcher: MentionMatcher) -> Intake:
    names = Pseudonyms("a secret of this benchmark alone")
    return Intake(ReplayPlan(files=(Path("invented"),), run="benchmark", names=names), matcher)


def _chunks(given: Iterable[bytes]) -> Iterator[bytes]:
    whole = b"\n".join(given) + b"\n"
    for at in range(0, len(whole), CHUNK_BYTES):
        yield whole[at : at + CHUNK_BYTES]


def _stages(
    platform: Platform, given: Sequence[bytes], matcher: MentionMatcher, tracked: list[Entity]
) -> dict[str, Way]:
    chunks = list(_chunks(given))
    read = list(records(Shape("lines", platform.format, None), iter(chunks), "invented"))
    drafts = [value for _, values in read for value in values if isinstance(value, Draft)]
    texts = [draft.text or "" for draft in drafts]
    shape = Shape("lines", platform.format, None)
    return {
        "lines": lambda: sum(1 for _ in split_lines(chunks)),
        "lines and format": lambda: sum(1 for _ in records(shape, iter(chunks), "invented")),
        "rules and times": lambda: [_time(draft) for draft in drafts],
        "mentions": lambda: [matcher.may_mention(text) for text in texts],
        "judging": lambda: _judge(read, matcher),
        "all": lambda: _judged(platform, chunks, matcher),
    }


def _time(draft: Draft) -> datetime | Unreadable:
    created_at = admit(draft, NOW)
    return observed(draft, created_at, NOW) if isinstance(created_at, datetime) else created_at


def _judge(read: Iterable[tuple[Frame, Sequence[Parsed]]], matcher: MentionMatcher) -> None:
    intake = _intake(matcher)
    for frame, values in read:
        for index, value in enumerate(values):
            intake.judge(frame, index, value, "invented", NOW)


if __name__ == "__main__":
    main()
