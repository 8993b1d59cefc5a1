"""Calls to action: what counts as right."""

from typing import Any

import pytest

from uproar.evaluation.calls import Example, Found, Other, Row, evaluate_calls
from uproar.evaluation.report import Outcome


def example(is_call: bool = True, **more: Any) -> Example:
    call = {"target": "Acme", "action": "shutdown", "direction": "against"} if is_call else {}
    given: dict[str, Any] = {"lang": "en", **call, **more}
    row = Row(text="t", is_call_to_action=is_call, **given)
    return Example("f:1", "t", row.lang, row)


def found(name: str | None = "Acme", action: str = "shutdown", way: str = "against") -> Found:
    return Found(action, way, frozenset((name,)) if name else frozenset())


def values(outcome: Outcome) -> dict[str, float | None]:
    return {name: figure.value for name, figure in outcome.overall.figures.items()}


def test_figures_are_those_of_the_counts() -> None:
    examples = [example()] * 4 + [example(is_call=False)] * 4
    calls = [found(), found(), found("Globex"), None, found(), None, None, None]
    assert values(evaluate_calls(examples, calls)) == {
        "precision": 0.75,
        "recall": 0.75,
        "f1": 0.75,
        "target_direction_f1": 0.5,
        "action_of_found": 1.0,
        "action_of_all": 0.75,
        "calls_per_1000": 500.0,
    }


@pytest.mark.parametrize("name", ["acme", "@Acme", "#ACME", "A c m e"])
def test_a_target_is_the_same_in_any_case_with_any_sign_and_space(name: str) -> None:
    assert values(evaluate_calls([example()], [found(name)]))["target_direction_f1"] == 1


@pytest.mark.parametrize("call", [found("Acme Corp"), found(None), found(way="for")])
def test_another_target_none_or_another_direction_is_wrong(call: Found) -> None:
    shown = values(evaluate_calls([example()], [call]))
    assert (shown["f1"], shown["target_direction_f1"]) == (1, 0)


def test_a_call_that_names_nobody_must_be_read_so() -> None:
    nobody = example(target=None)
    assert values(evaluate_calls([nobody], [found(None)]))["target_direction_f1"] == 1
    assert values(evaluate_calls([nobody], [found("Acme")]))["target_direction_f1"] == 0


def test_any_name_of_a_tracked_entity_is_its_name() -> None:
    call = Found("shutdown", "against", frozenset(("acme-inc", "Acme", "acme.example")))
    assert values(evaluate_calls([example()], [call]))["target_direction_f1"] == 1


def test_the_second_call_of_a_post_counts_with_its_own_direction_and_action() -> None:
    two = example(targets=(Other(target="Globex", action="support", direction="for"),))
    shown = values(evaluate_calls([two], [found("Globex", "support", "for")]))
    assert (shown["target_direction_f1"], shown["action_of_found"]) == (1, 1)
    assert values(evaluate_calls([two], [found("Globex")]))["target_direction_f1"] == 0


def test_an_action_that_is_accepted_as_well_is_right() -> None:
    either = example(also_accept=("boycott",))
    outcome = evaluate_calls([either], [found(action="boycott")])
    assert values(outcome)["action_of_found"] == 1
    assert outcome.misses == ()
    assert outcome.confusion
    assert outcome.confusion.wanted == outcome.confusion.found == ("shutdown",)


def test_posts_that_nobody_labelled_are_only_counted() -> None:
    outcome = evaluate_calls([Example("f:1", "t", "und", None)] * 4, [found(), None, None, None])
    assert values(outcome) == {"calls_per_1000": 250.0}
    assert (outcome.confusion, outcome.misses) == (None, ())
    assert outcome.by["found action"]["no call"].n == 3


def test_misses_say_what_was_wanted_and_found() -> None:
    outcome = evaluate_calls([example(id="a"), example(is_call=False, id=2)], [None, found(None)])
    assert [(miss.id, miss.wanted, miss.found) for miss in outcome.misses] == [
        ("a", "shutdown against Acme", "no call"),
        ("2", "no call", "shutdown against nobody named"),
    ]


def test_languages_and_traps_have_figures_of_their_own() -> None:
    examples = [example(lang="fr"), example(is_call=False, traps=("quote", "past"))]
    by = evaluate_calls(examples, [found(), found()]).by
    assert by["language"]["fr"].figures["f1"].value == 1
    assert by["trap"]["quote"].figures["accuracy"].value == 0
    assert list(by["trap"]) == ["past", "quote"]
