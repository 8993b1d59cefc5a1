"""Calls and traps in five languages, from tables of invented posts (cases/<language>.yaml)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.calls.lexicon import LANGUAGES
from streams.calls_to_action import detect_calls_to_action
from uproar.records import CallToAction

CASES = Path(__file__).parent / "cases"
NAMES = {"Acme": "acme", "@acme": "acme", "Globex": "globex", "Initech": "initech"}
TABLES: dict[str, Any] = {
    path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(CASES.glob("*.yaml"))
}
CALLS = [(lang, *case) for lang, table in TABLES.items() for case in table["calls"]]
UNTRACKED = [(lang, *case) for lang, table in TABLES.items() for case in table["untracked"]]
TRAPS = [
    (lang, kind, text)
    for lang, table in TABLES.items()
    for kind, texts in table["traps"].items()
    for text in texts
]


def surest(calls: tuple[CallToAction, ...]) -> tuple[object, ...]:
    """Return action, target and direction of the surest call."""
    return next(((call.action, call.target, call.direction) for call in calls), ())


def test_every_lexicon_has_its_cases() -> None:
    assert set(TABLES) == LANGUAGES


@pytest.mark.parametrize(("lang", "text", "action", "target", "direction"), CALLS)
def test_a_call_at_a_tracked_name_is_read_with_action_target_and_direction(
    lang: str, text: str, action: str, target: str, direction: str
) -> None:
    assert surest(detect_calls_to_action(text, lang, NAMES)) == (action, target, direction)


@pytest.mark.parametrize(("lang", "text", "action", "target"), UNTRACKED)
def test_a_call_is_read_where_nothing_is_tracked(
    lang: str, text: str, action: str, target: str | None
) -> None:
    assert surest(detect_calls_to_action(text, lang, {}))[:2] == (action, target)


@pytest.mark.parametrize("names", [NAMES, {}], ids=["tracked", "untracked"])
@pytest.mark.parametrize(("lang", "kind", "text"), TRAPS)
def test_what_is_no_call_is_not_taken_for_one(
    lang: str, kind: str, text: str, names: dict[str, str]
) -> None:
    assert detect_calls_to_action(text, lang, names) == (), kind
