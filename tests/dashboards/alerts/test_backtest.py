"""Thresholds and the back-test over real tables: what commands change, what would have been."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from clickhouse_driver import Client

from dashboards.alerts import backtesting
from dashboards.alerts.backtest import Setting
from dashboards.alerts.changes import read_changes, read_table, seed_thresholds, write_changes
from dashboards.alerts.fired import standings
from dashboards.alerts.store import read_thresholds, thresholds_version
from dashboards.alerts.sync import set_by_command
from dashboards.alerts.thresholds import Threshold, from_config
from dashboards.alerts.watch import Watcher
from tests.dashboards.alerts.invented import MINUTE, START, calm, store_minutes, store_watermark
from uproar.cli.alerts import alerts
from uproar.cli.annotations import annotations
from uproar.cli.invocation import Invocation
from uproar.config import parse_config
from uproar.errors import InputError, UproarError

pytestmark = pytest.mark.integration

RUN = "past"
LENGTH = 1440 + 720
WAVE = 1440 + 300
FILE = """# what we watch
entities:
  - id: quill
    name: Quill
    thresholds:
      volume: {above: 60, per: 5m}   # loud
      spike: {sensitivity: medium}
      calls_to_action: {above: 15, per: 10m, for: 2m}
  - {id: other, name: Other}
