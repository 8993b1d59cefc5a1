"""`uproar.yaml`: what is tracked, with which rules and thresholds. Pure: text in, `Config` out."""

import difflib
import re
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import yaml

from uproar.config_values import (
    MAP_NAME,
    MEANINGS,
    EntityId,
    MapName,
    Strict,
    Text,
)
from uproar.errors import ConfigError
from uproar.notify_config import Channel, mistake_in_channel
from uproar.source_config import Sources
from uproar.threshold_config import Thresholds
from uproar.yaml_lines import line_of, pairs, read_yaml, shown, written

Reading = Literal["full", "light"]
"""How much is read in a post; the key `reading` says what each one means."""


class Near(Strict, frozen=True):
    """A name counts only where one of `words` stands at most `within` words from it."""

    words: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    within: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10


class Entity(Strict, frozen=True):
    """One organisation, product or person that is tracked.

    `aliases` are names, @handles, #hashtags, $cashtags, domains and pages; without any, `name` is
    the only one. `context` are words that speak for this sense of the name, `exclude` phrases
    that speak against it, and `near` asks for words close by. With `ambiguous`, a bare name
    counts only in its written case or beside a context word. `known` says whether what is known
    of a well-known name is used; None: where there is nothing but a name.
    """

    id: EntityId
    name: Text
    aliases: tuple[Text, ...] = ()
    context: tuple[Text, ...] = ()
    exclude: tuple[Text, ...] = ()
    near: Near | None = None
    ambiguous: bool = False
    known: bool | None = None
    thresholds: Thresholds = Thresholds()


class SavedColumns(Strict, frozen=True):
    """What a dump calls each field that it has, saved for `uproar replay --columns NAME`.

    `posted_on` is the platform of all its posts, where no column tells it.
    """

    text: Text
    created_at: Text
    id: Text | None = None
    author: Text | None = None
    lang: Text | None = None
    platform: Text | None = None
    url: Text | None = None
    reply_to: Text | None = None
    repost_of: Text | None = None
    quote_of: Text | None = None
    likes: Text | None = None
    reposts: Text | None = None
    replies: Text | None = None
    quotes: Text | None = None
    revision: Text | None = None
    observed_at: Text | None = None
    posted_on: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None

    def by_field(self) -> dict[str, str]:
        """Return the column of each field that has one."""
        named = {field: getattr(self, field) for field in self.__struct_fields__}
        return {field: name for field, name in named.items() if name and field != "posted_on"}


class Config(Strict, frozen=True):
    """The whole file."""

    entities: Annotated[tuple[Entity, ...], msgspec.Meta(min_length=1, max_length=10_000)]
    reading: Reading = "full"
    """`light`: sentiment by VADER, which reads English alone, of the post as a whole, and calls to
    action by the grammar without the nets. Several times as fast."""
    thresholds: Thresholds = Thresholds()
    """For every entity that has none of its own for a signal."""
    sources: Sources = Sources()
    notify: tuple[Text | Channel, ...] = ()
    columns: dict[MapName, SavedColumns] = {}  # noqa: RUF012 - msgspec copies it

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Where alerts go; `notify` may name an address alone."""
        return tuple(one if isinstance(one, Channel) else Channel(url=one) for one in self.notify)


def parse_config(text: str, name: str) -> Config:
    """Read the file's text; `name` is what errors call it.

    Raises ConfigError with file, line, what was wanted and what was found.
    """
    data, node = read_yaml(text, name)
    if node is None:
        raise ConfigError(
            f"{name}:1: wanted a list under `entities`, found an empty file",
            hint="`uproar init` writes a commented file to start from",
        )
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        raise _explained(_with_map_name(str(error), data, node, name), node, name) from error
    _refuse_repeated_ids(config, node, name)
    _refuse_repeated_columns(config, node, name)
    _refuse_repeated_thresholds(config, node, name)
    _refuse_wrong_channels(config, node, name)
    # An address holds secrets, which a channel keeps out of what is printed of it.
    return msgspec.structs.replace(config, notify=config.channels)


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<key>[A-Za-z_][\w-]*)|\[(?P<index>\d+)\]")


def _with_map_name(message: str, data: Any, node: yaml.Node, name: str) -> str:
    """Name in msgspec's message the column map at fault, which it leaves open (`[...]`)."""
    if message.endswith(" - at `key` in `$.columns`"):
        keys = (key for key, _ in pairs(_follow(node, ".columns")))
        at = next(key for key in keys if not re.match(MAP_NAME, key.value))
        raise ConfigError(f"{name}:{line_of(at)}: wanted {MEANINGS[MAP_NAME]}, found {shown(at)}")
    if "`$.columns[...]" in message:
        for key, value in data["columns"].items():
            try:
                msgspec.convert(value, SavedColumns)
            except msgspec.ValidationError:
                return message.replace("$.columns[...]", f"$.columns.{key}")
    return message


