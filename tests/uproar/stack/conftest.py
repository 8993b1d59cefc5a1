"""Tiny real processes, which do not outlive their test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.uproar.stack.processes import StartChild
from uproar.stack.children import Child


@pytest.fixture
def child(tmp_path: Path) -> Iterator[StartChild]:
    """Make children, which are stopped at the end of the test."""
    made: list[Child] = []

    def make(*command: str, name: str = "a child", env: dict[str, str] | None = None) -> Child:
        log = tmp_path / f"{len(made)}.log"
        one = Child(name, command, log, env=None if env is None else {**os.environ, **env})
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()
