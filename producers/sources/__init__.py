"""The platforms that can be watched live: a name, and what opens its sources.

Each module is imported when its platform is asked for, so that no other's library is needed.
"""

from collections.abc import Callable, Mapping, Sequence

from producers.sources.source import Source
from uproar.config import Config

Opener = Callable[[Config, Mapping[str, str]], Sequence[Source]]
"""Makes the sources of a platform from the configuration and the environment, where tokens are.

Raises ConfigError or SettingsError where something that it needs is missing, and says what to do.
"""

SOURCES: dict[str, Opener] = {}
