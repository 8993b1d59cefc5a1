"""Words, copies and authors of the newest posts, against the same counted in plain Python."""

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from dashboards.macros import Scope
from tests.dashboards.asking import SCOPES, START, Query, Row, ask, has, hour, rows, scope
from uproar.records import Counts, Reaction

pytestmark = pytest.mark.integration

FEW = {"5000": 60, "50000": 90}
"""The bounds of the queries, so small that they bite."""
COMMON = {"the", "and", "que", "nicht", "não", "avec", "das", "ist", "now", "from", "here", "again"}
SENTENCES = [
    "The service of {name} is down AND nobody answers",
    "Não acredito, que vergonha: {name}",
    "Das ist nicht in Ordnung… “Kündigen”, sagt {name}!",
    "12345 people avec {name} – 'tis so",
    "東京で{name}が止まった。また。",
]
ENDINGS = [
    "",
    "#Shutdown{name} now",
    "#1 https://www.News.example/Story/{number}/?from=here#top",
    "@somebody http://blog.example/a, #naïve_tag(#two)",
    "https://News.example/Story/7 https://news.example/Story/7?again",
]


def links(text: str) -> set[tuple[str, str]]:
    found = set()
    for written in re.findall(r'https?://[^\s<>"“”]+', text):
        parts = urlsplit(written)
        found.add(("link", (parts.netloc.removeprefix("www.") + parts.path).rstrip("/.,;:!?)")))
    return found


def bare(text: str) -> str:
    return re.sub(r"(https?://|@)\S+", " ", text).lower()


def hashtags(text: str) -> set[tuple[str, str]]:
    found = re.findall(r"(?<![\w&])#(\w+)", bare(text))
    return {("hashtag", f"#{tag}") for tag in found if not tag.isdigit()}


def words(text: str) -> set[tuple[str, str]]:
    found = re.findall(r"[^\W_]+", re.sub(r"#\S+", " ", bare(text)))
    return {
        ("word", word)
        for word in found
        if len(word) >= 3 and not word.isdigit() and word not in COMMON
    }


def print_of(text: str) -> str:
    return " ".join(re.sub(r"(https?://|@)\S+", "", text).lower().split())


@pytest.fixture(scope="module")
def spoken(invented: list[Reaction], write: Callable[[Sequence[Any]], None]) -> list[Reaction]:
    """The invented reactions, with texts that have words, tags and links, and some copies."""
    chance = random.Random(7)
    found = []
    for number, one in enumerate(invented):
        name = one.entities[0].entity
        is_late = one.post.observed_at > START + timedelta(hours=25)
        sentence = chance.choice(SENTENCES[:2] if is_late else SENTENCES)
        text = f"{sentence} {chance.choice(ENDINGS)}".format(name=name, number=number % 9)
        post = msgspec.structs.replace(
            one.post,
            text=text if number % 3 else text.upper().replace(" ", "  "),
            counts=Counts(likes=number % 7, reposts=number % 5, replies=0, quotes=number % 3),
        )
        found.append(msgspec.structs.replace(one, post=post))
    write(found)
    return found


def newest(spoken: list[Reaction], asked: Scope, bound: int) -> list[Row]:
    found = sorted(
        rows(spoken, asked),
        key=lambda row: (
            -row[0].post.observed_at.timestamp(),
            row[0].post.platform,
            row[0].post.post_id,
            row[1].entity,
        ),
    )
    return found[:bound]


@pytest.mark.parametrize("asked", SCOPES)
@pytest.mark.parametrize(
    ("name", "terms_of"), [("top_terms", words), ("top_hashtags", hashtags), ("top_links", links)]
)
def test_terms_count_once_in_a_post_and_are_of_the_newest_alone(
    name: str,
    terms_of: Callable[[str], set[tuple[str, str]]],
    asked: Scope,
    query: Query,
    spoken: list[Reaction],
) -> None:
    read = newest(spoken, asked, 60)
    counted = Counter(term for one, _ in read for _, term in terms_of(one.post.text))
    voices: defaultdict[str, set[str]] = defaultdict(set)
    for one, _ in read:
        for _, term in terms_of(one.post.text):
            voices[term] |= {one.post.author} - {""}
    wanted = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].encode()))[:30]
    found = ask(query, name, asked, {"5000": 60})
    assert [(row["term"], row["posts_with"]) for row in found] == wanted
    for row in found:
        assert row["unique_authors"] == len(voices[row["term"]])
        assert row["share"] == pytest.approx(row["posts_with"] / len(read))


def telling(now: int, now_read: int, before: int, before_read: int) -> float:
    expected = (now + before) / (now_read + before_read)
    parts = ((now, now_read), (before, before_read))
    return 2 * sum(n * math.log(n / read / expected) for n, read in parts if n)


