"""The invented firehose is what the benchmark says it is."""

from datetime import UTC, datetime
from itertools import product

import msgspec
import pytest

from benchmarks.firehose import PLATFORMS, TEXTS, entities, lines
from producers.admit import admit
from producers.formats import JSON_FORMATS, format_of
from producers.parsed import Draft
from uproar.mentions import MentionMatcher

NOW = datetime(2021, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(("name", "text"), list(product(PLATFORMS, TEXTS)))
def test_each_line_is_1_kb_of_its_platform_and_the_share_asked_for_matches(
    name: str, text: str
) -> None:
    platform = PLATFORMS[name]
    matcher = MentionMatcher(entities())
    found = 0
    for line in lines(platform, TEXTS[text], 400, 0.3):
        assert 700 <= len(line) <= 1_400
        assert format_of(msgspec.json.decode(line)) == platform.format
        (draft,) = JSON_FORMATS[platform.format].parse(line)
        assert isinstance(draft, Draft)
        assert isinstance(admit(draft, NOW), datetime)
        found += bool(matcher.find(draft.text or ""))
    assert 80 <= found <= 160
    assert not any(
        matcher.find(draft.text or "")
        for line in lines(platform, TEXTS[text], 200, 0.0)
        for draft in JSON_FORMATS[platform.format].parse(line)
        if isinstance(draft, Draft)
    )
