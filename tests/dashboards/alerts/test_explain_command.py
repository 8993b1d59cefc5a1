"""`uproar alerts explain` and `notify-test` answer from the tables and the file as they are."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from clickhouse_driver import Client

from dashboards.alerts import explain, store
from tests.dashboards.alerts import wave
from tests.dashboards.alerts.receiver import receiving
from uproar.cli import main
from uproar.clickhouse import read

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def told(store: Client, server_url: str) -> str:
    """Store the wave and an alert about it, and one of the run itself; return the tables' URL."""
    wave.put(store, wave.everything())
    found = explain.explain(store, wave.alert())
    written = msgspec.json.encode(found).decode()
    write(store, [(wave.alert(), written), (wave.alert(id="a1zzzz"), "")])
    ((database,),) = store.execute("SELECT currentDatabase()")
    return f"{server_url}/{database}"


def write(client: Client, alerts: list[tuple[object, str]]) -> None:
    store.write_alerts(client, alerts, datetime.now(UTC))  # type: ignore[arg-type]


def run(url: str, home: Path, *arguments: str, **env: str) -> Result:
    settings = {"UPROAR_CLICKHOUSE_URL": url, "UPROAR_HOME": str(home)}
    return CliRunner().invoke(main, ["alerts", *arguments], env=settings | env)


def test_an_id_needs_as_many_letters_as_tell_it_from_others(told: str, home: Path) -> None:
    assert run(told, home, "explain", "a1b").exit_code == 0
    several = run(told, home, "explain", "a1")
    assert several.exit_code == 1
    assert "several alerts begin with `a1`: `a1b2c3d4e5f6`, `a1zzzz`" in several.stderr
    nothing = run(told, home, "explain", "ffff")
    assert "no alert has an id that begins with `ffff`" in nothing.stderr


def test_a_deletion_shows_as_changed_and_its_post_is_shown_no_more(
    told: str, store: Client, home: Path
) -> None:
    before = run(told, home, "explain", "a1b")
    assert "a1b2c3d4e5f6  quill: 30 posts call for action against it" in before.stdout
    assert "Every figure that a query gives still holds." in before.stdout
    assert "Sample posts, 5 of 5 still there:" in before.stdout
    found = explain.explain(store, wave.alert())
    gone = found.samples[0]
    (text,) = [one.post.text for one in wave.everything() if one.post.post_id == gone.post_id]
    assert text in before.stdout
    wave.put(store, [wave.deletion(gone.post_id, gone.platform)])
    after = run(told, home, "explain", "a1b")
    assert "figures have changed since" in after.stdout
    assert re.search(r"seen +30 +29 +CHANGED", after.stdout)
    assert "Sample posts, 4 of 5 still there:" in after.stdout
    assert text not in after.stdout


def test_everybody_can_run_the_statements_that_are_shown(
    told: str, store: Client, home: Path
) -> None:
    shown = run(told, home, "explain", "a1b", "--json", "--sql")
    answer = json.loads(shown.stdout)
    assert answer["statements"].keys() >= {"totals", "authors", "terms", "seen"}
    for sql in answer["statements"].values():
        assert read(store, sql).columns
    assert {figure["state"] for figure in answer["figures"]} <= {"holds", "changed"}
    assert "-- totals\n" in run(told, home, "explain", "a1b", "--sql").stdout


def test_a_trial_tells_of_each_channel_whether_it_took_it(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "uproar.yaml"
    with receiving() as good, receiving() as bad:
        bad.answers = [500]
        file.write_text(
            "entities: [{id: quill, name: Quill}]\nnotify:\n"
            f"  - {good.url('hook')}\n  - {{url: '{bad.url('x/s3cr3t-invented')}', name: bad}}\n"
        )
        env = {"UPROAR_CONFIG": str(file)}
        refused = run("", home, "notify-test", **env)
        assert "uproar.yaml:3: `json://127.0.0.1` leads into the local network" in refused.stderr
        assert "UPROAR_NOTIFY_LOCAL=true" in refused.stderr
        result = run("", home, "notify-test", UPROAR_NOTIFY_LOCAL="true", **env)
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first == "json://127.0.0.1: delivered"
    assert second.startswith("bad: failed: ")
    assert "error=500" in second
    assert "s3cr3t" not in result.output
    assert good.titles("hook") == ["[test] Uproar can reach you"]
