"""Metrics, health and status of real processes; and nothing personal in any of what they say."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from sinks.migrate import prepare_tables
from uproar.endpoints import Endpoints
from uproar.errors import StackError
from uproar.kafka import create_topics, producer_settings
from uproar.operations.notes import read_notes
from uproar.operations.server import Serving, served
from uproar.operations.waits import WAITS
from uproar.pseudonym import Pseudonyms
from uproar.stack.home import Home
from uproar.stack.ports import is_open
from uproar.topics import topics

pytestmark = pytest.mark.integration

CONFIG = "entities: [{id: epik, name: Epik}]\n"
TEXT, HANDLE, POST_ID = "zyxwordmark", "zyxhandlemark", "zyxidmark"
POSTS = 600


def get(address: str, page: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}{page}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_process_answers_as_long_as_it_serves_and_says_what_it_waits_for(home: Path) -> None:
    with served(Serving(home=home, name="page", stage="page")) as note:
        assert get(note.address, "/healthz") == (200, '{"status":"ok"}')
        assert get(note.address, "/readyz") == (200, '{"ready":true,"waits_for":[]}')
        assert get(note.address, "/nothing")[0] == 404
        with WAITS.during("clickhouse", "ClickHouse is away"):
            status, body = get(note.address, "/readyz")
            assert status == 503
            assert json.loads(body)["waits_for"][0]["what"] == "ClickHouse is away"
            assert 'uproar_waiting{on="clickhouse"} 1.0' in get(note.address, "/metrics")[1]
        assert "process_resident_memory_bytes" in get(note.address, "/metrics")[1]
        port = int(note.address.rpartition(":")[2])
    assert not is_open(port)


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(StackError, match=f"127.0.0.1:{port}"),
            served(Serving(home=home, name="sink", stage="sink", port=port)),
        ):
            pass


def test_it_listens_on_loopback_alone_unless_told_otherwise(home: Path) -> None:
    with served(Serving(home=home, name="sink", stage="sink")) as note:
        assert note.address.startswith("127.0.0.1:")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration and marked posts, some of them broken."""
    (tmp_path / "uproar.yaml").write_text(CONFIG)
    with (tmp_path / "posts.jsonl").open("w") as file:
        for number in range(POSTS):
            post: dict[str, Any] = {
                "platform": "mastodon",
                "id": f"{POST_ID}-{number}",
                "author": f"{HANDLE}-{number % 7}",
                "text": f"{TEXT} says that Epik should be shut down {number}",
                "created_at": f"2021-01-18T12:{number // 60:02}:{number % 60:02}Z",
            }
            if number % 50 == 0:
                del post["text"]
                post["body"] = TEXT
            line = json.dumps(post)
            file.write((line[:-9] if number % 75 == 0 else line) + "\n")
    return tmp_path