"""
NOW = datetime(2026, 3, 20, tzinfo=UTC)


WRITTEN = (
    "reactions_by_minute", "reactions_by_day", "watermarks", "thresholds", "threshold_changes",
    "alerts", "watch_marks", "watch_states", "expected_by_minute", "spikes", "annotations",
)  # fmt: skip


@pytest.fixture
def tables(store: Client) -> Client:
    """The tables of this module, empty again."""
    for table in WRITTEN:
        store.execute(f"TRUNCATE TABLE {table}")
    return store


@pytest.fixture
def past(tables: Client) -> Client:
    """A day and a half of two entities; one is in an uproar for two hours on the second day."""
    counts = {"quill": calm(LENGTH, 1.0, 1), "other": calm(LENGTH, 2.0, 2)}
    calling = {"quill": [0] * LENGTH}
    for number in range(120):
        counts["quill"][WAVE + number] += 40
        calling["quill"][WAVE + number] = 10 if number % 60 < 20 else 0
    store_minutes(tables, RUN, counts, calling)
    store_watermark(tables, RUN, START + LENGTH * MINUTE, is_last=True)
    return tables


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "uproar.yaml"
    path.write_text(FILE, "utf-8")
    return path


@pytest.fixture
def uproar(
    server_url: str,
    store: Client,
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """Call `uproar alerts …` or `uproar annotations …`; an error of ours is raised."""
    ((database,),) = store.execute("SELECT currentDatabase()")
    monkeypatch.setenv("UPROAR_CLICKHOUSE_URL", f"{server_url}/{database}")
    monkeypatch.setenv("UPROAR_KAFKA_BROKERS", "127.0.0.1:1")
    monkeypatch.setenv("UPROAR_HOME", str(tmp_path / "home"))

    def call(*words: str) -> Result:
        group = annotations if words[0] == "annotations" else alerts
        result = CliRunner().invoke(group, words[1:], obj=Invocation(config))
        if isinstance(result.exception, UproarError):
            raise result.exception
        return result

    return call


def stored_alerts(client: Client) -> set[tuple[Any, ...]]:
    return set(
        client.execute(
            "SELECT id, signal, started_at, fired_at, peak_at, ended_at, value, peak_value, "
            "silence FROM alerts FINAL WHERE run = %(run)s",
            {"run": RUN},
        )
    )


def watched(client: Client) -> None:
    Watcher(client, lambda: ["quill", "other"], lambda _: "", lambda: NOW).evaluate()


def test_the_back_test_tells_what_the_watcher_told(
    past: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = parse_config(FILE, "uproar.yaml")
    seed_thresholds(past, wanted, NOW)
    watched(past)
    monkeypatch.setitem(past.settings, "readonly", 2)  # it writes nothing
    span = backtesting.span_of(past, RUN, None, None)
    settings = [Setting(name="as it stands", thresholds=from_config(wanted))]
    test = backtesting.run_backtest(past, RUN, ["quill", "other"], settings, span)
    found = {
        (one.id, one.threshold.signal, one.started_at, one.fired_at, one.peak_at, one.ended_at,
         one.value, one.peak_value, one.silence)
        for one in test.alerts()
    }  # fmt: skip
    assert found == stored_alerts(past)
    assert {signal for _, signal, *_ in found} == {"volume", "spike", "calls_to_action"}


def test_a_run_watched_in_uneven_steps_with_restarts_comes_to_the_same(past: Client) -> None:
    wanted = parse_config(FILE, "uproar.yaml")
    seed_thresholds(past, wanted, NOW)
    past.execute("TRUNCATE TABLE watermarks")
    for step in (1, 700, WAVE + 3, WAVE + 4, WAVE + 61, WAVE + 150):
        store_watermark(past, RUN, START + step * MINUTE)
        watched(past)  # a watcher of its own each time: all it knows is in the tables
    store_watermark(past, RUN, START + LENGTH * MINUTE, is_last=True)
    watched(past)
    span = backtesting.span_of(past, RUN, None, None)
    settings = [Setting(name="as it stands", thresholds=from_config(wanted))]
    test = backtesting.run_backtest(past, RUN, ["quill", "other"], settings, span)
    assert {(one.id, one.fired_at, one.ended_at, one.peak_value) for one in test.alerts()} == {
        (of, fired_at, ended_at, peak) for of, _, _, fired_at, _, ended_at, _, peak, _ in
        stored_alerts(past)
    }  # fmt: skip


def test_every_change_is_kept_and_holds_at_the_watchers_next_look(past: Client) -> None:
    seed_thresholds(past, parse_config(FILE, "uproar.yaml"), NOW)
    before = thresholds_version(past)
    known = read_table(past).present["quill", "volume", "warning"].threshold
    louder = msgspec.structs.replace(known, above=100_000)
    # The clock of whoever changes it is late: the change counts all the same.
    write_changes(past, [set_by_command(known, louder)], "bob", NOW - timedelta(days=9))
    assert thresholds_version(past) > before
    watched(past)
    assert "volume" not in {signal for _, signal, *_ in stored_alerts(past)}
    newest, *older = read_changes(past, "quill")
    assert (newest.author, newest.act, newest.before, newest.after) == ("bob", "set", known, louder)
    assert {(one.author, one.act) for one in older} == {("uproar.yaml", "seed")}
    assert seed_thresholds(past, parse_config(FILE, "uproar.yaml"), NOW) == 0


def test_the_commands_change_mute_remove_and_tell_who_did_it(
    tables: Client, uproar: Callable[..., Result]
) -> None:
    uproar("alerts", "set", "quill", "volume", "above=70", "for=2m", "--as", "ada")
    uproar("alerts", "set", "other", "spike", "--as", "ada")
    uproar("alerts", "mute", "quill", "--until", "2099-01-01", "--as", "bob")
    uproar("alerts", "remove", "quill", "spike", "--as", "bob")
    listed = uproar("alerts", "list", "--json").output.splitlines()
    held = {
        (one["threshold"]["entity"], one["threshold"]["signal"]): one
        for one in map(msgspec.json.decode, listed)
    }
    assert set(held) == {("quill", "volume"), ("quill", "calls_to_action"), ("other", "spike")}
    assert held["quill", "volume"]["threshold"]["above"] == 70
    assert held["quill", "volume"]["origin"] == "command"
    assert held["quill", "calls_to_action"]["origin"] == "yaml"
    assert {one["state"] for one in held.values()} == {"not judged"}
    kept = uproar("alerts", "history", "--json").output.splitlines()
    told = [msgspec.json.decode(one) for one in kept]
    assert [(one["author"], one["act"], one["entity"]) for one in told[:5]] == [
        ("bob", "remove", "quill"),
        *[("bob", "mute", "quill")] * 3,
        ("ada", "set", "other"),
    ]
    assert "for none → 2m, above 60 → 70" in uproar("alerts", "history", "quill").output


def test_mistakes_say_what_was_meant(tables: Client, uproar: Callable[..., Result]) -> None:
    for words, message, hint in (
        (("set", "quil", "volume", "above=3"), "no such entity: `quil`", "did you mean `quill`?"),
        (("set", "quill", "volumes"), "no such signal", "did you mean `volume`?"),
        (("mute", "quill"), "wanted either how long or until when", "--for 2h"),
        (("mute", "quill", "--for", "2"), "`--for`: wanted a time with its unit", ""),
        (("mute", "other", "--for", "2h"), "`other` has no threshold", "uproar alerts list"),
        (("mute", "quill", "--until", "2020-01-01"), "wanted an end between now and", ""),
        (("remove", "quill", "new_term"), "`quill` has no thresholds of `new_term`", ""),
        (("set", "quill", "volume", "--as", " "), "`--as`: wanted a name", ""),
        (("list", "--since", "2h"), "goes with `--fired`", ""),
        (("backtest", "--run", "none"), "nothing is stored of the run `none`", "runs that are"),
        (("backtest", "--out", "a.gif"), "ends in .svg or .png", "picture.svg"),
    ):
        with pytest.raises(InputError) as caught:
            uproar("alerts", *words)
        assert message in str(caught.value)
        assert hint in (caught.value.hint or "")


def test_file_and_table_are_compared_and_made_equal_both_ways(
    tables: Client, uproar: Callable[..., Result], config: Path
) -> None:
    assert uproar("alerts", "sync", "--from", "yaml").exit_code == 0
    assert uproar("alerts", "compare").exit_code == 0
    uproar("alerts", "set", "quill", "volume", "above=70")
    uproar("alerts", "remove", "quill", "calls_to_action")
    uproar("alerts", "mute", "quill", "--for", "2h")
    compared = uproar("alerts", "compare")
    assert compared.exit_code == 1
    assert "above=60 per=5m" in compared.output
    assert "above=70 per=5m" in compared.output
    dry = uproar("alerts", "sync", "--from", "table", "--dry-run")
    assert "+      volume: {above: 70, per: 5m}   # loud" in dry.output
    assert config.read_text("utf-8") == FILE
    mode = config.stat().st_mode
    uproar("alerts", "sync", "--from", "table")
    assert config.stat().st_mode == mode
    assert config.read_text("utf-8") == FILE.replace("above: 60", "above: 70").replace(
        "      calls_to_action: {above: 15, per: 10m, for: 2m}\n", ""
    )
    (backup,) = config.parent.glob("*.bak")
    assert backup.read_text("utf-8") == FILE
    assert uproar("alerts", "compare").exit_code == 0
    config.write_text(FILE, "utf-8")  # now that they are equal, all follow the file again
    seed_thresholds(tables, parse_config(FILE, "uproar.yaml"), datetime.now(UTC))
    assert uproar("alerts", "compare").exit_code == 0


def test_the_back_test_shows_settings_side_by_side_with_leads_and_a_suggestion(
    past: Client, uproar: Callable[..., Result], tmp_path: Path
) -> None:
    began = START + (WAVE + 30) * MINUTE
    noted = uproar(
        "annotations", "add", "Outcry", "--at", began.isoformat(), "--entity", "quill",
        "--url", "https://example.org/story", "--as", "ada",
    )  # fmt: skip
    assert noted.output.strip() in uproar("annotations", "list", "quill").output
    out = tmp_path / "picture.svg"
    answer = uproar(
        "alerts", "backtest", "quill", "--run", RUN, "--since", "1d", "--wanted", "7/week",
        "--try", "volume above=100000", "--out", str(out), "--json",
    )  # fmt: skip
    told = msgspec.json.decode(answer.stdout)
    as_it_stands, strict = told["settings"]
    lead = as_it_stands["leads"][0]
    fired = datetime.fromisoformat(lead["alert"]["fired_at"])
    assert timedelta(0) < began - fired <= timedelta(minutes=30)
    assert as_it_stands["whole"]["before_start_seconds"] == (began - fired).total_seconds()
    assert as_it_stands["whole"]["caught"] == 1
    assert strict["whole"]["alerts"] == strict["whole"]["caught"] == 0
    assert as_it_stands["whole"]["a_week"] == pytest.approx(
        as_it_stands["whole"]["alerts"] * 7, rel=0.01
    )
    suggested = {one["suggested"]["threshold"]["signal"] for one in told["suggestions"]
                 if one["suggested"]}  # fmt: skip
    assert {"volume", "calls_to_action", "negative_share"} <= suggested
    assert all(one["suggested"]["alerts"] <= 1 for one in told["suggestions"] if one["suggested"])
    assert "Outcry" in out.read_text("utf-8")
    shown = uproar("alerts", "backtest", "--run", RUN, "--try", "above=20").output
    assert "as it stands" in shown
    assert "above=20" in shown


def test_thresholds_say_how_they_stand(past: Client, uproar: Callable[..., Result]) -> None:
    wanted = parse_config(FILE, "uproar.yaml")
    seed_thresholds(past, wanted, NOW)
    # Live, up to within the wave: the watcher is at the watermark.
    counts = {"quill": [1] * 200 + [50] * 20}
    store_minutes(past, "live", counts, start=START)
    end = START + 220 * MINUTE
    store_watermark(past, "live", end)
    watched(past)

    def states(now: datetime) -> dict[str, str]:
        return {one.threshold.signal: one.state for _, one in standings(past, "live", wanted, now)}

    soon = states(end + MINUTE)
    assert (soon["volume"], soon["calls_to_action"]) == ("firing", "calm")
    late = states(end + 10 * MINUTE)
    assert (late["volume"], late["calls_to_action"]) == ("firing", "late")
    assert {one.state for _, one in standings(past, "gone", wanted, NOW)} == {"not judged"}
    shown = uproar("alerts", "list", "quill", "--fired", "--since", f"{START:%Y-%m-%d}", "--json")
    (lasting,) = [
        one for one in map(msgspec.json.decode, shown.output.splitlines())
        if one["signal"] == "volume"
    ]  # fmt: skip
    assert (lasting["entity"], lasting["ended_at"], lasting["silence"]) == ("quill", None, "")
    assert "lasts" in uproar("alerts", "list", "--fired").output
    assert "firing since" not in uproar("alerts", "list", "other").output
    assert "firing since" in uproar("alerts", "list", "quill").output


def test_events_are_imported_whole_or_not_at_all(
    tables: Client, uproar: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "events.csv"
    header = "starts_at,title,entity\n"
    file.write_text(f"{header}2026-03-02,One,quill\n2026-03-03,Two,nobody\n", "utf-8")
    with pytest.raises(InputError, match=r"events.csv:3: `entity`: wanted one of"):
        uproar("annotations", "import", str(file))
    assert uproar("annotations", "list", "--json").output == ""
    file.write_text(f"{header}2026-03-02,One,quill\n2026-03-03,Two,all\n", "utf-8")
    for _ in range(2):
        assert uproar("annotations", "import", str(file)).output == "Noted 2 events.\n"
    events = list(map(msgspec.json.decode, uproar("annotations", "list", "--json").output.split()))
    assert [(one["title"], one["entity"]) for one in events] == [("One", "quill"), ("Two", "")]
    uproar("annotations", "remove", events[0]["id"])
    assert len(uproar("annotations", "list", "--json").output.splitlines()) == 1
    with pytest.raises(InputError, match="no such event"):
        uproar("annotations", "remove", events[0]["id"])


def test_a_threshold_may_be_anything_that_the_file_may_say(tables: Client) -> None:
    threshold = Threshold(
        entity="quill", signal="spike", severity="critical", sensitivity="high", at_least=7,
        for_seconds=60, cooldown_seconds=5, most_per_hour=9, mutes=("sat-sun",),
        muted_until=NOW,
    )  # fmt: skip
    write_changes(tables, [set_by_command(None, threshold)], "ada", NOW)
    assert [one.threshold for one in read_thresholds(tables)] == [threshold]
