"""What goes further."""

import pytest

from producers.filter import goes_further
from producers.parsed import Draft


class Quillhost:
    """Finds one name."""

    def may_mention(self, text: str) -> bool:
        return "Quillhost" in text


@pytest.mark.parametrize(
    ("text", "revision", "keep_all", "expected"),
    [
        ("Quillhost is down", 0, False, True),
        ("Rain again", 0, False, False),
        ("Rain again", 0, True, True),
        ("Rain again", 1, False, True),
        ("", 0, False, False),
    ],
)
def test_a_post_goes_further_if_it_mentions_replaces_or_all_are_wanted(
    text: str, revision: int, keep_all: bool, expected: bool
) -> None:
    draft = Draft(platform="x", text=text, created_at=1, revision=revision)
    assert goes_further(draft, Quillhost(), keep_all=keep_all) is expected
