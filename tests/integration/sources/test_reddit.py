"""Reddit's API, spoken by a server of this machine."""

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from producers.live import Watching
from producers.sources.reddit import Listings
from producers.sources.source import Refused
from tests.integration.sources.driving import served, watched
from tests.producers.test_replay import Memory
from uproar.source_config import Reddit

pytestmark = pytest.mark.integration

APP = ("an-id", "an-invented-secret")


def comment(number: int, text: str = "Quillhost again") -> dict[str, Any]:
    data = {"id": f"c{number}", "name": f"t1_c{number}", "body": text, "author": "a_baker",
            "created_utc": 1_700_000_000 + number, "link_id": "t3_s1",
            "parent_id": "t3_s1"}  # fmt: skip
    return {"kind": "t1", "data": data}


class Site:
    """Listings by path, the newest first; a token that can be withdrawn."""

    def __init__(self, **listings: list[dict[str, Any]] | int) -> None:
        self.listings: dict[str, Any] = dict(listings)
        self.tokens = 0
        self.token = ""
        self.asked: list[str] = []
        self.remaining = 100.0
        self.body: bytes | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("access_token"):
            wanted = "Basic " + base64.b64encode(":".join(APP).encode()).decode()
            if request.headers.get("Authorization") != wanted:
                return web.json_response({"message": "Unauthorized", "error": 401}, status=401)
            self.tokens += 1
            self.token = f"token-{self.tokens}"
            return web.json_response({"access_token": self.token, "expires_in": 3600})
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        name = request.path.strip("/").replace("/", "_")
        self.asked.append(name)
        listing = self.listings.get(name, [])
        if isinstance(listing, int):
            return web.Response(status=listing)
        if self.body is not None:
            return web.Response(body=self.body)
        start = int(request.query.get("after", "0"))
        page = listing[start : start + int(request.query["limit"])]
        after = str(start + len(page)) if start + len(page) < len(listing) else None
        headers = {"X-Ratelimit-Remaining": str(self.remaining), "X-Ratelimit-Reset": "1"}
        found = {"kind": "Listing", "data": {"children": page, "after": after}}
        return web.json_response(found, headers=headers)


async def read(
    site: Site,
    folder: Path,
    until: Callable[[Memory, Watching], bool],
    app: tuple[str, str] = APP,
    **settings: Any,
) -> tuple[Memory, Watching]:
    outlet = Memory()
    async with served(every=site.answer) as url:
        wanted = Reddit(every_seconds=0.1, **settings)
        source = Listings(wanted, app, login=url, api=url)
        source._turns._every_seconds = 0.1
        watching = await watched(source, folder, outlet, lambda one: until(outlet, one))
    return outlet, watching


def names(outlet: Memory) -> list[str]:
    return [post.post_id for post in outlet.posts]


def test_what_is_new_comes_once_the_oldest_first_over_more_than_a_page(tmp_path: Path) -> None:
    listing = [comment(number) for number in (2, 1)]
    site = Site(r_towns_comments=listing)

    def until(outlet: Memory, _: Watching) -> bool:
        if len(outlet.posts) == 2 and len(listing) == 2:
            listing[:0] = [comment(number) for number in range(252, 2, -1)]
        return len(outlet.posts) >= 252

    outlet, watching = asyncio.run(read(site, tmp_path, until, subreddits=("towns",)))
    assert names(outlet) == [f"t1_c{number}" for number in range(1, 253)]
    assert not watching.tally.dead_letters


def test_a_restart_goes_on_behind_what_was_seen(tmp_path: Path) -> None:
    site = Site(r_towns_comments=[comment(1)])
    asyncio.run(read(site, tmp_path, lambda outlet, _: bool(outlet.posts), subreddits=("towns",)))
    site.listings["r_towns_comments"] = [comment(3), comment(2), comment(1)]
    outlet, _ = asyncio.run(
        read(site, tmp_path, lambda outlet, _: len(outlet.posts) >= 2, subreddits=("towns",))
    )
    assert names(outlet) == ["t1_c2", "t1_c3"]


def test_more_than_reddit_lists_is_a_gap(tmp_path: Path) -> None:
    site = Site(r_towns_comments=[comment(1)])
    asyncio.run(read(site, tmp_path, lambda outlet, _: bool(outlet.posts), subreddits=("towns",)))
    site.listings["r_towns_comments"] = [comment(number) for number in range(2_000, 1_000, -1)]
    outlet, _ = asyncio.run(
        read(site, tmp_path, lambda outlet, _: bool(outlet.letters), subreddits=("towns",))
    )
    assert [letter.reason for letter in outlet.letters] == ["gap"]


def test_a_private_subreddit_keeps_no_other_waiting(tmp_path: Path) -> None:
    site = Site(r_hidden_new=403, r_hidden_comments=403, search=[comment(1)])
    outlet, watching = asyncio.run(
        read(
            site,
            tmp_path,
            lambda outlet, one: bool(outlet.posts and one.health.troubles),
            subreddits=("hidden",),
            searches=("Quillhost",),
        )
    )
    assert names(outlet) == ["t1_c1"]
    assert "403" in watching.health.troubles[0]


def test_an_app_that_is_not_known_ends_it_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="401") as refused:
        asyncio.run(
            read(Site(), tmp_path, lambda *_: False, app=("an-id", "x"), subreddits=("towns",))
        )
    assert "prefs/apps" in refused.value.hint


def test_a_token_that_is_withdrawn_is_made_anew(tmp_path: Path) -> None:
    site = Site(r_towns_comments=[comment(1)])

    def until(outlet: Memory, _: Watching) -> bool:
        if len(outlet.posts) == 1 and site.tokens == 1:
            site.token = "withdrawn"
            site.listings["r_towns_comments"] = [comment(2), comment(1)]
        return len(outlet.posts) >= 2

    outlet, _ = asyncio.run(read(site, tmp_path, until, subreddits=("towns",)))
    assert names(outlet) == ["t1_c1", "t1_c2"]
    assert site.tokens == 2


def test_a_limit_that_is_used_up_is_waited_for_as_long_as_reddit_says(tmp_path: Path) -> None:
    site = Site(r_towns_comments=[comment(1)])
    site.remaining = 0.0
    whys: set[str] = set()

    def until(outlet: Memory, one: Watching) -> bool:
        whys.add(one.health.why)
        if one.health.state == "waiting":
            site.remaining = 50.0
        return bool(outlet.posts)

    outlet, _ = asyncio.run(read(site, tmp_path, until, subreddits=("towns",)))
    assert names(outlet) == ["t1_c1"]
    assert any("used up" in why for why in whys)


@pytest.mark.parametrize("body", [b"<html>", b"\xff\x00", b"[]", b'{"data": 7}'])
def test_an_answer_that_is_no_listing_is_told_and_asked_for_again(
    tmp_path: Path, body: bytes
) -> None:
    site = Site(r_towns_comments=[comment(1)])
    site.body = body
    whys: set[str] = set()

    def until(outlet: Memory, one: Watching) -> bool:
        whys.add(one.health.why)
        if one.health.reconnects:
            site.body = None
        return bool(outlet.posts)

    outlet, _ = asyncio.run(read(site, tmp_path, until, subreddits=("towns",)))
    assert names(outlet) == ["t1_c1"]
    assert any("no listing" in why for why in whys)
