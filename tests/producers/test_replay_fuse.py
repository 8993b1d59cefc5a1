"""A replay of which most is of no use stops, says why, and goes on where it stood."""

import json
from pathlib import Path

import pytest

from tests.producers.test_replay import Memory, run
from uproar.errors import FuseBlown
from uproar.records import RunReport


def write(path: Path, good: int, broken: int) -> Path:
    post = json.dumps({"id": "{}", "text": "Quillhost again", "created_at": 1610962200})
    lines = [post.replace("{}", str(number)) for number in range(good)]
    path.write_text("\n".join([*lines, *['{"text": "cut'] * broken, *lines[:10]]))
    return path


def last_report(outlet: Memory) -> RunReport:
    return [one for one in outlet.records if isinstance(one, RunReport)][-1]


def test_it_stops_with_every_letter_sent_and_says_where_it_stands(tmp_path: Path) -> None:
    outlet = Memory()
    file = write(tmp_path / "a.jsonl", good=700, broken=5000)
    with pytest.raises(FuseBlown) as blown:
        run(outlet, file, fuse_share=0.5)
    assert "501 of the last 1,000 records" in str(blown.value)
    assert "`truncated-line` (501, the newest at a.jsonl:1201)" in str(blown.value)
    report = last_report(outlet)
    assert (report.state, report.dead_letters) == ("interrupted", {"truncated-line": 501})
    assert len(outlet.letters) == 501
    assert not outlet.watermarks[-1].is_last


def test_with_the_fuse_off_the_same_command_goes_on_from_there(tmp_path: Path) -> None:
    outlet = Memory()
    file = write(tmp_path / "a.jsonl", good=700, broken=5000)
    with pytest.raises(FuseBlown):
        run(outlet, file, fuse_share=0.5)
    position = outlet.watermarks[-1].position
    result = run(outlet, file, fuse_share=1.0, resume_position=position)
    assert len({letter.position for letter in outlet.letters}) == 5000
    assert len({post.post_id for post in outlet.posts}) == 700
    assert result.report.state == "finished"


def test_a_small_file_that_is_broken_throughout_is_read_to_its_end(tmp_path: Path) -> None:
    outlet = Memory()
    result = run(outlet, write(tmp_path / "a.jsonl", good=1, broken=900), fuse_share=0.5)
    assert result.report.state == "finished"
    assert len(outlet.letters) == 900