def start(folder: Path, *words: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "uproar", *words],
        env={
            **os.environ,
            "UPROAR_HOME": str(folder / "home"),
            "UPROAR_CONFIG": str(folder / "uproar.yaml"),
            "UPROAR_PAGE_PORT": str(free_port()),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def say(folder: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    process = start(folder, *words, **environment)
    said, told = process.communicate(timeout=120)
    return process.returncode, said, told


@pytest.fixture
def up(folder: Path) -> Iterator[dict[str, str]]:
    """A stack that runs, logging JSON at DEBUG; yields the addresses of its processes."""
    stack = start(folder, "up", UPROAR_LOG_LEVEL="DEBUG", UPROAR_LOG_FORMAT="json")
    try:
        deadline = time.monotonic() + 90
        while len(notes := read_notes(folder / "home")) < 5:
            assert stack.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield {note.stage: note.address for note in notes}
    finally:
        stack.send_signal(signal.SIGINT)
        said, told = stack.communicate(timeout=60)
    (folder / "up.log").write_text(said + told)


def figure(text: str, place: str) -> float:
    found = re.search(rf"^{re.escape(place)} (\S+)$", text, re.M)
    return float(found[1]) if found else 0.0


def test_what_a_replay_sends_is_counted_on_its_way_and_nothing_personal_is_said_of_it(
    folder: Path, up: dict[str, str]
) -> None:
    replaying = start(
        folder, "replay", str(folder / "posts.jsonl"), "--run", "marked", "--speed", "100x",
        UPROAR_LOG_LEVEL="DEBUG", UPROAR_LOG_FORMAT="json",
    )  # fmt: skip
    pages = []
    while replaying.poll() is None:
        for note in read_notes(folder / "home"):
            try:
                pages += [get(note.address, "/metrics")[1], get(note.address, "/readyz")[1]]
            except OSError:
                assert note.stage == "producer"  # that one ends
        time.sleep(0.3)
    said, told = replaying.communicate()
    assert replaying.returncode == 0, told
    streams = get(up["streams"], "/metrics")[1]
    sink = get(up["sink"], "/metrics")[1]
    broken = sum(number % 50 == 0 or number % 75 == 0 for number in range(POSTS))
    kept = POSTS - broken
    assert figure(streams, 'uproar_records_in_total{kind="post",stage="streams"}') == kept
    assert figure(streams, 'uproar_records_out_total{kind="reaction",stage="streams"}') == kept
    assert figure(sink, 'uproar_records_out_total{kind="reaction",stage="sink"}') == kept
    assert figure(sink, 'uproar_records_out_total{kind="dead-letter",stage="sink"}') == broken
    assert figure(sink, "uproar_batch_records_count") > 0
    assert re.search(r'^uproar_lag_messages\{.*stream="posts"\} 0\.0$', streams, re.M)
    assert 'uproar_watermark_timestamp_seconds{run="marked"}' in "".join(pages)
    assert 'uproar_watermark_timestamp_seconds{run="marked"}' not in sink  # it has ended
    logs = [path.read_text() for path in (folder / "home" / "logs").glob("*.log")]
    for line in (folder / "home" / "logs" / "sink.log").read_text().splitlines():
        assert json.loads(line)["process"] == "sink"
    for line in (folder / "home" / "logs" / "worker-1.log").read_text().splitlines():
        assert json.loads(line)["process"] == "worker-1"
    names = Pseudonyms(Home(folder / "home").secrets().author_key)
    pseudonyms = [names.name("mastodon", f"{HANDLE}-{number}") for number in range(7)]
    for part in (*pages, streams, sink, *logs, told):
        for mark in (TEXT, HANDLE, POST_ID, *pseudonyms):
            assert mark not in part
    assert POST_ID not in said


def test_status_says_that_all_is_well_and_what_is_wrong_first(
    folder: Path, up: dict[str, str]
) -> None:
    status, said, told = say(folder, "status")
    assert (status, said.splitlines()[0]) == (0, "Everything works."), told
    for word in ("Kafka", "ClickHouse", "worker-1", "sink", "page", "reactions"):
        assert word in said
    (sink,) = [note for note in read_notes(folder / "home") if note.name == "sink"]
    os.kill(sink.pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while True:  # the stack starts it again, and that is told
        report = json.loads(say(folder, "status", "--json")[1])
        (process,) = [one for one in report["processes"] if one["name"] == "sink"]
        if process["pid"] != sink.pid:
            break
        assert time.monotonic() < deadline
    assert process["restarts"] == 1
    (clickhouse,) = [one for one in report["servers"] if one["name"] == "ClickHouse"]
    assert clickhouse["version"]
    assert up["sink"] != ""


def child_of(stack: int, word: str) -> int:
    """Return the child of a process whose command has that word, or ends in it."""
    for path in Path(f"/proc/{stack}/task").glob("*/children"):
        for child in path.read_text().split():
            words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            if word in words or words[0].endswith(f"/{word}"):
                return int(child)
    raise AssertionError(f"no {word} runs")


def waits_of(address: str) -> set[str]:
    return {wait["on"] for wait in json.loads(get(address, "/readyz")[1])["waits_for"]}


def until(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_worker_and_sink_say_that_they_wait_for_a_broker_that_is_away_and_then_go_on(
    folder: Path, up: dict[str, str]
) -> None:
    stages = (up["streams"], up["sink"])
    until(lambda: all(waits_of(address) == set() for address in stages))
    (stack,) = [note.pid for note in read_notes(folder / "home") if note.stage == "stack"]
    pids = {note.name: note.pid for note in read_notes(folder / "home")}
    broker = child_of(stack, "tansu")
    os.kill(broker, signal.SIGSTOP)
    try:
        until(lambda: all("kafka" in waits_of(address) for address in stages))
    finally:
        os.kill(broker, signal.SIGCONT)
    until(lambda: all(waits_of(address) == set() for address in stages))
    status, _, told = say(folder, "replay", str(folder / "posts.jsonl"), "--run", "after")
    assert status == 0, told
    assert {note.name: note.pid for note in read_notes(folder / "home")} == pids


def test_status_says_first_that_clickhouse_stands_still(folder: Path, up: dict[str, str]) -> None:
    (stack,) = [note.pid for note in read_notes(folder / "home") if note.stage == "stack"]
    pid = child_of(stack, "uproar.stack.clickhouse_server")
    os.kill(pid, signal.SIGSTOP)
    try:
        status, said, told = say(folder, "status")
    finally:
        os.kill(pid, signal.SIGCONT)
    assert status == 1, told
    assert re.match(r"wrong: ClickHouse at 127\.0\.0\.1:\d+: ", said)
    assert "the local broker" in said  # what answers is shown all the same


def test_status_asks_servers_elsewhere_and_does_without_their_processes(
    folder: Path, servers: Endpoints
) -> None:
    prepare_tables(servers.migrator_url, retention_days=400)
    create_topics(servers.kafka, topics("elsewhere").all(), 2, 1)
    producer = KafkaProducer(**producer_settings(servers.kafka))
    for _ in range(3):
        producer.send(topics("elsewhere").posts, b"[]", partition=1).get(timeout=10)
    producer.close()
    status, said, told = say(
        folder, "status", "--json",
        UPROAR_KAFKA_BROKERS=",".join(servers.kafka.brokers),
        UPROAR_CLICKHOUSE_URL=servers.clickhouse_url,
        UPROAR_TOPIC_PREFIX="elsewhere",
    )  # fmt: skip
    assert status == 0, told
    report = json.loads(said)
    assert report["processes"] == []
    assert {"stage": "streams", "stream": "posts", "messages": [0, 3]} in report["lag"]


def test_without_a_stack_status_says_so(folder: Path) -> None:
    status, said, told = say(folder, "status")
    assert (status, said) == (1, "")
    assert told.startswith("error: no stack runs in")
