"""Messages arrive once, or are tried again, and nothing that is secret is told on the way."""

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from clickhouse_driver import Client

from dashboards.alerts import explain, store
from dashboards.alerts.lane import Alert
from dashboards.alerts.lateness import LATE
from dashboards.alerts.thresholds import Threshold
from dashboards.delivery.channels import Channels, Opening, open_channels
from dashboards.delivery.courier import Courier, Route
from dashboards.delivery.due import Pace
from dashboards.delivery.messages import trial_letter
from dashboards.delivery.outbox import Outbox
from tests.dashboards.alerts import wave
from tests.dashboards.alerts.receiver import Receiver, receiving
from uproar.clickhouse import connect
from uproar.config_file import read_config
from uproar.errors import ConfigError

pytestmark = pytest.mark.integration

ENTITIES = "entities: [{id: quill, name: Quill}, {id: other, name: Other}]\n"
QUICK = Pace(back_off=(timedelta(seconds=0.05),), most_attempts=3, gather=timedelta(seconds=1))
SECRET = "s3cr3t-invented"


@pytest.fixture(scope="module")
def outbox() -> Iterator[Outbox]:
    """One process that delivers, for all the claims below."""
    box = Outbox()
    yield box
    box.close()


@pytest.fixture
def tables(store: Client) -> Client:
    for table in ("alerts", "deliveries"):
        store.execute(f"TRUNCATE TABLE {table}")
    return store


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


class Desk:
    """Starts couriers over the same tables, and waits for what they do."""

    def __init__(self, url: str, database: str, file: Path, outbox: Outbox) -> None:
        self.file = file
        self._url = url
        self._database = database
        self._outbox = outbox

    def notify(self, *entries: str) -> None:
        lines = "".join(f"  - {entry}\n" for entry in entries)
        self.file.write_text(f"{ENTITIES}notify:\n{lines}")

    def opening(self, *, is_local_allowed: bool = True, **env: str) -> Opening:
        return Opening(
            path=self.file, env=env, outbox=self._outbox, is_local_allowed=is_local_allowed
        )

    @contextmanager
    def courier(
        self, opening: Opening | None = None, channels: Channels | None = None
    ) -> Iterator[Courier]:
        running = Courier(
            lambda: connect(self._url, database=self._database),
            channels or Channels(opening or self.opening()),
            self._outbox,
            Route(pace=QUICK, page="http://uproar.example"),
        )
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def desk(tables: Client, server_url: str, tmp_path: Path, outbox: Outbox) -> Desk:
    ((database,),) = tables.execute("SELECT currentDatabase()")
    return Desk(server_url, database, tmp_path / "uproar.yaml", outbox)


def put(client: Client, *alerts: Alert, explanation: str = "") -> None:
    store.write_alerts(client, [(one, explanation) for one in alerts], datetime.now(UTC))


def ended(alert: Alert) -> Alert:
    return msgspec.structs.replace(alert, ended_at=alert.fired_at + timedelta(minutes=30))


def rows(client: Client) -> list[tuple[str, str, str]]:
    return client.execute(  # type: ignore[no-any-return]
        "SELECT message, channel, state FROM deliveries FINAL ORDER BY attempted_at, attempt"
    )


