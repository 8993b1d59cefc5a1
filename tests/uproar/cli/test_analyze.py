"""`uproar analyze` and `uproar entities test`: the reading alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from streams.assess import Reader
from uproar.cli import main
from uproar.config_file import read_config
from uproar.records import Post

CONFIG = Path(__file__).parents[3] / "producers" / "demo" / "uproar.yaml"


def analyze(given: bytes, *options: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, [*options, "analyze", "-"], input=given)
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_gives_one_line_in_the_same_order() -> None:
    given = [{"id": number, "text": f"Epik hosting fails ({number})"} for number in range(50)]
    answers = analyze(
        b"\n".join(json.dumps(one).encode() for one in given), "--config", str(CONFIG)
    )
    assert [answer["id"] for answer in answers] == list(range(50))


def test_the_answer_has_the_keys_that_others_build_on() -> None:
    (answer,) = analyze(b'{"id": "a", "text": "Shut down Epik!"}', "--config", str(CONFIG))
    assert set(answer) == {"id", "lang", "sentiment", "mentions", "calls"}
    assert {"score", "label"} <= set(answer["sentiment"])
    assert answer["mentions"] == ["epik"]
    (call,) = answer["calls"]
    assert set(call) == {"action", "target", "direction", "evidence", "confidence"}
    assert (call["action"], call["target"], call["direction"]) == ("shutdown", "epik", "against")
    assert call["evidence"] in "Shut down Epik!"


def test_a_light_reading_is_chosen_in_the_configuration(tmp_path: Path) -> None:
    light = tmp_path / "uproar.yaml"
    light.write_text("entities: [{id: acme, name: Acme}]\nreading: light\n")
    (answer,) = analyze(b'{"text": "Boycott Acme, it is horrible"}', "--config", str(light))
    assert answer["sentiment"]["model"].startswith("vader")
    assert [call["action"] for call in answer["calls"]] == ["boycott"]
    light.write_text("entities: [{id: acme, name: Acme}]\nreading: lite\n")
    result = CliRunner().invoke(main, ["--config", str(light), "check"])
    assert ":2: wanted one of `full`, `light`, found `lite`" in result.stderr


def test_a_bad_line_is_answered_in_its_place_and_the_next_one_is_read() -> None:
    bad = [b"", b"{", b"[1]", b'{"txt": 1}', b'{"text": 7}', b"\xff\xfe", b'{"text": "\\ud800"}']
    answers = analyze(b"\n".join([*bad, b'{"id": 1, "text": "fine"}']))
    assert len(answers) == len(bad) + 1
    for number, answer in enumerate(answers[:-1], start=1):
        assert answer["id"] is None
        assert answer["error"].startswith(f"line {number}: ")
    assert answers[-1]["id"] == 1


def test_a_call_is_found_where_its_target_is_tracked_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (answer,) = analyze(b'{"text": "Everybody boycott Quillhost now"}')
    assert answer["mentions"] == []
    assert [(call["action"], call["target"]) for call in answer["calls"]] == [
        ("boycott", "Quillhost")
    ]


@pytest.mark.parametrize(
    "text",
    ["Shut down Epik. Shame on their hosting!", "Il faut fermer Epik", "Epik High on tour", "42"],
)
def test_analyze_reads_what_the_stream_reads(text: str) -> None:
    entities = read_config(CONFIG).entities
    (answer,) = analyze(json.dumps({"text": text}).encode(), "--config", str(CONFIG))
    reaction = Reader(entities).read(some_post(text))
    assert answer["lang"] == reaction.lang
    assert answer["mentions"] == [entity.entity for entity in reaction.entities]
    for entity in reaction.entities:
        if entity.sentiment:
            assert answer["sentiment"]["score"] == entity.sentiment.score
        of_it = [call for call in answer["calls"] if call["target"] in (entity.entity, None)]
        assert [call.evidence for call in entity.calls] == [call["evidence"] for call in of_it]


def some_post(text: str) -> Post:
    from datetime import UTC, datetime

    at = datetime(2021, 1, 18, tzinfo=UTC)
    return Post(
        run="r", platform="p", post_id="1", author="", text=text, created_at=at, observed_at=at,
        received_at=at,
    )  # fmt: skip


def test_a_line_is_answered_before_the_next_one_comes() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "uproar", "--config", str(CONFIG), "analyze", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "text": "fine"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.stdin.close()
        assert process.wait(20) == 0


def test_entities_test_says_which_rule_decides() -> None:
    for text, wanted in (
        ("Epik hosting is down", "epik: accepted `Epik`: its name, beside `hosting`"),
        ("Epik High is on tour", "epik: refused `Epik`: excluded by `Epik High`"),
        ("nothing of interest", "no alias of a tracked entity stands in this text"),
    ):
        result = CliRunner().invoke(main, ["--config", str(CONFIG), "entities", "test", text])
        assert result.exit_code == 0
        assert wanted in result.stdout.splitlines()
