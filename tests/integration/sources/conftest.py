"""Live sources against servers of this machine: nobody waits long."""

import pytest


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.wire.FIRST_WAIT_SECONDS", 0.02)
    monkeypatch.setattr("producers.wire.LONGEST_WAIT_SECONDS", 0.1)
    monkeypatch.setattr("producers.live.WATERMARK_SECONDS", 0.1)
