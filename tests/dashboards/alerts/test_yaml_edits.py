"""Thresholds written into uproar.yaml: what is wanted, and nothing else."""

import difflib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.alerts.thresholds import Threshold, from_config, made, rule_of
from dashboards.alerts.yaml_edits import write_thresholds
from tests.dashboards.alerts.test_thresholds import thresholds
from uproar.config import parse_config
from uproar.errors import ConfigError

FILE = """# what we watch
thresholds:
  volume: {above: 5, per: 1m}   # everyone
entities:
  - id: quill   # the first
    name: "Quill"
    thresholds:
      # the loud ones
      volume:
        above: 50     # was 40
        per: 60s
        for: 2m       # not every blip
        # the end of volume
      spike:
        - sensitivity: low   # calm down
          severity: critical
        - {sensitivity: high}
      # goodbye

  - {id: nimbus, name: Nimbus}
  - id: kestrel
    name: Kestrel
    thresholds: {}
notify: ["json://hooks.example"]  # where to
"""


def read(text: str) -> list[Threshold]:
    return list(from_config(parse_config(text, "uproar.yaml")))


def of(entity: str, signal: str, **fields: object) -> Threshold:
    return made(entity, signal, rule_of(signal, fields))


def changed_lines(wanted: list[Threshold], text: str = FILE) -> list[str]:
    """Write thresholds; return the lines that went and came, and check that they read as wanted."""
    new = write_thresholds(text, "uproar.yaml", wanted).text
    assert sorted(read(new), key=lambda one: one.key) == sorted(wanted, key=lambda one: one.key)
    assert write_thresholds(new, "uproar.yaml", wanted).text == new
    lines = difflib.unified_diff(text.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def test_what_is_so_already_stays_to_the_letter() -> None:
    assert changed_lines(read(FILE)) == []


def test_a_number_changes_in_its_place_and_its_comment_stays() -> None:
    first, *rest = read(FILE)
    assert changed_lines([msgspec.structs.replace(first, above=60.0), *rest]) == [
        "-        above: 50     # was 40",
        "+        above: 60     # was 40",
    ]


def test_a_field_comes_and_another_goes() -> None:
    first, *rest = read(FILE)
    wanted = msgspec.structs.replace(first, for_seconds=0, mutes=("sat-sun", "22:00-06:00"))
    assert changed_lines([wanted, *rest]) == [
        "-        for: 2m       # not every blip",
        '+        mute: ["sat-sun", "22:00-06:00"]',
    ]


def test_an_item_of_a_list_changes_by_its_severity() -> None:
    wanted = [
        msgspec.structs.replace(one, sensitivity="medium") if one.sensitivity == "low" else one
        for one in read(FILE)
    ]
    assert changed_lines(wanted) == [
        "-        - sensitivity: low   # calm down",
        "+        - sensitivity: medium   # calm down",
    ]


def test_thresholds_come_where_there_were_none_in_the_style_of_the_place() -> None:
    wanted = [
        *(one for one in read(FILE) if one.key != ("nimbus", "volume", "warning")),
        of("nimbus", "volume", above=7, per="2h"),
        of("kestrel", "spike"),
    ]
    assert changed_lines(wanted) == [
        "-  - {id: nimbus, name: Nimbus}",
        "+  - {id: nimbus, name: Nimbus, thresholds: {volume: {above: 7, per: 2h}}}",
        "-    thresholds: {}",
        "+    thresholds: {spike: {}}",
    ]


def test_what_is_removed_goes_with_its_line_and_what_all_have_is_taken_back() -> None:
    wanted = [one for one in read(FILE) if one.signal == "volume" and one.entity != "nimbus"]
    lines = changed_lines(wanted)
    assert "+  - {id: nimbus, name: Nimbus, thresholds: {volume: []}}" in lines
    assert "-      spike:" in lines
    assert not [line for line in lines if "# goodbye" in line or "# the loud ones" in line]


def test_an_entity_that_the_file_does_not_have_is_told() -> None:
    wanted = [*read(FILE), of("stranger", "spike")]
    assert write_thresholds(FILE, "uproar.yaml", wanted) == (FILE, ["stranger"])


def test_a_file_without_a_last_line_break_is_written_too() -> None:
    text = "entities:\n  - id: quill\n    name: Quill"
    new = write_thresholds(text, "uproar.yaml", [of("quill", "spike")]).text
    assert new == text + "\n    thresholds:\n      spike: {}\n"


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.sampled_from(["quill", "nimbus", "kestrel"]).flatmap(thresholds),
        max_size=8,
        unique_by=lambda one: one.key,
    )
)
def test_whatever_is_wanted_is_written_and_comments_beside_it_stay(wanted: list[Threshold]) -> None:
    changed_lines(wanted)
    new = write_thresholds(FILE, "uproar.yaml", wanted).text
    for comment in ("# what we watch", "# everyone", "# the first", "# goodbye", "# where to"):
        assert comment in new


ANCHORS = """entities:
  - id: quill
    name: Quill
    thresholds: &usual
      volume: &loud {above: 5, per: 1m}
  - id: nimbus
    name: Nimbus
    thresholds: *usual
  - id: kestrel
    name: Kestrel
    thresholds: {volume: *loud}
"""


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_hangs_together_by_anchors_is_refused_not_changed_elsewhere(place: int) -> None:
    wanted = read(ANCHORS)
    wanted[place] = msgspec.structs.replace(wanted[place], above=9.0)
    with pytest.raises(ConfigError) as caught:
        write_thresholds(ANCHORS, "uproar.yaml", wanted)
    assert "uproar alerts compare" in (caught.value.hint or "")
