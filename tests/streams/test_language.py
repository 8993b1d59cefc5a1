"""Which language a post is in: the script, then the detector, weighed against what is declared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.language import OTHER, UNDETERMINED, detect_language
from streams.languages import languages, normal_code

SENTENCES = {
    "en": "The whole town is waiting for the bus that never comes on time",
    "fr": "Toute la ville attend le bus qui n'arrive jamais à l'heure",
    "de": "Die ganze Stadt wartet auf den Bus, der nie pünktlich kommt",
    "es": "Toda la ciudad espera el autobús que nunca llega a la hora",
    "pt": "A cidade inteira espera o ônibus que nunca chega na hora certa",
    "it": "Tutta la città aspetta l'autobus che non arriva mai in orario",
    "nl": "De hele stad wacht op de bus die nooit op tijd komt",
    "ru": "Весь город ждёт автобус, который никогда не приходит вовремя",
    "ja": "町のみんなが時間通りに来ないバスを待っている",
    "ar": "المدينة كلها تنتظر الحافلة التي لا تصل في موعدها أبدا",
    "ko": "온 도시가 제시간에 오지 않는 버스를 기다린다",
    "el": "Όλη η πόλη περιμένει το λεωφορείο που δεν έρχεται ποτέ στην ώρα του",
    "he": "כל העיר מחכה לאוטובוס שאף פעם לא מגיע בזמן",
    "th": "ทั้งเมืองกำลังรอรถเมล์ที่ไม่เคยมาตรงเวลา",
    "hi": "पूरा शहर उस बस का इंतज़ार कर रहा है जो कभी समय पर नहीं आती",
}


@pytest.mark.parametrize(("lang", "text"), SENTENCES.items())
def test_a_sentence_is_told_without_any_declaration(lang: str, text: str) -> None:
    assert detect_language(text, None) == lang


@pytest.mark.parametrize(("lang", "text"), SENTENCES.items())
def test_a_sentence_that_agrees_with_its_declaration_keeps_it(lang: str, text: str) -> None:
    assert detect_language(text, lang) == lang


@pytest.mark.parametrize("lang", sorted(set(SENTENCES) - {"en"}))
def test_a_client_that_declares_english_for_everything_is_not_believed(lang: str) -> None:
    assert detect_language(SENTENCES[lang], "en") == lang


def test_a_short_post_is_in_the_language_it_is_declared_in() -> None:
    assert detect_language("ok!", "de") == "de"
    assert detect_language("merci", "fr-CA") == "fr"


def test_without_letters_and_declaration_there_is_no_language() -> None:
    assert detect_language("42 🎉 !!!", None) == UNDETERMINED
    assert detect_language("", None) == UNDETERMINED
    assert detect_language("", "und") == UNDETERMINED


def test_a_script_that_is_not_known_is_another_language() -> None:
    assert detect_language("ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᎠᏓᏅᏖᏗ", None) == OTHER


@pytest.mark.parametrize(
    "noise", ["@someone @else ", "https://acme.example/en/the-and-you ", "RT "]
)
def test_handles_links_and_retweet_marks_have_no_language(noise: str) -> None:
    assert detect_language(3 * noise + SENTENCES["fr"], None) == "fr"


def test_a_hashtag_is_read_in_its_words() -> None:
    assert detect_language("#DieGanzeStadtWartetAufDenBusDerNiePünktlichKommt", None) == "de"


@given(st.text(), st.one_of(st.none(), st.text(max_size=6)))
def test_any_text_has_a_code_or_a_word_for_none(text: str, declared: str | None) -> None:
    found = detect_language(text, declared)
    assert found in languages().codes or found in (OTHER, UNDETERMINED)


@pytest.mark.parametrize("unit", ["shut ", "(((((", "@@@@@", "ß", "街", "#Tag"])
def test_a_hundred_thousand_characters_of_the_same_have_an_answer(unit: str) -> None:
    assert detect_language((unit * 100_000)[:100_000], None)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("en", "en"), ("EN-us", "en"), ("pt_BR", "pt"), (" de ", "de"), ("in", "id"), ("iw", "he"),
        ("eng", "en"), ("nb", "no"), ("zh-Hant", "zh"), ("ceb", "other"), ("und", None),
        ("zxx", None), ("", None), (None, None), ("??", None), ("english", None),
    ],
)  # fmt: skip
def test_a_declaration_comes_down_to_two_letters(declared: str | None, code: str | None) -> None:
    assert normal_code(declared) == code


def test_every_language_of_a_script_has_a_code() -> None:
    known = languages()
    assert all(set(script.langs) <= known.codes for script in known.scripts.values())
    assert set(known.replaced.values()) <= known.codes
    assert set(known.prior) <= known.codes


def test_no_replaced_or_absent_code_is_in_use() -> None:
    known = languages()
    assert not known.none & known.codes
