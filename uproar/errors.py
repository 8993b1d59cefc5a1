"""Every error Uproar raises on purpose, as one tree.

    UproarError
    ├── SettingsError        a `UPROAR_*` variable is unknown or unreadable
    ├── ConfigError          `uproar.yaml` has a mistake, with its line
    ├── InputError           a file to read is missing, empty or of no known format
    ├── StackError           a local server did not start, or its folder or port is taken
    ├── SourceRefused        a platform will not have us: a token, a rule, an address
    ├── FuseBlown            too large a share of what came in could not be used
    ├── BrokerUnavailable    Kafka does not answer or refuses us
    └── StoreUnavailable     ClickHouse does not answer or refuses us

The command line prints one as `error: …`, then its hint, and exits with status 1; a traceback
means a bug of ours. Bad *data* is never an error: it becomes a `DeadLetter`.
"""


class UproarError(Exception):
    """Something a person can mend; `hint` says how, where we know."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class SettingsError(UproarError):
    """An environment variable cannot be used as given."""


class ConfigError(UproarError):
    """`uproar.yaml` says something we cannot use; the message names file and line."""


class InputError(UproarError):
    """A file to replay or analyse cannot be read at all."""


class StackError(UproarError):
    """The local stack cannot start, or stopped by itself."""


class SourceRefused(UproarError):
    """A live source ended because its platform refuses us, and asking again would not help."""


class FuseBlown(UproarError):
    """A stage stopped because most of what it read lately was of no use (`uproar.fuse`)."""


class BrokerUnavailable(UproarError):
    """Kafka cannot be reached, or refuses what we ask."""


class StoreUnavailable(UproarError):
    """ClickHouse cannot be reached, or refuses what we ask."""
