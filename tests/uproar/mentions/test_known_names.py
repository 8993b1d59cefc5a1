"""The library of well-known names is sound, and gives way to what is configured."""

import pytest

from uproar.config import Entity
from uproar.known_names import EVERY_LANGUAGE, known_name, known_names
from uproar.mentions import MentionMatcher


@pytest.mark.parametrize("name", known_names())
def test_an_entry_names_a_sector_and_no_word_that_it_does_not_know(name: str) -> None:
    known = known_name(name)
    assert known is not None
    assert known.sectors
    assert known.word <= {*EVERY_LANGUAGE, "tr"}
    assert known.article <= set(EVERY_LANGUAGE)
    assert all(len(word) > 1 for word in known.also)


def test_the_library_is_wide() -> None:
    assert len(known_names()) >= 500


def test_an_entity_with_rules_of_its_own_is_read_by_those_alone() -> None:
    own = MentionMatcher([Entity(id="apple", name="Apple", aliases=("Cupertino",))])
    assert own.find("my macbook died") == ()
    assert len(own.find("an apple a day")) == 1


def test_the_library_can_be_switched_off_and_asked_for() -> None:
    off = MentionMatcher([Entity(id="apple", name="Apple", known=False)])
    assert off.find("my macbook died") == ()
    asked = MentionMatcher(
        [Entity(id="apple", name="Apple", context=("tax",), exclude=("macbook",), known=True)]
    )
    assert [one.evidence for one in asked.find("my iphone died")] == ["iphone"]
    assert asked.find("my macbook died") == ()
    assert len(asked.find("the apple tax is back")) == 1


def test_a_name_is_known_by_its_longer_form_too() -> None:
    matcher = MentionMatcher([Entity(id="dal", name="Delta Air Lines")])
    assert [one.evidence for one in matcher.find("Delta lost my bag again")] == ["Delta"]


def test_an_explanation_says_what_spoke_for_and_against() -> None:
    matcher = MentionMatcher([Entity(id="delta", name="Delta")])
    (found,) = matcher.explain("our delta crew was late", "en")
    assert found.accepted
    assert "before `crew`" in found.rule
    (refused,) = matcher.explain("delta cases doubled", "en")
    assert not refused.accepted
    assert "beside `cases`" in refused.rule
