"""Apprise's URLs as Grafana's contact points."""

from typing import Any

import apprise
import pytest

from dashboards.grafana_contacts import Address, Integration, contact_points, contacts
from tests.dashboards.grafana_schema import mistake_in_settings
from uproar.notify_config import Channel

SLACK = "https://hooks.slack.com/services/T1A/B2b/c3C"


def read(url: str, **channel: Any) -> list[tuple[str, dict[str, Any]]]:
    found = contacts([Address(url=url, channel=Channel(url=url, **channel))])
    return [(one.kind, one.settings_with_tokens) for one in found.integrations]


CASES: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        "slack://T1A/B2b/c3C/#news/#alarm",
        [
            ("slack", {"url": SLACK, "recipient": "#news"}),
            ("slack", {"url": SLACK, "recipient": "#alarm"}),
        ],
    ),
    ("slack://T1A/B2b/c3C", [("slack", {"url": SLACK})]),
    (
        "slack://robot@xoxb-12-Ab/news",
        [("slack", {"token": "xoxb-12-Ab", "recipient": "#news"})],
    ),
    (
        "mailto://me:pw@mail.example",
        [("email", {"addresses": "me@mail.example", "singleEmail": True})],
    ),
    (
        "mailtos://me:pw@mail.example/a@b.example/c@d.example?smtp=x",
        [("email", {"addresses": "a@b.example;c@d.example", "singleEmail": True})],
    ),
    (
        "tgram://123:Ab-c/-100:7/@news?format=text",
        [
            ("telegram", {"bottoken": "123:Ab-c", "chatid": "-100", "message_thread_id": "7"}),
            ("telegram", {"bottoken": "123:Ab-c", "chatid": "@news"}),
        ],
    ),
    (
        "discord://987/Tok_en",
        [("discord", {"url": "https://discord.com/api/webhooks/987/Tok_en"})],
    ),
    (
        "json://Hooks.Example:8080/A/b",
        [("webhook", {"url": "http://Hooks.Example:8080/A/b", "httpMethod": "POST"})],
    ),
    (
        "jsons://me:p%40w@hooks.example",
        [
            (
                "webhook",
                {
                    "url": "https://hooks.example/",
                    "httpMethod": "POST",
                    "username": "me",
                    "password": "p@w",
                },
            )
        ],
    ),
    ("pagerduty://KEY@api/source", [("pagerduty", {"integrationKey": "KEY"})]),
    (
        "opsgenie://APIKEY?region=eu",
        [("opsgenie", {"apiKey": "APIKEY", "apiUrl": "https://api.eu.opsgenie.com/v2/alerts"})],
    ),
    ("pover://user@token", [("pushover", {"userKey": "user", "apiToken": "token"})]),
    (
        "gchat://Space/key/token",
        [
            (
                "googlechat",
                {"url": "https://chat.googleapis.com/v1/spaces/Space/messages?key=key&token=token"},
            )
        ],
    ),
    (
        "tgram://123:Ab/?to=-5,@news",
        [
            ("telegram", {"bottoken": "123:Ab", "chatid": "-5"}),
            ("telegram", {"bottoken": "123:Ab", "chatid": "@news"}),
        ],
    ),
    (
        "pagerduty://KEY@api?region=eu",
        [
            (
                "pagerduty",
                {
                    "integrationKey": "KEY",
                    "url": "https://events.eu.pagerduty.com/v2/enqueue",
                },
            )
        ],
    ),
]


@pytest.mark.parametrize(("url", "places"), CASES)
def test_a_url_of_apprise_becomes_what_grafana_calls_it(
    url: str, places: list[tuple[str, dict[str, Any]]]
) -> None:
    assert read(url) == places
    for kind, settings in places:
        assert mistake_in_settings(kind, settings) == ""


@pytest.mark.parametrize(
    "url",
    [
        "ntfys://topic",
        "json://hooks.example/?+X-Token=abc",
        "json://hooks.example:port/",
        "json://hooks.example/?method=delete",
        "slack://only/two",
        "tgram://not-a-token/1",
        "mailto://mail.example",
        "discord://987",
        "pagerduty://no-user",
        "json://[broken",
    ],
)
def test_what_grafana_cannot_do_is_left_to_the_watcher_and_named_without_its_secrets(
    url: str,
) -> None:
    found = contacts([Address(url=url, channel=Channel(url=url))])
    assert found.integrations == []
    ((name, why),) = found.left_to_watcher
    assert name.startswith("number 1, `")
    assert url.partition("://")[2] not in f"{name} {why}"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Apprise imports
def test_the_urls_that_are_read_are_apprises() -> None:
    for url, _ in CASES:
        assert apprise.Apprise.instantiate(url), url


def test_a_channel_that_takes_only_some_alerts_is_left_to_the_watcher() -> None:
    assert read("discord://987/token", severity="critical") == []
    assert read("discord://987/token", entities=("nimbus",)) == []


def test_a_webhook_on_the_local_network_needs_to_be_allowed() -> None:
    for host in ("127.0.0.1", "[::1]:80", "192.168.1.9", "localhost"):
        assert read(f"json://{host}/hook") == []
        assert len(read(f"json://{host}/hook", local=True)) == 1
        address = Address(url=f"json://{host}/hook", channel=Channel(url=f"json://{host}/hook"))
        assert len(contacts([address], is_local_allowed=True).integrations) == 1


def test_nothing_secret_shows_in_what_is_printed_of_a_place() -> None:
    place = Integration(
        kind="telegram", settings_with_tokens={"bottoken": "123:a-secret", "chatid": "-1"}
    )
    assert "a-secret" not in repr(place)
    assert place.redacted() == {"bottoken": "[REDACTED]", "chatid": "-1"}
    address = Address(url="discord://987/a-secret", channel=Channel(url="discord://987/a-secret"))
    assert "a-secret" not in repr(address)


def test_places_of_one_contact_point_have_fixed_uids() -> None:
    places = [Integration(kind="discord", settings_with_tokens={"url": "x"})] * 2
    assert [one["uid"] for one in contact_points("Uproar", places)] == [
        "uproar-notify-1",
        "uproar-notify-2",
    ]
