"""What a message says, and what strangers cannot make it do."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.alerts.explanation import Evidence, Explanation, Term, addresses_of
from dashboards.alerts.lateness import LATE
from dashboards.alerts.thresholds import Threshold
from dashboards.delivery.addresses import why_local
from dashboards.delivery.harmless import harmless
from dashboards.delivery.messages import About, Told, fired_letter, resolved_letter
from tests.dashboards.alerts.wave import AT, alert

QUILL = About(name="Quill", page="https://uproar.example", grafana="https://grafana.example")
NOW = AT + timedelta(minutes=11)
HOSTILE = "@everyone <!channel> <@U123> [gift](https://evil.example/x) **x** `y` </p><script>"


def explained(words: str = "shut down quill", term: str = "#closequill") -> Explanation:
    one = alert()
    return Explanation(
        since=AT, until=one.fired_at, seen=30, expected=10, posts=60, newest=60, authors=49,
        loudest_share=0.11, reposts_share=0.07, copies_share=0.15, near_duplicates_share=0.2,
        negative_share=0.9, negative_share_before=0.2, calls={"shutdown against": 30},
        evidence=(Evidence(action="shutdown", direction="against", words=words, posts=30),),
        terms=(Term(term=term, posts=50, usual=0.0),), languages={"en": 57, "de": 3},
        platforms={"bluesky": 45, "mastodon": 15}, **addresses_of(one, AT, one.fired_at),
    )  # fmt: skip


def test_what_strangers_wrote_mentions_nobody_and_links_nowhere() -> None:
    threshold = Threshold(entity="quill", signal="new_term", above=10, per_seconds=900)
    one = alert(threshold=threshold, term=HOSTILE)
    letter = fired_letter([Told(alert=one, explanation=explained(HOSTILE, HOSTILE))], QUILL, NOW)
    for form in (letter.title, letter.text, letter.markdown):
        assert "@" not in form
        assert "<" not in form
        assert "evil.example" not in form
        assert "**" not in form
    assert "<script" not in letter.html
    assert letter.html.count("<a ") == 2, "the board and Grafana"
    assert letter.markdown.count("](") == 2


@given(st.text(max_size=300))
def test_whatever_a_term_is_it_is_one_short_line_without_signs_that_act(text: str) -> None:
    shown = harmless(text)
    assert not set("@<>&`*~|\\[](){}\n\r") & set(shown)
    assert "://" not in shown
    assert len(shown) <= 60


@pytest.mark.parametrize(
    ("threshold", "changes", "title"),
    [
        (
            Threshold(entity="quill", signal="spike", sensitivity="medium"),
            {"value": 1270.0, "expected": 21.4},
            "[warning] Quill: 1,270 posts in 15 minutes, 21 expected",
        ),
        (
            Threshold(entity="quill", signal="negative_share", above=0.8, per_seconds=900),
            {"value": 0.87, "expected": 0.8, "posts": 120},
            "[warning] Quill: 87 % of 120 posts are negative in 15 minutes, limit 80 %",
        ),
        (
            Threshold(entity="quill", signal="author_share", above=0.3, per_seconds=3600),
            {"value": 0.5, "expected": 0.3, "run": "january"},
            "[warning] Quill: one author wrote 50 % of 60 posts in 1 hour, limit 30 % "
            "(run january)",
        ),
        (
            Threshold(entity="quill", signal="new_term", severity="info", per_seconds=900),
            {"term": "#closequill", "value": 34.0, "expected": 0.3},
            "[info] Quill: “#closequill” is new: 34 authors use it in 15 minutes, 0.3 are usual",
        ),
    ],
)
def test_each_signal_says_how_much_and_against_what(
    threshold: Threshold, changes: dict[str, Any], title: str
) -> None:
    one = Told(alert=alert(threshold=threshold, **changes), explanation=None)
    assert fired_letter([one], QUILL, NOW).title == title


def test_late_data_says_that_silence_is_not_calm() -> None:
    late = alert(threshold=LATE, value=700.0, expected=300.0)
    letter = fired_letter([Told(alert=late, explanation=None)], About(name="Run live"), NOW)
    assert letter.title == "[critical] Run live: no news for 12 minutes"
    assert "silence is not calm" in letter.text
    assert "mute" not in letter.text
    shown = fired_letter([Told(alert=late, explanation=None)], QUILL, NOW)
    assert "https://uproar.example/?board=pipeline&run=live&from=" in shown.text
    over = msgspec.structs.replace(late, ended_at=AT + timedelta(minutes=20))
    letter = resolved_letter([Told(alert=over, explanation=None)], About(name="Run live"))
    assert letter.title == "[resolved] Run live: the data is current again after 20 minutes"


def test_a_message_stays_short_however_much_fires() -> None:
    many = [Told(alert=alert(id=f"{n}"), explanation=explained("w" * 500)) for n in range(300)]
    letter = fired_letter(many, QUILL, NOW)
    assert len(letter.text) < 3000
    assert letter.title.endswith("(and 299 more)")
    assert "and 289 more" in letter.text


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.100.100.200", "168.63.129.16", "224.0.0.1", "::1", "::", "fe80::1%eth0",
        "fd00:ec2::254", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "ff02::1",
    ],
)  # fmt: skip
def test_no_form_of_a_local_address_is_taken_for_one_of_the_internet(address: str) -> None:
    assert why_local(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e"]
)
def test_addresses_of_the_internet_are_open(address: str) -> None:
    assert not why_local(address)
