"""X's filtered stream, API v2: its rules are made from what is tracked.

https://docs.x.com/x-api/posts/filtered-stream. The stream sends a blank line every 20 s when there
is nothing to say. What authors delete comes in streams of their own, where the project's access has
them (https://docs.x.com/x-api/compliance/streams): `compliance: true` has them read beside it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import aiohttp
import msgspec

from producers.formats import x_v2
from producers.parsed import Parsed
from producers.sources.http import open_session, refusal, told_apart
from producers.sources.source import Arrived, Frame, Lost, Quiet, Refused, Source
from producers.sources.tokens import token
from uproar.config import Config, Entity
from uproar.errors import ConfigError

TAG = "uproar"
"""Marks the rules that are ours: those of others are left alone."""
RULE_CHARACTERS = 512
"""Of one rule, with the least of X's plans that has the stream."""
SILENT_SECONDS = 45.0
LONGEST_LINE_BYTES = 8 * 1024 * 1024
FIELDS = {
    "tweet.fields": "created_at,lang,author_id,conversation_id,referenced_tweets,public_metrics,"
    "entities,note_tweet,edit_history_tweet_ids",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
    "user.fields": "username",
}
BACKFILL_MINUTES = 5
COMPLIANCE_PARTITIONS = 4

_HOW_TO = "make a project with access to the filtered stream at https://developer.x.com"
_HINTS = {
    400: "X refuses a rule: look for odd words among the aliases in uproar.yaml",
    401: f"the bearer token is not valid: {_HOW_TO}",
    403: f"the project's plan has no filtered stream: {_HOW_TO}",
}


class _Rule(msgspec.Struct, gc=False):
    id: str = ""
    value: str = ""
    tag: str | None = None


class _Rules(msgspec.Struct, gc=False):
    data: list[_Rule] | None = None


class _Refusals(msgspec.Struct, gc=False):
    errors: list[Any] | None = None


def open_sources(
    config: Config, env: Mapping[str, str]
) -> Sequence[Source]:
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

    def __init__(
        self, entities: Sequence[Entity], bearer: str, api: str = "https://api.x.com"
    ) -> None:
        self._rules = rules_for(entities)
        self._headers = {"Authorization": f"Bearer {bearer}"}
        self._api = api
        self._has_backfill = True

    async def frames(self, after: str | None) -> AsyncIterator[Frame]:
        """Set the rules, then yield posts as they come. See `Source.frames`."""
        async with open_session(self._headers) as session:
            await self._sync_rules(session)
            query: dict[str, Any] = dict(FIELDS)
            if after is not None and self._has_backfill:
                query["backfill_minutes"] = BACKFILL_MINUTES
            url = f"{self._api}/2/tweets/search/stream"
            try:
                async for frame in _stream(session, url, query):
                    yield frame
            except Refused as refused:
                if "HTTP 400" not in str(refused) or "backfill_minutes" not in query:
                    raise
                self._has_backfill = False
                raise Lost("the plan has no backfill: opening again without") from refused

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a line holds."""
        return x_v2.parse(raw)

    async def _sync_rules(self, session: aiohttp.ClientSession) -> None:
        """Have X hold our rules and no older ones of ours."""
        url = f"{self._api}/2/tweets/search/stream/rules"
        held = msgspec.json.decode(await self._ask(session, "GET", url, None), type=_Rules)
        ours = [rule for rule in held.data or [] if (rule.tag or "").startswith(TAG)]
        stale = [rule.id for rule in ours if rule.value not in self._rules]
        there = {rule.value for rule in ours}
        missing = [
            {"value": rule, "tag": f"{TAG} {number}"}
            for number, rule in enumerate(self._rules)
            if rule not in there
        ]
        if stale:
            await self._ask(session, "POST", url, {"delete": {"ids": stale}})
        if missing:
            body = await self._ask(session, "POST", url, {"add": missing})
            with contextlib.suppress(msgspec.MsgspecError):
                if msgspec.json.decode(body, type=_Refusals).errors:
                    raise refusal(400, "a rule is refused", {}, _HINTS)

    async def _ask(
        self, session: aiohttp.ClientSession, method: str, url: str, body: object
    ) -> bytes:
        with told_apart(_HINTS):
            async with session.request(method, url, json=body) as answer:
                told = await answer.read()
                if answer.status >= 300:
                    raise refusal(answer.status, answer.reason or "", answer.headers, _HINTS)
                return told


class ComplianceStream:
    """One of the streams in which X tells what was deleted, and which accounts are gone."""

    def __init__(self, partition: int, bearer: str, api: str = "https://api.x.com") -> None:
        self.name = f"x:compliance-{partition}"
        self._partition = partition
        self._headers = {"Authorization": f"Bearer {bearer}"}
        self._api = api

    async def frames(self, after: str | None) -> AsyncIterator[Frame]:
        """Yield events as they come. See `Source.frames`."""
        query: dict[str, Any] = {"partition": self._partition}
        if after is not None:
            query["backfill_minutes"] = BACKFILL_MINUTES
        async with open_session(self._headers) as session:
            url = f"{self._api}/2/tweets/compliance/stream"
            async for frame in _stream(session, url, query):
                yield frame

    def parse(self, raw: bytes) -> Sequence[Parsed]:
        """Say what a line holds."""
        return x_v2.parse(raw)


async def _stream(
    session: aiohttp.ClientSession, url: str, query: Mapping[str, Any]
) -> AsyncIterator[Frame]:
    """Yield the lines of a stream until it ends."""
    with told_apart(_HINTS):
        async with session.get(url, params=query) as answer:
            if answer.status >= 300:
                raise refusal(answer.status, answer.reason or "", answer.headers, _HINTS)
            async for line in _lines(answer.content):
                yield Arrived(line, _id_of(line) or "-") if line else Quiet()
    raise Lost("X ended the stream")


async def _lines(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Yield each line without its end; raises Lost for one that never ends."""
    held = b""
    while True:
        async with asyncio.timeout(SILENT_SECONDS):
            piece = await content.readany()
        if not piece:
            return
        *lines, held = (held + piece).split(b"\n")
        if len(held) > LONGEST_LINE_BYTES:
            raise Lost(f"a line of more than {LONGEST_LINE_BYTES:,} bytes")
        for line in lines:
            yield line.strip()


def _id_of(line: bytes) -> str | None:
    class _Data(msgspec.Struct, gc=False):
        data: _Rule | None = None

    try:
        found = msgspec.json.decode(line, type=_Data).data
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found.id if found else None


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
