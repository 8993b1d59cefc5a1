"""`uproar.yaml`: what is tracked, with which rules and thresholds. Pure: text in, `Config` out."""

import difflib
import re
from collections.abc import Iterator
from typing import Annotated

import msgspec
import yaml

from uproar.errors import ConfigError

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
EntityId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Duration = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,5}(s|m|h|d)$")]
VariableName = Annotated[str, msgspec.Meta(pattern=r"^[A-Z][A-Z0-9_]*$")]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file in which a misspelt key is an error."""


class Rate(_Strict, frozen=True):
    """More than `above` of something in any stretch of length `per`."""

    above: Annotated[float, msgspec.Meta(ge=0)]
    per: Duration


class ShareAbove(_Strict, frozen=True):
    """A share over `above` in a stretch that holds `at_least` posts."""

    above: Share
    per: Duration
    at_least: Annotated[int, msgspec.Meta(ge=1)] = 30


class Spike(_Strict, frozen=True):
    """How readily a rise over the expected counts as a spike."""

    sensitivity: Annotated[str, msgspec.Meta(pattern="^(low|medium|high)$")] = "medium"


class Thresholds(_Strict, frozen=True):
    """When an entity's numbers deserve an alert."""

    volume: Rate | None = None
    spike: Spike | None = None
    calls_to_action: Rate | None = None
    negative_share: ShareAbove | None = None


class Entity(_Strict, frozen=True):
    """One organisation, product or person that is tracked.

    `aliases` are names, @handles, #hashtags and domains; without any, `name` is the only one.
    `context` are words that speak for this sense of the name and `exclude` phrases that speak
    against it. With `ambiguous`, a bare name counts only in its written case or beside a
    context word.
    """

    id: EntityId
    name: Text
    aliases: tuple[Text, ...] = ()
    context: tuple[Text, ...] = ()
    exclude: tuple[Text, ...] = ()
    ambiguous: bool = False
    thresholds: Thresholds = Thresholds()


class Bluesky(_Strict, frozen=True):
    """The Bluesky source; it needs no setting."""


class Mastodon(_Strict, frozen=True):
    """The Mastodon source: an instance, and the variable that holds the access token."""

    instance: Annotated[str, msgspec.Meta(pattern=r"^https://[^/]+/?$")]
    token_env: VariableName = "MASTODON_TOKEN"  # noqa: S105 - a name


class Sources(_Strict, frozen=True):
    """Which live sources to read."""

    bluesky: Bluesky | None = None
    mastodon: Mastodon | None = None


class Config(_Strict, frozen=True):
    """The whole file."""

    entities: Annotated[tuple[Entity, ...], msgspec.Meta(min_length=1, max_length=10_000)]
    sources: Sources = Sources()
    notify: tuple[Text, ...] = ()


def parse_config(text: str, name: str) -> Config:
    """Read the file's text; `name` is what errors call it.

    Raises ConfigError with file, line, what was wanted and what was found.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{where}: this is not YAML: {problem}") from error
    if node is None:
        raise ConfigError(
            f"{name}:1: wanted a list under `entities`, found an empty file",
            hint="`uproar init` writes a commented file to start from",
        )
    _refuse_repeated_keys(node, name)
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        raise _explained(str(error), node, name) from error
    _refuse_repeated_ids(config, node, name)
    return config


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`")
_STEP = re.compile(r"\.(?P<key>[A-Za-z_]\w*)|\[(?P<index>\d+)\]")


def _explained(message: str, node: yaml.Node, name: str) -> ConfigError:
    """Turn msgspec's message, which ends in a path, into one with a line."""
    problem, _, path = message.partition(" - at `$")
    at = _follow(node, path.rstrip("`"))
    unknown = _UNKNOWN.fullmatch(problem)
    if unknown is None:
        found = f", found `{at.value}`" if isinstance(at, yaml.ScalarNode) else ""
        return ConfigError(f"{name}:{_line(at)}: wanted {_wanted(problem)}{found}")
    field = unknown["field"]
    key = next((key for key, _ in _pairs(at) if key.value == field), at)
    close = difflib.get_close_matches(field, _known_fields(path), n=1)
    return ConfigError(
        f"{name}:{_line(key)}: no such key: `{field}`",
        hint=(
            f"did you mean `{close[0]}`?"
            if close
            else f"possible here: {', '.join(f'`{known}`' for known in _known_fields(path))}"
        ),
    )


def _known_fields(path: str) -> tuple[str, ...]:
    """Return the keys that the struct at a path of msgspec's (`.entities[0]`) may have."""
    known: type[msgspec.Struct] = Config
    for step in _STEP.finditer(path):
        if key := step["key"]:
            hints = {field.name: field.type for field in msgspec.structs.fields(known)}
            known = next(_structs_in(hints.get(key)), known)
    return known.__struct_fields__


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
            node = next((value for key, value in _pairs(node) if key.value == step["key"]), node)
    return node


def _pairs(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _refuse_repeated_keys(node: yaml.Node, name: str) -> None:
    seen: set[str] = set()
    for key, value in _pairs(node):
        if key.value in seen:
            raise ConfigError(f"{name}:{_line(key)}: `{key.value}` stands twice")
        seen.add(key.value)
        _refuse_repeated_keys(value, name)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item, name)


def _refuse_repeated_ids(config: Config, node: yaml.Node, name: str) -> None:
    seen: set[str] = set()
    for index, entity in enumerate(config.entities):
        if entity.id in seen:
            at = _follow(node, f".entities[{index}].id")
            raise ConfigError(
                f"{name}:{_line(at)}: two entities are called `{entity.id}`; wanted one of each id"
            )
        seen.add(entity.id)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


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
