"""The part of `uproar.yaml` that names live sources. Tokens are in variables, never in the file."""

from typing import Annotated, Literal

import msgspec

from uproar.config_values import INSTANCE, WEBSOCKET, Address, Strict, Text, VariableName

Seconds = Annotated[float, msgspec.Meta(ge=1, le=86_400)]
Names = Annotated[tuple[Text, ...], msgspec.Meta(max_length=500)]


class Bluesky(Strict, frozen=True):
    """Bluesky's Jetstream, a relay of everything that is posted; it needs no account.

    `url` names another relay; without one, the public relays are tried in turn. `version` is that
    of Jetstream's protocol.
    """

    url: Annotated[str, msgspec.Meta(pattern=WEBSOCKET)] | None = None
    version: Literal["v1", "v2"] = "v1"


class Mastodon(Strict, frozen=True):
    """An instance of Mastodon, the variable that holds the access token, and what to follow.

    `streams` are public streams; each hashtag is a stream of its own.
    """

    instance: Annotated[str, msgspec.Meta(pattern=INSTANCE)]
    token_env: VariableName = "MASTODON_TOKEN"  # noqa: S105 - a name
    streams: tuple[Literal["public", "public:local", "public:remote"], ...] = ("public",)
    hashtags: Names = ()


class Rss(Strict, frozen=True):
    """RSS and Atom feeds, asked every so often; one that fails, less and less often."""

    feeds: Annotated[tuple[Address, ...], msgspec.Meta(min_length=1, max_length=1_000)]
    every_seconds: Seconds = 300.0


class Reddit(Strict, frozen=True):
    """Reddit by its API: new comments and submissions of subreddits, and what a search finds.

    `id_env` and `secret_env` name the variables of an app of type "script".
    """

    subreddits: Names = ()
    searches: Names = ()
    id_env: VariableName = "REDDIT_CLIENT_ID"
    secret_env: VariableName = "REDDIT_CLIENT_SECRET"  # noqa: S105 - a name
    every_seconds: Seconds = 30.0


class X(Strict, frozen=True):
    """X's filtered stream, API v2; its rules are made from the entities.

    `compliance` has the streams of deletions read, too, which few plans include.
    """

    token_env: VariableName = "X_BEARER_TOKEN"  # noqa: S105 - a name
    compliance: bool = False


class Telegram(Strict, frozen=True):
    """Public channels of Telegram, by the pages it shows to everybody; no account is needed."""

    channels: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=500)]
    every_seconds: Seconds = 60.0


class Youtube(Strict, frozen=True):
    """Comments on YouTube, within the quota of a day."""

    channels: Names = ()
    videos: Names = ()
    searches: Names = ()
    key_env: VariableName = "YOUTUBE_API_KEY"
    units_a_day: Annotated[int, msgspec.Meta(ge=1)] = 10_000
    every_seconds: Seconds = 300.0


class Sources(Strict, frozen=True):
    """Which live sources to read: those that stand here."""

    bluesky: Bluesky | None = None
    mastodon: Mastodon | None = None
    rss: Rss | None = None
    reddit: Reddit | None = None
    x: X | None = None
    telegram: Telegram | None = None
    youtube: Youtube | None = None

    def named(self) -> tuple[str, ...]:
        """Return the platforms that stand in the file, in a fixed order."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name) is not None)
