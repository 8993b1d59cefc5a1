"""Feeds, served by this machine."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from producers.live import Watching
from producers.sources.rss import Feeds
from producers.sources.source import Refused
from tests.integration.sources.driving import served, watched
from tests.producers.test_replay import Memory
from uproar.source_config import Rss

pytestmark = pytest.mark.integration

DATE = "Mon, 18 Jan 2021 09:30:00 +0000"


def item(number: int, text: str = "Quillhost again", guid: bool = True) -> str:
    name = f"<guid>https://news.example/{number}</guid>" if guid else ""
    date = f"<pubDate>{DATE}</pubDate>"
    return f"<item>{name}<title>Part {number}</title>{date}<description>{text}</description></item>"


def feed(*items: str) -> bytes:
    head = "<title>Invented news</title><link>https://news.example/</link>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


class Paper:
    """A site with feeds, which can change, fail and be slow."""

    def __init__(self, **pages: bytes | int) -> None:
        self.pages: dict[str, Any] = dict(pages)
        self.asked: list[tuple[str, str | None]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.path.strip("/")
        page = self.pages[name]
        self.asked.append((name, request.headers.get("If-None-Match")))
        if isinstance(page, int):
            return web.Response(status=page, headers={"Retry-After": "1"})
        etag = f'"{hash(page)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(body=page, headers={"ETag": etag})


async def read(
    paper: Paper, folder: Path, until: Callable[[Memory, Watching], bool], names: tuple[str, ...]
) -> tuple[Memory, Watching]:
    outlet = Memory()
    async with served(every=paper.answer) as url:
        source = Feeds(Rss(feeds=tuple(f"{url}/{name}" for name in names), every_seconds=0.1))
        watching = await watched(source, folder, outlet, lambda one: until(outlet, one))
    return outlet, watching


def ids(outlet: Memory) -> list[str]:
    return [post.post_id.rpartition("/")[2] for post in outlet.posts]


def test_items_come_once_and_again_when_they_change(tmp_path: Path) -> None:
    paper = Paper(one=feed(item(1), item(2, "nothing of note")))

    def until(outlet: Memory, _: Watching) -> bool:
        if len(paper.asked) == 3:
            paper.pages["one"] = feed(item(3), item(1, "Quillhost, mended"), item(2))
        return len(outlet.posts) >= 4

    outlet, watching = asyncio.run(read(paper, tmp_path, until, ("one",)))
    assert sorted(ids(outlet)) == ["1", "1", "2", "3"]
    assert watching.tally.filtered == 1
    assert any(etag for _, etag in paper.asked)


def test_what_a_feed_held_before_belongs_to_its_own_day_and_what_is_new_to_now(
    tmp_path: Path,
) -> None:
    paper = Paper(one=feed(item(1)))

    def until(outlet: Memory, _: Watching) -> bool:
        if outlet.posts:
            paper.pages["one"] = feed(item(1), item(2))
        return len(outlet.posts) >= 2

    outlet, _ = asyncio.run(read(paper, tmp_path, until, ("one",)))
    old, new = outlet.posts
    assert old.observed_at.year == 2021
    assert datetime.now(UTC) - new.observed_at < timedelta(minutes=1)
    assert datetime.now(UTC) - outlet.watermarks[-1].observed_before < timedelta(minutes=1)


def test_one_feed_that_fails_is_named_and_keeps_no_other_waiting(tmp_path: Path) -> None:
    paper = Paper(gone=404, down=500, page=b"<html>no feed</html>", empty=b"", one=feed(item(1)))
    outlet, watching = asyncio.run(
        read(
            paper,
            tmp_path,
            lambda outlet, one: bool(outlet.posts) and len(one.health.troubles) == 4,
            ("gone", "down", "page", "empty", "one"),
        )
    )
    assert ids(outlet) == ["1"]
    told = " ".join(watching.health.troubles)
    assert "404" in told and "500" in told and "no feed" in told
    assert watching.health.reconnects == 0


def test_feeds_of_which_none_is_there_are_refused_with_what_to_do(tmp_path: Path) -> None:
    paper = Paper(one=404, two=410)
    with pytest.raises(Refused, match="and 1 more") as refused:
        asyncio.run(read(paper, tmp_path, lambda *_: False, ("one", "two")))
    assert "feeds" in refused.value.hint


def test_a_restart_asks_whether_something_changed_and_repeats_nothing(tmp_path: Path) -> None:
    paper = Paper(one=feed(item(1), item(2)))

    async def run() -> tuple[Memory, Memory]:
        first, second = Memory(), Memory()
        async with served(every=paper.answer) as url:
            settings = Rss(feeds=(f"{url}/one",), every_seconds=0.1)
            await watched(Feeds(settings), tmp_path, first, lambda _: len(first.posts) == 2)
            paper.pages["one"] = feed(item(1), item(2), item(3))
            await watched(Feeds(settings), tmp_path, second, lambda _: bool(second.posts))
        return first, second

    first, second = asyncio.run(run())
    assert (ids(first), ids(second)) == (["1", "2"], ["3"])


def test_a_bad_item_is_a_dead_letter_and_one_without_an_id_keeps_its_own(tmp_path: Path) -> None:
    bad = "<item><title>Quillhost</title><description>&nosuch;<b></description></item>"
    paper = Paper(one=feed(bad, item(1, guid=False), item(2)))
    outlet, _ = asyncio.run(
        read(paper, tmp_path, lambda outlet, _: len(outlet.posts) >= 2, ("one",))
    )
    assert [letter.reason for letter in outlet.letters] == ["not-xml"]
    again, _ = asyncio.run(
        read(paper, tmp_path / "anew", lambda outlet, _: len(outlet.posts) >= 2, ("one",))
    )
    assert [one.post_id for one in again.posts] == [one.post_id for one in outlet.posts]


def test_a_feed_that_is_too_large_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.sources.polling.LARGEST_ANSWER_BYTES", 10_000)
    paper = Paper(large=feed(*(item(number) for number in range(200))), one=feed(item(1)))
    outlet, watching = asyncio.run(
        read(
            paper,
            tmp_path,
            lambda outlet, one: bool(outlet.posts and one.health.troubles),
            ("large", "one"),
        )
    )
    assert ids(outlet) == ["1"]
    assert "10,000 bytes" in watching.health.troubles[0]
