"""A run made again on another machine, compared, exported, mended and dropped, for real."""

import csv
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import CliRunner, Result
from kafka import KafkaProducer

from uproar.cli import main
from uproar.config_file import read_config
from uproar.kafka import producer_settings
from uproar.settings import Settings
from uproar.stack.home import Home
from uproar.stack.local import attach

pytestmark = pytest.mark.integration

CONFIG = """entities:
  - {id: nimbus, name: Nimbus, aliases: ["Nimbus", "@nimbus"], exclude: ["Nimbus 2000"],
     thresholds: {volume: {above: 50, per: 1m}}}
  - {id: kestrel, name: Kestrel}
"""
MOST_SECONDS = 240
TEXTS = ("=Boycott Nimbus now", "I like Kestrel", "nothing here", "Nimbus is awful, Kestrel great")
TABLE = """id,platform,author,text,created_at
1,mastodon,invented,Boycott Nimbus,2021-01-18T12:00:00Z
2,mastodon,invented,Boycott Nimbus, all of you,2021-01-18T12:01:00Z
3,mastodon,invented
"""
COLUMNS = "id=id,platform=platform,author=author,text=text,created_at=created_at"


def line(number: int, **changes: Any) -> str:
    said = {
        "id": f"post-{number}", "platform": "mastodon", "author": f"invented-{number % 17}",
        "text": TEXTS[number % 4], "created_at": f"2021-01-18T12:{number // 10:02}:00Z",
    }  # fmt: skip
    return json.dumps({**said, **changes})


def recording() -> str:
    broken = ['{"text": "cut \x1b[2J', line(900, text=5), line(901, created_at="soon")]
    gone = {"id": "post-4", "platform": "mastodon", "deleted": True}
    posts = [line(number) for number in range(200)]
    return "\n".join([*posts[:50], *broken, *posts[50:], json.dumps(gone), line(4, text=7)])


