"""What differs between machines: `UPROAR_*` variables, read once at start-up."""

import ast
import difflib
import inspect
import itertools
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args, get_type_hints

import msgspec

from uproar.errors import SettingsError
from uproar.guarded import Guarded
from uproar.guarded import is_secret as is_secret
from uproar.records import SentimentModel
from uproar.secret_files import SUFFIX, with_secret_files

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
"""A TCP port; 0 means: any that is free."""

PREFIX = "UPROAR_"


class Settings(Guarded, frozen=True, kw_only=True):
    """Everything that may be set from the environment, with units in the names.

    What names no server is started locally. The field `kafka_brokers` is the variable
    `UPROAR_KAFKA_BROKERS`, and so on; `uproar settings` lists them.
    """

    home: Path
    """Folder of the local stack: data, generated passwords, logs, the key of author pseudonyms."""
    config: Path = Path("uproar.yaml")
    """The configuration file; `--config` overrides it."""
    author_key: str = ""
    """Secret that makes author pseudonyms; generated in `UPROAR_HOME` where it is empty."""
    author_keys_retired: str = ""
    """Earlier secrets, separated by commas: they name nobody, but find authors again
    (`uproar privacy`)."""

    kafka_brokers: str = ""
    """Comma-separated host:port of a Kafka cluster; empty: start the local broker."""
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How to speak to that cluster."""
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    """How to log in, with one of the SASL ways to speak."""
    kafka_username: str = ""
    """User name for SASL."""
    kafka_password: str = ""
    """Password for SASL."""
    kafka_ca_file: str = ""
    """PEM file of the authority that signed the brokers' certificates; empty: the system's."""
    kafka_partitions: Annotated[int, msgspec.Meta(ge=1, le=1024)] = 4
    """Partitions of each topic when it is created; never change it for topics that hold data."""
    kafka_replication: Annotated[int, msgspec.Meta(ge=1, le=16)] = 1
    """Copies of each topic when it is created on a cluster."""
    kafka_retention_hours: Annotated[int, msgspec.Meta(ge=1, le=876_000)] = 168
    """How long a topic keeps what it holds, deleted posts included, when it is created on a
    cluster."""
    topic_prefix: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]*\Z")] = "uproar"
    """First part of the names of topics and consumer groups."""

    clickhouse_url: str = ""
    """clickhouse://user:password@host:9000/database; empty: start it.

    With TLS it is clickhouses://…, and ?ca_certs=FILE behind it names an authority of your own.
    """
    clickhouse_reader_url: str = ""
    """The same for reading only, for pages and queries; empty: the one above, set read-only."""
    clickhouse_migrator_url: str = ""
    """The same for a user who may create and change tables; empty: the writer's."""
    clickhouse_cluster: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]*\Z")] = ""
    """Name of a cluster in ClickHouse's `remote_servers`: tables are made replicated and sharded on
    it; empty: on one server. Never change it for tables that hold data."""
    retention_days: Annotated[int, msgspec.Meta(ge=1, le=36500)] = 400
    """How long live reactions and their totals are kept; replays stay. Applied with every start;
    above 18250: for ever."""
    retention_days_by_platform: Annotated[
        str, msgspec.Meta(pattern=r"^([a-z0-9_-]+=[1-9][0-9]{0,4}(,|\Z))*\Z")
    ] = ""
    """Other times for some platforms, such as `twitter=30,bluesky=90`."""

    kafka_port: Port = 0
    """Port of the local broker; 0: any that is free."""
    clickhouse_port: Port = 0
    """Native port of the local ClickHouse; 0: any that is free."""
    clickhouse_http_port: Port = 0
    """HTTP port of the local ClickHouse, for Grafana; 0: any that is free."""
    page_port: Port = 0
    """Port of the built-in page; 0: 8765 where that is free, else any."""
    page_host: str = "127.0.0.1"
    """Address that the page listens on; one that others can reach needs `UPROAR_PAGE_TOKEN`."""
    page_token: str = ""
    """Token that the page asks each browser for, of 16 letters or more; empty: none, on loopback
    alone."""
    page_names: str = ""
    """Names, separated by commas, under which browsers reach the page, beside localhost and
    addresses; any other is refused."""

    page_address: Annotated[str, msgspec.Meta(pattern=r"^(https?://[^\s]+)?\Z")] = ""
    """Address under which people open the page, such as https://uproar.example: links in messages
    lead there; empty: to this machine's."""

    notify_runs: Annotated[str, msgspec.Meta(pattern=r"^[^\s]*\Z")] = "live"
    """Runs whose alerts are delivered, separated by commas; `*`: all, `none`: none."""
    notify_local: bool = False
    """Whether every channel of `notify` may lead into the local network; `local: true` allows it
    for one."""

    grafana_address: Annotated[str, msgspec.Meta(pattern=r"^(https?://[^\s]+)?\Z")] = ""
    """Address of a Grafana that has the boards, such as https://grafana.example: messages have
    links there, too; empty: none."""
    grafana_token: str = ""
    """Token of a Grafana service account: with the role Editor for `uproar dashboards apply`, with
    Admin for `uproar alerts apply`."""
    grafana_home: str = ""
    """Folder of a Grafana that `uproar up` starts, with `bin` and `conf` in it; empty: the one in
    `PATH`, where there is one."""
    grafana_port: Port = 0
    """Port of that Grafana on loopback; 0: 8766 where that is free, else any."""

    sentiment: SentimentModel = "fast"
    """The model that says how a post feels; `deep` is slower and better, `vader`
    reads English alone."""
    workers: Annotated[int, msgspec.Meta(ge=0, le=64)] = 1
    """Faust workers that a command starts beside the sink; 0: worker, sink and watcher run
    elsewhere."""
    sink_flush_seconds: Annotated[float, msgspec.Meta(ge=0.01, le=60)] = 0.25
    """Longest wait of a live reaction before it is written; a replay gathers up to a second while
    more arrives."""
    sink_batch_records: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 20_000
    """Most records written at once."""
    fuse_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5
    """A stage stops when more than this share of its last 1,000 records could not be used; 1: it
    never does."""
    replay_processes: Annotated[int, msgspec.Meta(ge=0, le=16)] = 2
    """Processes that look through large files ahead of a replay, each on a core of its own, so
    never more than there are beside the replay's; 0: none."""
    broker_memory_megabytes: Annotated[int, msgspec.Meta(ge=128, le=1_000_000)] = 1024
    """Memory of the local broker from which producers wait until it is emptied."""

    metrics_port: Port = 0
    """Port of a process's metrics and health; 0: any that is free. The processes of one stack
    take this one and those behind it."""
    metrics_host: str = "127.0.0.1"
    """Address that metrics and health are served at; they ask nobody for a password."""
    log_format: Literal["text", "json"] = "text"
    """How the processes log."""
    log_level: Literal["auto", "DEBUG", "INFO", "WARNING", "ERROR"] = "auto"
    """From which level on they log; auto: INFO where a stage runs, WARNING elsewhere."""
    process_name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{0,100}\Z")] = ""
    """Name of a worker, sink or page in logs and metrics; empty: its stage and process id."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read `UPROAR_*`; an unknown or unreadable one is a `SettingsError`, not a shrug.

        A secret may stand in a file instead: `UPROAR_KAFKA_PASSWORD_FILE` names it.
        """
        fields = {PREFIX + field.upper(): field for field in cls.__struct_fields__}
        env = with_secret_files(env, [name for name in fields if is_secret(name)])
        values: dict[str, object] = {}
        if not env.get(f"{PREFIX}HOME"):
            values["home"] = default_home(env)
        for name in sorted(name for name in env if name.startswith(PREFIX) and env[name] != ""):
            if name not in fields:
                raise _no_such_setting(name, list(fields))
            values[fields[name]] = env[name]
        try:
            return msgspec.convert(values, cls, strict=False, dec_hook=_path)
        except msgspec.ValidationError as error:
            message, _, path = str(error).rpartition(" - at `$.")
            raise _unusable(PREFIX + path.rstrip("`").upper(), message, env) from error


