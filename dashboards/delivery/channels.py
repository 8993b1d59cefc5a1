"""The channels of `uproar.yaml`, with their addresses read and looked at.

A channel is named without its secrets: by its `name`, or by the scheme of its address, and the host
where the service has hosts there and not tokens.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from dashboards.delivery.addresses import names_this_machine
from dashboards.delivery.due import OpenChannel
from dashboards.delivery.orders import Outcome
from dashboards.delivery.outbox import Outbox
from uproar.config import Config
from uproar.config_file import ConfigFile
from uproar.errors import ConfigError, SettingsError, StackError, UproarError
from uproar.notify_config import (
    NOTIFY_URL_MEANING,
    Channel,
    is_notify_url,
    lines_of_channels,
)
from uproar.secret_files import secret_in

log = logging.getLogger(__name__)

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to open channels: the file, its variables, and the process that looks."""

    path: Path
    env: Mapping[str, str]
    outbox: Outbox
    is_local_allowed: bool


def open_channels(config: Config, opening: Opening) -> tuple[OpenChannel, ...]:
    """Return the channels with their addresses.

    Raises ConfigError, with the line, where an address is missing or no service takes it, where two
    have one name, and where one leads to the local network and may not.
    """
    found: list[OpenChannel] = []
    for index, channel in enumerate(config.channels):
        try:
            opened = _opened(channel, opening)
            if opened.name in [one.name for one in found]:
                raise ConfigError(
                    f"two channels would be called `{opened.name}`",
                    hint="give each a name of its own: {url: …, name: …}",
                )
        except (ConfigError, SettingsError) as error:
            raise ConfigError(f"{_place(opening.path, index)}: {error}", hint=error.hint) from error
        found.append(opened)
    return tuple(found)


def _opened(channel: Channel, opening: Opening) -> OpenChannel:
    url = address_of(channel, opening.env)
    looked: Outcome = opening.outbox.carry_out(url, None)
    if looked.refused:
        raise ConfigError(
            f"Apprise takes no such address: {looked.refused}",
            hint="appriseit.com has the form of every service; a webhook of your own is "
            "`jsons://host/path`",
        )
    if not looked.is_done:
        raise StackError(f"cannot look at the addresses of `notify`: {looked.detail}")
    is_allowed = channel.local or opening.is_local_allowed
    if looked.host and names_this_machine(looked.host) and not is_allowed:
        raise ConfigError(
            f"`{looked.label}` leads into the local network",
            hint="allow it for this channel with `local: true` beside its `url`, or for all with "
            "UPROAR_NOTIFY_LOCAL=true",
        )
    return OpenChannel(
        name=channel.name or looked.label,
        url=url,
        local=is_allowed,
        wants=channel,
        since=ALWAYS,
    )


def address_of(channel: Channel, env: Mapping[str, str]) -> str:
    """Return the address, wherever it stands. Raises ConfigError and SettingsError."""
    if channel.url:
        return channel.url
    if channel.url_env:
        url, where = env.get(channel.url_env, "").strip(), f"the variable `{channel.url_env}`"
        if not url:
            raise ConfigError(f"{where}, which `url_env` names, is not set")
    else:
        path = Path(channel.url_file or "").expanduser()
        url, where = secret_in("url_file", path).strip(), f"`{path}`"
    if not is_notify_url(url):
        raise ConfigError(f"{where} holds something else than {NOTIFY_URL_MEANING}")
    return url


def _place(path: Path, index: int) -> str:
    try:
        return f"{path}:{lines_of_channels(path.read_text('utf-8-sig'))[index]}"
    except (OSError, UnicodeDecodeError, IndexError, UproarError):
        return f"{path}, `notify`"  # the file has changed in between


class Channels:
    """The channels as the file has them now. A mistake made while running changes nothing."""

    def __init__(self, opening: Opening) -> None:
        """Open the channels. Raises ConfigError."""
        self._opening = opening
        self._file = ConfigFile(opening.path)
        self._config = self._file.current()
        self._channels = open_channels(self._config, opening)

    @property
    def config(self) -> Config:
        """The configuration that the channels are of."""
        return self._config

    def current(self, now: datetime) -> tuple[OpenChannel, ...]:
        """Return the channels; one that came into the file while running is there since `now`."""
        config = self._file.current()
        if config is not self._config:
            is_other = config.notify != self._config.notify
            self._config = config
            if is_other:
                self._reopen(config, now)
        return self._channels

    def _reopen(self, config: Config, now: datetime) -> None:
        known = {one.name: one.since for one in self._channels}
        try:
            opened = open_channels(config, self._opening)
        except UproarError as error:
            log.error("%s; alerts go where they went before", error)
            return
        self._channels = tuple(
            msgspec.structs.replace(one, since=known.get(one.name, now)) for one in opened
        )
        log.info("alerts go to %s", ", ".join(one.name for one in opened) or "nobody")
