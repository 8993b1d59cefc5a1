"""The platforms that can be watched live: a name, and what opens its sources.

Each module is imported when its platform is asked for, so that no other's library is needed.
"""

import importlib
from collections.abc import Mapping, Sequence

from producers.sources.source import Source
from uproar.config import Config

SOURCES = ("bluesky", "mastodon", "rss", "reddit", "x", "telegram", "youtube")
"""Each is a module here with `open_sources(config, env)`."""


def open_sources(platform: str, config: Config, env: Mapping[str, str]) -> Sequence[Source]:
    """Return the sources of a platform; tokens are in the environment.

    Raises ConfigError or SettingsError where something that it needs is missing, and says what.
    """
    module = importlib.import_module(f"producers.sources.{platform}")
    opened: Sequence[Source] = module.open_sources(config, env)
    return opened
