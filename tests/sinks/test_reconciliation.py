"""The sums of a run: what is balanced balances, and what is missing is named where it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from sinks.reconciliation import Balance, Facts, File, Life, Seen, Told, reconcile

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
LIFE = Life(
    source="replay:1", started_at=NOON, state="finished", read=12, kept=7, filtered=3, deletions=1,
    dead_letters=1, resume_position=0, resumed=0, sent=8, plan="p", position=12, is_finished=True,
)  # fmt: skip
SEEN = Seen(
    source="replay:1", started_at=NOON, stream="reactions", stage="streams", partition=0, packs=2,
    torn=0, read=8, failed=1, told=7, records=7, bad=0, new_posts=5, further=1, unmentioned=1,
    every_new_post=5, every_failed=1, repeats=3, packs_beyond=0,
)  # fmt: skip
FAILED = SEEN._replace(
    stream="dead-letters", packs=1, records=1, told=1, new_posts=0, further=0, unmentioned=0,
    every_new_post=0, every_failed=0, repeats=0,
)  # fmt: skip
LETTERS = FAILED._replace(stage="producer", read=0, failed=0)
BALANCED = Facts(
    files=[File("replay:1", 1, "a.jsonl", 12, 7, 3, 1, 1)],
    lives=[LIFE],
    told=[Told("replay:1", NOON, 0, 2, 8, 1, 1)],
    seen=[SEEN, FAILED, LETTERS],
    held={
        "states": {"0": 5},
        "rows told": {"epik": 4, "gab": 1},
        "rows": {"epik": 4, "gab": 1},
        "minutes": {"epik": 4, "gab": 1},
        "letters": {"replay": 1, "streams": 1},
    },
)


def with_(**changes: Any) -> Facts:
    return msgspec.structs.replace(BALANCED, **changes)


def gaps(facts: Facts) -> list[tuple[str, str]]:
    return [(balance.stage, balance.gap) for balance in reconcile(facts) if balance.gap]


def test_a_run_in_which_nothing_is_lost_is_in_balance_at_every_stage() -> None:
    balances = reconcile(BALANCED)
    assert not [balance for balance in balances if balance.gap]
    assert {balance.stage for balance in balances} == {
        "file", "producer", "producer, sent", "posts topic", "streams", "dead-letters topic",
        "sink", "post_states", "reactions", "dead_letters",
    }  # fmt: skip


def test_messages_that_came_twice_are_counted_and_no_gap() -> None:
    [hop] = [one for one in reconcile(BALANCED) if one.stage == "posts topic"]
    assert hop == Balance(
        "posts topic", "replay:1 2021-01-18 12:00:00, partition 0", 8,
        {"read": 8, "repeated messages": 3},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "stage", "gap"),
    [
        ({"files": [BALANCED.files[0]._replace(kept=6)]}, "file", "1 missing"),
        ({"lives": [LIFE._replace(filtered=4)]}, "producer", "1 too many"),
        ({"lives": [LIFE._replace(sent=9)]}, "producer, sent", "1 missing"),
        ({"told": [BALANCED.told[0]._replace(records=9)]}, "posts topic", "1 records missing"),
        (
            {
                "told": [BALANCED.told[0]._replace(packs=4)],
                "missing": {("replay:1", NOON, "reactions", 0): [2, 3]},
            },
            "posts topic",
            "2 of 4 packs missing: 2, 3",
        ),
        ({"seen": [FAILED, LETTERS]}, "posts topic", "2 of 2 packs missing"),
        ({"seen": [SEEN._replace(torn=1), FAILED, LETTERS]}, "posts topic", "1 packs lack a piece"),
        ({"seen": [SEEN._replace(records=6), FAILED, LETTERS]}, "streams", "1 missing"),
        ({"seen": [SEEN, LETTERS]}, "streams", "1 dead letters told, 0 of them arrived"),
        ({"seen": [SEEN, FAILED]}, "dead-letters topic", "1 of 1 packs missing"),
        ({"seen": [SEEN._replace(further=0), FAILED, LETTERS]}, "sink", "1 missing"),
    ],
)
def test_what_is_missing_on_a_hop_is_named_there(
    changes: dict[str, Any], stage: str, gap: str
) -> None:
    found = dict(gaps(with_(**changes)))
    assert gap in found[stage]


@pytest.mark.parametrize(
    ("kind", "held", "stage"),
    [
        ("states", {"0": 4}, "post_states"),
        ("states", {"0": 6}, "post_states"),
        ("rows", {"epik": 4}, "reactions"),
        ("minutes", {"epik": 5, "gab": 1}, "reactions"),
        ("letters", {"streams": 1}, "dead_letters"),
        ("letters", {"replay": 1}, "dead_letters"),
    ],
)
def test_tables_that_do_not_agree_with_the_ledger_are_named(
    kind: str, held: dict[str, int], stage: str
) -> None:
    assert [name for name, _ in gaps(with_(held={**BALANCED.held, kind: held}))] == [stage]


def test_a_life_that_goes_on_where_none_has_stored_is_a_gap() -> None:
    later = LIFE._replace(started_at=NOON + timedelta(hours=1), resume_position=5, sent=0)
    facts = with_(lives=[LIFE._replace(position=4, is_finished=False), later], files=[])
    assert ("producer", "no earlier life says that records 1 to 5 are stored") in gaps(facts)
    facts = with_(lives=[LIFE._replace(position=5, is_finished=False), later], files=[])
    assert not [gap for stage, gap in gaps(facts) if stage == "producer"]


def test_a_run_under_way_may_hold_more_than_its_ledger_but_never_less() -> None:
    moving = [LIFE._replace(state="running")]
    assert not gaps(with_(lives=moving, held={**BALANCED.held, "states": {"0": 9}}))
    assert gaps(with_(lives=moving, held={**BALANCED.held, "states": {"0": 4}}))


def test_letters_that_a_killed_life_of_a_live_source_left_behind_are_no_gap() -> None:
    killed = LIFE._replace(state="running", read=6, position=6, kept=4, filtered=1, deletions=0)
    later = NOON + timedelta(minutes=1)
    again = LIFE._replace(started_at=later, resume_position=6, state="finished")
    held = {**BALANCED.held, "letters": {"replay": 2, "streams": 1}}
    found = gaps(with_(lives=[killed, again], held=held, files=[]))
    assert not [one for one in found if one[0] == "dead_letters"]


def test_tables_are_not_compared_where_retention_has_begun_to_remove_rows() -> None:
    assert not gaps(with_(is_whole=False, held={**BALANCED.held, "states": {}, "rows": {}}))


def test_two_producers_of_one_run_are_told_apart() -> None:
    other = LIFE._replace(source="replay:2", read=3, kept=3, filtered=0, deletions=0, sent=0)
    assert ("producer", "1 too many") in gaps(with_(lives=[LIFE, other]))
