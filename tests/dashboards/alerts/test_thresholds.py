"""Thresholds as data: what uproar.yaml says, what a command says, and mistakes in either."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.alerts.edits import (
    ATTRIBUTES,
    described,
    differing_fields,
    edited,
    possible_fields,
    read_words,
    value_of,
)
from dashboards.alerts.thresholds import (
    SHARES,
    SIGNALS,
    Threshold,
    fields_of,
    from_config,
    made,
    rule_of,
    seconds_of,
    written_duration,
)
from uproar.config import parse_config
from uproar.errors import InputError

DURATIONS = st.sampled_from(["30s", "90s", "1m", "15m", "2h", "1d", "7d", "3601s"])


@st.composite
def thresholds(draw: st.DrawFn, entity: str = "quill") -> Threshold:
    """Draw any threshold that a file could ask for."""
    signal = draw(st.sampled_from(SIGNALS))
    values = {
        "above": st.floats(0, 1, allow_subnormal=False)
        if signal in SHARES
        else st.one_of(st.integers(0, 10**9), st.floats(0, 1e6, allow_subnormal=False)),
        "per": DURATIONS,
        "at_least": st.integers(1, 10**6),
        "direction": st.sampled_from(["against", "for", "any"]),
        "sensitivity": st.sampled_from(["low", "medium", "high"]),
        "severity": st.sampled_from(["info", "warning", "critical"]),
        "for": DURATIONS,
        "cooldown": DURATIONS,
        "most_per_hour": st.integers(1, 1000),
        "mute": st.lists(st.sampled_from(["sat-sun", "22:00-06:00", "mon 10:00-11:00"])),
    }
    possible = possible_fields(signal)
    needed = set() if signal in ("spike", "new_term") else {"above", "per"}
    chosen = needed | draw(st.sets(st.sampled_from(possible)))
    fields: dict[str, object] = {name: draw(values[name]) for name in sorted(chosen)}
    return made(entity, signal, rule_of(signal, fields))


@settings(max_examples=40, deadline=None)
@given(thresholds())
def test_a_threshold_written_as_yaml_and_read_again_is_the_same(threshold: Threshold) -> None:
    again = made("quill", threshold.signal, rule_of(threshold.signal, fields_of(threshold)))
    assert again == threshold


@settings(max_examples=40, deadline=None)
@given(thresholds())
def test_a_threshold_in_fields_sets_the_same(threshold: Threshold) -> None:
    fields = {
        name: value
        for name in possible_fields(threshold.signal)
        if (found := value_of(threshold, name)) is not None
        for value in [",".join(found) if isinstance(found, list) else str(found)]
    }
    assert edited([], "quill", threshold.signal, fields) == (None, threshold)


def test_a_threshold_in_words_can_be_given_as_they_stand() -> None:
    words = described(Threshold(entity="quill", signal="volume", above=0.5, per_seconds=90))
    assert words == "above=0.5 per=90s"
    assert described(Threshold(entity="quill", signal="spike", sensitivity="low")) == (
        "sensitivity=low at_least=1"
    )


@given(st.integers(1, 999_999))
def test_a_duration_is_written_so_that_it_reads_the_same(seconds: int) -> None:
    assert seconds_of(written_duration(seconds)) == seconds


def test_every_field_of_the_file_has_a_place_in_a_threshold() -> None:
    for signal in SIGNALS:
        for field in possible_fields(signal):
            assert ATTRIBUTES[field] in Threshold.__struct_fields__


CONFIG = """
thresholds:
  volume: {above: 5, per: 1m}
  spike: [{sensitivity: low, severity: critical}, {sensitivity: high}]
entities:
  - {id: quill, name: Quill}
  - id: nimbus
    name: Nimbus
    thresholds:
      volume: {above: 9, per: 90s, for: 2m, cooldown: 1h, mute: [sat-sun]}
      spike: []
