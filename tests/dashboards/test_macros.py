from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.macros import MacroError, Scope, expand, quote

NO_VALUES: dict[str, tuple[str, ...]] = {"run": (), "entity": (), "platform": (), "lang": ()}


def scope(**variables: tuple[str, ...]) -> Scope:
    return Scope(
        from_at=datetime(2021, 1, 10, tzinfo=UTC),
        to_at=datetime(2021, 1, 11, tzinfo=UTC),
        interval_seconds=300,
        variables=NO_VALUES | variables,
    )


@pytest.mark.parametrize(
    ("written", "expanded"),
    [
        (
            "$__timeFilter(m.at)",
            "m.at >= toDateTime(1610236800) AND m.at <= toDateTime(1610323200)",
        ),
        ("$__timeInterval(at)", "toStartOfInterval(toDateTime(at), INTERVAL 300 second)"),
        ("$__fromTime, $__toTime", "toDateTime(1610236800), toDateTime(1610323200)"),
        ("60 / $__interval_s", "60 / 300"),
        ("run = ${run:singlequote}", "run = 'live'"),
        ("$__conditionalAll(e IN (${entity:singlequote}), $entity)", "1=1"),
        ("$__conditionalAll(p IN (${platform:singlequote}), $platform)", "p IN ('a','b')"),
        ("$__conditionalAll(f(p, 1) = ${run:singlequote}, $run)", None),
    ],
)
def test_a_macro_expands_as_the_plugin_expands_it(written: str, expanded: str | None) -> None:
    asked = scope(run=("live",), platform=("a", "b"))
    assert expand(written, asked) == (expanded or "f(p, 1) = 'live'")


def test_a_variable_without_values_is_an_empty_literal_and_never_a_gap() -> None:
    assert expand("run = ${run:singlequote}", scope()) == "run = ''"


@pytest.mark.parametrize(
    "written",
    [
        "$__unknown(at)",
        "$__timeFilter()",
        "$__timeFilter(a, b)",
        "$__timeFilter(at) = $__timeFilter(at; DROP TABLE t)",
        "$__timeFilter(at",
        "$entity",
        "${entity}",
        "${entity:raw}",
        "${password:singlequote}",
        "$__conditionalAll(1=1)",
        "$__conditionalAll(1=1, ${entity:singlequote})",
        "$__conditionalAll(1=1, $password)",
    ],
)
def test_what_is_not_exactly_a_known_macro_is_refused(written: str) -> None:
    with pytest.raises(MacroError):
        expand(written, scope())


@pytest.mark.parametrize(
    "hostile",
    ["' OR 1=1 --", "\\' OR 1=1 --", "\\", "a\nb", "$__fromTime", "${run:singlequote}", "*/ ;"],
)
def test_a_hostile_value_stays_one_literal_and_is_not_expanded_again(hostile: str) -> None:
    expanded = expand(
        "e = ${entity:singlequote} AND r = ${run:singlequote}", scope(entity=(hostile,))
    )
    assert expanded == f"e = {quote(hostile)} AND r = ''"
    assert "\n" not in expanded


@given(st.text())
def test_a_quoted_value_ends_where_its_literal_ends(value: str) -> None:
    literal = quote(value)
    inside = literal[1:-1]
    position = 0
    while position < len(inside):
        assert inside[position] != "'", "an unescaped quote would end the literal"
        position += 2 if inside[position] == "\\" else 1
    assert position == len(inside), "a lone backslash would escape the closing quote"
