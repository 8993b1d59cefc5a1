"""What a replay says of its progress where there is no terminal."""

from datetime import UTC, datetime

import pytest

from producers.plan import Progress
from uproar.cli import progress


def test_a_line_tells_share_rate_time_left_and_where_in_the_past(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "LINE_SECONDS", 0.0)
    at = datetime(2021, 1, 18, 9, 30, tzinfo=UTC)
    with progress.shown_progress("january") as show:
        show(Progress(share=0.25, settled=100, kept=9, event_time=at, remaining_seconds=90))
    printed, told = capsys.readouterr()
    assert printed == ""
    assert told.startswith("replay january: 25%, ")
    assert told.endswith(" posts/s, 0:01:30 left, 2021-01-18 09:30\n")
