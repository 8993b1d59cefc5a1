"""`uproar init`, `uproar check` and `uproar settings`."""

import os
from importlib.resources import files
from pathlib import Path

import click

from uproar.cli.invocation import Invocation
from uproar.config_file import read_config
from uproar.errors import ConfigError
from uproar.settings import Settings, describe_settings, is_secret


@click.command()
@click.pass_obj
def init(invocation: Invocation) -> None:
    """Write a commented uproar.yaml to start from.

    An existing file is left as it is.
    """
    path = invocation.config
    template = (files("uproar") / "uproar.example.yaml").read_text("utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template)
    except FileExistsError as error:
        raise ConfigError(
            f"`{path}` is there already, and stays as it is",
            hint="`uproar check` validates it; `--config FILE` names another",
        ) from error
    except OSError as error:
        raise ConfigError(f"cannot write `{path}`: {error.strerror}") from error
    click.echo(_shown(path))
    click.echo("Edit it, then `uproar check` and `uproar replay FILE`.", err=True)


@click.command()
@click.pass_obj
def check(invocation: Invocation) -> None:
    """Validate uproar.yaml and the settings.

    A mistake comes with file, line, what was wanted and what was found. An address of `notify` must
    be one that Apprise knows; nothing is sent.
    """
    from uproar.cli.couriers import check_channels

    path = invocation.config
    config = read_config(path)
    aliases = sum(len(entity.aliases) for entity in config.entities)
    channels = check_channels(invocation.settings, path, config)
    also = f" and {channels} channels" if channels else ""
    click.echo(
        f"{_shown(path)}: {len(config.entities)} entities with {aliases} aliases{also}, no mistake"
    )


@click.command()
@click.pass_obj
def settings(invocation: Invocation) -> None:
    """List the UPROAR_* settings: what each is now, and does."""
    now: Settings = invocation.settings
    for setting in describe_settings():
        value = str(getattr(now, setting.field))
        shown = "(set)" if value and is_secret(setting.field) else value
        click.echo(f"{setting.variable}={shown}\n    {setting.meaning}")


def _shown(path: Path) -> str:
    """Return the path as a person here would write it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
