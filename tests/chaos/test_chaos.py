"""A short round of the chaos test: the real product, killed all over, comes to the answer."""

from pathlib import Path

import pytest

from tests.chaos.answer import Reading
from tests.chaos.play import Wish, play
from tests.chaos.product import CONFIG
from tests.chaos.table import COLUMNS, markdown
from uproar.config_file import read_config

pytestmark = pytest.mark.integration

POSTS = 5_000
SEED = 1121
BLOWS = 7
"""Of this seed the first ones strike everything that does not need both commands again."""


def test_rows_totals_dead_letters_and_watermark_are_exact_whatever_is_killed(
    tmp_path: Path,
) -> None:
    reading = Reading(read_config(CONFIG).entities, "vader")
    wish = Wish(number=1, seed=SEED, posts=POSTS, broker="local", most_blows=BLOWS)
    said: list[str] = []
    outcome = play(wish, reading, tmp_path, said.append)
    assert outcome.differences == []
    for victim in ("producer", "worker", "sink", "clickhouse"):
        assert outcome.dealt[f"kill {victim}"] >= 1, said
    assert str(outcome.wish.seed) in markdown([outcome])
    assert markdown([outcome]).splitlines()[0].count("|") == len(COLUMNS) + 1