def days_by_platform(written: str) -> dict[str, int]:
    """Read `UPROAR_RETENTION_DAYS_BY_PLATFORM`, whose form is checked with the settings.

    >>> days_by_platform("twitter=30,bluesky=90"), days_by_platform("")
    ({'twitter': 30, 'bluesky': 90}, {})
    """
    pairs = (part.split("=") for part in written.split(",") if part)
    return {platform: int(days) for platform, days in pairs}


def _no_such_setting(name: str, known: list[str]) -> SettingsError:
    fields = [field.removeprefix(PREFIX) for field in known]
    close = difflib.get_close_matches(name.removeprefix(PREFIX).upper(), fields, n=1)
    return SettingsError(
        f"no such setting: `{name}`",
        hint=f"did you mean `{PREFIX}{close[0]}`?"
        if close
        else "run `uproar settings` to list them",
    )


_PLAIN_WORDS = {"`int`": "a whole number", "`float`": "a number"}


def _unusable(name: str, message: str, env: Mapping[str, str]) -> SettingsError:
    field = name.removeprefix(PREFIX).lower()
    wanted = message.removeprefix("Expected ").partition(", got ")[0]
    wanted = _choices(field) or _PLAIN_WORDS.get(wanted, wanted)
    found = "" if is_secret(name) else f", found `{env.get(name, '')}`"
    return SettingsError(
        f"cannot use `{name}`: wanted {wanted}{found}",
        hint=next(one.meaning for one in describe_settings() if one.field == field),
    )


