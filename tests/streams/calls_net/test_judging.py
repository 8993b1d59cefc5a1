import time

import pytest

from streams.calls_net import (
    LANGUAGES,
    THRESHOLD,
    Judgement,
    glance,
    glance_all,
    is_call_alone,
    judge,
)
from streams.calls_net.reading import readable, words

CALLS = [
    ("en", "Boycott Acme. Don't buy a thing from them until they pay."),
    ("en", "Everyone ring the council tomorrow and tell them to cancel the Brightwater contract"),
    ("fr", "N'achetez plus rien chez Acme tant qu'ils ne paient pas leurs salariés"),
    ("es", "No compren nada más en Acme hasta que paguen lo que deben"),
    ("de", "Boykottiert Acme! Kauft dort nichts mehr, bis die Löhne bezahlt sind"),
    ("pt", "Boicotem a Acme! Não comprem mais nada lá até pagarem os trabalhadores"),
]
ORDINARY = [
    ("en", "Acme opens a new shop in the old station, and the coffee is good"),
    ("en", "I had a lovely evening with my sister, we watched the match at home"),
    ("fr", "Le nouveau magasin Acme est ouvert depuis hier, le café y est bon"),
    ("es", "Ayer abrió la nueva tienda de Acme y el café está muy bueno"),
    ("de", "Acme hat gestern einen neuen Laden eröffnet, der Kaffee ist gut"),
    ("pt", "A nova loja da Acme abriu ontem e o café é muito bom"),
]


def judged(text: str, lang: str, *, found: float = 0.0, is_refused: bool = False) -> Judgement:
    glanced = glance(text, lang)
    assert glanced is not None
    return judge(glanced, found=found, is_refused=is_refused)


@pytest.mark.parametrize(("lang", "text"), CALLS)
def test_a_plain_call_is_told_from_all_ordinary_posts(lang: str, text: str) -> None:
    assert judged(text, lang).probability > max(judged(t, code).probability for code, t in ORDINARY)


@pytest.mark.parametrize(("lang", "text"), CALLS)
def test_a_plain_call_that_the_grammar_knows_is_reported(lang: str, text: str) -> None:
    assert judged(text, lang, found=0.9).probability >= THRESHOLD


@pytest.mark.parametrize(("lang", "text"), ORDINARY)
def test_an_ordinary_post_is_no_call(lang: str, text: str) -> None:
    assert judged(text, lang).probability < THRESHOLD


@pytest.mark.parametrize("lang", ["it", "nl", "und", ""])
def test_a_language_that_was_not_learned_is_never_judged(lang: str) -> None:
    assert lang not in LANGUAGES
    assert glance("Boycott Acme, everyone", lang) is None


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\n\t"])
def test_a_post_without_words_is_not_judged(text: str) -> None:
    assert glance(text, "en") is None


def test_the_same_post_is_judged_alike_whatever_was_read_before() -> None:
    first = judged(CALLS[0][1], "en")
    for lang, text in ORDINARY:
        judged(text, lang)
    assert judged(CALLS[0][1], "en") == first


def test_posts_read_together_have_the_logits_that_they_have_alone() -> None:
    posts = [(text, lang) for lang, text in CALLS + ORDINARY] + [("", "en"), ("Ciao", "it")]
    posts += [(" ".join(f"word{at}" for at in range(300)), "en"), ("!", "de")]
    for pack in (posts, posts[::-1], posts * 20):
        assert glance_all(pack) == [glance(*post) for post in pack]


def test_a_call_that_the_nets_alone_make_is_told_by_their_probability() -> None:
    for lang, text in CALLS + ORDINARY:
        glanced = glance(text, lang)
        assert glanced is not None
        assert is_call_alone(glanced) == (judge(glanced).probability >= THRESHOLD)


def test_a_finding_of_the_grammar_makes_a_call_more_probable() -> None:
    for lang, text in CALLS + ORDINARY:
        assert judged(text, lang, found=0.9).probability > judged(text, lang).probability


def test_what_the_grammar_refuses_is_less_probable() -> None:
    for lang, text in CALLS + ORDINARY:
        assert judged(text, lang, is_refused=True).probability < judged(text, lang).probability


def test_where_the_net_is_sure_of_no_call_nothing_else_need_be_asked() -> None:
    for lang, text in CALLS:
        glanced = glance(text, lang)
        assert glanced is not None
        assert not glanced.is_no_call


def test_the_shares_of_the_actions_are_a_distribution() -> None:
    for lang, text in CALLS:
        actions = judged(text, lang).actions
        assert len(actions) == 8
        assert sum(actions) == pytest.approx(1)


def test_who_is_mentioned_and_what_is_linked_changes_nothing() -> None:
    one = judged("@acme stop it https://example.com/a", "en")
    assert judged("@brightwater stop it https://example.org/b", "en") == one


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "@" * 50_000, "#A" * 25_000, "é_" * 25_000, "! a" * 20_000]
)
def test_no_post_takes_long(text: str) -> None:
    judged("warm", "en")
    start = time.process_time()
    judged(text, "en")
    assert time.process_time() - start < 0.25


def test_a_hashtag_is_read_as_its_words() -> None:
    assert words(readable("#BoycottAcme")) == ["#", "Boycott", "Acme"]


def test_reading_a_reading_changes_nothing() -> None:
    for _, text in CALLS + ORDINARY:
        assert readable(readable(text)) == readable(text)
