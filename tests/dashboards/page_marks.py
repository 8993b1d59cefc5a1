"""Invented alerts and a known event of the run `wave`, for the tests of the page."""

import json
from datetime import datetime, timedelta

from clickhouse_driver import Client

ALERT = "alert-of-nimbus"
EXPLANATION = {
    "posts_expected": 2.5,
    "unique_authors": 41,
    "loudest_author_share": 0.125,
    "top_new_terms": ["<b>boycott</b>", "terms"],
    "calls": {"boycott against": 12},
    "evidence": [
        {"action": "boycott", "direction": "against", "words": "<i>Boycott</i> them", "posts": 7}
    ],
    "samples": [{"platform": "bluesky", "post_id": "post-0"}],
}


def mark(store: Client, at: datetime) -> None:
    """Store a spike of `nimbus` before `at`, an alert of `kestrel` that lasts, and an event."""
    start = at - timedelta(hours=13)
    alert = {
        "run": "wave", "id": ALERT, "entity": "nimbus", "signal": "spike", "severity": "critical",
        "started_at": start, "fired_at": start + timedelta(minutes=5),
        "peak_at": start + timedelta(hours=1), "ended_at": start + timedelta(hours=3),
        "value": 60.0, "expected": 2.5, "peak_value": 80.0, "posts": 60, "term": "",
        "threshold": "{}", "silence": "", "explanation": json.dumps(EXPLANATION),
        "judged_at": at, "version": 1,
    }  # fmt: skip
    lasting = alert | {
        "id": "lasts", "entity": "kestrel", "signal": "negative_share", "ended_at": None,
        "started_at": start + timedelta(hours=4), "value": 0.9, "expected": 0.8,
        "explanation": "no JSON",
    }  # fmt: skip
    store.execute(f"INSERT INTO alerts ({', '.join(alert)}) VALUES", [alert, lasting])
    event = {
        "id": "terms", "entity": "nimbus", "starts_at": start - timedelta(hours=1), "ends_at": None,
        "title": "Nimbus changes its terms", "text": "Invented", "url": "https://news.example/terms",
        "author": "a test", "version": 1, "is_deleted": 0,
    }  # fmt: skip
    store.execute(f"INSERT INTO annotations ({', '.join(event)}) VALUES", [event])
