"""Reading a post: what the pipeline stores and what `uproar analyze` shows are the same."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.assess import Reader, calls_by_entity
from streams.calls_to_action import detect_calls_to_action
from streams.language import detect_language
from streams.sentiment import score_sentiment
from uproar.config import Entity
from uproar.mentions import MentionMatcher
from uproar.records import EntityReaction, Post, Reaction

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
ACME = Entity(id="acme", name="Acme", aliases=("@acme", "acme.example"))
GLOBEX = Entity(id="globex", name="Globex")
READER = Reader([ACME, GLOBEX])
LONE = Reader([ACME])


def post(text: str, lang: str | None = "en") -> Post:
    return Post(
        run="r1",
        platform="mastodon",
        post_id="1",
        author="a",
        text=text,
        created_at=NOON,
        observed_at=NOON,
        received_at=NOON,
        lang=lang,
    )


def entities(text: str, reader: Reader = READER) -> dict[str, EntityReaction]:
    return {found.entity: found for found in reader.read(post(text)).entities}


def test_a_post_is_read_for_each_entity_it_mentions() -> None:
    found = entities("Globex should drop Acme right now, this is a shame")
    assert list(found) == ["globex", "acme"]
    assert [call.action for call in found["acme"].calls] == ["shutdown"]
    assert found["globex"].calls == ()


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.sampled_from(
            [
                "I love Acme, but I hate Globex",
                "Boycott Acme!",
                "#BoycottGlobex now",
                "J'adore Acme",
                "nothing of note",
                "",
                "Acme",
                "Globex should drop Acme right now, this is a shame",
                "¡Boicot a Acme!",
                "Acme is so much better than Globex 😂",
            ]
        )
    )
)
def test_what_is_read_in_a_post_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    posts = [post(text, None) for text in texts]
    alone = [Reader([ACME, GLOBEX]).read(one) for one in posts]
    assert Reader([ACME, GLOBEX]).read_all(posts) == alone


def test_a_copy_is_read_once_and_stays_a_post_of_its_own() -> None:
    reader = Reader([ACME])
    first, second = post("Boycott Acme!"), post("Boycott Acme!", None)
    copy = msgspec.structs.replace(first, post_id="2", author="b")
    read = reader.read_all([first, copy, second])
    assert [one.post for one in read] == [first, copy, second]
    assert read[0].entities is read[1].entities
    assert reader.read(copy).entities is read[0].entities
    assert read[2].entities is not read[0].entities  # its language is not declared


def test_a_light_reading_is_by_vader_and_grammar_of_the_post_as_a_whole() -> None:
    light = Reader([ACME, GLOBEX], "deep", "light")
    text = "I love Acme, but I hate Globex. Boycott Globex!"
    found = entities(text, light)
    assert found["acme"].sentiment == found["globex"].sentiment
    assert found["acme"].sentiment == score_sentiment(text, "en", "vader")
    assert [call.action for call in found["globex"].calls] == ["boycott"]
    (french,) = light.read(
        post("J'adore Acme, c'est vraiment une très bonne maison", "fr")
    ).entities
    assert french.sentiment is None


def test_the_feeling_is_that_of_the_whole_post_for_every_entity() -> None:
    text = "Acme and Globex are a terrible, awful disgrace and I hate them"
    found = entities(text)
    assert found["acme"].sentiment == found["globex"].sentiment == score_sentiment(text, "en")


@pytest.mark.parametrize(
    ("text", "acme", "globex"),
    [
        ("I love Acme, but I hate Globex", "positive", "negative"),
        ("I hate Acme. Globex is great and I love it", "negative", "positive"),
        ("Acme is so much better than Globex", "positive", "negative"),
        ("Acme and Globex are both terrible, I hate them", "negative", "negative"),
    ],
)
def test_the_feeling_towards_an_entity_is_that_of_the_words_that_speak_of_it(
    text: str, acme: str, globex: str
) -> None:
    found = {name: read.sentiment for name, read in entities(text).items()}
    assert {name: read.label for name, read in found.items() if read} == {
        "acme": acme,
        "globex": globex,
    }
    assert len({read.vader for read in found.values() if read}) == 1


def test_a_post_that_names_many_is_a_list_and_all_share_its_feeling() -> None:
    names = [
        "Acme",
        "Globex",
        "Hooli",
        "Initech",
        "Umbrella",
        "Cyberdyne",
        "Tyrell",
        "Soylent",
        "Wonka",
    ]
    reader = Reader([Entity(id=name.lower(), name=name) for name in names])
    text = "I love Acme, but I hate " + ", ".join(names[1:])
    found = reader.read(post(text)).entities
    assert len(found) == len(names)
    assert {read.sentiment for read in found} == {score_sentiment(text, "en")}


def test_a_post_that_mentions_nobody_has_its_language_read_and_nothing_else() -> None:
    given_post = post("Boycott Hooli, they are the worst of all")
    assert READER.read(given_post) == Reaction(post=given_post, lang="en")


def test_the_post_itself_passes_unchanged() -> None:
    given_post = post("<p>Boycott &#65;cme</p>")
    assert READER.read(given_post).post is given_post


def test_a_call_that_names_no_target_goes_to_the_only_entity_mentioned() -> None:
    found = entities("Acme again. Sign the petition!", LONE)
    assert [call.action for call in found["acme"].calls] == ["petition"]


def test_a_call_that_names_no_target_goes_to_none_of_two() -> None:
    matcher = MentionMatcher([ACME, GLOBEX])
    mentions = matcher.find("Acme and Globex", "en")
    calls = detect_calls_to_action("Switch banks. Today.", "en", {})
    assert [call.target for call in calls] == [None]
    assert calls_by_entity(mentions, calls) == {"acme": (), "globex": ()}


def test_a_call_at_somebody_else_is_not_laid_at_an_entitys_door() -> None:
    assert entities("Acme says hello. Boycott Hooli!", LONE)["acme"].calls == ()


def test_where_no_model_reads_the_language_there_is_no_feeling() -> None:
    reaction = READER.read(post("Acme is een schande, ik ben er helemaal klaar mee", "nl"))
    assert reaction.lang == "nl"
    assert [(found.entity, found.sentiment) for found in reaction.entities] == [("acme", None)]


def test_analysis_names_calls_at_untracked_targets() -> None:
    [call] = READER.analyze("Boycott Hooli before they do it again", "en").calls
    assert (call.action, call.target, call.direction) == ("boycott", "Hooli", "against")


def test_analysis_without_entities_reads_everything_but_mentions() -> None:
    analysis = Reader([]).analyze("This is terrible. Please boycott Hooli.", "en")
    assert analysis.mentions == ()
    assert analysis.sentiment.label == "negative"
    assert [call.target for call in analysis.calls] == ["Hooli"]


def test_analysis_has_a_neutral_feeling_and_no_model_where_none_reads_the_language() -> None:
    sentiment = READER.analyze("Wat een schande, ik ben woedend", "nl").sentiment
    assert (sentiment.score, sentiment.label, sentiment.model) == (0.0, "neutral", None)


@pytest.mark.parametrize("written", ["Acme", "ACME", "@acme", "acme.example", "#BoycottAcme"])
def test_a_call_at_any_form_of_a_name_goes_to_its_entity(written: str) -> None:
    text = written if written.startswith("#") else f"Boycott {written}"
    [call] = LONE.analyze(text, "en").calls
    assert call.target == "acme"


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["Acme", "Globex", "boycott", "stop", "hosting", "please", "@acme", "!", "?"]
        )
    ).map(" ".join),
)


@settings(deadline=None)  # the first reading loads the models
@given(TEXTS, st.sampled_from(["en", "fr", "de", None, "xx", "und"]))
def test_reading_never_raises_and_stores_what_analysis_shows(text: str, lang: str | None) -> None:
    reaction = READER.read(post(text, lang))
    analysis = READER.analyze(text, lang)
    assert reaction.lang == analysis.lang == detect_language(text, lang)
    assert tuple(found.entity for found in reaction.entities) == analysis.mentions
    shown = {(call.action, call.target, call.evidence) for call in analysis.calls}
    for found in reaction.entities:
        assert {(call.action, call.target, call.evidence) for call in found.calls} <= shown
        assert all(call.evidence in text for call in found.calls)


@pytest.mark.parametrize("unit", ["shut ", "(((((", "@@@@@", "Acme ", "boycott Acme ", "@acme "])
def test_a_hundred_thousand_characters_of_the_same_are_read_to_the_end(unit: str) -> None:
    assert READER.read(post((unit * 100_000)[:100_000])).lang
