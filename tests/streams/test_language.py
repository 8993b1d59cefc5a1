"""Which language a post is in: the script, then the detector, weighed against what is declared."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from streams import language as module
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

OTHERS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("plain_sentences.yaml").read_text("utf-8")
)
MAIN = ("en", "fr", "es", "de", "pt", "it", "ar", "hi")
HINDI = [
    "bhai yeh bus kabhi time pe nahi aati",
    "Sarkar ko kuch karna chahiye warna sab log gusse mein hain",
    "kya baat hai yaar, aaj toh maza aa gaya!!",
    "woh company bilkul bekar hai, mera paisa wapas nahi diya",
    "KOI BATAYE KI YE SITE KYU NAHI CHAL RAHI",
    "very bad service, do din se call kar raha hu koi uthata nahi",
    "tum log kab sudhroge",
    "mujhe lagta hai ki unko ab band kar dena chahiye",
]
LIKE_HINDI = [
    "the main hall is open to all, he is on his way to us",
    "hai visto che bella la casa?",
    "mana kamu, aku di pe ka lo jo terus ya",
    "To be or not to be, is it me or is it us",
    "Hum, do me a favor and ask jo about the par three",
    "main kar pe ja, mein Kind hat die Tage",
]


@pytest.mark.parametrize(("lang", "text"), SENTENCES.items())
def test_a_sentence_is_told_without_any_declaration(lang: str, text: str) -> None:
    assert detect_language(text, None) == lang


@pytest.mark.parametrize(("lang", "text"), SENTENCES.items())
def test_a_sentence_that_agrees_with_its_declaration_keeps_it(lang: str, text: str) -> None:
    assert detect_language(text, lang) == lang


@pytest.mark.parametrize("lang", sorted(set(SENTENCES) - {"en"}))
def test_a_client_that_declares_english_for_everything_is_not_believed(lang: str) -> None:
    assert detect_language(SENTENCES[lang], "en") == lang


@pytest.mark.parametrize("lang", OTHERS)
def test_fourteen_of_fifteen_plain_sentences_of_another_language_are_told(lang: str) -> None:
    found = [detect_language(text, None) for text in OTHERS[lang]]
    assert found.count(lang) >= 14 * len(found) / 15


def test_hardly_a_plain_sentence_of_another_language_is_taken_for_a_main_one() -> None:
    found = [detect_language(text, None) for texts in OTHERS.values() for text in texts]
    assert sum(lang in MAIN for lang in found) <= 0.01 * len(found)


@pytest.mark.parametrize("text", HINDI)
@pytest.mark.parametrize("declared", [None, "en", "hi"])
def test_hindi_in_latin_letters_is_hindi(text: str, declared: str | None) -> None:
    assert detect_language(text, declared) == "hi"


@pytest.mark.parametrize("text", LIKE_HINDI)
def test_words_that_hindi_shares_with_others_do_not_make_a_post_hindi(text: str) -> None:
    assert detect_language(text, None) != "hi"


def test_capitals_hide_no_language() -> None:
    assert detect_language("NÃO ACREDITO QUE ELE SAIU DO PROGRAMA #CozinhaBR", None) == "pt"
    assert detect_language("SCHLUSS DAMIT! ICH FAHRE NIE WIEDER MIT DER S-BAHN", None) == "de"


def test_a_few_words_of_every_day_show_their_language() -> None:
    assert detect_language("aww grazie mille ❤", None) == "it"
    assert detect_language("tá muito bom gente", None) == "pt"
    assert detect_language("nich schon wieder", None) == "de"


def test_what_is_declared_on_purpose_outweighs_a_guess_and_english_does_not() -> None:
    text = "Super Festival heute"
    assert detect_language(text, "nl") == "nl"
    assert detect_language(text, "en") == "de"


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
    assert set(known.lean) <= known.codes


def test_every_list_of_common_words_is_of_a_language_that_is_told() -> None:
    known = languages()
    told = {lang for script in known.scripts.values() for lang in script.langs}
    assert set(known.common.langs) <= told


def counted(words: str) -> dict[str, int]:
    """Count common words one by one."""
    langs, _, counts = languages().common
    found = dict.fromkeys(langs, 0)
    for word in set(re.findall(r"[^\W\d_]+", words.lower())):
        for place, lang in enumerate(langs):
            found[lang] += counts.get(word, 0) >> 8 * place & 1
    return found


def shown(found: dict[str, int], claimed: str | None) -> str:
    """Rank all languages by their words, as `_shown` does with the nearest alone."""
    found = {lang: count for lang, count in found.items() if count}
    hindi = found.get("hi", 0)
    if not found:
        return ""
    others = max((count for lang, count in found.items() if lang != "hi"), default=0)
    if hindi >= (1 if claimed == "hi" else 2) and hindi > others:
        return "hi"
    lean = languages().lean
    ranked = sorted((count + lean.get(lang, 0.0), lang) for lang, count in found.items())
    most, lang = ranked[-1]
    ahead = most - (ranked[-2][0] if len(ranked) > 1 else 0.0)
    doubt = 1 if claimed not in (None, "en", lang) else 0
    return lang if found[lang] >= 2 + doubt and ahead >= 2.0 + doubt else ""


COMMON = sorted(languages().common.counts)


@given(
    st.one_of(st.text(max_size=400), st.lists(st.sampled_from(COMMON), max_size=60).map(" ".join)),
    st.sampled_from([None, "en", "hi", "fr", "af", "other"]),
)
def test_common_words_show_what_counting_and_ranking_all_of_them_shows(
    words: str, claimed: str | None
) -> None:
    found = module._common_words(words)
    assert dict(zip(languages().common.langs, found, strict=True)) == counted(words)
    assert module._shown(found, claimed) == shown(counted(words), claimed)


@given(st.lists(st.integers(0, 12), min_size=36, max_size=36), st.sampled_from([None, "en", "hi"]))
def test_however_many_words_each_language_has_the_nearest_decide(
    counts: list[int], claimed: str | None
) -> None:
    langs = languages().common.langs
    found = bytes(counts[: len(langs)])
    assert module._shown(found, claimed) == shown(dict(zip(langs, found, strict=True)), claimed)


def test_no_text_of_as_many_characters_as_are_read_has_256_common_words_of_a_language() -> None:
    for place in range(len(languages().common.langs)):
        words = [word for word, each in languages().common.counts.items() if each >> 8 * place & 1]
        shortest = sorted(map(len, words))[:256]
        # Lower case is at most twice as long, and a blank stands between two words.
        assert len(shortest) < 256 or sum(shortest) + 255 > 2 * module._READ_CHARACTERS


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_counted_as_one_by_one(words: str) -> None:
    assert module._main_script(words) == ("latin", sum(map(str.isalpha, words)))


def test_no_replaced_or_absent_code_is_in_use() -> None:
    known = languages()
    assert not known.none & known.codes
