"""Windows and terms: sums kept up as minutes come and go are those of the minutes themselves."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.alerts.facts import Minute, PostFacts
from dashboards.alerts.terms import LEARNING, MEMORY, MOST_TERMS, TermHistory
from dashboards.alerts.windows import Window
from tests.dashboards.alerts.series import minute_of

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), length=st.integers(1, 9))
def test_a_window_holds_exactly_its_last_minutes(seed: int, length: int) -> None:
    draw = random.Random(seed)
    minutes = [
        minute_of(draw, draw.choice([0, 0, 3, 9]), is_wave=draw.random() < 0.5) for _ in range(25)
    ]
    window = Window(length, is_detailed=True)
    for number, minute in enumerate(minutes):
        gone = window.push(minute)
        assert gone is (minutes[number - length] if number >= length else None)
        held = minutes[max(0, number + 1 - length) : number + 1]
        for field in window.sums.__struct_fields__:
            assert getattr(window.sums, field) == sum(getattr(one, field) for one in held)
        posts = [post for one in held for post in one.details]
        authors = Counter(post.author for post in posts if post.author)
        share = max(authors.values()) / authors.total() if authors else 0.0
        assert window.details.loudest_share() == share
        prints = {post.print for post in posts}
        assert window.details.copies_share() == (
            (len(posts) - len(prints)) / len(posts) if posts else 0.0
        )
        voices: dict[str, set[str]] = {}
        for post in posts:
            for term in post.terms:
                voices.setdefault(term, set()).add(post.author or f"print {post.print}")
        assert window.details.voices() == {term: len(who) for term, who in voices.items()}


def test_posts_of_unknown_authors_are_told_apart_by_their_words() -> None:
    window = Window(1, is_detailed=True)
    posts = tuple(PostFacts(author="", print=number % 2, terms=("#word",)) for number in range(6))
    window.push(Minute(posts=6, details=posts))
    assert window.details.voices() == {"#word": 2}
    assert window.details.loudest_share() == 0.0


def test_no_term_is_new_before_anything_was_learnt() -> None:
    history = TermHistory()
    assert history.expected("#word", START, 15) is None
    history.learn(START, ["#word"])
    assert history.expected("#word", START + LEARNING - MINUTE, 15) is None
    assert history.expected("#other", START + LEARNING, 15) == 0.0


def test_what_is_used_steadily_is_expected_at_its_rate() -> None:
    history = TermHistory()
    hours = 48
    for number in range(hours * 60):
        history.learn(START + number * MINUTE, ["#word"] if number % 10 == 0 else [])
    expected = history.expected("#word", START + hours * 60 * MINUTE, 60)
    assert expected is not None
    assert abs(expected - 6) < 0.1


def test_what_was_once_usual_becomes_new_again() -> None:
    history = TermHistory()
    for number in range(1440):
        history.learn(START + number * MINUTE, ["#word"])
    soon = history.expected("#word", START + 1440 * MINUTE, 15)
    late = history.expected("#word", START + 1440 * MINUTE + 4 * MEMORY, 15)
    assert soon is not None
    assert late is not None
    assert late < soon / 20


def test_weights_stay_numbers_over_years_and_the_least_used_terms_go() -> None:
    history = TermHistory()
    for year in range(40):
        history.learn(START + timedelta(days=365 * year), ["#steady"])
    assert 0 < history.weights["#steady"] < 1e7
    history.learn(START + timedelta(days=365 * 40), ["#steady"] * 5)
    history.learn(
        START + timedelta(days=365 * 40), [f"#{number}" for number in range(2 * MOST_TERMS)]
    )
    assert len(history.weights) == MOST_TERMS
    assert "#steady" in history.weights
