"""Drawing stored posts, labelling them and going on, against a real ClickHouse."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from clickhouse_driver import Client

from sinks.batch import Placed, empty_batch
from sinks.clickhouse import ClickHouseSink
from uproar.cli import main
from uproar.records import Deletion, EntityReaction, Post, Reaction

pytestmark = pytest.mark.integration

START = datetime(2021, 1, 18, 12, 0, tzinfo=UTC)
CONFIG = "entities: [{id: quillhost, name: Quillhost}, {id: tindra, name: Tindra}]\n"


def a_post(run: str, number: int, *entities: str) -> Reaction:
    at = START + timedelta(minutes=number)
    post = Post(
        run=run, platform="mastodon", post_id=str(number), author="a", created_at=at,
        text=f"Quillhost and Tindra, number {number}", observed_at=at, received_at=at,
    )  # fmt: skip
    reactions = tuple(EntityReaction(entity=entity, sentiment=None) for entity in entities)
    return Reaction(post=post, lang="en", entities=reactions)


@pytest.fixture
def folder(
    tables: Client, server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder to work in, and forty stored posts: few about one entity, many about another."""
    batch = empty_batch()
    for number in range(40):
        about = ("quillhost", "tindra") if number < 3 else ("tindra",)
        batch.reactions.append(Placed(a_post("january", number, *about)))
        batch.reactions.append(Placed(a_post("february", number, "tindra")))
    gone = Deletion(
        run="january", platform="mastodon", post_id="39", observed_at=START, received_at=START
    )
    batch.reactions.append(Placed(gone))
    ClickHouseSink(tables).write(batch)
    monkeypatch.setenv("UPROAR_CLICKHOUSE_URL", f"{server_url}/uproar")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uproar.yaml").write_text(CONFIG)
    yield tmp_path


def sample(answers: str, *options: str) -> Result:
    arguments = ["entities", "sample", *options]
    return CliRunner().invoke(main, arguments, input=answers)


def labels(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_labelling_goes_on_where_it_was_left_and_prints_the_precision(folder: Path) -> None:
    file = folder / "january.labels.jsonl"
    first = sample("y\nn\nq\n", "january", "--count", "6")
    assert first.exit_code == 0, first.output
    assert len(labels(file)) == 2
    second = sample("y\ny\ny\ny\n", "january", "--count", "6")
    assert second.exit_code == 0, second.output
    kept = labels(file)
    assert len({(row["entity"], row["id"]) for row in kept}) == 6
    assert [row["entity"] for row in kept].count("Quillhost") == 3
    assert "Quillhost         3" in second.stdout
    assert "100.0 [44–100]" in second.stdout
    assert "66.7 [21–94]" in second.stdout
    third = sample("", "january", "--count", "6")
    assert third.stdout == second.stdout
    evaluated = CliRunner().invoke(main, ["evaluate", "mentions", str(file)])
    assert evaluated.exit_code == 0, evaluated.output


def test_a_seed_draws_the_same_posts_and_another_one_others(folder: Path) -> None:
    drawn = []
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        options = ("--count", "10", "--entity", "tindra", "--seed", seed, "--labels", name)
        assert sample("y\n" * 10, "january", *options).exit_code == 0
        rows = labels(folder / name)
        assert {row["entity"] for row in rows} == {"Tindra"}
        assert {row["run"] for row in rows} == {"january"}
        drawn.append([row["id"] for row in rows])
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_deleted_post_is_not_drawn(folder: Path) -> None:
    options = ("--count", "100", "--entity", "tindra", "--labels", "all")
    assert sample("y\n" * 100, "january", *options).exit_code == 0
    ids = {row["id"] for row in labels(folder / "all")}
    assert ids == {f"mastodon/{number}" for number in range(39)}


@pytest.mark.parametrize("run", ["nothing", "january' OR 1 = 1 --"])
def test_a_run_without_posts_is_told_and_a_name_is_never_taken_for_sql(
    folder: Path, run: str
) -> None:
    result = sample("y\n", run, "--labels", "none")
    assert result.exit_code == 1
    assert "there is no stored post in the run" in result.stderr
    assert not (folder / "none").exists()
