"""Our own format."""

from pathlib import Path

import pytest

from producers.formats.uproar_lines import parse
from producers.parsed import Draft, Unreadable, Withdrawal

LINES = [
    line
    for line in (Path(__file__).parents[2] / "recordings" / "uproar.jsonl")
    .read_bytes()
    .split(b"\n")
    if line
]


def test_a_line_with_every_key_is_read() -> None:
    assert parse(LINES[0]) == (
        Draft(
            platform="mastodon",
            text="Quietly moving our club's site to Quillhost today",
            created_at="2021-01-18T09:30:00Z",
            post_id="u1",
            author="ada",
            lang="en",
            url="https://example.social/u1",
            likes=2,
        ),
    )


def test_an_edit_is_the_same_post_with_a_higher_revision() -> None:
    (draft,) = parse(LINES[2])
    assert isinstance(draft, Draft)
    assert (draft.post_id, draft.revision) == ("u1", 1)


def test_a_deletion_is_read() -> None:
    assert parse(LINES[4]) == (
        Withdrawal(platform="mastodon", post_id="2", at="2021-01-18T09:45:00Z"),
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"text": "cut sho', "truncated-line"),
        (b'{"text": "a",}', "not-json"),
        (b"nonsense", "not-json"),
        (b'{"text": "caf\xe9"}', "not-utf8"),
        (b'{"text": "half a pair \\ud83d"}', "not-json"),
        (b'["a"]', "wrong-shape"),
        (b'{"text": 1}', "wrong-shape"),
        (b'{"text": "a", "likes": "many"}', "wrong-shape"),
        (b'{"deleted": true}', "not-a-post"),
        (b'{"x": ' + b"[" * 100_000, "not-json"),
    ],
)
def test_what_cannot_be_read_has_a_reason(raw: bytes, reason: str) -> None:
    (found,) = parse(raw)
    assert isinstance(found, Unreadable)
    assert found.reason == reason
