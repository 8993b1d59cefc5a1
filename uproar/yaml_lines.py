"""YAML with its lines: a text in; plain data and the nodes it was made of out. Pure.

Anchors and aliases may be used, as far as the values they stand for stay countable. Refused are
keys that stand twice, keys that are no words, and values that hold themselves.
"""

import re
from typing import Any, NamedTuple

import yaml

from uproar.errors import ConfigError

_MOST_VALUES = 1_000_000
"""Values of a file with each alias written out: more than 10,000 entities with rules need."""

_UNSTARTABLE = re.compile(r"character '(?P<character>\\?.)' that cannot start")
_BARE_HASHTAG = re.compile(r"[\[,][ \t]*#\w")
_OPENINGS = ("while parsing a flow", "while scanning a quoted scalar")
_KEYS_SHOWN = 6
_SHOWN_CHARACTERS = 80
_KEY_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")


class Located(NamedTuple):
    """What a file says, and where; `node` is None where it says nothing."""

    data: Any
    node: yaml.Node | None


class _Loader(yaml.SafeLoader):
    """Tells the line also of a value that its own tag cannot read, as in `!!int many`."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise yaml.constructor.ConstructorError(
                None, None, f"{shown(node)} cannot be read as {_tag_name(node)}", node.start_mark
            ) from error


def read_yaml(text: str, name: str) -> Located:
    """Read a text; `name` is what errors call it. Raises ConfigError with file and line."""
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Located(None, None)
        _weigh(node, {}, name)
        _refuse_strange_keys(node, set(), name)
        data = loader.construct_document(node)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise ConfigError(
            f"{name}:{line}: this is not YAML: found the character U+{int(error.character):04X}"
        ) from error
    except yaml.MarkedYAMLError as error:
        is_unclosed = (error.context or "").startswith(
            _OPENINGS
        )  # it began there, and ends nowhere
        mark = (is_unclosed and error.context_mark) or error.problem_mark or error.context_mark
        problem = error.problem or "it breaks off"
        where = f"{name}:{mark.line + 1}" if mark else name
        raise ConfigError(
            f"{where}: this is not YAML: {problem}", hint=_hint(problem, text)
        ) from error
    except RecursionError as error:
        line = loader.line + 1 if loader else 1
        raise ConfigError(f"{name}:{line}: this is nested too deeply to be meant") from error
    return Located(data, node)


def pairs(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the keys and values of a mapping; none of any other node."""
    return node.value if isinstance(node, yaml.MappingNode) else []


def line_of(node: yaml.Node) -> int:
    """Return the line that a node begins in, from 1."""
    return int(node.start_mark.line) + 1


def written(node: yaml.Node) -> str:
    """Return a value as it stands in the file, in one line; "" for a list or an object."""
    if not isinstance(node, yaml.ScalarNode):
        return ""
    line = " ".join(str(node.value).split())
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}…"


def shown(node: yaml.Node) -> str:
    """Say in a few words what a node is, for what stands behind "found" in a message."""
    if isinstance(node, yaml.ScalarNode):
        return f"`{written(node)}`" if node.value else "nothing"
    if isinstance(node, yaml.SequenceNode):
        return "a list" if node.value else "an empty list"
    keys = [f"`{written(key)}`" for key, _ in pairs(node)]
    more = ", …" if len(keys) > _KEYS_SHOWN else ""
    return f"the keys {', '.join(keys[:_KEYS_SHOWN])}{more}" if keys else "no keys"


def _hint(problem: str, text: str) -> str | None:
    if (found := _UNSTARTABLE.search(problem)) is None:
        return (
            "`#` begins a comment: write a hashtag in quotes"
            if _BARE_HASHTAG.search(text)
            else None
        )
    if found["character"] == r"\t":
        return "indent with spaces: YAML allows no tab there"
    return f'write what begins with `{found["character"]}` in quotes: "{found["character"]}…"'


def _tag_name(node: yaml.Node) -> str:
    return f"`!!{str(node.tag).rpartition(':')[2]}`"


def _weigh(node: yaml.Node, known: dict[int, int], name: str) -> int:
    """Count the values below a node as they would be with each alias written out."""
    weight = known.get(id(node))
    if weight == 0:
        raise ConfigError(f"{name}:{line_of(node)}: an anchor stands for something that holds it")
    if weight is None:
        known[id(node)] = 0  # under way
        weight = 1 + sum(_weigh(part, known, name) for part in _parts(node))
        if weight > _MOST_VALUES:
            raise ConfigError(
                f"{name}:{line_of(node)}: wanted at most {_MOST_VALUES:,} values, found more; "
                "each alias (`*…`) counts as what it stands for"
            )
        known[id(node)] = weight
    return weight


def _parts(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _refuse_strange_keys(node: yaml.Node, done: set[int], name: str) -> None:
    if id(node) in done:
        return
    done.add(id(node))
    seen: set[str] = set()
    for key, _ in pairs(node):
        if not isinstance(key, yaml.ScalarNode) or key.tag not in _KEY_TAGS:
            raise ConfigError(
                f"{name}:{line_of(key)}: wanted a word as key, found {shown(key)}",
                hint='a number, a date or `yes` can be a word, too: in quotes, "…"',
            )
        if key.value in seen:
            raise ConfigError(f"{name}:{line_of(key)}: `{written(key)}` stands twice")
        seen.add(key.value)
    for part in _parts(node):
        _refuse_strange_keys(part, done, name)
