"""X's filtered stream, API v2: its rules are made from what is tracked.

https://docs.x.com/x-api/posts/filtered-stream. The stream sends a blank line every 20 s when there
is nothing to say. What authors delete comes in streams of their own, where the project's access has
them (https://docs.x.com/x-api/compliance/streams): `compliance: true` has them read beside it.
"""

import asyncio
import contextlib
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec

from producers.formats import x_v2
from producers.parsed import Parsed
from producers.sources.http import open_session, refusal, told_apart
from producers.sources.polling import ANSWER_SECONDS, read_body
from producers.sources.source import Arrived, Frames, Gap, Lost, Quiet, Refused, Source
from producers.sources.tokens import token
from uproar.config import Config, Entity
from uproar.errors import ConfigError

API = "https://api.x.com"
TAG = "uproar"
"""Marks the rules that are ours: those of others are left alone."""
RULE_CHARACTERS = 512
"""Of one rule, with the least of X's plans that has the stream."""
SILENT_SECONDS = 45.0
LONGEST_LINE_BYTES = 32 * 1024 * 1024
FIELDS = {
    "tweet.fields": "created_at,lang,author_id,conversation_id,referenced_tweets,public_metrics,"
    "entities,note_tweet,edit_history_tweet_ids",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
    "user.fields": "username",
}
BACKFILL = timedelta(minutes=5)
"""The most that X sends again, to the plans that have it."""
COMPLIANCE_PARTITIONS = 4

_HOW_TO = "make a project with access to the filtered stream at https://developer.x.com"
_HINTS = {
    400: "X refuses a rule: look for odd words among the aliases in uproar.yaml",
    401: f"the bearer token is not valid: {_HOW_TO}",
    403: f"the project's plan has no such stream, or not so many rules: {_HOW_TO}",
}


class _Rule(msgspec.Struct, gc=False):
    id: str = ""
    value: str = ""
    tag: str | None = None


class _Rules(msgspec.Struct, gc=False):
    data: list[_Rule] | None = None


class _Answer(msgspec.Struct, gc=False):
    errors: list[Any] | None = None


_RULES = msgspec.json.Decoder(_Rules)
_ANSWER = msgspec.json.Decoder(_Answer)


def open_sources(config: Config, env: Mapping[str, str]) -> Sequence[Source]:
    """Return the stream of posts, and those of deletions where they are asked for."""
    if config.sources.x is None:
        raise ConfigError("uproar.yaml does not name X", hint="add: sources: {x: {}}")
    bearer = token(env, config.sources.x.token_env, _HOW_TO)
    streams: list[Source] = [FilteredStream(config.entities, bearer)]
    if config.sources.x.compliance:
        partitions = range(1, COMPLIANCE_PARTITIONS + 1)
        streams += [ComplianceStream(partition, bearer) for partition in partitions]
    return streams


class FilteredStream:
    """The stream of what matches the rules."""

    name = "x"

    def __init__(self, entities: Sequence[Entity], bearer: str, api: str = API) -> None:
        self._rules = rules_for(entities)
        self._held_rules: tuple[str, ...] | None = None
        self._headers = {"Authorization": f"Bearer {bearer}"}
        self._api = api
        self._has_backfill = True

    def follow(self, entities: Sequence[Entity]) -> None:
        """Go by other entities: X is told within the 20 s in which it says something."""
        self._rules = rules_for(entities)

    async def frames(self, after: str | None) -> Frames:
        """Set the rules, then yield posts as they come. See `Source.frames`."""
        self._held_rules = None  # somebody else may have changed them

        async with open_session(self._headers) as session:
            url = f"{self._api}/2/tweets/search/stream"
            stream = _stream(
                session, url, FIELDS, after, self._has_backfill, lambda: self._sync_rules(session)
            )
            try:
                async with contextlib.aclosing(stream):
                    async for frame in stream:
                        yield frame
            except Refused as refused:
                if refused.status != 400 or after is None or not self._has_backfill:
                    raise
                self._has_backfill = False
                raise Lost("the plan has no backfill: opening again without") from refused

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a line holds."""
        return x_v2.parse(raw)

    async def _sync_rules(self, session: aiohttp.ClientSession) -> None:
        """Have X hold our rules and no older ones of ours; new ones first, so that none lacks."""
        rules = self._rules
        if rules == self._held_rules:
            return
        url = f"{self._api}/2/tweets/search/stream/rules"
        try:
            held = _RULES.decode(await self._ask(session, "GET", url, None))
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that is no list of rules: {error}") from error
        ours = [rule for rule in held.data or [] if (rule.tag or "").startswith(TAG)]
        stale = {"delete": {"ids": [rule.id for rule in ours if rule.value not in rules]}}
        there = {rule.value for rule in ours}
        missing = {
            "add": [
                {"value": rule, "tag": f"{TAG} {number}"}
                for number, rule in enumerate(rules)
                if rule not in there
            ]
        }
        try:
            await self._change(session, url, missing)
        except Refused:
            if not stale["delete"]["ids"]:
                raise
            await self._change(session, url, stale)  # there may be no room for both
            await self._change(session, url, missing)
        else:
            await self._change(session, url, stale)
        self._held_rules = rules

    async def _change(
        self, session: aiohttp.ClientSession, url: str, change: Mapping[str, Any]
    ) -> None:
        (wanted,) = change.values()
        if not wanted or wanted == {"ids": []}:
            return
        body = await self._ask(session, "POST", url, change)
        try:
            refused = _ANSWER.decode(body).errors
        except msgspec.MsgspecError as error:
            raise Lost(f"an answer that says nothing of rules: {error}") from error
        if refused:
            raise refusal(400, "a rule is refused", {}, _HINTS)

    async def _ask(
        self, session: aiohttp.ClientSession, method: str, url: str, body: object
    ) -> bytes:
        with told_apart(_HINTS):
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                session.request(method, url, json=body) as answer,
            ):
                told = await read_body(answer)
                if answer.status >= 300:
                    raise refusal(answer.status, answer.reason or "", answer.headers, _HINTS)
                return told


class ComplianceStream:
    """One of the streams in which X tells what was deleted, and which accounts are gone."""

    def __init__(self, partition: int, bearer: str, api: str = API) -> None:
        self.name = f"x:compliance-{partition}"
        self._partition = partition
        self._headers = {"Authorization": f"Bearer {bearer}"}
        self._api = api

    async def frames(self, after: str | None) -> Frames:
        """Yield events as they come. See `Source.frames`."""
        async with open_session(self._headers) as session:
            url = f"{self._api}/2/tweets/compliance/stream"
            stream = _stream(session, url, {"partition": str(self._partition)}, after)
            async with contextlib.aclosing(stream):
                async for frame in stream:
                    yield frame

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a line holds."""
        return x_v2.parse(raw)


