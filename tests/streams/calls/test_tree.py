"""The tree of phrases: what is shared, and that it says the same as branches of one's own."""

from streams.calls.lexicon import LANGUAGES, Group, lexicon
from streams.calls.tree import Meaning, Node, grow

GROUP = Group(action="shutdown", kind="halt", strength=0.9)
CLOSE = Meaning(1, GROUP)
OTHER = Meaning(2, GROUP)


def ways(node: Node) -> set[tuple[str, ...]]:
    """Return all ways that lead to a meaning from a node."""
    found: set[tuple[str, ...]] = {()} if node.meanings else set()
    steps = [*node.words.items(), *((f"<{name}>", to) for name, to in node.groups.items())]
    for word, behind in [*steps, *([("_", node.gap)] if node.gap else [])]:
        found |= {(word, *rest) for rest in ways(behind)}
    return found


def test_words_that_go_on_alike_share_what_is_behind_them() -> None:
    tree = grow(
        (verb, rest, CLOSE) for verb in ("shut", "shuts") for rest in (("down",), ("_", "down"))
    )
    assert tree["shut"] is tree["shuts"]
    assert ways(tree["shut"]) == {("down",), ("_", "down")}


def test_words_that_mean_something_else_share_nothing() -> None:
    tree = grow([("shut", ("down",), CLOSE), ("shuts", ("down",), OTHER)])
    assert tree["shut"].words["down"].meanings == (CLOSE,)
    assert tree["shuts"].words["down"].meanings == (OTHER,)


def test_a_way_with_two_meanings_has_both_in_the_order_they_came() -> None:
    tree = grow([("shut", (), OTHER), ("shut", (), CLOSE)])
    assert tree["shut"].meanings == (OTHER, CLOSE)


def test_a_word_is_found_without_its_accents_unless_that_is_another_word() -> None:
    tree = grow([("fermé", ("été",), CLOSE), ("ferme", (), OTHER)])
    assert tree["ferme"].meanings == (OTHER,)
    assert set(tree["fermé"].words) == {"été"}, "shorter ones keep them"
    assert grow([("prohíban", (), CLOSE)])["prohiban"].meanings == (CLOSE,)


def test_a_group_and_a_gap_are_steps_of_their_own() -> None:
    tree = grow([("shut", ("_", "<them>", "down"), CLOSE)])
    assert ways(tree["shut"]) == {("_", "<them>", "down")}


def test_most_forms_of_every_language_share_a_branch() -> None:
    for lang in LANGUAGES:
        branches = lexicon(lang).phrases.values()
        assert len({id(branch) for branch in branches}) < 0.6 * len(branches)
