"""The measured costs, as a typed file: `costs.yaml` here, or one of your own.

A file has a value for every field below, each with the command that measures it (`by`) or a note
that says why it is assumed. Microseconds are of processor time.
"""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml

from uproar.errors import InputError

Positive = Annotated[float, msgspec.Meta(gt=0)]
Reading = Literal["light", "default", "deep"]
WRITTEN = "uproar/capacity/costs.yaml"


class Producer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a post that is seen, and what more for one that is kept."""

    filter_microseconds: Positive
    keep_microseconds: Positive
    linger_seconds: Positive
    memory_megabytes: Positive


class Kafka(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a post and of a message in both topics, written and read; bytes after compression."""

    post_microseconds: Positive
    message_microseconds: Positive
    post_bytes: Positive
    reaction_bytes: Positive
    raw_post_bytes: Positive
    raw_reaction_bytes: Positive
    single_bytes: Positive


class Worker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a post that is read, by how it is read, and of a message whatever is in it."""

    read_microseconds: dict[Reading, Positive]
    wave_times: Positive
    post_microseconds: Positive
    message_microseconds: Positive
    memory_megabytes: Positive

    def microseconds(self, reading: Reading, *, in_wave: bool = False) -> float:
        """Return the price of a post without its message's."""
        more = self.wave_times if in_wave else 1.0
        return self.read_microseconds[reading] * more + self.post_microseconds


class Sink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a reaction and of a message, without ClickHouse's part."""

    row_microseconds: Positive
    message_microseconds: Positive
    memory_megabytes: Positive


class ClickHouse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a row, of a batch, of settling, and of a row that lies in a minute computed anew."""

    row_microseconds: Positive
    batch_milliseconds: Positive
    settle_milliseconds: Positive
    minute_row_microseconds: Positive
    row_bytes: Positive
    raw_row_bytes: Positive


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long it takes until others notice, agree and go on."""

    session_seconds: Positive
    leave_seconds: Positive
    join_seconds: Positive
    restart_seconds: Positive
    commit_seconds: Positive
    settle_seconds: Positive
    broker_missed_seconds: Positive
    election_seconds: Positive
    broker_away_seconds: Positive


class Machines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The servers that are reckoned with."""

    broker_cores: Positive
    broker_memory_gigabytes: Positive
    broker_bytes_a_second: Positive
    broker_disk_bytes: Positive
    clickhouse_cores: Positive
    clickhouse_memory_gigabytes: Positive
    clickhouse_disk_bytes: Positive


class Costs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that the arithmetic and the simulation go by."""

    producer: Producer
    kafka: Kafka
    worker: Worker
    sink: Sink
    clickhouse: ClickHouse
    group: Group
    machines: Machines


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value, the command that measures it where there is one, and what it is of."""

    value: float
    by: str = ""
    note: str = ""


class CostSheet(msgspec.Struct, frozen=True):
    """A file of costs: on which machine and day, the costs, and where each comes from."""

    machine: str
    measured_on: str
    costs: Costs
    origins: dict[str, Origin]
    """`group.field` -> origin, in the order of the file."""


def read_costs(path: Path | None = None) -> CostSheet:
    """Read a file of costs; ours where none is named. Raises InputError where it is no such."""
    name = WRITTEN if path is None else str(path)
    try:
        text = (
            (files("uproar.capacity") / "costs.yaml").read_text("utf-8")
            if path is None
            else path.read_text("utf-8")
        )
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the costs in `{name}`: {error}") from error
    return parse_costs(text, name)


def parse_costs(text: str, name: str) -> CostSheet:
    """Read the text of such a file; `name` is for the error's message."""
    hint = f"copy `{WRITTEN}` and change its values"
    try:
        found = yaml.safe_load(text)
        if not isinstance(found, dict):
            raise InputError(f"`{name}` holds no costs: wanted a mapping of groups", hint=hint)
        head = {key: str(found.pop(key, "")) for key in ("machine", "measured_on")}
        origins: dict[str, Origin] = {}
        plain = {key: _plain(value, str(key), origins) for key, value in found.items()}
        costs = msgspec.convert(plain, Costs)
    except yaml.YAMLError as error:
        raise InputError(f"`{name}` is not YAML: {error}", hint=hint) from error
    except msgspec.ValidationError as error:
        raise InputError(f"cannot use the costs in `{name}`: {error}", hint=hint) from error
    return CostSheet(head["machine"], head["measured_on"], costs, origins)


def _plain(value: Any, place: str, origins: dict[str, Origin]) -> Any:
    """Return the numbers alone, and keep where each comes from under its place."""
    if not isinstance(value, dict):
        return value  # no cost: the struct says what was wanted, and where
    if "value" in value:
        origins[place] = origin = msgspec.convert(value, Origin)
        return origin.value
    return {key: _plain(below, f"{place}.{key}", origins) for key, below in value.items()}