async def _stream(
    session: aiohttp.ClientSession,
    url: str,
    query: Mapping[str, str],
    after: str | None,
    has_backfill: bool = True,
    prepare: Callable[[], Awaitable[None]] | None = None,
) -> Frames:
    """Yield the lines of a stream until it ends. The cursor is when X last said something."""
    if prepare is not None:
        await prepare()
    away = _since(after)
    asked = dict(query)
    if away is not None and has_backfill:
        asked["backfill_minutes"] = str(int(BACKFILL.total_seconds() // 60))
    with told_apart(_HINTS):
        async with (
            session.get(url, params=asked) as answer,
            contextlib.aclosing(_lines(answer.content)) as lines,
        ):
            if answer.status >= 300:
                raise refusal(answer.status, answer.reason or "", answer.headers, _HINTS)
            now = datetime.now(UTC)
            covered = now - BACKFILL if has_backfill else now
            if away is not None and away < covered:
                yield Gap(away, covered, "X sends again the last five minutes at most")
            yield Quiet(cursor=now.isoformat())
            async for line in lines:
                now = datetime.now(UTC)
                if line:
                    yield Arrived(line, now.isoformat())
                    continue
                if prepare is not None:
                    await prepare()
                yield Quiet(cursor=now.isoformat())
    raise Lost("X ended the stream")


async def _lines(content: aiohttp.StreamReader) -> AsyncGenerator[bytes, None]:
    """Yield each line without its end; raises Lost for one that never ends, and for silence."""
    held = bytearray()
    while True:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                piece = await content.readany()
        except TimeoutError as error:
            raise Lost(f"X said nothing for {SILENT_SECONDS:g} s") from error
        if not piece:
            return
        held += piece
        if len(held) > LONGEST_LINE_BYTES:
            raise Lost(f"a line of more than {LONGEST_LINE_BYTES:,} bytes")
        if b"\n" in piece:
            *lines, rest = bytes(held).split(b"\n")
            held = bytearray(rest)
            for line in lines:
                yield line.strip()


def _since(after: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(after or "")
    except ValueError:
        return None


def rules_for(entities: Sequence[Entity]) -> tuple[str, ...]:
    r"""Return rules that match every post that may mention one of the entities.

    https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule. What is matched too much
    is filtered here, as everywhere.

    >>> rules_for([Entity(id="acme", name="Acme", aliases=("@AcmeCorp", "acme.com", "#BanAcme"))])
    ('"Acme" OR @AcmeCorp OR url:"acme.com" OR "acme.com" OR #BanAcme',)
    """
    terms: dict[str, None] = {}
    for entity in entities:
        for alias in (entity.name, *entity.aliases):
            terms.update(dict.fromkeys(_terms(alias)))
    return tuple(_packed(terms))


def _terms(alias: str) -> Iterator[str]:
    plain = alias.replace('"', " ").strip()
    if plain[:1] in "@#$" and plain[1:].isidentifier():
        yield plain
        return
    if "." in plain and " " not in plain:
        yield f'url:"{plain}"'
    yield f'"{plain}"'


def _packed(terms: Mapping[str, None]) -> Iterator[str]:
    rule = ""
    for term in terms:
        longer = f"{rule} OR {term}" if rule else term
        if len(longer) > RULE_CHARACTERS and rule:
            yield rule
            rule = term
        else:
            rule = longer
    if rule:
        yield rule