def _explained(message: str, node: yaml.Node, name: str) -> ConfigError:
    """Turn msgspec's message, which ends in a path, into one with a line."""
    problem, has_path, path = message.rpartition(" - at `$")
    if not has_path:
        problem, path = message, ""
    at = _follow(node, path.rstrip("`"))
    unknown = _UNKNOWN.fullmatch(problem)
    if unknown is None:
        return ConfigError(
            f"{name}:{line_of(at)}: wanted {_meaning(path) or _wanted(problem)}, "
            f"found {_found(path, at)}",
            hint=_hint(problem, path, at),
        )
    field = unknown["field"]
    key = next((key for key, _ in pairs(at) if key.value == field), at)
    close = difflib.get_close_matches(field, _known_fields(path), n=1)
    return ConfigError(
        f"{name}:{line_of(key)}: no such key: `{written(key)}`",
        hint=(
            f"did you mean `{close[0]}`?"
            if close
            else f"possible here: {', '.join(f'`{known}`' for known in _known_fields(path))}"
        ),
    )


def _found(path: str, node: yaml.Node) -> str:
    """Say what stands there; what stands under `notify` may be a secret."""
    may_be_secret = re.fullmatch(r"\.notify(\[\d+\](\.url\w*)?)?`?", path) is not None
    is_hidden = may_be_secret and isinstance(node, yaml.ScalarNode) and node.value
    return "a value that is not shown here" if is_hidden else shown(node)


def _known_fields(path: str) -> tuple[str, ...]:
    """Return the keys that the struct at a path of msgspec's (`.entities[0]`) may have."""
    return _types_along(path)[-1].__struct_encode_fields__


def _types_along(path: str) -> list[type[msgspec.Struct]]:
    known: list[type[msgspec.Struct]] = [Config]
    for step in _STEP.finditer(path):
        if key := step["key"]:
            known.append(next(_structs_in(_hints(known[-1]).get(key)), known[-1]))
    return known


def _hints(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.encode_name: field.type for field in msgspec.structs.fields(struct)}


def _meaning(path: str) -> str | None:
    """Say in words what the pattern of the value at a path wants, if it has one."""
    parent, _, key = path.rstrip("`").rpartition(".")
    name, is_item, _ = key.partition("[")
    hint = _hints(_types_along(parent)[-1]).get(name)
    if is_item:
        hint = next(iter(getattr(hint, "__args__", ())), None)
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in get_args(hint))
    for meta in _metas(hint):
        if meta.pattern is not None:
            return MEANINGS[meta.pattern]
    return None


def _metas(hint: object) -> Iterator[msgspec.Meta]:
    """Yield what is asked of a value, also of one that may be left out."""
    yield from getattr(hint, "__metadata__", ())
    if isinstance(hint, types.UnionType) or get_origin(hint) is Union:
        for part in getattr(hint, "__args__", ()):
            yield from _metas(part)


