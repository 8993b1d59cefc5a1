"""Where things stand in a YAML text, and how to change it there. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import yaml

from uproar.yaml_lines import pairs

Fields = Mapping[str, "str | Fields"]
"""By key, a value as it is to be written."""


class Span(NamedTuple):
    """Characters to be replaced, from `start` before `end`."""

    start: int
    end: int
    text: str


def applied(text: str, spans: Iterable[Span]) -> str:
    """Return the text with spans replaced; they do not overlap."""
    parts: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        parts += [text[at : span.start], span.text]
        at = span.end
    return "".join([*parts, text[at:]])


def following(node: yaml.Node, path: Sequence[str | int]) -> yaml.Node:
    """Return the node that keys and places lead to. Raises KeyError where there is none."""
    for step in path:
        if isinstance(step, int) and isinstance(node, yaml.SequenceNode):
            node = node.value[step]
        else:
            node = {key.value: value for key, value in pairs(node)}[step]
    return node


def textual_pairs(node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Return the pairs that stand in a mapping itself, not those that were merged into it."""
    return {
        key.value: (key, value)
        for key, value in pairs(node)
        if node.start_mark.index <= key.start_mark.index < node.end_mark.index
    }


def end_of(node: yaml.Node) -> int:
    """Return where a node's last character has been; blocks do not tell it themselves."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(node, yaml.MappingNode):
            key, last = max(textual_pairs(node).values(), key=lambda pair: pair[0].start_mark.index)
            if last.end_mark.index < key.end_mark.index:  # an alias: it stands elsewhere
                return int(key.end_mark.index)
        return max(end_of(last), int(last.start_mark.index))
    return int(node.end_mark.index)


def scalar(value: object) -> str:
    """Write a value as it may stand in flow and block alike.

    >>> scalar(50), scalar(0.8), scalar("5m"), scalar(["sat-sun", "22:00-06:00"])
    ('50', '0.8', '5m', '["sat-sun", "22:00-06:00"]')
    """
    if isinstance(value, list):
        return json.dumps(value)
    written = str(value)
    if isinstance(value, float) and "e" in written and "." not in written:
        return written.replace("e", ".0e")  # else YAML takes it for a word
    return written


def written_flow(fields: Fields) -> str:
    """Write a mapping in one line.

    >>> written_flow({"above": "50", "per": "1m"})
    '{above: 50, per: 1m}'
    """
    return "{" + _joined(fields) + "}"


def put(text: str, node: yaml.Node, fields: Fields, after: yaml.Node | None = None) -> Span:
    """Return what puts new keys at the end of a mapping, in its own style.

    `after` is the mapping's own key, behind which an empty one is written anew.
    """
    own = textual_pairs(node)
    if not own:
        start = after.end_mark.index if after else node.start_mark.index
        end = max(end_of(node), start)
        return Span(start, end, f": {written_flow(fields)}" if after else written_flow(fields))
    last = max(own.values(), key=lambda pair: pair[0].start_mark.index)
    end = max(end_of(last[1]), last[0].end_mark.index)
    if _is_flow(node):
        return Span(end, end, f", {_joined(fields)}")
    line_end = text.find("\n", end)
    indent = " " * last[0].start_mark.column
    lines = "".join(_lines(fields, indent))
    if line_end < 0:
        return Span(len(text), len(text), "\n" + lines)
    return Span(line_end + 1, line_end + 1, lines)


def removed(text: str, node: yaml.Node, name: str) -> Span:
    """Return what takes a key and its value out of a mapping, its line with it."""
    own = sorted(textual_pairs(node).values(), key=lambda pair: pair[0].start_mark.index)
    place = next(place for place, pair in enumerate(own) if pair[0].value == name)
    key, value = own[place]
    start, end = key.start_mark.index, max(end_of(value), key.end_mark.index)
    if len(own) == 1:
        return Span(start, end, "" if _is_flow(node) else "{}")
    following_key = own[place + 1][0] if place + 1 < len(own) else None
    if _is_flow(node):
        if following_key:
            return Span(start, following_key.start_mark.index, "")
        before = own[place - 1]
        return Span(max(end_of(before[1]), before[0].end_mark.index), end, "")
    line_start = text.rfind("\n", 0, start) + 1
    if text[line_start:start].strip() and following_key:  # behind the dash of a list
        return Span(start, following_key.start_mark.index, "")
    line_end = text.find("\n", end)
    return Span(line_start, len(text) if line_end < 0 else line_end + 1, "")


def _is_flow(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _joined(fields: Fields) -> str:
    return ", ".join(
        f"{name}: {value if isinstance(value, str) else written_flow(value)}"
        for name, value in fields.items()
    )


def _lines(fields: Fields, indent: str) -> Iterable[str]:
    for name, value in fields.items():
        if isinstance(value, str):
            yield f"{indent}{name}: {value}\n"
        else:
            yield f"{indent}{name}:\n"
            yield from _lines(value, indent + "  ")
