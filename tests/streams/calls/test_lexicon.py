"""Every lexicon file: it loads, and nothing in it is dead."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from streams.calls.conjugation import Mood, conjugate
from streams.calls.hashtags import TAGS_FILE, read_campaign
from streams.calls.lexicon import FOLDER, LANGUAGES, File, lexicon
from streams.calls.names import NameIndex
from streams.calls.phrases import expanded, spelt_in_haste
from streams.languages import languages

READERS = [*(FOLDER.parents[1] / "calls").glob("*.py"), FOLDER.parents[1] / "calls_to_action.py"]
SOURCE = "".join(path.read_text("utf-8") for path in READERS)
EACH = pytest.mark.parametrize("lang", sorted(LANGUAGES))


def written(lang: str) -> File:
    return msgspec.convert(yaml.safe_load((FOLDER / f"{lang}.yaml").read_text("utf-8")), File)


def verbs_of(file: File) -> list[tuple[str, ...]]:
    return [words for group in file.calls for words in expanded(group.verbs)]


@EACH
def test_a_lexicon_loads_and_has_phrases_leads_and_cues(lang: str) -> None:
    loaded = lexicon(lang)
    assert loaded.phrases
    assert loaded.leads
    assert loaded.cues


@EACH
def test_its_language_is_a_code_that_the_detector_can_give(lang: str) -> None:
    assert lang in languages().codes


@EACH
def test_every_action_has_words(lang: str) -> None:
    assert {group.action for group in written(lang).calls} == {
        "shutdown", "boycott", "contact", "protest", "petition", "legal", "support", "other",
    }  # fmt: skip


@EACH
def test_strengths_and_weights_are_shares(lang: str) -> None:
    file = written(lang)
    assert all(0 < group.strength <= 1 for group in file.calls)
    assert all(0 < lead.weight <= 1 for lead in file.leads)


@EACH
def test_every_cue_is_read_by_the_code(lang: str) -> None:
    assert [name for name in written(lang).cues if f'"{name}"' not in SOURCE] == []


@EACH
def test_every_group_of_words_is_used_and_every_used_one_is_there(lang: str) -> None:
    file = written(lang)
    text = " ".join(
        " ".join((group.verbs, group.imperatives, group.infinitives, group.participles))
        for group in file.calls
    )
    assert set(re.findall(r"<(\w+)>", text)) == set(file.groups)


@EACH
def test_every_irregular_verb_is_a_verb_of_some_phrase(lang: str) -> None:
    file = written(lang)
    verbs = {words[0].rpartition("|")[2] for words in verbs_of(file)}
    assert set(file.irregular) <= verbs


@EACH
def test_no_phrase_begins_with_a_gap(lang: str) -> None:
    assert [words for words in verbs_of(written(lang)) if words[0] == "_"] == []


@EACH
def test_every_mood_a_lead_names_exists(lang: str) -> None:
    moods = {mood for lead in written(lang).leads for mood in lead.mood.split()}
    assert moods <= {str(mood.name).lower() for mood in Mood}


@EACH
def test_who_a_lead_asks_is_one_of_those_the_code_knows(lang: str) -> None:
    asked = {lead.who for lead in written(lang).leads}
    assert asked <= {"all", "subject", "object", "passive", "wanted", "named", "clause"}


@pytest.mark.parametrize("path", sorted(FOLDER.parent.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_file_says_whose_it_is(path: Path) -> None:
    assert "Written for Uproar, Apache-2.0" in path.read_text("utf-8")


def hashtag_parts() -> list[tuple[str, str, dict[str, Any]]]:
    file = yaml.safe_load(TAGS_FILE.read_text("utf-8"))
    return [
        (side, part, entry)
        for side in ("first", "last")
        for entry in file[side]
        for part in entry["parts"].split()
    ]


@pytest.mark.parametrize(("side", "part", "entry"), hashtag_parts())
def test_every_part_of_a_campaign_tag_makes_one_with_a_tracked_name(
    side: str, part: str, entry: dict[str, Any]
) -> None:
    tag = f"{part}Zyxwvu" if side == "first" else f"Zyxwvu{part}"
    campaign = read_campaign(tag, NameIndex({"Zyxwvu": "zyxwvu"}))
    assert campaign is not None
    assert campaign.target == "zyxwvu"
    assert campaign.direction == entry["direction"]


def test_a_verb_without_rules_is_its_own_infinitive() -> None:
    assert conjugate("fix", {}, {}) == {"fix": Mood.INFINITIVE}


@EACH
def test_a_verb_is_also_known_without_its_accents(lang: str) -> None:
    phrases = lexicon(lang).phrases
    hurried = [plain for word in phrases if len(word) > 3 for plain in spelt_in_haste(word)]
    assert set(hurried) <= set(phrases)
