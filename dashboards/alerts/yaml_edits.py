"""Thresholds written into the text of uproar.yaml, everything else left as it stands. Pure.

Only what differs is touched, field by field, so comments, order and spacing stay. The outcome is
read again: what would not read as wanted is refused, not written.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import yaml

from dashboards.alerts.edits import differing_fields, value_of
from dashboards.alerts.thresholds import (
    SIGNALS,
    Threshold,
    fields_of,
    from_config,
    made,
    rule_of,
)
from dashboards.alerts.yaml_spans import (
    Span,
    applied,
    end_of,
    following,
    put,
    removed,
    scalar,
    textual_pairs,
    written_flow,
)
from uproar.config import Config, parse_config
from uproar.errors import ConfigError
from uproar.yaml_lines import line_of, read_yaml


class Rewritten(NamedTuple):
    """The file's new text, and the entities that it does not have, though they have thresholds."""

    text: str
    unknown: list[str]


def write_thresholds(text: str, name: str, wanted: Iterable[Threshold]) -> Rewritten:
    """Return the text with the wanted thresholds; `name` is what errors call the file.

    Raises ConfigError where the file has a mistake, or says thresholds by aliases (`*…`), which
    would change elsewhere, too.
    """
    asked = list(wanted)
    config = parse_config(text, name)
    known = {entity.id for entity in config.entities}
    asked_here = [one for one in asked if one.entity in known]
    goals = _goals(config, asked_here)
    if not goals:
        return Rewritten(text, sorted({one.entity for one in asked} - known))
    new, leftover = _put_all(text, name, config, goals)
    for path in leftover:
        new = _without(new, name, path)
    _prove(text, new, name, asked_here)
    return Rewritten(new, sorted({one.entity for one in asked} - known))


Goals = dict[int, dict[str, list[Threshold]]]
"""By the place of an entity and by signal, the thresholds that are to stand there."""
Path = tuple[str | int, ...]
"""The keys and places that lead to a value."""


def _goals(config: Config, wanted: Sequence[Threshold]) -> Goals:
    now, then = _by_signal(from_config(config)), _by_signal(wanted)
    goals: Goals = {}
    for place, entity in enumerate(config.entities):
        for signal in SIGNALS:
            one, other = now.get((entity.id, signal), []), then.get((entity.id, signal), [])
            if not _are_equal(one, other):
                goals.setdefault(place, {})[signal] = other
    return goals


def _put_all(text: str, name: str, config: Config, goals: Goals) -> tuple[str, list[Path]]:
    """Return the text with what is to be put in; and the paths that are to be removed yet."""
    root = _root(text, name)
    spans: list[Span] = []
    leftover: list[Path] = []
    for place, by_signal in goals.items():
        entity = following(root, ("entities", place))
        own = textual_pairs(entity).get("thresholds")
        fresh: dict[str, str] = {}
        for signal, thresholds in by_signal.items():
            path: Path = ("entities", place, "thresholds", signal)
            pair = textual_pairs(own[1]).get(signal) if own else None
            if pair is None:
                fresh[signal] = _flow_of(thresholds)
            elif not thresholds and getattr(config.thresholds, signal) is None:
                leftover.append(path)
            else:
                more, gone = _changed(text, name, pair, thresholds)
                spans += more
                leftover += [(*path, *rest) for rest in gone]
        if fresh and own is None:
            spans.append(put(text, entity, {"thresholds": fresh}))
        elif fresh and own is not None:
            spans.append(put(text, own[1], fresh, after=own[0]))
    return applied(text, spans), leftover