@pytest.mark.parametrize("asked", SCOPES)
@pytest.mark.parametrize(("starts_after_hours", "bound"), [(0, 400), (20, 60)])
def test_new_are_terms_that_are_used_more_often_than_in_the_stretch_before(
    starts_after_hours: int, bound: int, asked: Scope, query: Query, spoken: list[Reaction]
) -> None:
    start = START + timedelta(hours=starts_after_hours)
    inside = msgspec.structs.replace(asked, from_at=start)
    length = asked.to_at - start + timedelta(seconds=1)
    outside = msgspec.structs.replace(
        asked, from_at=start - length, to_at=start - timedelta(milliseconds=1)
    )
    now, before = newest(spoken, inside, bound), newest(spoken, outside, bound)
    if not before:
        half = (len(now) + 1) // 2
        now, before = now[:half], now[half:]
    counts = [
        Counter(
            term
            for one, _ in posts
            for term in links(one.post.text) | hashtags(one.post.text) | words(one.post.text)
        )
        for posts in (now, before)
    ]
    wanted = {}
    for (kind, term), posts in counts[0].items():
        earlier = counts[1][kind, term]
        share = telling(posts, len(now), earlier, len(before)) if before else 0
        if posts >= 2 and before and posts / len(now) > earlier / len(before) and share >= 6.63:
            wanted[term, kind] = (posts, earlier, share)
    found = ask(query, "new_terms", inside, {"5000": bound})
    ranked = sorted(wanted, key=lambda key: (-round(wanted[key][2], 6), *key))[:30]
    assert [(row["term"], row["kind"]) for row in found] == ranked
    for row in found:
        posts, earlier, _ = wanted[row["term"], row["kind"]]
        assert row["posts_with"] == posts
        assert row["share"] == pytest.approx(posts / len(now))
        assert row["share_before"] == pytest.approx(earlier / len(before))
        assert row["state"] == ("more often" if earlier else "new")
    if asked.variables["run"] == ("wave",) and not asked.variables["platform"]:
        assert found


@pytest.mark.parametrize("asked", SCOPES)
def test_copies_are_texts_that_are_the_same_but_for_case_links_handles_and_spaces(
    asked: Scope, query: Query, spoken: list[Reaction]
) -> None:
    said = defaultdict(list)
    for one, _ in newest(spoken, asked, 60):
        said[print_of(one.post.text)].append(one.post)
    wanted = {
        (
            len(posts),
            len({post.author for post in posts} - {""}),
            ", ".join(sorted({post.platform for post in posts})),
            min(post.observed_at for post in posts),
        )
        for posts in said.values()
        if len(posts) > 1
    }
    found = ask(query, "copies", asked, {"5000": 60})
    assert {
        (row["posts"], row["unique_authors"], row["platforms"], row["first_at"]) for row in found
    } == wanted
    assert {print_of(row["text"]) for row in found} <= said.keys()


@pytest.mark.parametrize("asked", SCOPES)
def test_amplification_tells_reposts_copies_and_the_loudest_of_each_hour(
    asked: Scope, query: Query, spoken: list[Reaction]
) -> None:
    posts, reposts = Counter[Any](), Counter[Any]()
    for one, _ in rows(spoken, asked):
        posts[hour(one)] += 1
        reposts[hour(one)] += one.post.repost_of is not None
    prints: defaultdict[datetime, list[str]] = defaultdict(list)
    voices: defaultdict[datetime, Counter[str]] = defaultdict(Counter)
    for one, _ in newest(spoken, asked, 60):
        prints[hour(one)].append(print_of(one.post.text))
    for one, _ in newest(spoken, asked, 90):
        if one.post.author:
            voices[hour(one)][one.post.author] += 1
    found = ask(query, "amplification", asked, FEW)
    assert [row["time"] for row in found] == sorted(posts)
    for row in found:
        said, heard = prints.get(row["time"]), voices.get(row["time"])
        assert row["repost_share"] == pytest.approx(reposts[row["time"]] / posts[row["time"]])
        copies = (len(said) - len(set(said))) / len(said) if said else None
        assert row["copies_share"] == pytest.approx(copies)
        loudest = max(heard.values()) / heard.total() if heard else None
        assert row["loudest_share"] == pytest.approx(loudest)


@pytest.mark.parametrize("asked", SCOPES)
def test_the_loudest_authors_are_those_of_the_newest_posts(
    asked: Scope, query: Query, spoken: list[Reaction]
) -> None:
    named = [row for row in newest(spoken, asked, 90) if row[0].post.author]
    counted = Counter(one.post.author for one, _ in named)
    found = ask(query, "loudest_authors", asked, {"50000": 90})
    wanted = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    assert [(row["author"], row["mentions"]) for row in found] == wanted
    against = Counter(one.post.author for one, entity in named if has(entity, "against"))
    for row in found:
        assert row["posts_against"] == against[row["author"]]
        assert row["share"] == pytest.approx(row["mentions"] / len(named))


@pytest.mark.parametrize("asked", SCOPES)
def test_the_most_engaged_posts_are_originals_of_the_newest_with_most_responses(
    asked: Scope, query: Query, spoken: list[Reaction]
) -> None:
    answered = Counter[tuple[str, str]]()
    for one, entity in newest(spoken, asked, 90):
        counts = one.post.counts or Counts()
        given = (counts.likes, counts.reposts, counts.replies, counts.quotes)
        if one.post.repost_of is None:
            answered[one.post.url or "", entity.entity] = sum(number or 0 for number in given)
    found = ask(query, "engaged_posts", asked, {"50000": 90})
    numbers = [row["responses"] for row in found]
    assert numbers == sorted((n for n in answered.values() if n), reverse=True)[:60]
    assert all(answered[row["url"], row["entity"]] == row["responses"] for row in found)


def test_the_delay_is_that_from_receipt_to_storage(query: Query, spoken: list[Reaction]) -> None:
    found = ask(query, "storing_delay", scope(), {"50000": 90})
    times = {hour(one) for one, _ in newest(spoken, scope(), 90)}
    assert {row["time"] for row in found} == times
    assert all(row["late_seconds"] >= row["median_seconds"] > 0 for row in found)
