"""What every command shares: settings read once, errors printed one way, signals that unwind."""

import logging
import os
import signal
import sys
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import Any

import click

from uproar.errors import UproarError
from uproar.settings import Settings


class Invocation:
    """One call of the command line. Settings are read when a command first asks for them."""

    def __init__(self, config: Path | None) -> None:
        self._config = config

    @cached_property
    def settings(self) -> Settings:
        """The environment's settings. Raises SettingsError."""
        return Settings.from_env(os.environ)

    @property
    def is_config_given(self) -> bool:
        """Whether a person named the file, so that a missing one is a mistake."""
        return self._config is not None or "UPROAR_CONFIG" in os.environ

    @property
    def config(self) -> Path:
        """The configuration file's absolute path, whether it exists or not."""
        return (self._config or self.settings.config).expanduser().absolute()


class CommandGroup(click.Group):
    """Prints our errors as `error: …` and a hint, with status 1; a traceback means a bug."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a newcomer meets them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        logging.basicConfig(
            level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
        )
        logging.getLogger("kafka").setLevel(logging.CRITICAL)  # we report its errors ourselves
        signal.signal(signal.SIGTERM, _unwind)
        try:
            return super().invoke(ctx)
        except UproarError as error:
            click.echo(f"error: {error}", err=True)
            if error.hint:
                click.echo(f"\nhint: {error.hint}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader of our output has gone, as `head` does; say nothing to nobody.
            sys.stdout = None
            ctx.exit(0)


def _unwind(number: int, _frame: FrameType | None) -> None:
    """End as if by an error, so that every `finally` on the way stops what it started."""
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)
