"""In what two runs differ, and the configuration that one was made with. Nothing is asked."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from sinks.fingerprint import Figures, Fingerprint
from sinks.runs import RunFile, RunLife, RunSummary
from uproar.cli.comparing import differences_of
from uproar.cli.manifest import Bounds, facts_of
from uproar.cli.run_config import config_of
from uproar.cli.run_details import Details, ManifestOf, replay_command
from uproar.config import Config, parse_config
from uproar.errors import InputError
from uproar.settings import Settings

NOON = datetime(2021, 1, 18, 12, tzinfo=UTC)
WRITTEN = """entities:
  - {id: nimbus, name: Nimbus, aliases: ["Nimbus", "#Nimbus"], exclude: ["Nimbus 2000"],
     ambiguous: true, near: {words: [cloud, "hosting: plans"], within: 4}, known: false,
     thresholds: {volume: {above: 50, per: 1m}, spike: {sensitivity: high}}}
  - {id: kestrel, name: "Kestrel # it's \\"quoted\\""}
"""


def details(config: str = WRITTEN, tmp: Any = "/", **bounds: Any) -> Details:
    read = parse_config(config, "uproar.yaml")
    given = Bounds(**{"start": None, "end": None, "keep_all": False, **bounds})
    facts = msgspec.json.decode(facts_of(Settings(home=tmp), read, given, "0a1b"))
    life: dict[str, Any] = {
        "read": 4, "kept": 3, "filtered": 1, "deletions": 0, "dead_letters": {},
    }  # fmt: skip
    return Details(
        run=RunSummary(
            run="january", state="finished", inputs=["a b.jsonl"], first_at=NOON, last_at=NOON,
            read=4, kept=3, dead_letters=0, rows=3, started_at=NOON, watermark=NOON,
            is_finished=True, heard_at=NOON,
        ),
        fingerprint=Fingerprint("0" * 32, 1, 3),
        figures=[Figures("nimbus", 3, 2, 0.5, 1, 0)],
        manifests=[ManifestOf(source="replay:1", started_at=NOON, facts=facts)],
        files=[
            RunFile(
                source="replay:1", number=1, name="a b.jsonl", format="f", size_bytes=1,
                sha256="ab" * 32, **life,
            )
        ],
        lives=[
            RunLife(
                source="replay:1", started_at=NOON, reported_at=NOON, state="finished",
                inputs=["a b.jsonl"], resume_position=0, position=4, watermark=NOON, **life,
            )
        ],
    )  # fmt: skip


def test_the_configuration_of_a_run_gives_the_entities_it_was_made_with() -> None:
    found = parse_config(config_of(details()), "found.yaml")
    assert found.entities == parse_config(WRITTEN, "written.yaml").entities


def test_columns_that_were_named_are_saved_with_it() -> None:
    columns = {"columns": {"text": "body", "created_at": "date"}, "platform": "forum", "format": ""}
    made = details(columns=columns)
    found: Config = parse_config(config_of(made), "found.yaml")
    assert found.columns["recorded"].posted_on == "forum"
    assert found.columns["recorded"].by_field() == columns["columns"]
    assert "--columns recorded" in replay_command(made)


def test_the_command_that_makes_a_run_again_is_fit_for_a_shell() -> None:
    assert replay_command(details(start=NOON, keep_all=True), "x.yaml") == (
        "UPROAR_SENTIMENT=fast uproar --config x.yaml replay 'a b.jsonl' --run january "
        "--from 2021-01-18T12:00:00Z --keep-all"
    )


def test_a_run_without_a_manifest_says_that_it_cannot_be_made_again() -> None:
    bare = msgspec.structs.replace(details(), manifests=[])
    with pytest.raises(InputError, match="no manifest"):
        config_of(bare)
    with pytest.raises(InputError, match="no manifest"):
        replay_command(bare)


def test_equal_runs_differ_in_nothing_whatever_their_names_and_keys() -> None:
    other = details()
    other.manifests[0].facts["author_key"] = "another"
    assert differences_of(details(), other) == []


def test_each_thing_that_differs_is_named_with_both_values() -> None:
    other = details(WRITTEN.replace("Nimbus 2000", "Nimbus 3000").replace("kestrel", "merlin"))
    other.manifests[0].facts["models"]["calls"] = "newer"
    other.files[0] = msgspec.structs.replace(other.files[0], sha256="cd" * 32)
    other.figures[0] = Figures("nimbus", 4, 2, 0.5, 1, 0)
    found = {each.what: (each.one, each.other) for each in differences_of(details(), other)}
    assert found["entity nimbus: exclude"] == (["Nimbus 2000"], ["Nimbus 3000"])
    assert found["entity kestrel"] == ("tracked", None)
    assert found["entity merlin"] == (None, "tracked")
    assert found["models: calls"][1] == "newer"
    assert found["inputs, by content"] == (
        ["a b.jsonl (abababababab)"],
        ["a b.jsonl (cdcdcdcdcdcd)"],
    )
    assert found["nimbus: posts"] == (3, 4)


def test_the_manifest_of_an_export_is_read_as_it_was_written() -> None:
    made = details()
    assert msgspec.json.decode(msgspec.json.encode(made), type=Details) == made


def test_an_entity_of_another_version_is_refused_with_that_version() -> None:
    made = details()
    made.manifests[0].facts["entities"][0]["invented_later"] = 1
    with pytest.raises(InputError, match="cannot read the entities") as refused:
        config_of(made)
    assert "0." in (refused.value.hint or "")
