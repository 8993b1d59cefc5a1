"""`uproar.yaml`: what is tracked, with which rules and thresholds. Pure: text in, `Config` out."""

import difflib
import re
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import yaml

from uproar.errors import ConfigError
from uproar.yaml_lines import line_of, pairs, read_yaml, shown, written

_ID = r"^[a-z0-9][a-z0-9_-]{0,62}\Z"
_DURATION = r"^[1-9][0-9]{0,5}(s|m|h|d)\Z"
_VARIABLE = r"^[A-Z][A-Z0-9_]*\Z"
_INSTANCE = r"^https://[^/\s]+/?\Z"
_SENSITIVITY = r"^(low|medium|high)\Z"

_MEANINGS = {
    _ID: "an id of lower-case letters, digits, `_` and `-`",
    _DURATION: "a time with its unit, such as `30s`, `5m`, `1h` or `1d`",
    _VARIABLE: "the name of a variable, such as `MASTODON_TOKEN`",
    _INSTANCE: "the address of an instance, such as `https://mastodon.social`",
    _SENSITIVITY: "`low`, `medium` or `high`",
}
"""What a pattern wants, in words."""

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
EntityId = Annotated[str, msgspec.Meta(pattern=_ID)]
Duration = Annotated[str, msgspec.Meta(pattern=_DURATION)]
VariableName = Annotated[str, msgspec.Meta(pattern=_VARIABLE)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e15)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file in which a misspelt key is an error."""


class Rate(_Strict, frozen=True):
    """More than `above` of something in any stretch of length `per`."""

    above: Amount
    per: Duration


class ShareAbove(_Strict, frozen=True):
    """A share over `above` in a stretch that holds `at_least` posts."""

    above: Share
    per: Duration
    at_least: Annotated[int, msgspec.Meta(ge=1)] = 30


class Spike(_Strict, frozen=True):
    """How readily a rise over the expected counts as a spike."""

    sensitivity: Annotated[str, msgspec.Meta(pattern=_SENSITIVITY)] = "medium"


class Thresholds(_Strict, frozen=True):
    """When an entity's numbers deserve an alert."""

    volume: Rate | None = None
    spike: Spike | None = None
    calls_to_action: Rate | None = None
    negative_share: ShareAbove | None = None


class Near(_Strict, frozen=True):
    """A name counts only where one of `words` stands at most `within` words from it."""

    words: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    within: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10


class Entity(_Strict, frozen=True):
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


class Bluesky(_Strict, frozen=True):
    """The Bluesky source; it needs no setting."""


class Mastodon(_Strict, frozen=True):
    """The Mastodon source: an instance, and the variable that holds the access token."""

    instance: Annotated[str, msgspec.Meta(pattern=_INSTANCE)]
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
    data, node = read_yaml(text, name)
    if node is None:
        raise ConfigError(
            f"{name}:1: wanted a list under `entities`, found an empty file",
            hint="`uproar init` writes a commented file to start from",
        )
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        raise _explained(str(error), node, name) from error
    _refuse_repeated_ids(config, node, name)
    return config


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<key>[A-Za-z_]\w*)|\[(?P<index>\d+)\]")


def _explained(message: str, node: yaml.Node, name: str) -> ConfigError:
    """Turn msgspec's message, which ends in a path, into one with a line."""
    problem, has_path, path = message.rpartition(" - at `$")
    if not has_path:
        problem, path = message, ""
    at = _follow(node, path.rstrip("`"))
    unknown = _UNKNOWN.fullmatch(problem)
    if unknown is None:
        return ConfigError(
            f"{name}:{line_of(at)}: wanted {_meaning(path) or _wanted(problem)}, found {shown(at)}",
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


def _known_fields(path: str) -> tuple[str, ...]:
    """Return the keys that the struct at a path of msgspec's (`.entities[0]`) may have."""
    return _types_along(path)[-1].__struct_fields__


def _types_along(path: str) -> list[type[msgspec.Struct]]:
    known: list[type[msgspec.Struct]] = [Config]
    for step in _STEP.finditer(path):
        if key := step["key"]:
            known.append(next(_structs_in(_hints(known[-1]).get(key)), known[-1]))
    return known


def _hints(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(struct)}


def _meaning(path: str) -> str | None:
    """Say in words what the pattern of the value at a path wants, if it has one."""
    parent, _, key = path.rstrip("`").rpartition(".")
    for meta in getattr(_hints(_types_along(parent)[-1]).get(key), "__metadata__", ()):
        if meta.pattern is not None:
            return _MEANINGS[meta.pattern]
    return None


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