def until(is_so: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def test_an_alert_is_told_once_when_it_fires_and_once_when_it_is_over(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    desk.notify(receiver.url("hook"))
    put(tables, wave.alert())
    with desk.courier() as courier:
        until(lambda: receiver.came)
        put(tables, msgspec.structs.replace(wave.alert(), peak_value=44.0))  # it rises
        courier.wake()
        until(lambda: rows(tables))
    with desk.courier() as courier:  # started again, it repeats nothing
        put(tables, ended(wave.alert()))
        courier.wake()
        until(lambda: len(rows(tables)) == 2)
    with desk.courier():
        time.sleep(0.3)
    assert receiver.titles("hook") == [
        "[warning] Quill: 30 posts call for action against it in 10 minutes, limit 10",
        "[resolved] Quill: back to normal after 40 minutes",
    ]
    assert [state for _, _, state in rows(tables)] == ["delivered", "delivered"]


def test_a_message_has_the_reasons_the_link_and_how_to_mute(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    desk.notify(receiver.url("hook"))
    wave.put(tables, wave.everything())
    found = explain.explain(tables, wave.alert())
    put(tables, wave.alert(), explanation=msgspec.json.encode(found).decode())
    with desk.courier():
        until(lambda: receiver.came)
    ((_, letter),) = receiver.came
    assert letter["type"] == "warning"
    body = letter["message"]
    for words in (
        "30 posts call for action against it in 10 minutes, limit 10, 3.0 times as much",
        "since 2026-03-02 14:00 UTC, fired at 14:10 UTC",
        "calls: shutdown 30; in words such as “shut down quill”",
        "“#closequill” in 50 posts (usually 0)",
        "49 authors of 60 posts; the loudest wrote 11 %",
        "negative: 90 % (20 % in the 24 hours before)",
        "http://uproar.example/?board=entity&run=live&entity=quill&from=",
        "uproar alerts explain a1b2c3d4e5f6",
        "uproar alerts mute quill calls_to_action --for 2h",
    ):
        assert words in body, body


def test_what_a_service_refuses_is_tried_again_until_it_is_taken(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    desk.notify(receiver.url("hook"))
    receiver.answers = [500, 503]
    put(tables, wave.alert())
    with desk.courier():
        until(lambda: len(rows(tables)) == 3)
    assert [state for _, _, state in rows(tables)] == ["failed", "failed", "delivered"]
    assert len(receiver.came) == 1


def test_a_dead_channel_is_given_up_with_a_row_and_holds_up_nobody(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    with receiving() as dead:
        dead.answers = [500] * 10
        desk.notify(f"{{url: '{dead.url('x')}', name: dead}}", receiver.url("hook"))
        put(tables, wave.alert())
        with desk.courier():
            until(lambda: ("fired", "dead", "given up") in rows(tables))
        assert dead.asked == QUICK.most_attempts
    assert len(receiver.came) == 1
    with desk.courier():
        time.sleep(0.2)
    assert len(receiver.came) == 1


def test_a_slow_channel_holds_up_neither_another_one_nor_the_watcher(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    with receiving() as slow:
        slow.is_open.clear()
        desk.notify(f"{{url: '{slow.url('x')}', name: slow}}", receiver.url("hook"))
        put(tables, wave.alert())
        with desk.courier() as courier:
            until(lambda: slow.asked and receiver.came)
            before = time.monotonic()
            courier.wake()
            assert time.monotonic() - before < 0.1
            slow.is_open.set()
            until(lambda: len(rows(tables)) == 2)


def test_what_fires_about_one_entity_at_once_is_one_message(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    desk.notify(receiver.url("hook"))
    volume = Threshold(
        entity="quill", signal="volume", severity="critical", above=9, per_seconds=60
    )
    spike = Threshold(entity="quill", signal="spike", sensitivity="medium")
    other = Threshold(entity="other", signal="volume", severity="info", above=9, per_seconds=60)
    put(
        tables,
        wave.alert(),
        wave.alert(id="b", threshold=volume),
        wave.alert(id="c", threshold=spike),
        wave.alert(id="d", threshold=other),
    )
    with desk.courier() as courier:
        until(lambda: len(receiver.came) == 2)
        put(tables, wave.alert(id="e", threshold=other, term="1"))
        put(tables, wave.alert(id="f", threshold=other, term="2"))
        courier.wake()
        until(lambda: len(receiver.came) == 3)
    assert sorted(receiver.titles("hook")) == [
        "[critical] Quill: 30 posts in 1 minute, limit 10 (and 2 more)",
        "[info] Other: 30 posts in 1 minute, limit 10",
        "[info] Other: 30 posts in 1 minute, limit 10 (and 1 more)",
    ]


def test_each_channel_gets_what_it_asks_for_and_no_silent_alert_goes_out(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    desk.notify(
        f"{{url: '{receiver.url('grave')}', severity: critical, name: grave}}",
        f"{{url: '{receiver.url('other')}', entities: [other], name: other}}",
        f"{{url: '{receiver.url('all')}', name: all}}",
    )
    late = wave.alert(id="late", threshold=LATE, value=700.0, expected=300.0)
    other = Threshold(entity="other", signal="volume", above=9, per_seconds=60)
    put(
        tables,
        wave.alert(id="quill"),
        wave.alert(id="other", threshold=other),
        late,
        wave.alert(id="muted", silence="muted"),
        wave.alert(id="past", run="past"),
    )
    with desk.courier():
        until(lambda: len(rows(tables)) == 6)
    assert [len(receiver.titles(one)) for one in ("grave", "other", "all")] == [1, 2, 3]
    assert receiver.titles("grave") == ["[critical] Run live: no news for 12 minutes"]


def test_an_alert_that_was_over_before_it_could_be_told_is_one_message(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    desk.notify(receiver.url("hook"))
    put(tables, ended(wave.alert()))
    with desk.courier():
        until(lambda: len(rows(tables)) == 2)
        time.sleep(0.2)
    ((_, letter),) = receiver.came
    assert "it is over already: calls to action from 2026-03-02 14:00 UTC" in letter["message"]


def test_no_row_no_log_and_no_error_holds_a_secret(
    tables: Client, desk: Desk, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = receiver.url(f"hook/{SECRET}?:token={SECRET}")
    desk.notify("{url_env: HOOK, name: ops}", f"slack://{SECRET}/x")
    with pytest.raises(ConfigError) as refused:
        open_channels(read_config(desk.file), desk.opening(HOOK=url))
    assert str(refused.value).endswith(
        "uproar.yaml:4: Apprise takes no such address: "
        "a part of this `slack://…` is missing or wrong"
    )
    key = desk.file.with_name("hook")
    key.write_text(url + "\n")
    desk.notify("{url_env: HOOK, name: ops}", f"{{url_file: '{key}'}}")
    receiver.answers = [500, 500]
    put(tables, wave.alert())
    with desk.courier(desk.opening(HOOK=url)):
        until(lambda: len(receiver.came) == 2)
    stored = str(tables.execute("SELECT * FROM deliveries")) + str(refused.value) + caplog.text
    assert SECRET not in stored
    assert "json://127.0.0.1" in stored
    assert "ops" in stored
    assert "error=500" in stored


def test_the_local_network_is_refused_unless_it_is_allowed(
    tables: Client, desk: Desk, receiver: Receiver
) -> None:
    desk.notify(receiver.url("hook"))
    config = read_config(desk.file)
    with pytest.raises(ConfigError, match=r"uproar.yaml:3: .* leads into the local network"):
        open_channels(config, desk.opening(is_local_allowed=False))
    assert open_channels(config, desk.opening(is_local_allowed=True))
    desk.notify(f"{{url: '{receiver.url('hook')}', local: true}}")
    assert open_channels(read_config(desk.file), desk.opening(is_local_allowed=False))
    put(tables, wave.alert())
    closed = Channels(desk.opening())
    (opened,) = closed.current(datetime.now(UTC))
    closed._channels = (msgspec.structs.replace(opened, local=False),)
    with desk.courier(channels=closed):
        until(lambda: rows(tables))
    assert rows(tables) == [("fired", "json://127.0.0.1", "refused")]
    assert receiver.asked == 0


GUARDED = """
import socket, sys
from urllib.request import Request, urlopen
from dashboards.delivery import connection_guard

port, real, look = sys.argv[1], socket.getaddrinfo, connection_guard.why_local
asked = []

def rebinding(host, *rest, **more):  # of the internet when it is looked up, local the next time
    asked.append(host)
    return real("127.0.0.1" if host.endswith(".example") else host, *rest, **more)

socket.getaddrinfo = rebinding
# The first hop stands for a service of the internet, which redirects to this machine.
connection_guard.why_local = lambda host: "" if host == "127.0.0.2" else look(host)
connection_guard.install()
for url in ("http://hooks.example", "http://127.0.0.2"):
    with connection_guard.local_allowed(False) as permission:
        try:
            urlopen(f"{url}:{port}/hook", timeout=5)
        except OSError as error:
            print(type(error).__name__, permission.refused)
"""


def test_neither_a_name_that_changes_its_address_nor_a_redirect_gets_past_the_guard() -> None:
    with receiving("127.0.0.2") as hop, receiving() as inside:
        hop.redirects_to = f"http://127.0.0.1:{inside.port}/hook"
        for port, host in ((inside.port, "hooks.example"), (hop.port, "127.0.0.2")):
            script = GUARDED.replace(
                '("http://hooks.example", "http://127.0.0.2")', f'("http://{host}",)'
            )
            told = subprocess.run(
                [sys.executable, "-c", script, str(port)],
                capture_output=True,
                text=True,
                check=True,
            )
            assert told.stdout == "URLError 127.0.0.1 is this machine\n"
        assert (hop.asked, inside.asked) == (1, 0)


def test_an_edit_counts_without_a_restart_and_a_mistake_changes_nothing(
    tables: Client, desk: Desk, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    desk.notify(receiver.url("first"))
    with desk.courier() as courier:
        put(tables, ended(wave.alert(id="old")))
        courier.wake()
        until(lambda: receiver.titles("first"))
        desk.notify("nothing://at.all/x")
        put(tables, wave.alert(id="b", threshold=Threshold(entity="other", signal="volume")))
        courier.wake()
        until(lambda: len(receiver.titles("first")) == 2)
        assert "alerts go where they went before" in caplog.text
        desk.notify(f"{{url: '{receiver.url('second')}', name: second}}")
        courier.wake()
        until(lambda: receiver.titles("second"))
    assert len(receiver.titles("second")) == 1, "what was over is no news to a new channel"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of plug-ins that are loaded here
def test_a_short_service_gets_one_short_message_and_a_roomy_one_all_of_it() -> None:
    import apprise

    from dashboards.delivery.apprise_process import Desk

    long = msgspec.structs.replace(trial_letter("x"), text="long " * 300)
    for letters, parts in ((1000, 2), (160, 1)):
        came: list[str] = []
        service: Any = apprise.Apprise.instantiate("json://hooks.example")
        service.body_maxlen = letters
        service.send = lambda body, *_, kept=came, **__: kept.append(body) is None
        assert Desk()._sent(service, long, "json://hooks.example")
        assert len(came) == parts


def test_a_process_that_dies_is_started_again(outbox: Outbox, receiver: Receiver) -> None:
    assert outbox.carry_out(receiver.url("x"), trial_letter("x"), local=True).is_done
    assert outbox._process is not None
    outbox._process._child.kill()
    outbox._process._child.wait()
    assert outbox.carry_out(receiver.url("x"), trial_letter("x"), local=True).is_done
    assert len(receiver.came) == 2
