"""Calls to action as a whole; the tables of posts are in tests/streams/calls."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.calls.grammar import LEAST, find_calls, surest
from streams.calls.lexicon import LANGUAGES
from streams.calls.screen import Screen
from streams.calls_to_action import (
    LONGEST_EVIDENCE,
    detect_all,
    detect_all_by_grammar,
    detect_calls_to_action,
    read,
)

ROOT = Path(__file__).parents[2]
NAMES = {"Acme": "acme", "@acme": "acme", "Globex": "globex", "#ShutDownAcme": "acme"}
LANGS = st.sampled_from([*sorted(LANGUAGES), "it", "ar", "und", "other", ""])
WORDS = st.sampled_from(
    [
        *(
            "shut",
            "down",
            "boycott",
            "please",
            "don't",
            "stop",
            "let's",
            "should",
            "be",
            "all",
            "we",
        ),
        *(
            "Acme",
            "@acme",
            "#BoycottAcme",
            "Globex",
            "the",
            "them",
            "it",
            "now",
            "if",
            "says",
            "why",
        ),
        *(
            "fermez",
            "pas",
            "boycottez",
            "il",
            "faut",
            "schaltet",
            "ab",
            "nicht",
            "kauft",
            "a",
            "que",
        ),
        *("no", "compren", "dejen", "de", "parem", "vamos", "?", "!", ".", ",", ":", "/", "s", "("),
        *('"', "\N{LEFT DOUBLE QUOTATION MARK}", "\N{HORIZONTAL ELLIPSIS}", "\N{ZERO WIDTH SPACE}"),
        *("\N{FACE WITH ROLLING EYES}", "&amp;", "<b>", "É", "ＢＯＹＣＯＴＴ"),
    ]
)
POSTS = st.one_of(st.text(), st.lists(WORDS, max_size=30).map(" ".join))

HOSTILE = [
    "shut ", "shut down ", "shut it ", "(((((", "@@@@@", "#####", "-", "+-", "a.", "...", '"',
    "@acme ", "#a", "#ShutDownAcme ", "ban ", "ban, ", "and ban ", "rt ", "boycott Acme ", "Acme ",
    "please don't ", "let's stop ", "if ", "says ", "é", "\N{ZERO WIDTH SPACE}", "&amp;", "<b>",
    "http://", "schaltet alles ", "sperrt nicht ", "no compren en ", "n'achetez ", "l'",
]  # fmt: skip


@settings(max_examples=300)
@given(POSTS, LANGS)
def test_no_text_in_no_language_makes_it_raise_and_evidence_is_quoted_from_the_post(
    text: str, lang: str
) -> None:
    for call in detect_calls_to_action(text, lang, NAMES):
        assert call.evidence
        assert call.evidence in text
        assert len(call.evidence) <= LONGEST_EVIDENCE
        assert LEAST <= call.confidence <= 1


@given(POSTS, LANGS)
def test_the_surest_call_comes_first_and_none_comes_twice(text: str, lang: str) -> None:
    calls = detect_calls_to_action(text, lang, NAMES)
    assert [call.confidence for call in calls] == sorted(
        (call.confidence for call in calls), reverse=True
    )
    assert len({(call.action, call.direction, call.target) for call in calls}) == len(calls)


@given(POSTS, LANGS)
def test_the_same_post_is_always_read_alike(text: str, lang: str) -> None:
    first = detect_calls_to_action(text, lang, NAMES)
    detect_calls_to_action("boycott Hooli", "en", {"Hooli": "hooli"})
    assert detect_calls_to_action(text, lang, dict(NAMES)) == first


@pytest.mark.parametrize("lang", ["en", "de"])  # verbs come first, and last
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hundred_thousand_characters_of_the_same_are_read_to_the_end(
    unit: str, lang: str
) -> None:
    text = (unit * 100_000)[:100_000]
    for call in detect_calls_to_action(text, lang, NAMES):
        assert call.evidence in text


@settings(max_examples=60)
@given(st.lists(st.tuples(POSTS, LANGS), max_size=6))
def test_a_post_in_a_pack_is_read_as_it_is_alone(posts: list[tuple[str, str]]) -> None:
    assert detect_all(posts, NAMES) == [detect_calls_to_action(*post, NAMES) for post in posts]


def labelled() -> list[tuple[str, str]]:
    """Return some of the labelled posts: calls and others, in five languages."""
    files = [*(ROOT / "training" / "calls").rglob("*.jsonl"), ROOT / "evaluation" / "calls.jsonl"]
    lines = [line for file in sorted(files) for line in file.read_text("utf-8").splitlines()]
    rows = map(json.loads, lines[::16])
    return [(row["text"], row.get("lang", "en")) for row in rows if "text" in row]


def test_what_no_word_of_a_post_can_lead_to_need_not_be_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posts = [(text + tag, lang) for text, lang in labelled() for tag in ("", " #news")]
    quickly = detect_all(posts, NAMES), detect_all_by_grammar(posts, NAMES)
    monkeypatch.setattr(Screen, "may_urge", lambda *_: True)
    assert (detect_all(posts, NAMES), detect_all_by_grammar(posts, NAMES)) == quickly


def test_packs_of_any_size_are_read_alike() -> None:
    posts = labelled()[:150]
    whole = detect_all(posts, NAMES)
    assert [
        calls for at in range(0, 150, 7) for calls in detect_all(posts[at : at + 7], NAMES)
    ] == (whole)
    assert detect_all([], NAMES) == []


@settings(max_examples=60)
@given(POSTS, LANGS)
def test_the_grammar_alone_quotes_the_post_too(text: str, lang: str) -> None:
    for call in detect_all_by_grammar([(text, lang)], NAMES)[0]:
        assert call.evidence
        assert call.evidence in text
        assert LEAST <= call.confidence <= 1


@pytest.mark.parametrize(
    ("text", "lang", "targets"),
    [
        ("Boycott Acme", "en", ["acme"]),
        ("B0ycott Acme", "en", ["acme"]),
        ("#BoycottAcme, says my neighbour's cat", "it", ["acme"]),
        ("Boykottiert Acme!", "hu", ["acme"]),
        ("I left Acme years ago", "en", []),
        ("They said boycott Acme", "en", []),
        ("", "en", []),
    ],
)
def test_the_grammar_finds_calls_without_any_net(text: str, lang: str, targets: list[str]) -> None:
    [calls] = detect_all_by_grammar([(text, lang)], NAMES)
    assert [call.target for call in calls] == targets


def test_a_call_says_who_is_asked_and_who_is_hit() -> None:
    [call] = detect_calls_to_action("Globex, drop Acme", "en", NAMES)
    assert (call.addressee, call.target) == ("globex", "acme")


def test_readers_who_are_asked_are_no_addressee_by_name() -> None:
    [call] = detect_calls_to_action("Everybody boycott Acme", "en", NAMES)
    assert call.addressee is None


def test_evidence_is_the_authors_writing_and_not_the_cleaned_text() -> None:
    text = "<p>Everybody, please: boy\N{SOFT HYPHEN}cott &#65;cme</p>"
    [call] = detect_calls_to_action(text, "en", NAMES)
    assert call.evidence == "boy\N{SOFT HYPHEN}cott &#65;cme"


def test_letters_that_look_alike_do_not_hide_a_call() -> None:
    text = "B\N{CYRILLIC SMALL LETTER O}ycott Acme"
    [call] = detect_calls_to_action(text, "en", NAMES)
    assert (call.action, call.target) == ("boycott", "acme")


def test_two_targets_are_two_calls() -> None:
    calls = detect_calls_to_action("Boycott Acme. Stand with Globex.", "en", NAMES)
    assert {(call.action, call.target, call.direction) for call in calls} == {
        ("boycott", "acme", "against"),
        ("support", "globex", "for"),
    }


def test_the_same_call_twice_is_reported_once_with_the_surer_evidence() -> None:
    calls = detect_calls_to_action("So, boycott Acme. #BoycottAcme", "en", NAMES)
    assert [call.evidence for call in calls] == ["#BoycottAcme"]


def test_a_tracked_name_makes_a_call_surer_than_an_unknown_one() -> None:
    [tracked] = detect_calls_to_action("Boycott Acme", "en", NAMES)
    [unknown] = detect_calls_to_action("Boycott Acme", "en", {})
    assert tracked.confidence >= unknown.confidence
    assert unknown.target == "Acme"


@pytest.mark.parametrize("lang", ["it", "nl", "tr", "und", "other", "zh"])
def test_without_a_lexicon_campaign_hashtags_are_still_read(lang: str) -> None:
    [call] = detect_calls_to_action("Boicottate Acme! #BoycottAcme", lang, NAMES)
    assert call.evidence == "#BoycottAcme"


@pytest.mark.parametrize(
    "text",
    [
        "@one @two @three @four please boycott Acme",
        "RT @one: boycott Acme",
        "🔥🔥 BOYCOTT ACME 🔥🔥",
        "Boycott   \n  Acme",
        "#news #retail boycott Acme",
    ],
)
def test_what_stands_around_a_call_does_not_hide_it(text: str) -> None:
    [call] = detect_calls_to_action(text, "en", NAMES)
    assert (call.action, call.target) == ("boycott", "acme")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Prohiban a Acme", "es"),
        ("Ciérrenla: Acme es una estafa", "es"),
        ("Facam boicote à Acme", "pt"),
        ("Loescht eure Acme-Konten", "de"),
        ("Resiliez vos abonnements Acme", "fr"),
    ],
)
def test_the_grammar_reads_hurried_and_full_spelling(text: str, lang: str) -> None:
    [call] = surest(find_calls(*read(text, lang, NAMES)))
    assert call.target == "acme"
    assert call.direction == "against"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Please boycott Acme", "en"),
        ("please, please shut down Acme", "en"),
        ("Do boycott Acme", "en"),
        ("S'il vous plaît boycottez Acme", "fr"),
        ("Bitte boykottiert Acme", "de"),
        ("Por favor boicoteen a Acme", "es"),
        ("Por favor boicotem a Acme", "pt"),
    ],
)
def test_politeness_does_not_turn_a_call_round(text: str, lang: str) -> None:
    assert [call.direction for call in detect_calls_to_action(text, lang, NAMES)] == ["against"]


@pytest.mark.parametrize(
    "text",
    [
        "@acme my bag is lost, please help",
        "Report: Acme grows",
        "Drop everything and watch the Acme launch",
        "Globex should buy Acme",
        "You don't need to leave Acme",
    ],
)
def test_a_name_that_is_not_the_verbs_object_makes_no_call_for_the_grammar(text: str) -> None:
    assert surest(find_calls(*read(text, "en", NAMES))) == []


def test_capitals_name_nobody_in_a_post_that_is_all_capitals() -> None:
    assert detect_calls_to_action("LEAVE THE DOOR OPEN", "en", {}) == ()
    assert detect_calls_to_action("please HELP NEEDED here", "en", {}) == ()


def test_names_added_to_a_mapping_are_known_from_the_next_call_on() -> None:
    names = {"Acme": "acme"}
    assert detect_calls_to_action("Boycott Hooli", "en", names)[0].target == "Hooli"
    names["Hooli"] = "hooli-inc"
    assert detect_calls_to_action("Boycott Hooli", "en", names)[0].target == "hooli-inc"


@pytest.mark.parametrize(
    ("text", "lang", "action"),
    [
        ("Boycott Acme!!!", "und", "boycott"),
        ("Sue Acme", "und", "legal"),
        ("Ban Acme", "fr", "shutdown"),
        ("Boycottons Acme !", "en", "boycott"),
        ("Fechem a Acme", "en", "shutdown"),
        ("No usen Acme", "en", "boycott"),
        ("Boykottiert Acme!", "hu", "boycott"),
    ],
)
def test_a_short_post_is_read_in_the_other_languages_too(text: str, lang: str, action: str) -> None:
    [call] = detect_calls_to_action(text, lang, NAMES)
    assert (call.action, call.target, call.direction) == (action, "acme", "against")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Why boycott Acme", "en"),
        ("Boycott Acme? No thanks", "en"),
        ("Acme ban lifted", "fr"),
        ("Ban", "und"),
        ("Acme Prime", "und"),
        ("They said boycott Acme and nobody around here did", "tr"),
    ],
)
def test_another_language_makes_no_call_of_what_the_posts_own_refuses(text: str, lang: str) -> None:
    assert detect_calls_to_action(text, lang, NAMES) == ()


@pytest.mark.parametrize(
    ("text", "lang", "addressee"),
    [
        ("Sorry but ICANN should shut down Acme", "en", "ICANN"),
        ("The European Commission must fine Acme", "en", "European Commission"),
        ("Dear Congress, regulate Acme", "en", "Congress"),
        ("@icann drop Acme", "en", "icann"),
        ("honestly everyone reading this should boycott Acme", "en", None),
        ("Left or right, boycott Acme", "en", None),
        ("Everyone should boycott Acme", "en", None),
        ("He should boycott Acme", "en", None),
        ("THEY SHOULD SHUT DOWN ACME", "en", None),
        ("On devrait interdire Acme", "fr", None),
        ("Man sollte Acme verbieten", "de", None),
        ("Die EU sollte Acme verbieten", "de", "EU"),
        ("Ellos deben boicotear a Acme", "es", None),
        ("Eles devem boicotar a Acme", "pt", None),
    ],
)
def test_who_is_asked_is_a_name_or_nobody(text: str, lang: str, addressee: str | None) -> None:
    [call] = detect_calls_to_action(text, lang, NAMES)
    assert (call.target, call.addressee) == ("acme", addressee)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Boycott everyone who attacks Acme", "en"),
        ("Boycott the enemies of Acme", "en"),
        ("Boycottez tous ceux qui attaquent Acme", "fr"),
        ("Boicoteen a los enemigos de Acme", "es"),
        ("Boykottiert die Feinde von Acme", "de"),
        ("Boicotem os inimigos da Acme", "pt"),
        ("Support Acme's rivals", "en"),
    ],
)
def test_for_the_grammar_a_call_at_somebodys_foes_is_none_at_them(text: str, lang: str) -> None:
    assert surest(find_calls(*read(text, lang, NAMES))) == []


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Boykottiert Acme nicht", "de"),
        ("Boycottez pas Acme", "fr"),
    ],
)
def test_evidence_includes_the_negation_behind_the_verb(text: str, lang: str) -> None:
    [call] = detect_calls_to_action(text + ", bitte", lang, NAMES)
    assert (call.direction, call.evidence) == ("for", text)