"""


def test_an_entity_has_its_own_thresholds_or_those_of_all() -> None:
    found = from_config(parse_config(CONFIG, "uproar.yaml"))
    assert [(one.entity, one.signal, one.severity, one.above) for one in found] == [
        ("quill", "volume", "warning", 5),
        ("quill", "spike", "critical", 0),
        ("quill", "spike", "warning", 0),
        ("nimbus", "volume", "warning", 9),
    ]
    nimbus = found[-1]
    assert (nimbus.per_seconds, nimbus.minutes, nimbus.for_seconds) == (90, 2, 120)
    assert (nimbus.cooldown_seconds, nimbus.mutes) == (3600, ("sat-sun",))


VOLUME = Threshold(entity="quill", signal="volume", above=50, per_seconds=60)
CRITICAL = msgspec.structs.replace(VOLUME, severity="critical", above=90)


def test_a_field_changes_alone_and_an_empty_one_is_as_usual_again() -> None:
    before, after = edited([VOLUME], "quill", "volume", {"above": "70", "for": "2m"})
    assert before == VOLUME
    assert after == msgspec.structs.replace(VOLUME, above=70, for_seconds=120)
    assert edited([after], "quill", "volume", {"for": ""})[1].for_seconds == 0


def test_another_severity_is_another_threshold() -> None:
    before, after = edited(
        [VOLUME], "quill", "volume", {"severity": "critical", "above": "90", "per": "1m"}
    )
    assert (before, after) == (None, CRITICAL)
    before, _ = edited([VOLUME, CRITICAL], "quill", "volume", {"severity": "warning", "above": "1"})
    assert before == VOLUME


@pytest.mark.parametrize(
    ("signal", "words", "message", "hint"),
    [
        ("volum", [], "no such signal: `volum`", "did you mean `volume`?"),
        ("volume", ["abov=3"], "`volume` has no field `abov`", "did you mean `above`?"),
        ("volume", ["abov="], "`volume` has no field `abov`", "did you mean `above`?"),
        ("volume", ["above"], "wanted a field and its value", "fields are `above`"),
        ("volume", ["above=1", "above=2"], "stands twice", None),
        ("volume", ["per=1m"], "a threshold of `volume` needs the field `above`", "`above=50`"),
        ("volume", ["above=x", "per=1m"], "`above`: wanted a number, found `x`", None),
        ("volume", ["above=nan", "per=1m"], "`above`: wanted a number", None),
        ("volume", ["above=-1", "per=1m"], "`above`: wanted a number >= 0", None),
        ("volume", ["above=1", "per=5"], "`per`: wanted a time with its unit", None),
        ("negative_share", ["above=80", "per=1m"], "`above`: wanted a share from 0 to 1", None),
        ("spike", ["sensitivity=loud"], "wanted `low`, `medium` or `high`, found `loud`", None),
        ("spike", ["above=3"], "`spike` has no field `above`", "possible here: `severity`"),
        ("spike", ["at_least=2.5"], "`at_least`: wanted a whole number, found `2.5`", None),
        ("spike", ["mute=never"], "`mute`: wanted a stretch in UTC", None),
        ("volume", ["severity=dire", "above=1", "per=1m"], "`severity`: wanted `info`", None),
    ],
)
def test_a_mistake_names_the_field_and_what_was_wanted(
    signal: str, words: list[str], message: str, hint: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        edited([], "quill", signal, read_words(words))
    assert message in str(caught.value)
    assert hint is None or hint in (caught.value.hint or "")


def test_where_there_are_several_severities_one_has_to_be_named() -> None:
    with pytest.raises(InputError) as caught:
        edited([VOLUME, CRITICAL], "quill", "volume", {"above": "3"})
    assert caught.value.hint == "say which: `severity=warning` or `severity=critical`"


def test_differing_fields_are_those_of_the_file() -> None:
    other = msgspec.structs.replace(VOLUME, above=51, mutes=("sat",))
    assert set(differing_fields(VOLUME, other)) == {"above", "mute"}
