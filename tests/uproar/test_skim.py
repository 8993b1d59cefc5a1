"""A look at a text is enough only where it says what reading it in full would say."""

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ahocorasick_rs import AhoCorasick, Implementation
from hypothesis import example, given, settings
from hypothesis import strategies as st

import uproar.mentions
import uproar.text
from producers.formats.uproar_lines import parse
from producers.intake import Intake, Timed
from producers.parsed import Frame
from producers.plan import ReplayPlan
from uproar.absence import Absence
from uproar.aliases import fold
from uproar.config import Entity
from uproar.lookalikes import alike, decorated
from uproar.mentions import Mention, MentionMatcher
from uproar.pseudonym import Pseudonyms
from uproar.rewriting import marks
from uproar.skim import Skimmed, skim
from uproar.text import Cleaned, clean, clean_fully

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ENTITIES = [
    Entity(id="epik", name="Epik", aliases=("@EpikLLC", "epik.com", "#ShutDownEpik", "Epik Group")),
    Entity(id="delta", name="Delta", aliases=("Delta Air Lines",), context=("flight",)),
    Entity(id="citroen", name="Citroën", aliases=("Coca-Cola", "$CTR", "Ko")),
    Entity(id="yandex", name="Яндекс", aliases=("楽天", "가나", "ＡＢＣ", "x")),
]
MATCHER = MentionMatcher(ENTITIES)
ALIASES = [alias for entity in ENTITIES for alias in (entity.name, *entity.aliases)]

LATIN_ALIASES = ("epik", "delta air lines", "@epikllc", "epik.com", "coca-cola", "citroën", "pik")
ABSENCE = Absence(LATIN_ALIASES, Implementation.DFA)
SEARCH = AhoCorasick(LATIN_ALIASES).find_matches_as_indexes

FILLERS = (
    " ", "  ", "\t", "\n", "\r\n", "\r", "\r\x00\n", "\xa0", "\u3000", " and ", ", et l’été",
    "ещё ", "Привет ", "η Αθήνα ", "đến ", "मौसम ", "今日は", "가", "😂", "❤\ufe0f", "👍🏽", "…",
    "“", "`", "½", "&", "&amp;", "&am\u200bp;", ";", "<", ">", "<b>", "</p>", "＜b＞", "＆amp;",
    "&#69;", "\ud800", "e\u0301", "\u0301", "\u0301" * 9, "\u0301\u200b" * 6, "\u0323\u0301",
    "\u1100\u1161", "ｶﾞ", "\u0301\u0f73", "ŉ", "ª", "٣", "②", "ϲ", "🅰", "ɢ", "\U000e0067",
    "\u2028", "\x85", "ı", "İ", "ς",
)  # fmt: skip
WRITTEN_FOR = {"e": "е", "E": "Е", "a": "а", "A": "Α", "o": "ο", "i": "і", "p": "р", "C": "С"}


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """One alias, letter by letter in other case, look-alike, marked, wide, or as an entity."""
    made = ""
    for letter in draw(st.sampled_from(ALIASES)):
        way = draw(st.integers(0, 20))
        wide = chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter
        made += {
            0: letter.swapcase(),
            1: WRITTEN_FOR.get(letter, letter),
            2: f"{letter}\u200b",
            3: f"&#{ord(letter)};",
            4: wide,
            5: f"{letter}\u0301",
            6: f"<b>{letter}</b>",
            7: unicodedata.normalize("NFD", letter),
            8: f"{letter}\xad",
            9: f"&#x{ord(letter):x};",
        }.get(way, letter)
    return made


any_text = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.one_of(st.sampled_from(FILLERS), disguised()), max_size=8).map("".join),
    st.lists(
        st.sampled_from([*alike(), *decorated(), *sorted(marks().joining), *"Epik 1_٣é"]),
        max_size=8,
    ).map("".join),
)


def spans(cleaned: Cleaned) -> list[tuple[int, int]]:
    places = range(len(cleaned.text) + 1)
    return [cleaned.original_span(start, end) for start in places for end in places if end >= start]


def read_in_full(text: str) -> tuple[Mention, ...]:
    def look(_: str) -> Skimmed | None:
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uproar.mentions, "skim", look)
        patch.setattr(uproar.mentions, "clean", clean_fully)
        return MATCHER.find(text)


@settings(deadline=None, max_examples=400)
@given(any_text)
@example("a\r\x00\n")
@example("E\u200b\u0301pik")
def test_a_look_never_says_other_than_reading_in_full(text: str) -> None:
    skimmed = skim(text)
    full = clean_fully(text)
    assert skimmed is None or skimmed.text == full.text
    assert clean(text).text == full.text
    assert spans(clean(text)) == spans(full)


