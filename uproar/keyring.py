"""The keys of author pseudonyms: the one in use, and retired ones that only find authors again."""

from collections.abc import Iterable

import msgspec

from uproar.pseudonym import Pseudonyms
from uproar.settings import Settings
from uproar.stack.home import Home


class KeyRing(msgspec.Struct, frozen=True):
    """`current` names authors from now on; `retired` have named them once."""

    current: Pseudonyms
    retired: tuple[Pseudonyms, ...] = ()

    def names(self, platform: str, author: str) -> list[str]:
        """Return every pseudonym that an author may be stored under, the current one first."""
        return [key.name(platform, author) for key in (self.current, *self.retired)]


def read_keyring(settings: Settings) -> KeyRing:
    """Return the keys of the settings, else those generated in `UPROAR_HOME`.

    Raises SettingsError for a key that is too short to be a secret.
    """
    if settings.author_key:
        return key_ring(settings.author_key, settings.author_keys_retired.split(","))
    kept = Home(settings.home).secrets()
    return key_ring(kept.author_key, kept.retired_author_keys)


def key_ring(current: str, retired: Iterable[str]) -> KeyRing:
    """Return the ring of these keys; a blank retired one is none.

    >>> ring = key_ring("an invented key!", ["", " an older one, retired "])
    >>> [name[:8] for name in ring.names("mastodon", "ada@example.social")]
    ['339ae258', '2e2f76d9']
    """
    return KeyRing(
        Pseudonyms(current), tuple(Pseudonyms(key.strip()) for key in retired if key.strip())
    )