def _structs_in(hint: object) -> Iterator[type[msgspec.Struct]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    for part in getattr(hint, "__args__", ()):
        yield from _structs_in(part)


def _follow(node: yaml.Node, path: str) -> yaml.Node:
    """Walk a path of msgspec's (`.entities[0].aliases`) as far as the file goes."""
    for step in _STEP.finditer(path):
        if step["index"] is not None and isinstance(node, yaml.SequenceNode):
            node = node.value[int(step["index"])]
        elif step["key"] is not None:
            # What was merged in stands first; the last one counts.
            values = (value for key, value in reversed(pairs(node)) if key.value == step["key"])
            node = next(values, node)
    return node


def _refuse_repeated_ids(config: Config, node: yaml.Node, name: str) -> None:
    seen: set[str] = set()
    for index, entity in enumerate(config.entities):
        if entity.id in seen:
            at = _follow(node, f".entities[{index}].id")
            raise ConfigError(
                f"{name}:{line_of(at)}: two entities are called `{entity.id}`; "
                "wanted one of each id"
            )
        seen.add(entity.id)


def _refuse_repeated_columns(config: Config, node: yaml.Node, name: str) -> None:
    for map_name, saved in config.columns.items():
        seen: set[str] = set()
        for field, column in saved.by_field().items():
            if column in seen:
                at = _follow(node, f".columns.{map_name}.{field}")
                raise ConfigError(
                    f"{name}:{line_of(at)}: the column `{column}` stands twice in `{map_name}`; "
                    "wanted one field each"
                )
            seen.add(column)


def _refuse_repeated_thresholds(config: Config, node: yaml.Node, name: str) -> None:
    owners = [(".thresholds", config.thresholds)]
    owners += [
        (f".entities[{index}].thresholds", entity.thresholds)
        for index, entity in enumerate(config.entities)
    ]
    for path, thresholds in owners:
        for signal in thresholds.__struct_fields__:
            given = getattr(thresholds, signal)
            severities = [one.severity for one in given] if isinstance(given, tuple) else []
            if len(set(severities)) < len(severities):
                at = _follow(node, f"{path}.{signal}")
                raise ConfigError(
                    f"{name}:{line_of(at)}: two thresholds of `{signal}` have the same severity; "
                    "wanted one of each"
                )


def _refuse_wrong_channels(config: Config, node: yaml.Node, name: str) -> None:
    ids = {entity.id for entity in config.entities}
    names: set[str] = set()
    for index, channel in enumerate(config.channels):
        mistake = mistake_in_channel(channel, ids)
        if channel.name is not None and channel.name in names:
            mistake = ("name", f"two channels are called `{channel.name}`; wanted one of each name")
        if mistake is not None:
            key, problem = mistake
            at = _follow(node, f".notify[{index}]" + (f".{key}" if key else ""))
            raise ConfigError(
                f"{name}:{line_of(at)}: {problem}",
                hint="https://appriseit.com lists the addresses of every service"
                if key == "url"
                else None,
            )
        names.add(channel.name or "")


def _hint(problem: str, path: str, node: yaml.Node) -> str | None:
    """Say what often stands behind a name that is no text: quotes that are missing."""
    is_name = problem.startswith("Expected `str`, got") and _meaning(path) is None
    if not (is_name and isinstance(node, yaml.ScalarNode)):
        return None
    if node.value:
        return f'write it in quotes if it is a name: "{written(node)}"'
    return "`#` begins a comment: write a hashtag in quotes"


def _wanted(problem: str) -> str:
    """Say what msgspec expected, without what it got: that is shown as written in the file.

    >>> _wanted("Expected `float`, got `str`")
    '`float`'
    >>> _wanted("Object missing required field `name`")
    'an object with the key `name`'
    """
    if missing := re.fullmatch(r"Object missing required field (`.*`)", problem):
        return f"an object with the key {missing[1]}"
    return problem.removeprefix("Expected ").partition(", got ")[0]
