"""The flood holds every process to what the runbook states."""

import json
from pathlib import Path

import pytest

from benchmarks.overload import (
    BROKER_MEGABYTES,
    LONG_POST_EVERY,
    MEGABYTE,
    RUNBOOK,
    report,
    stated_bounds,
    write_posts,
)
from producers.admit import TEXT_LIMIT_CHARACTERS

PROCESSES = {"producer", "worker", "sink", "page", "stack", "clickhouse"}


def test_the_runbook_states_a_bound_for_every_process() -> None:
    bounds = stated_bounds(RUNBOOK.read_text("utf-8"))
    assert bounds.keys() == PROCESSES
    assert all(bounds.values())


@pytest.mark.parametrize("name", [*sorted(PROCESSES), "broker"])
def test_a_process_over_its_bound_is_named_and_fails_the_run(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bounds = stated_bounds(RUNBOOK.read_text("utf-8")) | {"broker": 2 * BROKER_MEGABYTES}
    samples = {one: [MEGABYTE] for one in bounds}
    assert report(samples, {}, "") == 0
    samples[name] = [MEGABYTE, (bounds[name] + 1) * MEGABYTE, MEGABYTE]
    assert report(samples, {}, "") == 1
    assert f"over the bound: {name}" in capsys.readouterr().out


def test_the_posts_of_the_flood_are_usable_and_some_nearly_as_long_as_can_be(
    tmp_path: Path,
) -> None:
    write_posts(tmp_path / "posts.jsonl", 2 * LONG_POST_EVERY)
    posts = [json.loads(line) for line in (tmp_path / "posts.jsonl").read_text().splitlines()]
    assert len({post["id"] for post in posts}) == 2 * LONG_POST_EVERY
    lengths = [len(post["text"]) for post in posts]
    assert TEXT_LIMIT_CHARACTERS / 2 < max(lengths) <= TEXT_LIMIT_CHARACTERS
