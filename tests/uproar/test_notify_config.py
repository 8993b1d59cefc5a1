"""Each mistake under `notify` is told with its line, and no address is told with it."""

from pathlib import Path

import pytest

from uproar.config import Config, parse_config
from uproar.errors import ConfigError, SettingsError
from uproar.notify_config import Channel, lines_of_channels
from uproar.secret_files import secret_in

START = "entities:\n  - id: epik\n    name: Epik\n"
SECRET = "s3cr3t-invented"


def parsed(notify: str) -> Config:
    return parse_config(f"{START}notify:\n{notify}", "uproar.yaml")


def test_an_address_may_stand_alone_or_with_what_it_is_to_have() -> None:
    config = parsed(
        "  - slack://a/b/c\n"
        "  - {url_env: HOOK, name: the desk, severity: critical, entities: [epik], local: true}\n"
        "  - {url_file: /run/secrets/mail}\n"
    )
    first, second, third = config.channels
    assert first == Channel(url="slack://a/b/c")
    assert (second.url_env, second.name, second.local) == ("HOOK", "the desk", True)
    assert third.url_file == "/run/secrets/mail"
    assert second.takes("critical", "epik")
    assert not second.takes("warning", "epik")
    assert not second.takes("critical", "other")
    assert second.takes("critical", ""), "what is about the run itself is of every entity"


@pytest.mark.parametrize(
    ("entries", "line", "problem"),
    [
        (f"  - {SECRET}\n", 5, "wanted an Apprise URL, such as `slack://…`"),
        (f"  - json://h\n  - {{url: '{SECRET}'}}\n", 6, "wanted an Apprise URL"),
        ("  - {}\n", 5, "wanted one of `url`, `url_env` and `url_file`, found none"),
        (f"  - {{url: 'json://{SECRET}', url_env: A}}\n", 5, "found `url` and `url_env`"),
        (f"  - {{url_env: {SECRET}}}\n", 5, "wanted the name of a variable"),
        ("  - {url: 'json://h', severity: grave}\n", 5, "wanted `info`, `warning` or `critical`"),
        ("  - {url: 'json://h', entities: [nobody]}\n", 5, "no entity has the id `nobody`"),
        ("  - {url: 'json://h', name: 'a/b'}\n", 5, "wanted a name without"),
        ("  - {url: 'json://h', name: a}\n  - {url: 'json://k', name: a}\n", 6, "called `a`"),
        ("  - {urll: 'json://h'}\n", 5, "no such key: `urll`"),
        ("  - 5\n", 5, "wanted `str | object`, found a value that is not shown"),
        (f"  {SECRET}\n", 5, "wanted `array`, found a value that is not shown"),
    ],
)
def test_a_mistake_has_its_line_and_no_secret(entries: str, line: int, problem: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parsed(entries)
    message = f"{refused.value} {refused.value.hint}"
    assert message.startswith(f"uproar.yaml:{line}: ")
    assert problem in message
    assert SECRET not in message


def test_no_address_shows_in_what_is_printed_of_the_configuration() -> None:
    config = parsed(f"  - json://hooks.example/{SECRET}\n  - {{url: 'slack://{SECRET}/b/c'}}\n")
    assert SECRET not in repr(config)


def test_every_entry_has_its_line() -> None:
    text = f"{START}notify:\n  - json://h\n\n  - url: json://k\n"
    assert lines_of_channels(text) == [5, 7]
    assert lines_of_channels(START) == []


def test_a_file_with_an_address_holds_one_line(tmp_path: Path) -> None:
    file = tmp_path / "hook"
    file.touch(mode=0o600)
    file.write_text(f"json://hooks.example/{SECRET}\n")
    assert secret_in("url_file", file).endswith(SECRET)
    file.write_text(f"{SECRET}\n{SECRET}\n")
    with pytest.raises(SettingsError, match="wanted one line, found 2 lines") as refused:
        secret_in("url_file", file)
    assert SECRET not in str(refused.value)
