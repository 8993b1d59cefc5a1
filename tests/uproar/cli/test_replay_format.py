"""`uproar replay --format`."""

import json
from pathlib import Path

from click.testing import CliRunner

from uproar.cli import main

RECORDINGS = Path(__file__).parents[2] / "recordings"
TWEETS = str(RECORDINGS / "twitter-v1.1" / "posts.jsonl")


def test_the_format_that_is_named_reads_every_record() -> None:
    result = CliRunner().invoke(
        main, ["replay", "--dry-run", "--json", "--format", "reddit", TWEETS]
    )
    total = json.loads(result.stdout)["total"]
    assert total["posts"] == 0
    found = CliRunner().invoke(main, ["replay", "--dry-run", "--json", TWEETS])
    assert json.loads(found.stdout)["total"]["posts"] == 5


def test_a_format_that_is_not_known_is_refused_with_the_closest_one() -> None:
    result = CliRunner().invoke(main, ["replay", "--dry-run", "--format", "twiter-v1.1", TWEETS])
    assert result.exit_code == 1
    assert "no such format: `twiter-v1.1`" in result.stderr
    assert "did you mean `twitter-v1.1`?" in result.stderr


def test_columns_and_a_format_are_not_taken_together() -> None:
    arguments = ["--format", "reddit", "--columns", "text=a,created_at=b", TWEETS]
    result = CliRunner().invoke(main, ["replay", "--dry-run", *arguments])
    assert result.exit_code == 1
    assert "wanted one of them" in result.stderr
