"""Each mistake in uproar.yaml is told with file, line, what was wanted and what was found."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uproar.config import Config, parse_config
from uproar.errors import ConfigError
from uproar.threshold_config import Rate, Spike

START = "entities:\n  - id: epik\n    name: Epik\n"


def mistake_in(text: str) -> tuple[str, str]:
    """Return the message and the hint about a text that has a mistake."""
    with pytest.raises(ConfigError) as refused:
        parse_config(text, "uproar.yaml")
    message = str(refused.value)
    assert "\n" not in message
    return message, refused.value.hint or ""


def test_the_file_that_init_writes_is_valid() -> None:
    text = (files("uproar") / "uproar.example.yaml").read_text("utf-8")
    config = parse_config(text, "uproar.example.yaml")
    epik = config.entities[0]
    assert (epik.id, epik.ambiguous) == ("epik", True)
    assert epik.thresholds.volume == Rate(above=50, per="1m")
    assert epik.thresholds.spike == Spike(sensitivity="medium")


@pytest.mark.parametrize("text", [START, "\ufeff" + START, START.replace("\n", "\r\n")])
def test_a_name_is_all_that_an_entity_needs(text: str) -> None:
    config = parse_config(text, "uproar.yaml")
    assert [(entity.id, entity.name) for entity in config.entities] == [("epik", "Epik")]


@pytest.mark.parametrize("text", ["", "  \n", "# nothing but a comment\n"])
def test_an_empty_file_is_told_how_to_begin(text: str) -> None:
    message, hint = mistake_in(text)
    assert message.startswith("uproar.yaml:1: wanted a list under `entities`, found an empty file")
    assert "uproar init" in hint


@pytest.mark.parametrize(
    ("text", "line", "key", "suggested"),
    [
        (START.replace("name", "nmae"), 3, "nmae", "name"),
        (START + "    alias: [a]\n", 4, "alias", "aliases"),
        (START + "    tresholds: {}\n", 4, "tresholds", "thresholds"),
        (START + "    thresholds:\n      volum: {above: 1, per: 1m}\n", 5, "volum", "volume"),
        (START + "    thresholds: {volume: {abov: 1, per: 1m}}\n", 4, "abov", "above"),
        (START + "sources:\n  blusky: {}\n", 5, "blusky", "bluesky"),
        (START + "notifiy: []\n", 4, "notifiy", "notify"),
    ],
)
def test_a_misspelt_key_gets_its_line_and_a_suggestion(
    text: str, line: int, key: str, suggested: str
) -> None:
    assert mistake_in(text) == (
        f"uproar.yaml:{line}: no such key: `{key}`",
        f"did you mean `{suggested}`?",
    )


def test_a_key_like_no_other_gets_a_list_of_those_there_are() -> None:
    message, hint = mistake_in(START + "    thresholds: {qqq: 1}\n")
    assert message == "uproar.yaml:4: no such key: `qqq`"
    assert hint == (
        "possible here: `volume`, `spike`, `calls_to_action`, `calls_share`, `negative_share`, "
        "`new_term`, `author_share`, `copies_share`"
    )


A_TIME = "a time with its unit, such as `30s`, `5m`, `1h` or `1d`"


@pytest.mark.parametrize(
    ("text", "line", "wanted", "found"),
    [
        ("entities: Epik\n", 1, "`array`", "`Epik`"),
        ("entities:\n", 1, "`array`", "nothing"),
        ("entities: []\n", 1, "`array` of length >= 1", "an empty list"),
        ("entities:\n  epik: {name: Epik}\n", 2, "`array`", "the keys `epik`"),
        ("- a\n- b\n", 1, "`object`", "a list"),
        ("Epik\n", 1, "`object`", "`Epik`"),
        ("notify: []\n", 1, "an object with the key `entities`", "the keys `notify`"),
        ("entities: [Epik]\n", 1, "`object`", "`Epik`"),
        ("entities:\n  - id: epik\n", 2, "an object with the key `name`", "the keys `id`"),
        (START + "    aliases: Epik\n", 4, "`array`", "`Epik`"),
        (START + "    aliases:\n      - a\n      - 7\n", 6, "`str`", "`7`"),
        (START + "    aliases: [Yes]\n", 4, "`str`", "`Yes`"),
        (START + "    ambiguous: 'yes'\n", 4, "`bool`", "`yes`"),
        (START + "    aliases: [{a: b}]\n", 4, "`str`", "the keys `a`"),
        (START.replace("epik", "Epik Inc."), 2, "an id of lower-case letters", "`Epik Inc.`"),
        (START.replace("epik", '"epik\\n"'), 2, "an id of lower-case letters", "`epik`"),
        (START + "    thresholds: {volume: 5}\n", 4, "`object | array | null`", "`5`"),
        (START + "    thresholds: {volume: {above: 5}}\n", 4, "an object with the key `per`", ""),
        (START + "    thresholds: {volume: {above: x, per: 1m}}\n", 4, "`float`", "`x`"),
        (START + "    thresholds: {volume: {above: -1, per: 1m}}\n", 4, "`float` >= 0.0", "`-1`"),
        (START + "    thresholds: {volume: {above: .nan, per: 1m}}\n", 4, "`float`", "`.nan`"),
        (START + "    thresholds: {volume: {above: .inf, per: 1m}}\n", 4, "`float`", "`.inf`"),
        (START + "    thresholds: {volume: {above: 5, per: 60}}\n", 4, A_TIME, "`60`"),
        (START + "    thresholds: {volume: {above: 5, per: a day}}\n", 4, A_TIME, "`a day`"),
        (START + "    thresholds: {spike: {sensitivity: x}}\n", 4, "`low`, `medium` or", "`x`"),
        (
            START + "    thresholds: {negative_share: {above: 2, per: 1h}}\n",
            4,
            "`float` <= 1.0",
            "`2`",
        ),
        (START + "sources: {bluesky: {url: a.example}}\n", 4, "the address of a WebS", "`a.exam"),
        (START + "sources: {bluesky: {version: v3}}\n", 4, "", "`v3`"),
        (START + "sources: {rss: {}}\n", 4, "an object with the key `feeds`", ""),
        (START + "sources: {rss: {feeds: [a.example]}}\n", 4, "", "`a.example`"),
        (START + "sources: {telegram: {channels: []}}\n", 4, "", ""),
        (START + "sources: {youtube: {units_a_day: 0}}\n", 4, "`int` >= 1", "`0`"),
        (START + "sources: {reddit: {every_seconds: 0}}\n", 4, "`float` >= 1", "`0`"),
        (START + "sources: {x: {token_env: my token}}\n", 4, "the name of a variable", "`my t"),
        (
            START + "sources: {mastodon: {instance: http://a.example}}\n",
            4,
            "the address of an instance, such as",
            "`http://a.example`",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_beside_the_right_kind(
    text: str, line: int, wanted: str, found: str
) -> None:
    message, _ = mistake_in(text)
    assert message.startswith(f"uproar.yaml:{line}: wanted {wanted}")
    assert f", found {found}" in message


def test_two_entities_of_one_id_are_told_where_the_second_stands() -> None:
    message, _ = mistake_in(START + "  - id: epik\n    name: Epik again\n")
    assert message.startswith("uproar.yaml:4: two entities are called `epik`")


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (START + "    name: Epik again\n", 4, "name"),
        (START + START, 4, "entities"),
        (START + "    thresholds:\n      spike: {}\n      spike: {}\n", 6, "spike"),
    ],
)
def test_a_key_that_stands_twice_is_no_way_to_say_two_things(
    text: str, line: int, key: str
) -> None:
    assert mistake_in(text)[0] == f"uproar.yaml:{line}: `{key}` stands twice"


@pytest.mark.parametrize("key", ["7", "yes", "2021-02-30", "null", "[a, b]", "{a: b}"])
def test_a_key_that_is_no_word_is_told_with_its_line(key: str) -> None:
    message, _ = mistake_in(START + f"? {key}\n: x\n")
    assert message.startswith("uproar.yaml:4: wanted a word as key, found ")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (START + "\taliases: [a]\n", 4, "spaces"),
        (START + "    aliases: [@epik]\n", 4, "in quotes"),
        (START + "    aliases: [Epik, #Epik]\n    ambiguous: true\n", 4, "hashtag"),
        (START + "   aliases: [a]\n", 4, ""),
        (START + "    aliases: [a\n", 4, ""),
        (START + "    aliases: [Epik, 'Epik High]\n    ambiguous: true\n", 4, ""),
        (START + "    aliases: *nobody\n", 4, ""),
        (START + "---\nmore: 1\n", 4, ""),
        (START + "    aliases: [!!python/name:os.system a]\n", 4, ""),
        (START + "    aliases: [\x00]\n", 4, ""),
        (START + "    ambiguous: !!bool perhaps\n", 4, ""),
        (START + "    name2: !!int many\n", 4, ""),
        (START + "    name2: !!timestamp never\n", 4, ""),
        (START + "    aliases: [2021-02-30]\n", 4, ""),
        (START + f"    name2: {'9' * 5000}\n", 4, ""),
        ("<html>: <b>\n\t<p>\n", 2, "spaces"),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int, hint: str) -> None:
    message, hinted = mistake_in(text)
    assert message.startswith(f"uproar.yaml:{line}: this is not YAML: ")
    assert hint in hinted


def test_a_hashtag_without_quotes_is_a_comment_and_the_hint_says_so() -> None:
    message, hint = mistake_in(START + "    aliases:\n      - #ShutDownEpik\n")
    assert message == "uproar.yaml:5: wanted `str`, found nothing"
    assert "hashtag in quotes" in hint


def test_rules_can_be_shared_by_an_anchor() -> None:
    config = parse_config(
        START
        + "    thresholds: &usual\n      volume: {above: 5, per: 1m}\n      spike: {}\n"
        + "  - id: gab\n    name: Gab\n    thresholds: *usual\n"
        + "  - id: parler\n    name: Parler\n"
        + "    thresholds: {<<: *usual, volume: {above: 9, per: 1m}}\n",
        "uproar.yaml",
    )
    epik, gab, parler = config.entities
    assert gab.thresholds == epik.thresholds
    assert parler.thresholds.volume == Rate(above=9, per="1m")
    assert parler.thresholds.spike == Spike()


def test_a_mistake_in_what_overrides_a_shared_rule_is_told_in_its_own_line() -> None:
    message, _ = mistake_in(
        START
        + "    thresholds: &usual {volume: {above: 5, per: 1m}}\n"
        + "  - id: gab\n    name: Gab\n    thresholds:\n      <<: *usual\n      volume: 7\n"
    )
    assert message == "uproar.yaml:9: wanted `object | array | null`, found `7`"


def bomb(first: str, link: str) -> str:
    """Return a file of 30 anchors, each of which holds the one before twice."""
    lines = [f"a0: &a0 {first}"]
    lines += [f"a{n}: &a{n} " + link.format(before=f"*a{n - 1}") for n in range(1, 31)]
    return "\n".join([*lines, START])


@pytest.mark.parametrize(
    "text",
    [
        bomb("[x]", "[{before}, {before}]"),
        bomb("{x: y}", "{{k: {before}, l: {before}}}"),
        bomb("{x: y}", "{{<<: [{before}, {before}]}}"),
    ],
)
def test_aliases_that_multiply_are_refused_before_they_fill_the_memory(text: str) -> None:
    assert "wanted at most 1,000,000 values, found more" in mistake_in(text)[0]


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a\n  b: *a\n", "a: &a {b: [{c: *a}]}\n"])
def test_a_value_that_holds_itself_is_refused(text: str) -> None:
    assert "an anchor stands for something that holds it" in mistake_in(text)[0]


@pytest.mark.parametrize("text", ["a: " + "[" * 5000, "- " * 5000, "{a: " * 5000])
def test_endless_nesting_is_refused(text: str) -> None:
    assert "nested too deeply" in mistake_in(text)[0]


lines = st.lists(
    st.sampled_from(
        [
            "entities:", "  - id: a", "    name: b", "    name: 7", "    aliases: [c, d]",
            "    aliases:", "      - e", "    thresholds: {volume: {above: 1, per: 1m}}",
            "    thresholds: &t {spike: {}}", "    thresholds: *t", "    <<: *t", "  - id: f",
            "  -", "  - []", "? x", ": y", "notify: [z]", "---", "...", "%YAML 1.1", "\t", "'", '"',
            "[", "]", "{", "}", "!!int 1_", "!!set {a}", "1: 2", "=", "|", ">-", "# c", "\x07",
        ]
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(lines, st.text(st.characters(exclude_categories=()))))
def test_any_text_is_a_configuration_or_one_mistake_with_its_line(text: str) -> None:
    try:
        assert isinstance(parse_config(text, "uproar.yaml"), Config)
    except ConfigError as error:
        assert str(error).startswith("uproar.yaml:")
        assert str(error).split(":")[1].isdigit()


MAP = START + "columns:\n  mydump: {text: body, created_at: date}\n"


def test_columns_are_saved_under_names() -> None:
    config = parse_config(MAP + "  other_2: {text: a, created_at: b, posted_on: forum}\n", "f")
    assert config.columns["mydump"].by_field() == {"text": "body", "created_at": "date"}
    assert config.columns["other_2"].posted_on == "forum"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (MAP.replace("created_at", "creatd_at"), 5, "no such key: `creatd_at`"),
        (MAP.replace("mydump", "My-Dump"), 5, "wanted a name of lower-case letters, digits"),
        (MAP.replace("body", "7"), 5, "wanted `str`, found `7`"),
        (MAP.replace("body", "date"), 5, "the column `date` stands twice in `mydump`"),
        (MAP.replace(", created_at: date", ""), 5, "wanted an object with the key `created_at`"),
        (
            MAP + "  my-dump:\n    text: a\n    created_at: b\n    mood: c\n",
            9,
            "no such key: `mood`",
        ),
        (MAP + "  a: body\n", 6, "wanted `object`, found `body`"),
        (START + "columns: []\n", 4, "wanted `object`, found an empty list"),
    ],
)
def test_a_mistake_in_saved_columns_is_told_with_its_line(text: str, line: int, told: str) -> None:
    message, _ = mistake_in(text)
    assert message.startswith(f"uproar.yaml:{line}: {told}")