def _changed(
    text: str, name: str, pair: tuple[yaml.Node, yaml.Node], thresholds: Sequence[Threshold]
) -> tuple[list[Span], list[Path]]:
    """Return how a signal's thresholds change, field by field where they are the same ones."""
    key, value = pair
    if value.start_mark.index < key.end_mark.index:
        raise ConfigError(
            f"{name}:{line_of(key)}: this threshold is an alias of another, which would change too",
            hint="write it out in the file; `uproar alerts compare` shows what it should say",
        )
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    by_severity = {_severity(item): place for place, item in enumerate(items)}
    if isinstance(value, yaml.SequenceNode):
        are_same = sorted(by_severity) == sorted(one.severity for one in thresholds)
    else:
        are_same = len(thresholds) == 1 and isinstance(value, yaml.MappingNode)
    if not are_same:
        return [Span(key.end_mark.index, end_of(value), f": {_flow_of(thresholds)}")], []
    spans: list[Span] = []
    gone: list[Path] = []
    for threshold in thresholds:
        place = by_severity.get(threshold.severity, 0)
        at: Path = (place,) if isinstance(value, yaml.SequenceNode) else ()
        more, without = _fields_changed(text, items[place], threshold)
        spans += more
        gone += [(*at, field) for field in without]
    return spans, gone


def _fields_changed(
    text: str, rule: yaml.Node, threshold: Threshold
) -> tuple[list[Span], list[str]]:
    now = _read_rule(rule, threshold)
    own = textual_pairs(rule)
    spans: list[Span] = []
    gone: list[str] = []
    fresh: dict[str, str] = {}
    for field in differing_fields(now, threshold):
        value = value_of(threshold, field)
        if field in own and value is None:
            gone.append(field)
        elif field in own:
            node = own[field][1]
            spans.append(Span(node.start_mark.index, end_of(node), scalar(value)))
        elif value is not None:
            fresh[field] = scalar(value)
    if fresh:
        spans.append(put(text, rule, fresh))
    return spans, gone


def _read_rule(rule: yaml.Node, like: Threshold) -> Threshold:
    loader = yaml.SafeLoader("")
    fields = loader.construct_mapping(cast("yaml.MappingNode", rule), deep=True)
    return made(like.entity, like.signal, rule_of(like.signal, cast("dict[str, object]", fields)))


def _severity(rule: yaml.Node) -> str:
    pair = textual_pairs(rule).get("severity")
    return str(pair[1].value) if pair else "warning"


def _without(text: str, name: str, path: Path) -> str:
    node = following(_root(text, name), path[:-1])
    return applied(text, [removed(text, node, str(path[-1]))])


def _root(text: str, name: str) -> yaml.Node:
    node = read_yaml(text, name).node
    if node is None:
        raise ConfigError(f"{name}:1: wanted a list under `entities`, found an empty file")
    return node


def _prove(text: str, new: str, name: str, wanted: Sequence[Threshold]) -> None:
    """Raise ConfigError where the new text says anything else than what is wanted."""
    hint = "write it by hand; `uproar alerts compare` shows what differs"
    try:
        before, after = parse_config(text, name), parse_config(new, name)
    except ConfigError as error:
        raise ConfigError(
            f"{name}: its thresholds are written in a way that cannot be changed here", hint=hint
        ) from error
    then, now = _by_signal(wanted), _by_signal(from_config(after))
    if _without_own(before) != _without_own(after) or any(
        not _are_equal(now.get(key, []), then.get(key, [])) for key in {*now, *then}
    ):
        raise ConfigError(
            f"{name}: its thresholds hang together by anchors, so that one cannot be changed alone",
            hint=hint,
        )


def _without_own(config: Config) -> list[object]:
    """Return all of a file but the thresholds of its entities."""
    entities = [
        {name: getattr(one, name) for name in one.__struct_fields__ if name != "thresholds"}
        for one in config.entities
    ]
    return [entities, config.thresholds, config.sources, config.notify, config.columns]


def _by_signal(thresholds: Iterable[Threshold]) -> dict[tuple[str, str], list[Threshold]]:
    found: dict[tuple[str, str], list[Threshold]] = {}
    for one in thresholds:
        found.setdefault((one.entity, one.signal), []).append(one)
    return {key: sorted(those, key=lambda one: one.severity) for key, those in found.items()}


def _are_equal(some: Sequence[Threshold], others: Sequence[Threshold]) -> bool:
    return len(some) == len(others) and not any(
        differing_fields(one, other) for one, other in zip(some, others, strict=True)
    )


def _flow_of(thresholds: Sequence[Threshold]) -> str:
    written = [
        written_flow({name: scalar(value) for name, value in fields_of(one).items()})
        for one in thresholds
    ]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"
