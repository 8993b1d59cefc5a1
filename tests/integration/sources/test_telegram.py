"""The preview of Telegram's channels, shown by a server of this machine."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from producers.live import Watching
from producers.sources.source import Refused
from producers.sources.telegram import Channels
from tests.integration.sources.driving import served, watched
from tests.producers.test_replay import Memory
from uproar.source_config import Telegram

pytestmark = pytest.mark.integration

PAGE = 20


def message(channel: str, number: int, text: str) -> str:
    words = (
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
        if text
        else '<a class="tgme_widget_message_photo_wrap"></a>'
    )
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message" data-post="{channel}/{number}">'
        f'{words}<div class="tgme_widget_message_info">'
        f'<time datetime="2026-01-18T09:{number % 60:02}:00+00:00" class="time"></time>'
        "</div></div></div>"
    )


class Preview:
    """Pages of twenty messages."""

    def __init__(self, **channels: dict[int, str] | int) -> None:
        self.channels: dict[str, Any] = dict(channels)
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        channel = request.path.rpartition("/")[2]
        self.asked.append(channel)
        messages = self.channels.get(channel, {})
        if isinstance(messages, int):
            return web.Response(status=messages)
        before = int(request.query.get("before", 1 << 40))
        numbers = [number for number in sorted(messages) if number < before][-PAGE:]
        shown = "".join(message(channel, number, messages[number]) for number in numbers)
        return web.Response(text=f"<html><body>{shown}</body></html>", content_type="text/html")


async def read(
    preview: Preview,
    folder: Path,
    until: Callable[[Memory, Watching], bool],
    channels: tuple[str, ...] = ("quillnews",),
) -> tuple[Memory, Watching]:
    outlet = Memory()
    async with served(every=preview.answer) as url:
        source = Channels(Telegram(channels=channels, every_seconds=0.1), site=url)
        watching = await watched(source, folder, outlet, lambda one: until(outlet, one))
    return outlet, watching


def test_new_messages_edits_and_deletions_are_seen(tmp_path: Path) -> None:
    messages = {1: "Quillhost again", 2: "Quillhost &amp; friends<br/>today", 3: "", 4: "nothing"}
    preview = Preview(quillnews=messages)

    def until(outlet: Memory, _: Watching) -> bool:
        if len(outlet.posts) == 2:
            messages[1] = "Quillhost, mended"
            messages.pop(2, None)
            messages[5] = "Quillhost, new"
        return len(outlet.posts) >= 4 and bool(outlet.deletions)

    outlet, _ = asyncio.run(read(preview, tmp_path, until))
    first, second, edit, new = outlet.posts
    assert second.text == "Quillhost & friends\ntoday"
    assert first.observed_at == first.created_at  # it stood there before we looked
    assert (edit.post_id, edit.revision > 0, edit.text) == (
        "quillnews/1", True, "Quillhost, mended"
    )  # fmt: skip
    assert new.observed_at > new.created_at
    assert [one.post_id for one in outlet.deletions] == ["quillnews/2"]


def test_what_came_while_nobody_looked_is_read_back_over_pages(tmp_path: Path) -> None:
    messages = {1: "Quillhost 1"}
    preview = Preview(quillnews=messages)
    asyncio.run(read(preview, tmp_path, lambda outlet, _: bool(outlet.posts)))
    messages.update({number: f"Quillhost {number}" for number in range(2, 71)})
    outlet, _ = asyncio.run(read(preview, tmp_path, lambda outlet, _: len(outlet.posts) >= 69))
    assert [post.text for post in outlet.posts] == [f"Quillhost {n}" for n in range(2, 71)]
    assert not outlet.letters


def test_more_than_can_be_read_back_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.sources.telegram.MOST_PAGES", 2)
    messages = {1: "Quillhost 1"}
    preview = Preview(quillnews=messages)
    asyncio.run(read(preview, tmp_path, lambda outlet, _: bool(outlet.posts)))
    messages.update({number: f"Quillhost {number}" for number in range(2, 71)})
    outlet, _ = asyncio.run(read(preview, tmp_path, lambda outlet, _: len(outlet.posts) >= 40))
    assert [letter.reason for letter in outlet.letters] == ["gap"]


def test_a_channel_without_a_preview_keeps_no_other_waiting(tmp_path: Path) -> None:
    preview = Preview(hidden={}, down=500, quillnews={1: "Quillhost"})
    outlet, watching = asyncio.run(
        read(
            preview,
            tmp_path,
            lambda outlet, one: bool(outlet.posts and one.health.troubles),
            ("@hidden", "down", "https://t.me/quillnews"),
        )
    )
    assert [post.post_id for post in outlet.posts] == ["quillnews/1"]
    assert len(watching.health.troubles) == 2


def test_channels_of_which_none_can_be_read_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no messages") as refused:
        asyncio.run(read(Preview(hidden={}), tmp_path, lambda *_: False, ("hidden",)))
    assert "public channels" in refused.value.hint


def test_the_newest_message_missing_for_a_moment_is_no_deletion(tmp_path: Path) -> None:
    messages = {1: "Quillhost 1", 2: "Quillhost 2"}
    preview = Preview(quillnews=messages)

    def until(outlet: Memory, _: Watching) -> bool:
        if len(outlet.posts) == 2 and 2 in messages:
            del messages[2]
            preview.asked.clear()
        return len(outlet.posts) == 2 and len(preview.asked) > 3

    outlet, _ = asyncio.run(read(preview, tmp_path, until))
    assert not outlet.deletions
