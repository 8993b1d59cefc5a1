"""Each figure of an explanation is that of the posts, and is found to have changed as they do."""

import re
from collections import Counter

import pytest
from clickhouse_driver import Client

from dashboards.alerts import explain
from dashboards.alerts.explanation import Explanation, compared
from dashboards.alerts.thresholds import Threshold
from tests.dashboards.alerts import wave
from uproar.clickhouse import read
from uproar.records import Reaction

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def tables(store: Client) -> Client:
    """Tables that hold the wave, for all the claims below."""
    wave.put(store, wave.everything())
    return store


@pytest.fixture
def posts() -> list[Reaction]:
    return [wave.wave_post(number) for number in range(wave.WAVE_POSTS)]


def print_of(text: str) -> str:
    """Return what is left of a text without case, links, handles and signs."""
    return re.sub(r"[\W_]+", " ", re.sub(r"https?://\S+|@\w+", " ", text.lower())).strip()


def test_each_figure_is_that_of_the_posts_themselves(tables: Client, posts: list[Reaction]) -> None:
    found = explain.explain(tables, wave.alert())
    authors = Counter(one.post.author for one in posts if one.post.author)
    before = [wave.calm_post(number) for number in range(wave.CALM_POSTS)]
    scores = [one.entities[0].sentiment.score for one in posts if one.entities[0].sentiment]
    scores_before = [one.entities[0].sentiment.score for one in before if one.entities[0].sentiment]
    prints = Counter(print_of(one.post.text) for one in posts)
    assert (found.since, found.until) == (wave.AT, wave.alert().fired_at)
    assert (found.posts, found.newest, found.authors) == (len(posts), len(posts), len(authors))
    assert found.loudest_share == round(max(authors.values()) / authors.total(), 6)
    assert found.reposts_share == round(sum(bool(p.post.repost_of) for p in posts) / len(posts), 6)
    assert found.copies_share == round((len(posts) - len(prints)) / len(posts), 6)
    assert found.negative_share == round(sum(s < 0 for s in scores) / len(scores), 6)
    assert found.negative_share_before == round(
        sum(s < 0 for s in scores_before) / len(scores_before), 6
    )
    assert found.sentiment == pytest.approx(sum(scores) / len(scores), abs=1e-6)
    assert found.sentiment_before == pytest.approx(sum(scores_before) / len(before), abs=1e-6)
    assert found.platforms == Counter(one.post.platform for one in posts)
    assert found.languages == Counter(one.lang for one in posts)
    calling = sum(bool(one.entities[0].calls) for one in posts)
    assert found.calls == {"shutdown against": calling}
    assert [(one.words, one.posts) for one in found.evidence] == [("shut down quill", calling)]


def test_a_hashtag_that_everybody_used_before_is_not_new(
    tables: Client, posts: list[Reaction]
) -> None:
    terms = {one.term: one for one in explain.explain(tables, wave.alert()).terms}
    with_tag = sum("#closequill" in one.post.text for one in posts)
    assert (terms["#closequill"].posts, terms["#closequill"].usual) == (with_tag, 0)
    assert "shut down quill" in terms
    assert "#quill" not in terms
    assert "shut" not in terms, "a word of a phrase that is told says nothing more"


def test_an_explanation_holds_no_text_and_no_author(tables: Client, posts: list[Reaction]) -> None:
    import msgspec

    found = explain.explain(tables, wave.alert())
    stored = msgspec.json.encode(found).decode()
    assert msgspec.json.decode(stored, type=Explanation) == found
    assert len(found.samples) == 5
    for one in posts:
        assert one.post.text not in stored
        assert not one.post.author or f'"{one.post.author}"' not in stored
    shown = explain.texts_of(tables, wave.alert(), found)
    assert {one.text for one in shown} <= {one.post.text for one in posts}
    assert len({print_of(one.text) for one in shown}) == 5


def test_what_holds_is_told_from_what_a_deletion_changed(
    tables: Client, posts: list[Reaction]
) -> None:
    wave.put(tables, wave.everything(), "shrinking")
    alert = wave.alert(run="shrinking")
    then = explain.explain(tables, alert)
    again, unknown = explain.explain_again(tables, alert)
    assert {one.state for one in compared(then, again, unknown=unknown)} == {"holds"}
    gone = posts[2]
    assert gone.entities[0].calls
    wave.put(tables, [wave.deletion(gone.post.post_id, gone.post.platform)], "shrinking")
    now, unknown = explain.explain_again(tables, alert)
    states = {one.name: one.state for one in compared(then, now, unknown=unknown)}
    changed = {name for name, state in states.items() if state == "changed"}
    assert {"seen", "posts", "authors", "calls", "evidence", "platforms"} <= changed
    assert states["expected"] == "holds"
    assert states["negative_share_before"] == "holds"
    assert (now.posts, now.seen) == (then.posts - 1, then.seen - 1)


SIGNALS = [
    (Threshold(entity="quill", signal="volume", above=10, per_seconds=300), 30.0, ""),
    (Threshold(entity="quill", signal="calls_share", above=0.1, per_seconds=600), 0.5, ""),
    (Threshold(entity="quill", signal="negative_share", above=0.1, per_seconds=600), 0.9, ""),
    (Threshold(entity="quill", signal="author_share", above=0.1, per_seconds=600), 6 / 54, ""),
    (Threshold(entity="quill", signal="copies_share", above=0.1, per_seconds=600), 9 / 60, ""),
    (Threshold(entity="quill", signal="new_term", above=3, per_seconds=600), 47.0, "#closequill"),
]


def test_what_every_signal_saw_is_measured_again(tables: Client) -> None:
    for threshold, value, term in SIGNALS:
        alert = wave.alert(threshold=threshold, term=term)
        now, unknown = explain.explain_again(tables, alert)
        assert now.seen == pytest.approx(value), threshold.signal
        assert unknown == (("expected",) if threshold.signal == "new_term" else ())


def test_every_statement_can_be_run_as_it_is_shown(tables: Client) -> None:
    for signal in ("calls_to_action", "spike", "new_term"):
        threshold = Threshold(entity="quill", signal=signal, per_seconds=600)
        alert = wave.alert(threshold=threshold, term="it's 100% o'clock")
        shown = explain.statements_of(tables, alert)
        assert len(shown) >= 7
        for name, sql in shown:
            assert read(tables, sql).columns, name


def test_reworded_copies_are_near_duplicates_and_others_are_not(tables: Client) -> None:
    said = (
        "Everybody who has a domain with Quill should move it somewhere else before the end of {} "
        "because nobody answers there any more {}"
    )
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    days += ["saturday", "sunday", "june", "july", "august"]
    reworded = [said.format(day, f"and {number} are waiting") for number, day in enumerate(days)]
    others = [wave.calm_post(number).post.text for number in range(30)]
    wave.put(
        tables,
        [
            wave.reaction(
                f"post-{number}", wave.AT, author=f"author-{number}", text=text, score=0.5
            )
            for number, text in enumerate([*reworded, *others])
        ],
        "reworded",
    )
    found = explain.explain(tables, wave.alert(run="reworded"))
    assert found.copies_share == 0
    assert found.near_duplicates_share is not None
    assert 7 <= found.near_duplicates_share * 40 <= 12
