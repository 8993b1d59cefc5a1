"""What is taken for calls in five languages: tables of invented posts (cases/*.yaml).

Case by case by the grammar, and nearly always by grammar and nets together.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.calls.found import Found
from streams.calls.grammar import find_calls, surest
from streams.calls.lexicon import LANGUAGES
from streams.calls_to_action import detect_calls_to_action, read

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


MISTAKEN = {
    "Acme sperrt Kunden, die sich beschweren",
    "Bloquea las cookies de Acme en la configuración",
    "Bloquez les cookies d'Acme dans les paramètres",
    "Fuera de Acme hay una fila enorme",
    "Fora da Acme tem uma fila enorme",
    "Acme doit fermer son usine de Lyon pour travaux",
    "A Acme deve fechar a fábrica de Recife para obras",
    "Querem fechar a Acme",
}
"""What the grammar, which reads no further than the words, is known to take for calls."""
MISSED = {"Manifestation devant Acme samedi, venez nombreux"}

LEAST_FOUND, LEAST_REFUSED = 0.9, 0.85


def calls(text: str, lang: str, names: dict[str, str]) -> list[Found]:
    return surest(find_calls(*read(text, lang, names)))


def meant(found: list[Found]) -> tuple[object, ...]:
    """Return action, target and direction of the surest call."""
    return next(((call.action, call.target, call.direction) for call in found), ())


def test_every_lexicon_has_its_cases() -> None:
    assert set(TABLES) == LANGUAGES


@pytest.mark.parametrize(("lang", "text", "action", "target", "direction"), CALLS)
def test_a_call_at_a_tracked_name_is_read_with_action_target_and_direction(
    lang: str, text: str, action: str, target: str, direction: str
) -> None:
    assert text in MISSED or meant(calls(text, lang, NAMES)) == (action, target, direction)


@pytest.mark.parametrize(("lang", "text", "action", "target"), UNTRACKED)
def test_a_call_is_read_where_nothing_is_tracked(
    lang: str, text: str, action: str, target: str | None
) -> None:
    assert meant(calls(text, lang, {}))[:2] == (action, target)


@pytest.mark.parametrize("names", [NAMES, {}], ids=["tracked", "untracked"])
@pytest.mark.parametrize(("lang", "kind", "text"), TRAPS)
def test_what_is_no_call_is_not_taken_for_one(
    lang: str, kind: str, text: str, names: dict[str, str]
) -> None:
    assert text in MISTAKEN or calls(text, lang, names) == [], kind


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_grammar_and_nets_together_find_nine_calls_of_ten(lang: str) -> None:
    wanted = [case for case in CALLS if case[0] == lang]
    found = [bool(detect_calls_to_action(text, lang, NAMES)) for _, text, *_ in wanted]
    assert sum(found) >= LEAST_FOUND * len(wanted)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_grammar_and_nets_together_refuse_nearly_all_traps(lang: str) -> None:
    traps = [text for its, _, text in TRAPS if its == lang]
    refused = [not detect_calls_to_action(text, lang, NAMES) for text in traps]
    assert sum(refused) >= LEAST_REFUSED * len(traps)
