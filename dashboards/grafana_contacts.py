"""From `notify` in uproar.yaml, Apprise's URLs, to what Grafana can deliver to. Pure.

Grafana knows fewer places than Apprise, and speaks to each in its own words: a webhook gets
Grafana's payload, and mail is sent through Grafana's own SMTP server. What it does not know, the
watcher delivers (`uproar watch`). URLs hold secrets: nothing here is shown but by `redacted`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

import msgspec

from dashboards.delivery.addresses import names_this_machine
from uproar.guarded import Guarded
from uproar.notify_config import Channel

Json = dict[str, Any]

REDACTED = "[REDACTED]"
"""What Grafana itself answers in the place of a secret."""

OPEN_SETTINGS = (
    "addresses",
    "singleEmail",
    "recipient",
    "chatid",
    "message_thread_id",
    "httpMethod",
)
"""Settings that may be shown. All others may be, or hold, a secret."""


class Integration(Guarded, frozen=True, kw_only=True):
    """One place that Grafana delivers to; several of one name make a contact point."""

    kind: str
    settings_with_tokens: Json
    """By this name it does not show in a log."""

    def redacted(self) -> Json:
        """Return the settings with everything that may be secret left out."""
        return {
            key: value if key in OPEN_SETTINGS else REDACTED
            for key, value in self.settings_with_tokens.items()
        }


class Address(Guarded, frozen=True, kw_only=True):
    """A channel of `notify`, with its address read from wherever that stands."""

    url: str
    channel: Channel


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """What `notify` comes to in Grafana, and what only the watcher delivers: which, and why."""

    integrations: Sequence[Integration]
    left_to_watcher: Sequence[tuple[str, str]]


def contacts(addresses: Sequence[Address], *, is_local_allowed: bool = False) -> Contacts:
    """Sort the channels by who can deliver to them; one address may name several places.

    A rule has one contact point, whatever its severity and entity: a channel that takes only some
    alerts cannot be one of its places.
    """
    found: list[Integration] = []
    left: list[tuple[str, str]] = []
    for number, one in enumerate(addresses, start=1):
        scheme = one.url.partition("://")[0].lower()[:32]
        name = one.channel.name or f"number {number}, `{scheme}://…`"
        places = list(_places(one.url))
        if one.channel.severity != "info" or one.channel.entities:
            left.append((name, "it takes only some alerts"))
        elif not places:
            left.append((name, f"Grafana cannot do what `{scheme}://…` asks"))
        elif not (one.channel.local or is_local_allowed) and any(map(_is_local, places)):
            left.append((name, "it is on the local network, which `local: true` would allow"))
        else:
            found += places
    return Contacts(integrations=found, left_to_watcher=left)


def _is_local(place: Integration) -> bool:
    url = place.settings_with_tokens.get("url", "")
    return place.kind == "webhook" and names_this_machine(urlsplit(url).hostname or "")


def contact_points(name: str, integrations: Sequence[Integration]) -> list[Json]:
    """Return the integrations as the provisioning API takes them, each with a fixed uid."""
    return [
        {
            "uid": f"uproar-notify-{number}",
            "name": name,
            "type": one.kind,
            "settings": one.settings_with_tokens,
            "disableResolveMessage": False,
        }
        for number, one in enumerate(integrations, start=1)
    ]


def _places(url: str) -> Iterator[Integration]:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return
    options = dict(parse_qsl(parts.query))
    read = _READERS.get(parts.scheme.lower())
    # Headers and the like (`+name=`, `-name=`, `:name=`) have no place in Grafana's settings; the
    # plus sign is read as a space.
    if read is None or any(name[:1] in " -:" for name in options):
        return
    for kind, settings in read(parts, options):
        yield Integration(kind=kind, settings_with_tokens=settings)


_Found = Iterator[tuple[str, Json]]


def _path(parts: SplitResult) -> list[str]:
    return [unquote(part) for part in parts.path.split("/") if part]


def _all(parts: SplitResult) -> list[str]:
    """Return host and path, as Apprise's URLs use them: as a list of tokens.

    The host is taken as written, for `hostname` would be in lower case.
    """
    host = unquote(parts.netloc.rpartition("@")[2])
    # `#channel` stands where a fragment would.
    ends = [f"#{part}" for part in unquote(parts.fragment).split("/#") if part]
    return [*([host] if host else []), *_path(parts), *ends]


def _further(options: dict[str, str]) -> list[str]:
    """Return those whom an address names behind `?to=`."""
    return [one for one in re.split(r"[\s,]+", options.get("to", "")) if one]


def _slack(parts: SplitResult, options: dict[str, str]) -> _Found:
    tokens = [*_all(parts), *_further(options)]
    channels = [one for one in tokens if one[:1] in "#@+"]
    rest = [one for one in tokens if one not in channels]
    if len(rest) >= 3 and not rest[0].startswith("xox"):
        url = "https://hooks.slack.com/services/" + "/".join(quote(one) for one in rest[:3])
        for channel in channels or [""]:
            yield "slack", {"url": url, **({"recipient": channel} if channel else {})}
    elif rest and rest[0].startswith("xox"):
        for channel in channels or [f"#{one}" for one in rest[1:]]:
            yield "slack", {"token": rest[0], "recipient": channel}


def _mail(parts: SplitResult, options: dict[str, str]) -> _Found:
    addresses = [*_path(parts), *_further(options)]
    addresses = [one for one in addresses if "@" in one]
    if not addresses and parts.username and parts.hostname:
        user = unquote(parts.username)
        addresses = [user if "@" in user else f"{user}@{parts.hostname}"]
    if addresses:
        yield "email", {"addresses": ";".join(addresses), "singleEmail": True}


def _telegram(parts: SplitResult, options: dict[str, str]) -> _Found:
    token, *chats = [*(_all(parts) or [""]), *_further(options)]
    thread = options.get("topic") or options.get("thread") or ""
    for chat in chats if ":" in token else ():
        chat, _, topic = chat.partition(":")
        where = topic or thread
        yield (
            "telegram",
            {
                "bottoken": token,
                "chatid": chat.lstrip("#"),
                **({"message_thread_id": where} if where else {}),
            },
        )


def _discord(parts: SplitResult, _: dict[str, str]) -> _Found:
    tokens = _all(parts)
    if len(tokens) >= 2:
        hook, token = (quote(one) for one in tokens[:2])
        yield "discord", {"url": f"https://discord.com/api/webhooks/{hook}/{token}"}


_PLACE = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")


def _webhook(parts: SplitResult, options: dict[str, str]) -> _Found:
    method = options.get("method", "POST").upper()
    place = parts.netloc.rpartition("@")[2]
    if not _PLACE.fullmatch(place) or method not in ("POST", "PUT"):
        return
    scheme = "https" if parts.scheme.lower() == "jsons" else "http"
    settings: Json = {
        "url": urlunsplit((scheme, place, parts.path or "/", "", "")),
        "httpMethod": method,
    }
    if parts.username:
        settings["username"] = unquote(parts.username)
        settings["password"] = unquote(parts.password or "")
    yield "webhook", settings


def _pagerduty(parts: SplitResult, options: dict[str, str]) -> _Found:
    if parts.username and parts.hostname:
        eu = {"url": "https://events.eu.pagerduty.com/v2/enqueue"}
        settings = {"integrationKey": unquote(parts.username)}
        yield "pagerduty", settings | (eu if options.get("region") == "eu" else {})


def _opsgenie(parts: SplitResult, options: dict[str, str]) -> _Found:
    region = "api.eu.opsgenie.com" if options.get("region") == "eu" else "api.opsgenie.com"
    if tokens := _all(parts):
        yield "opsgenie", {"apiKey": tokens[0], "apiUrl": f"https://{region}/v2/alerts"}


def _pushover(parts: SplitResult, _: dict[str, str]) -> _Found:
    tokens = _all(parts)
    if parts.username and tokens:
        yield "pushover", {"userKey": unquote(parts.username), "apiToken": tokens[0]}


def _google_chat(parts: SplitResult, _: dict[str, str]) -> _Found:
    tokens = [quote(one) for one in _all(parts)]
    if len(tokens) >= 3:
        space, key, token = tokens[:3]
        url = f"https://chat.googleapis.com/v1/spaces/{space}/messages?key={key}&token={token}"
        yield "googlechat", {"url": url}


_READERS: dict[str, Callable[[SplitResult, dict[str, str]], _Found]] = {
    "slack": _slack,
    "mailto": _mail,
    "mailtos": _mail,
    "tgram": _telegram,
    "discord": _discord,
    "json": _webhook,
    "jsons": _webhook,
    "pagerduty": _pagerduty,
    "opsgenie": _opsgenie,
    "pover": _pushover,
    "gchat": _google_chat,
}
"""Scheme of Apprise's -> who reads its URLs."""
