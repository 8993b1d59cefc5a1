"""The set in `evaluation/` is what its page says it is."""

import importlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "evaluation"
PARTS = ("calls", "mentions", "sentiment", "language")


def rows(part: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{part}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("part", PARTS)
def test_every_post_has_an_id_and_a_text_of_its_own(part: str) -> None:
    for key in ("id", "text"):
        assert max(Counter(row[key] for row in rows(part)).values()) == 1


@pytest.mark.parametrize("part", PARTS)
def test_the_page_names_each_file_with_its_number_of_posts(part: str) -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    (line,) = (line for line in page.splitlines() if line.startswith(f"| `{part}.jsonl`"))
    assert line.endswith(f"| {len(rows(part))} |")


def test_sentiment_is_balanced_in_every_language() -> None:
    assert set(Counter((row["lang"], row["label"]) for row in rows("sentiment")).values()) == {10}


def test_calls_are_a_little_less_than_half_in_every_language() -> None:
    for lang in ("en", "fr", "es", "de", "pt"):
        labels = [row["is_call_to_action"] for row in rows("calls") if row["lang"] == lang]
        assert len(labels) >= 30
        assert 0.4 <= sum(labels) / len(labels) <= 0.5


def test_every_name_has_posts_that_are_about_it_and_posts_that_are_not() -> None:
    for entity in {row["entity"] for row in rows("mentions")}:
        assert {row["about"] for row in rows("mentions") if row["entity"] == entity} == {
            True,
            False,
        }


def test_every_part_has_floors_that_hold_its_number_of_posts() -> None:
    floors = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    assert {part: floors[part]["at_least"]["overall.n"] for part in PARTS} == {
        part: len(rows(part)) for part in PARTS
    }


def test_the_series_are_those_of_the_script(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    script = importlib.import_module("make_spikes")
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    script.main()
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in (FOLDER / "spikes").iterdir()}