def _described(meaning: str, field: str) -> str:
    if choices := _choices(field):
        return f"{meaning.rstrip('.')}: {choices}."
    if is_secret(field):
        return f"{meaning} It may stand in a file: `{PREFIX}{field.upper()}{SUFFIX}` names it."
    return meaning


def _choices(field: str) -> str:
    """Return the values that a setting may have where they can be counted; nothing elsewhere."""
    choices = get_args(get_type_hints(Settings).get(field))
    return "one of " + ", ".join(f"`{choice}`" for choice in choices) if choices else ""


def _path(wanted: type, value: object) -> object:
    """Read a folder or file: the one type that msgspec leaves to us."""
    if wanted is Path and isinstance(value, str | Path):
        return Path(value)
    raise NotImplementedError(wanted)


def default_home(env: Mapping[str, str]) -> Path:
    """Return the user's data folder for Uproar, by the XDG base directory specification.

    Raises SettingsError for a user who has none.

    >>> default_home({"HOME": "/h"}).as_posix()
    '/h/.local/share/uproar'
    """
    base = env.get("XDG_DATA_HOME") or str(Path(env.get("HOME", "~")) / ".local" / "share")
    try:
        return Path(base).expanduser() / "uproar"
    except RuntimeError as error:  # a container's user, of whom the system knows nothing
        raise SettingsError(
            "this user has no home folder, and `UPROAR_HOME` is not set",
            hint=f"set `{PREFIX}HOME` to a folder that this user may write to",
        ) from error


class SettingDescription(msgspec.Struct, frozen=True):
    """One setting as people see it."""

    field: str
    variable: str
    meaning: str


def describe_settings() -> tuple[SettingDescription, ...]:
    """Return every setting with its meaning, which is the docstring below its field.

    >>> describe_settings()[0].variable
    'UPROAR_HOME'
    """
    body = ast.parse(textwrap.dedent(inspect.getsource(Settings))).body[0].body  # type: ignore[attr-defined]
    return tuple(
        SettingDescription(
            field=target.id,
            variable=PREFIX + target.id.upper(),
            meaning=_described(" ".join(meaning.value.value.split()), target.id),
        )
        for field, meaning in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(target := field.target, ast.Name)
    )
