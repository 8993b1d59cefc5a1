"""Which posts are about a tracked entity, and which rule says so. All texts are invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uproar.config import Entity
from uproar.mentions import MentionMatcher
from uproar.occurrences import Verdict

EPIK = Entity(
    id="epik",
    name="Epik",
    aliases=("Epik", "@EpikLLC", "epik.com", "#ShutDownEpik"),
    context=("domain", "registrar", "hosting", "Parler", "Gab", "Rob Monster"),
    exclude=("Epik High",),
    ambiguous=True,
)
PARLER = Entity(
    id="parler",
    name="Parler",
    aliases=("parler.com", "@parler_app"),
    context=("app", "Apple", "free speech", "Matze"),
    ambiguous=True,
)
GAB = Entity(id="gab", name="Gab", aliases=("gab.com",), context=("Torba",), ambiguous=True)
TARGET = Entity(
    id="target", name="Target", aliases=("@Target",), context=("store", "shopping"), ambiguous=True
)
DELTA = Entity(
    id="delta",
    name="Delta",
    aliases=("Delta Air Lines", "@Delta", "delta.com"),
    context=("flight", "airline"),
    exclude=("Delta variant",),
    ambiguous=True,
)
X = Entity(id="x", name="X", aliases=("@X", "x.com"), context=("Musk",), ambiguous=True)
APPLE = Entity(
    id="apple",
    name="Apple",
    aliases=("apple.com",),
    context=("iPhone", "App Store"),
    exclude=("apple pie",),
    ambiguous=True,
)
EVERYONE = MentionMatcher([EPIK, PARLER, GAB, TARGET, DELTA, X, APPLE])


PIECES = (
    "Epik", "epik", "EPIK", " High", "Delta", " Air Lines", "X", "x", "Apple", " pie", "Parler",
    "registrar", "#", "@", "@EpikLLC", "epik.com", "https://", "www.", "/", ".", "-", "_", " ",
    "\n", "<b>", "</b>", "&amp;", "&#69;", "\u200b", "а", "İ", "ß", "가", "の", "e\u0301", "\ud800",
    "'s",
)  # fmt: skip

any_text = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
)


def entities_in(text: str, lang: str | None = None) -> set[str]:
    return {mention.entity for mention in EVERYONE.find(text, lang)}


def verdicts_on(entity: str, text: str) -> list[Verdict]:
    return [verdict for verdict in EVERYONE.explain(text) if verdict.entity == entity]


@pytest.mark.parametrize(
    "text",
    [
        "Epik is their registrar now",
        "Shut down Epik",
        "Is Epik's board asleep?",
        "so epik hosting is what they chose",
        "EPIK, the registrar, must answer",
        "@EpikLLC do something",
        "@epikllc do something",
        "#ShutDownEpik",
        "#shutdownepik",
        "#BoycottEpik",
        "#epikfail",
        "look at epik.com",
        "look at EPIK.COM.",
        "look at www.epik.com/a/b?c=d#e",
        "https://dns.epik.com:8443/x",
        "the cover (https://epik.com) says",
        "E\u00adpik must go",
        "Shut down \u0415pik",
        "<p>Shut down <b>E</b>pik</p>",
    ],
)
def test_epik_is_found_by_name_handle_hashtag_host_and_through_disguise(text: str) -> None:
    assert entities_in(text) >= {"epik"}


@pytest.mark.parametrize(
    "text",
    [
        "that was epik",
        "EPIK WIN",
        "Epik High play tonight",
        "Epik  High play tonight",
        "Epik-High",
        "#EpikHigh",
        "epik high and their registrar",
        "Epikur wrote letters",
        "two epiks",
        "notEpik",
        "@EpikLLCs hello",
        "@NotEpikLLC hello",
        "notepik.com",
        "https://notepik.com/epik",
        "https://example.com/epik.com",
        "http://epik.com@evil.example/",
        "epik@example.com",
    ],
)
def test_what_only_looks_like_epik_is_not_found(text: str) -> None:
    assert "epik" not in entities_in(text)


def test_the_band_does_not_veto_the_company_that_stands_in_the_same_post() -> None:
    text = "Epik High are great, but Epik the registrar is not"
    assert [verdict.accepted for verdict in verdicts_on("epik", text)] == [False, True]


@pytest.mark.parametrize(
    ("text", "lang", "is_found"),
    [
        ("Parler is down again", "en", True),
        ("boycott parler, the app", "en", True),
        ("il faut parler du projet", "fr", False),
        ("il faut parler du projet", None, False),
        ("Parler de tout et de rien", "fr", False),
        ("On va parler de Parler", "fr", True),
        ("PARLER FORT", "fr", False),
    ],
)
def test_parler_the_company_is_told_from_the_french_verb(
    text: str, lang: str | None, is_found: bool
) -> None:
    assert ("parler" in entities_in(text, lang)) is is_found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They all moved to Gab", {"gab"}),
        ("she has the gift of gab", set()),
        ("Boycott Target", {"target"}),
        ("our target is clear", set()),
        ("shopping at target all day", {"target"}),
        ("Delta lost my bag", {"delta"}),
        ("my delta flight is late", {"delta"}),
        ("the Delta variant", set()),
        ("the Delta", set()),
        ("a river delta", set()),
        ("delta air\nlines is late", {"delta"}),
        ("DELTA  AIR  LINES", {"delta"}),
        ("X is down", {"x"}),
        ("the x axis", set()),
        ("an X-ray", set()),
        ("Generation X", set()),
        ("https://x.com/a/status/1", {"x"}),
        ("https://box.com/a", set()),
        ("Apple must answer", {"apple"}),
        ("an apple a day", set()),
        ("Apple pie for all", set()),
        ("my iphone by apple broke", {"apple"}),
    ],
)
def test_a_common_word_counts_in_its_written_case_or_beside_a_context_word(
    text: str, found: set[str]
) -> None:
    assert entities_in(text, "en") == found


@settings(deadline=None)
@given(any_text, st.sampled_from(["en", "fr", "de", "es", "pt", "und", "xx"]))
def test_a_post_of_unknown_language_is_not_refused_for_what_its_language_would_let_pass(
    text: str, lang: str
) -> None:
    assert entities_in(text) >= entities_in(text, lang)


def test_a_bare_name_of_an_entity_that_is_not_ambiguous_counts_in_any_case() -> None:
    matcher = MentionMatcher([Entity(id="ovh", name="OVHcloud")])
    for text in ("ovhcloud", "OVHCLOUD!", "#OVHcloud", "@ovhcloud", "https://www.ovhcloud.com/"):
        assert [mention.entity for mention in matcher.find(text)] == ["ovh"], text


def test_an_account_or_site_of_its_name_counts_only_where_none_is_configured() -> None:
    with_own = MentionMatcher(
        [Entity(id="acme", name="Acme", aliases=("@AcmeCorp", "acme.example"))]
    )
    without = MentionMatcher([Entity(id="acme", name="Acme")])
    for text in ("@acme hello", "https://acme.com/"):
        assert with_own.find(text) == ()
        assert len(without.find(text)) == 1


def test_a_name_with_a_hyphen_or_an_accent_is_found_as_people_type_it() -> None:
    matcher = MentionMatcher([Entity(id="a", name="Coca-Cola"), Entity(id="b", name="Citroën")])
    for text in ("coca-cola", "Coca Cola", "#cocacola", "#BoycottCocaCola"):
        assert [mention.entity for mention in matcher.find(text)] == ["a"], text
    for text in ("citroen", "CITROËN", "citroe\u0308n"):
        assert [mention.entity for mention in matcher.find(text)] == ["b"], text


@pytest.mark.parametrize("text", ["EpikはÉだ", "私のEpik", "Epik가", "『Epik』"])
def test_a_name_ends_where_a_script_without_spaces_goes_on(text: str) -> None:
    assert entities_in(text) == {"epik"}


def test_a_name_inside_a_longer_tracked_name_belongs_to_the_longer_one() -> None:
    matcher = MentionMatcher(
        [Entity(id="apple", name="Apple"), Entity(id="records", name="Apple Records")]
    )
    assert [mention.entity for mention in matcher.find("Apple Records closes")] == ["records"]
    assert [mention.entity for mention in matcher.find("Apple closes")] == ["apple"]


def test_an_entity_is_mentioned_once_at_its_first_accepted_place() -> None:
    text = "epik? Epik! And again Epik."
    (mention,) = EVERYONE.find(text)
    assert (mention.evidence, mention.start, mention.end) == ("Epik", 6, 10)


@pytest.mark.parametrize(
    ("text", "accepted", "rule"),
    [
        ("@EpikLLC", True, "its handle"),
        ("#ShutDownEpik", True, "its hashtag"),
        ("#StopEpik", True, "its name in a campaign hashtag"),
        ("https://epik.com/", True, "its domain"),
        ("Epik the registrar", True, "its name, beside `registrar`"),
        ("Epik the registrars", True, "its name, beside `registrar`"),
        (
            "Shame on Epik",
            True,
            "its name; for: written `Epik` amid a sentence, after `on`; "
            "against: it is an ordinary word, too",
        ),
        ("Epik High", False, "excluded by `Epik High`"),
        ("that was epik", False, "ambiguous: no context word, and not written `Epik`"),
        ("@NotEpikLLC", False, "another account's handle"),
        ("notepik-epik.com", False, "in the name of another site"),
        ("https://example.org/epik", False, "in an address at `example.org`"),
        (
            "#EpikMoments",
            False,
            "ambiguous; against: it is an ordinary word, too; for: a part of a hashtag",
        ),
        ("#epikurean", False, "another hashtag"),
        ("epik.com@example.org", False, "before the @ of an address"),
    ],
)
def test_each_verdict_names_its_rule(text: str, accepted: bool, rule: str) -> None:
    verdict = verdicts_on("epik", text)[0]
    assert (verdict.accepted, verdict.rule) == (accepted, rule)


def test_a_context_word_on_the_other_side_of_a_long_text_does_not_speak_for_a_name() -> None:
    filler = "word " * 80
    assert "epik" not in entities_in(f"registrar {filler} epik")
    assert "epik" in entities_in(f"registrar and {filler[:50]} epik")


def test_a_title_in_capitals_says_nothing_about_a_capital() -> None:
    assert entities_in("Today Every Serious Archer Hits Target Twice") == set()


@settings(deadline=None)
@given(any_text, st.sampled_from([None, "en", "fr", "de", "xx"]))
def test_any_text_can_be_read_and_evidence_stands_in_it_word_for_word(
    text: str, lang: str | None
) -> None:
    verdicts = EVERYONE.explain(text, lang)
    mentions = EVERYONE.find(text, lang)
    found = [(one.start, one.end, one.evidence) for one in verdicts]
    found += [(one.start, one.end, one.evidence) for one in mentions]
    assert all(text[start:end] == evidence != "" for start, end, evidence in found)
    accepted = {verdict.entity for verdict in verdicts if verdict.accepted}
    assert accepted == {mention.entity for mention in mentions}


any_name = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Entity,
            id=st.just("e"),
            name=any_name,
            aliases=st.lists(any_name, max_size=3).map(tuple),
            context=st.lists(any_name, max_size=2).map(tuple),
            exclude=st.lists(any_name, max_size=2).map(tuple),
            ambiguous=st.booleans(),
        ),
        max_size=3,
    ),
    any_text,
)
def test_any_entities_can_be_looked_for(entities: list[Entity], text: str) -> None:
    matcher = MentionMatcher(entities)
    matcher.find(text)
    for entity in entities:
        matcher.find(f"{text} {entity.name}! #{entity.name} @{entity.name}")


def test_a_text_that_repeats_a_word_without_end_is_given_up_not_read_for_ever() -> None:
    assert EVERYONE.find("epik " * 20_000) == ()
    assert len(EVERYONE.find("Shut down Epik. " * 5_000)) == 1
