"""Settings refuse to guess, and never show a secret."""

from pathlib import Path

import pytest

from uproar.errors import SettingsError
from uproar.settings import Settings, describe_settings, is_secret

SECRET = "hunter2-is-an-invented-secret"


def mistake_in(env: dict[str, str]) -> tuple[str, str]:
    """Return the message and the hint about an environment that has a mistake."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"HOME": "/home/ada", **env})
    return str(refused.value), refused.value.hint or ""


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_env({"HOME": "/home/ada", "PATH": "/bin"})
    assert settings.home == Path("/home/ada/.local/share/uproar")
    assert (settings.kafka_brokers, settings.clickhouse_url) == ("", "")


def test_the_data_folder_follows_the_xdg_specification() -> None:
    settings = Settings.from_env({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"})
    assert settings.home == Path("/data/uproar")


def test_values_are_read_by_the_type_of_their_setting() -> None:
    settings = Settings.from_env(
        {
            "UPROAR_HOME": "/srv/uproar",
            "UPROAR_KAFKA_PORT": "9092",
            "UPROAR_SINK_FLUSH_SECONDS": "0.5",
            "UPROAR_KAFKA_SECURITY": "SASL_SSL",
        }
    )
    assert settings.home == Path("/srv/uproar")
    assert (settings.kafka_port, settings.sink_flush_seconds) == (9092, 0.5)
    assert settings.kafka_security == "SASL_SSL"


@pytest.mark.parametrize("field", Settings.__struct_fields__)
def test_an_empty_value_is_as_good_as_none(field: str) -> None:
    env = {"HOME": "/home/ada"}
    assert Settings.from_env({**env, f"UPROAR_{field.upper()}": ""}) == Settings.from_env(env)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("UPROAR_KAFKA_BROKER", "UPROAR_KAFKA_BROKERS"),
        ("UPROAR_CLICKHOUSE_URI", "UPROAR_CLICKHOUSE_URL"),
        ("UPROAR_kafka_port", "UPROAR_KAFKA_PORT"),
        ("UPROAR_RETENTION", "UPROAR_RETENTION_DAYS"),
    ],
)
def test_a_misspelt_variable_is_an_error_with_a_suggestion(variable: str, meant: str) -> None:
    message, hint = mistake_in({variable: "x"})
    assert message == f"no such setting: `{variable}`"
    assert hint == f"did you mean `{meant}`?"


def test_a_variable_like_no_other_is_an_error_that_says_where_the_list_is() -> None:
    message, hint = mistake_in({"UPROAR_QQQ": "x"})
    assert (message, hint) == (
        "no such setting: `UPROAR_QQQ`",
        "run `uproar settings` to list them",
    )


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("UPROAR_WORKERS", "two", "a whole number"),
        ("UPROAR_WORKERS", "65", "`int` <= 64"),
        ("UPROAR_KAFKA_PORT", "-1", "`int` >= 0"),
        ("UPROAR_KAFKA_PORT", "70000", "`int` <= 65535"),
        ("UPROAR_KAFKA_PARTITIONS", "1.5", "a whole number"),
        ("UPROAR_SINK_FLUSH_SECONDS", "nan", "`float` >= 0.01"),
        ("UPROAR_SINK_FLUSH_SECONDS", "inf", "`float` <= 60.0"),
        ("UPROAR_KAFKA_SECURITY", "ssl", "one of `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT`, `SASL_SSL`"),
        ("UPROAR_TOPIC_PREFIX", "Uproar", "`str` matching regex"),
        ("UPROAR_TOPIC_PREFIX", "uproar\n", "`str` matching regex"),
    ],
)
def test_an_unreadable_value_is_told_beside_what_was_wanted(
    variable: str, value: str, wanted: str
) -> None:
    message, _ = mistake_in({variable: value})
    assert message.startswith(f"cannot use `{variable}`: wanted {wanted}")
    assert message.endswith(f", found `{value}`")


@pytest.mark.parametrize(
    "variable",
    [
        "UPROAR_KAFKA_PASWORD",
        "UPROAR_KAFKA_PASSWORDS",
        "UPROAR_AUTHOR_KEYS",
        "UPROAR_CLICKHOUSE_URI",
    ],
)
def test_the_value_of_a_misspelt_secret_is_not_shown(variable: str) -> None:
    message, hint = mistake_in({variable: SECRET})
    assert SECRET not in message + hint


def test_no_secret_is_shown_beside_the_mistake_of_another_setting() -> None:
    secrets = {
        f"UPROAR_{field.upper()}": SECRET
        for field in Settings.__struct_fields__
        if is_secret(field)
    }
    message, hint = mistake_in({**secrets, "UPROAR_WORKERS": "two"})
    assert SECRET not in message + hint


def test_what_may_hold_a_password_or_key_counts_as_secret() -> None:
    secrets = {field for field in Settings.__struct_fields__ if is_secret(field)}
    assert secrets == {
        "author_key",
        "author_keys_retired",
        "kafka_password",
        "clickhouse_url",
        "clickhouse_reader_url",
        "clickhouse_migrator_url",
        "grafana_token",
        "page_token",
    }


def test_every_setting_is_described_once_in_its_order() -> None:
    described = describe_settings()
    assert tuple(setting.field for setting in described) == Settings.__struct_fields__
    for setting in described:
        assert setting.variable == f"UPROAR_{setting.field.upper()}"
        assert len(setting.meaning) > 10
        assert "\n" not in setting.meaning