@settings(deadline=None, max_examples=400)
@given(any_text)
def test_no_mention_is_lost_by_looking_first(text: str) -> None:
    assert MATCHER.find(text) == read_in_full(text)


@settings(deadline=None)
@given(any_text.filter(lambda text: text.isprintable()))
def test_how_json_escapes_a_text_changes_nothing(text: str) -> None:
    kept = set()
    for escaped in (True, False):
        line = {"id": "1", "created_at": 1_610_962_200, "text": text}
        raw = json.dumps(line, ensure_ascii=escaped).encode().replace(b"/", b"\\/")
        plan = ReplayPlan(files=(Path("invented"),), run="r", names=Pseudonyms("an invented key!"))
        outcome = Intake(plan, MATCHER).judge(Frame(1, raw, len(raw)), 0, parse(raw)[0], "a", NOW)
        assert isinstance(outcome, Timed)
        kept.add(outcome.record is not None)
    assert kept == {bool(text and read_in_full(text))}


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, a https://news.example/a?b=c&d=e and #tags @somebody",
        "Don’t “stop” — it’s 20 °C…\n\nvraiment ? déjà été à la plage",
        "Сегодня очень хорошая погода https://news.example/a #новости",
        "今日はとても天気がいい！？　本当に",
        "आज मौसम बहुत अच्छा है",
        "مرحبا بالعالم",
        "I ❤\ufe0f this 😂👍🏽",
        "a < b, a <3 and AT&T",
        "Hôm nay trời đẹp quá",
    ],
)
def test_a_look_is_enough_for_what_people_usually_write(text: str) -> None:
    assert skim(text) is not None


@pytest.mark.parametrize(
    "text", ["<b>E</b>pik", "&#69;pik", "Pаrler", "Boycott ᴇᴘɪᴋ", "e\u0301", "\ud800", "a&amp;b"]
)
def test_what_stands_together_is_left_to_reading_in_full(text: str) -> None:
    assert skim(text) is None


def test_every_character_alone_and_among_others_is_read_as_in_full() -> None:
    points = [*range(0x80, 0x3100), *range(0x3100, 0x110000, 61)]
    for text in (f"{chr(point)} я{chr(point)}k {chr(point)}e" for point in points):
        skimmed = skim(text)
        assert skimmed is None or skimmed.text == clean_fully(text).text, ascii(text)


def is_found_in_full(text: str) -> bool:
    return bool(SEARCH(fold(clean_fully(text).text), overlapping=True))


@settings(deadline=None, max_examples=800)
@given(any_text)
@example("e\u0301рік")
@example("e٣рік")
@example("\u0435\u200bpik")
@example("\u212bрік")
@example("ерік \u115f")
@example("E＜b＞pik")
@example("😂\ufe0fpik")
@example("❤\ufe0f\u200dpik")
def test_no_alias_is_called_absent_that_reading_in_full_finds(text: str) -> None:
    assert not (ABSENCE.is_certain(text) and is_found_in_full(text))


def test_no_character_makes_an_alias_absent_that_reading_in_full_finds() -> None:
    points = [*range(0x3100), *range(0x3100, 0x110000, 61), *map(ord, decorated())]
    frames = ("e{}pik", "{}рік", "e{}рік", "❤{}рік", "{}pi{}")
    texts = (frame.replace("{}", chr(point)) for point in points for frame in frames)
    lost = [text for text in texts if ABSENCE.is_certain(text) and is_found_in_full(text)]
    assert lost == []


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, a https://news.example/a?b=c&d=e and #tags @somebody",
        "Сегодня очень хорошая погода https://news.example/a #новости",
        "Où ça ? L’été, déjà… ❤\ufe0f 👍🏽",
        "今日はとても天気がいい！？",
        "आज मौसम बहुत अच्छा है",
    ],
)
def test_that_no_alias_stands_in_what_people_usually_write_is_certain(text: str) -> None:
    assert ABSENCE.is_certain(text)


def test_nothing_is_said_where_an_alias_has_no_plain_letter() -> None:
    assert not Absence(("epik", "яндекс"), None).is_certain("Rain again")


@settings(deadline=None)
@given(any_text)
def test_a_text_may_mention_what_is_found_in_it(text: str) -> None:
    assert MATCHER.may_mention(text) == bool(MATCHER.find(text))


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from([*ALIASES, *FILLERS, " flight "]), disguised())))
def test_the_places_of_a_text_are_those_that_are_explained(pieces: list[str]) -> None:
    text = "".join(pieces[:40])
    found = MATCHER.read(text, "en")
    accepted = [one for one in MATCHER.explain(text, "en") if one.accepted]
    assert found.mentions == MATCHER.find(text, "en")
    assert found.places() == {
        mention.entity: [(one.start, one.end) for one in accepted if one.entity == mention.entity]
        for mention in found.mentions
    }
