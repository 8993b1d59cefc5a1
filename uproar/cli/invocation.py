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

from uproar.cautions import cautions
from uproar.cli.operating import start_logs
from uproar.errors import UproarError
from uproar.operations.logs import are_json, configure_logs
from uproar.settings import Settings

log = logging.getLogger(__name__)


class Invocation:
    """One call of the command line. Settings are read when a command first asks for them."""

    def __init__(self, config: Path | None) -> None:
        self._config = config
        # clickhouse-driver reads this when it is imported: without it, every process keeps a table
        # of all days of four centuries, 25 MB, which takes a tenth of a second to make.
        os.environ.setdefault("CLICKHOUSE_DRIVER_LASY_DATE_LUT", "1")

    @cached_property
    def settings(self) -> Settings:
        """The environment's settings; from then on the logs go by them. Raises SettingsError.

        What is unsafe about them is logged, or refused.
        """
        settings = Settings.from_env(os.environ)
        start_logs(settings, settings.process_name or f"command-{os.getpid()}", logging.WARNING)
        for caution in cautions(settings):
            log.warning("%s", caution)
        return settings

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
        configure_logs("text", logging.WARNING, "command")
        signal.signal(signal.SIGTERM, _unwind)
        try:
            return super().invoke(ctx)
        except UproarError as error:
            _say(error)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader of our output has gone, as `head` does; say nothing to nobody.
            sys.stdout = None
            ctx.exit(0)


def _say(error: UproarError) -> None:
    if are_json():
        log.error(str(error), extra={"hint": error.hint or ""})
        return
    click.echo(f"error: {error}", err=True)
    if error.hint:
        click.echo(f"\nhint: {error.hint}", err=True)


def _unwind(number: int, _frame: FrameType | None) -> None:
    """End as if by an error, so that every `finally` on the way stops what it started."""
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)