class Machine:
    """A home whose stack runs, and a folder with the recording in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.config = folder / "uproar.yaml"
        self.env = {**os.environ, "UPROAR_HOME": str(self.home)}
        self.up: subprocess.Popen[bytes]

    def replay(self, *words: str, status: int = 0) -> str:
        """Replay as a person would, in the machine's folder; return what it said."""
        command = [sys.executable, "-m", "uproar", "--config", str(self.config), "replay", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, timeout=MOST_SECONDS,
            check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stderr.decode()
        return done.stderr.decode()

    def run(self, *words: str) -> Result:
        """Give any other command, which joins the stack."""
        env = {"UPROAR_HOME": str(self.home)}
        return CliRunner(env=env).invoke(main, ["--config", str(self.config), *words])

    def told(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)


@contextmanager
def machine(folder: Path, config: str) -> Iterator[Machine]:
    made = Machine(folder)
    folder.mkdir()
    made.config.write_text(config)
    (folder / "posts.jsonl").write_text(recording())
    command = [sys.executable, "-m", "uproar", "--config", str(made.config), "up"]
    with (
        (folder / "up.log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, env=made.env, stdout=log, stderr=log) as up,
    ):
        made.up = up
        try:
            deadline = time.monotonic() + MOST_SECONDS
            while (note := Home(made.home).note()) is None or not note.config:
                assert up.poll() is None, "the stack did not start"
                assert time.monotonic() < deadline, "the stack did not start in time"
                time.sleep(0.1)
            yield made
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(MOST_SECONDS)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("machines") / "here", CONFIG) as made:
        made.replay("posts.jsonl", "--run", "january", "--to", "2021-01-18T12:18:00Z")
        yield made


def test_a_run_made_again_elsewhere_by_its_own_command_has_the_same_fingerprint(
    here: Machine, tmp_path: Path
) -> None:
    config = here.run("runs", "config", "january").stdout
    [command] = [one for one in config.splitlines() if " replay " in one]
    with machine(tmp_path / "there", config) as there:
        assert read_config(there.config) == read_config(here.config)
        there.replay(*command.partition(" replay ")[2].split())
        shown, again = (one.told("runs", "show", "january") for one in (here, there))
        keys = [one["manifests"][0]["facts"]["author_key"] for one in (shown, again)]
        assert keys[0] != keys[1]
        assert shown["fingerprint"] == again["fingerprint"]
        assert shown["figures"] == again["figures"]
        exported = there.folder / "exported"
        assert there.run("runs", "export", "january", str(exported)).exit_code == 0
        compared = here.told("runs", "compare", "january", str(exported / "manifest.json"))
        assert (compared["equal"], compared["differences"]) == (True, [])


def test_an_export_is_whole_private_safe_and_without_what_was_deleted(here: Machine) -> None:
    folder = here.folder / "exported"
    assert here.run("runs", "export", "january", str(folder)).exit_code == 0
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["exported"]:
        content = (folder / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    with zstandard.open(folder / "reactions.ndjson.zst", "rt", encoding="utf-8") as lines:
        reactions = [json.loads(one) for one in lines]
    with (folder / "reactions.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(reactions) == len(rows) == manifest["run"]["rows"]
    assert "post-4" not in {one["post_id"] for one in reactions}
    assert {row["text"][:2] for row in rows} == {"'=", "I ", "Ni"}
    told = (folder / "dead_letters.ndjson").read_text().splitlines()
    letters = [json.loads(one) for one in told]
    assert [one["payload"] is None for one in letters] == [False, False, False, True]
    again = here.run("runs", "export", "january", str(folder))
    assert (again.exit_code, "not empty" in again.stderr) == (1, True)


def test_a_letter_that_can_be_read_today_becomes_a_post_of_its_run_and_is_one_no_more(
    here: Machine,
) -> None:
    (here.folder / "table.csv").write_text(TABLE)
    here.replay("table.csv", "--run", "table", "--columns", COLUMNS)
    wider = "id,platform,author,text,more,created_at"
    words = ["dead-letters", "replay", "--run", "table", "--header", wider, "--columns", COLUMNS]
    assert here.told(*words, "--dry-run")["mended"] == 1
    assert here.told("runs", "show", "table")["run"]["dead_letters"] == 2
    outcome = here.told(*words)
    assert (outcome["mended"], outcome["posts"]) == (1, 1)
    summary = here.told("runs", "show", "table")["run"]
    assert (summary["dead_letters"], summary["rows"]) == (1, 2)
    assert here.told("dead-letters", "list", "--run", "table")["read_again"] == 1
    assert here.run("reconcile", "table").exit_code == 0
    assert here.told(*words)["mended"] == 0
    assert here.told("runs", "show", "table")["run"] == summary


def test_two_runs_that_differ_say_where_until_one_is_dropped(here: Machine) -> None:
    here.replay("posts.jsonl", "--run", "shorter", "--to", "2021-01-18T12:17:00Z")
    result = here.run("runs", "compare", "january", "shorter", "--json")
    assert result.exit_code == 1
    compared = json.loads(result.stdout)
    assert compared["differing_minutes"] == 2
    assert {one["entity"] for one in compared["minutes"]} == {"nimbus", "kestrel"}
    what = {one["what"] for one in compared["differences"]}
    assert {"bounds: end", "records kept", "nimbus: posts"} <= what
    assert "nobody can be asked" in here.run("runs", "drop", "shorter").stderr
    dropped = here.run("runs", "drop", "shorter", "--yes")
    assert (dropped.exit_code, "Dropped `shorter`" in dropped.stdout) == (0, True)
    assert "nothing is stored" in here.run("runs", "show", "shorter").stderr
    assert "shorter" not in here.run("runs", "list").stdout


def test_a_payload_from_a_stranger_does_not_move_the_cursor(here: Machine) -> None:
    shown = here.run("dead-letters", "show", "--run", "january").stdout
    assert "\x1b" not in shown
    assert "cut \\x1b[2J" in shown
    in_hex = here.run("dead-letters", "show", "--run", "january", "--hex").stdout
    assert "63 75 74 20 1b" in in_hex


def test_a_replay_whose_fuse_is_blown_is_in_balance_and_so_is_the_mended_file(
    here: Machine,
) -> None:
    file = here.folder / "broken.jsonl"
    good = [line(number) for number in range(200)]
    file.write_text("\n".join([*good, *['{"text": "cut'] * 1200]))
    told = here.replay("broken.jsonl", "--run", "mended", status=1)
    assert "error: the replay into `mended` stops: 800 of the last 1,000 records" in told
    assert here.told("runs", "show", "mended")["run"]["state"] == "interrupted"
    file.write_text("\n".join(good))
    here.replay("broken.jsonl", "--run", "mended")
    result = here.run("reconcile", "mended", "--all")
    assert result.exit_code == 0, result.stdout
    assert "of earlier readings" in result.stdout


def test_a_worker_that_can_use_hardly_anything_stops_and_says_why(here: Machine) -> None:
    endpoints = attach(Settings(home=here.home))
    producer = KafkaProducer(**producer_settings(endpoints.kafka))
    pack = b"[" + b",".join([b'{"later":1}'] * 200) + b"]"
    for _ in range(8):
        producer.send("uproar.posts.v1", pack, partition=0)
    producer.flush()
    producer.close()
    assert here.up.wait(MOST_SECONDS) == 1
    told = (here.folder / "up.log").read_text()
    assert "the worker stops" in told
    assert "`not-a-record`" in told
