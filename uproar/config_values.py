"""What single values of `uproar.yaml` may be, and how that is said in words."""

from typing import Annotated

import msgspec

from uproar.mutes import MUTE

ID = r"^[a-z0-9][a-z0-9_-]{0,62}\Z"
DURATION = r"^[1-9][0-9]{0,5}(s|m|h|d)\Z"
VARIABLE = r"^[A-Z][A-Z0-9_]*\Z"
INSTANCE = r"^https://[^/\s]+/?\Z"
SENSITIVITY = r"^(low|medium|high)\Z"
SEVERITY = r"^(info|warning|critical)\Z"
DIRECTION = r"^(against|for|any)\Z"
MAP_NAME = r"^[a-z][a-z0-9_-]{0,62}\Z"
CHANNEL_NAME = r"^[^\s:/@?#][^:/@?#]{0,58}\Z"

WEBSOCKET = r"^wss?://[^\s]+\Z"
ADDRESS = r"^https?://[^\s]+\Z"

MEANINGS = {
    ID: "an id of lower-case letters, digits, `_` and `-`",
    DURATION: "a time with its unit, such as `30s`, `5m`, `1h` or `1d`",
    VARIABLE: "the name of a variable, such as `MASTODON_TOKEN`",
    INSTANCE: "the address of an instance, such as `https://mastodon.social`",
    SENSITIVITY: "`low`, `medium` or `high`",
    WEBSOCKET: "the address of a WebSocket, such as `wss://relay.example/subscribe`",
    ADDRESS: "an address, such as `https://example.org/feed.xml`",
    SEVERITY: "`info`, `warning` or `critical`",
    DIRECTION: "`against`, `for` or `any`",
    MUTE: "a stretch in UTC, such as `sat-sun`, `22:00-06:00` or `2026-12-24/2026-12-26`",
    CHANNEL_NAME: "a name without `:`, `/`, `@`, `?` and `#`, such as `the on-call desk`",
    MAP_NAME: "a name of lower-case letters, digits, `_` and `-`",
}
"""What a pattern wants, in words."""

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
EntityId = Annotated[str, msgspec.Meta(pattern=ID)]
Duration = Annotated[str, msgspec.Meta(pattern=DURATION)]
MapName = Annotated[str, msgspec.Meta(pattern=MAP_NAME)]
VariableName = Annotated[str, msgspec.Meta(pattern=VARIABLE)]
Severity = Annotated[str, msgspec.Meta(pattern=SEVERITY)]
Direction = Annotated[str, msgspec.Meta(pattern=DIRECTION)]
Sensitivity = Annotated[str, msgspec.Meta(pattern=SENSITIVITY)]
ChannelName = Annotated[str, msgspec.Meta(pattern=CHANNEL_NAME)]
Mute = Annotated[str, msgspec.Meta(pattern=MUTE)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e15)]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file in which a misspelt key is an error."""


Address = Annotated[str, msgspec.Meta(pattern=ADDRESS)]
