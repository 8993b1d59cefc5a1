"""What a replay tells of itself: files, lives, accounts that end, and how it stands still."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from producers.plan import ReplayPlan
from producers.replay import replay
from tests.producers.test_replay import (
    BEGAN,
    NAMES,
    RECORDINGS,
    Hands,
    Memory,
    Quillhost,
    run,
    write,
)
from uproar.cli.quarantine import write_report
from uproar.records import AccountDeletion, FileReport, Post, RunManifest


def notes(outlet: Memory, kind: type) -> list[Any]:
    return [record for record in outlet.records if isinstance(record, kind)]


def test_each_file_of_a_finished_replay_is_accounted_for_by_itself() -> None:
    outlet = Memory()
    result = run(outlet, RECORDINGS / "uproar.jsonl", RECORDINGS / "airline.csv")
    first, second = notes(outlet, FileReport)
    for file in (first, second):
        assert file.read == (
            file.kept + file.filtered + file.deletions + sum(file.dead_letters.values())
        )
    assert first.read + second.read == result.report.read
    assert first.kept + second.kept == result.report.kept
    assert (first.number, second.number) == (1, 2)
    content = (RECORDINGS / "uproar.jsonl").read_bytes()
    assert first.sha256 == hashlib.sha256(content).hexdigest()


def test_a_replay_begins_with_what_is_needed_to_make_it_again() -> None:
    outlet = Memory()
    run(outlet, RECORDINGS / "uproar.jsonl", facts='{"version":"1"}')
    assert isinstance(outlet.records[0], RunManifest)
    assert outlet.records[0].facts == '{"version":"1"}'


def test_what_earlier_lives_have_stored_is_told_apart_from_what_is_sent(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [0, 1, 2, 3, 4])
    report = run(Memory(), path, resume_position=3).report
    assert (report.resume_position, report.resumed, report.sent, report.kept) == (3, 3, 2, 5)


def test_the_end_of_an_account_travels_in_its_place_as_a_pseudonym(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [0, 9])
    gone = {"deleted_account": True, "author": "maren", "platform": "mastodon"}
    with path.open("a") as file:
        file.write("\n" + json.dumps({**gone, "created_at": BEGAN.timestamp() + 5}) + "\n")
        file.write(json.dumps({"deleted_account": True, "created_at": BEGAN.timestamp()}) + "\n")
    outlet = Memory()
    report = run(outlet, path).report
    sent = [type(r) for r in outlet.records if isinstance(r, Post | AccountDeletion)]
    assert sent == [Post, AccountDeletion, Post]
    [account] = notes(outlet, AccountDeletion)
    assert account.author == NAMES.name("mastodon", "maren")
    assert account.observed_at == BEGAN + timedelta(seconds=5)
    assert (report.deletions, report.dead_letters) == (1, {"not-a-post": 1})


def test_a_replay_that_stands_still_goes_on_at_its_pace_and_catches_up_with_nothing(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a", [0, 60, 120])
    clock, outlet = Hands(), Memory()
    sent_at: list[tuple[float, int]] = []

    def is_paused() -> bool:
        sent_at.append((clock.moved, len(outlet.posts)))
        return 30 <= clock.moved < 1_000  # it is asked for in the first minute

    plan = ReplayPlan(files=(path,), run="january", names=NAMES, speed=1.0)
    replay(plan, Quillhost(), outlet, lambda _: None, clock=clock, is_paused=is_paused)
    assert len(outlet.posts) == 3
    assert {count for at, count in sent_at if 30 <= at < 1_000} == {1}
    first_after = next(at for at, count in sent_at if count == 2)
    assert first_after - 1_000 == pytest.approx(30, abs=1)
    assert clock.moved - 1_000 == pytest.approx(90, abs=1)


def test_what_became_of_each_file_adds_up_in_records_and_bytes_and_names_lines(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a.jsonl", [0, 9])
    with path.open("a") as file:
        file.write('\nno json\n{"text": 7, "created_at": 1}\n')
    result = run(Memory(), path)
    report = tmp_path / "report.json"
    write_report(report, result)
    [told] = json.loads(report.read_text())["files"]
    assert told["read"] == told["kept"] + sum(told["dead_letters"].values()) == 4
    sizes = told["record_bytes"]
    assert sizes["read"] == sizes["kept"] + sizes["dead letters"]
    assert sizes["read"] == len(path.read_bytes().replace(b"\n", b""))
    places = [place for example in told["examples"].values() for place, _ in example]
    assert sorted(places) == [3, 4]
