"""Dead letters that became records, and those of earlier readings, leave a run in balance."""

import pytest

from sinks.reconciliation import Balance, reconcile
from tests.sinks.test_reconciliation import BALANCED, with_


def of_producers(**held: int) -> Balance:
    kinds = {"letters": "dead", "letters read again": "again", "letters before": "before"}
    letters = {kind: {"replay": held.get(name, 0)} for kind, name in kinds.items()}
    facts = with_(held={**BALANCED.held, **letters})
    [balance] = [one for one in reconcile(facts) if one.place == "of producers"]
    return balance


@pytest.mark.parametrize(
    ("held", "gap"),
    [
        ({"dead": 1}, ""),
        ({"again": 1}, ""),
        ({"dead": 1, "before": 7}, ""),
        ({"before": 1}, "1 missing"),
        ({"dead": 1, "again": 1}, "1 too many"),
    ],
)
def test_letters_are_reported_and_stored_or_read_again(held: dict[str, int], gap: str) -> None:
    assert of_producers(**held).gap == gap


def test_a_letter_of_the_streams_that_was_read_again_is_not_missing() -> None:
    again = {"letters": {"replay": 1}, "letters read again": {"streams": 1}}
    facts = with_(held={**BALANCED.held, **again})
    [balance] = [one for one in reconcile(facts) if one.place == "of streams"]
    assert balance == Balance("dead_letters", "of streams", 1, {"stored": 0, "read again": 1})
