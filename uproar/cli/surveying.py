"""`uproar replay --dry-run`: what is in the files, with no broker and no database."""

import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from producers.columns import ColumnMap
from uproar.cli.invocation import Invocation
from uproar.config import Entity
from uproar.config_file import read_config

if TYPE_CHECKING:
    from producers.containers import Skipped
    from producers.survey import FileSurvey


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be looked at: the part of a replay's request that decides on records."""

    files: tuple[Path, ...]
    speed: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    columns: ColumnMap | None = None
    keep_all: bool = False


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in all files."""

    files: list["FileSurvey"]
    total: "FileSurvey"
    skipped: list["Skipped"]
    is_in_order: bool
    read_seconds: float
    replay_seconds: float
    speed: float | None
    tracks: bool

    def as_json(self) -> dict[str, Any]:
        """Return plain data; times in UTC."""
        read = self.total.read
        return {
            "files": [_plain(file) for file in self.files],
            "total": _plain(self.total),
            "skipped": msgspec.to_builtins(self.skipped),
            "in_order": self.is_in_order,
            "read_seconds": round(self.read_seconds, 3),
            "records_per_second": round(read / self.read_seconds),
            "megabytes_per_second": round(self.total.bytes / 1e6 / self.read_seconds, 1),
            "replay_seconds": round(self.replay_seconds, 1),
        }


def look(invocation: Invocation, asked: Look, *, as_json: bool) -> None:
    """Read the files as a replay would and print what is in them."""
    found = _find(asked, entities_of(invocation))
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    from uproar.cli.survey_report import print_findings

    print_findings(found)


def entities_of(invocation: Invocation) -> tuple[Entity, ...]:
    """Return what is tracked; nothing where no configuration was asked for and none is there."""
    if not invocation.config.exists() and not invocation.is_config_given:
        return ()
    return read_config(invocation.config).entities


def _find(asked: Look, entities: tuple[Entity, ...]) -> Findings:
    from producers.inputs import inspect_all
    from producers.intake import Intake
    from producers.plan import ReplayPlan
    from producers.survey import Survey, replay_seconds
    from producers.surveying import look_through
    from streams.language import detect_language
    from uproar.cli.progress import shown_count
    from uproar.mentions import MentionMatcher
    from uproar.pseudonym import Pseudonyms

    inspection = inspect_all(asked.files, asked.columns)
    plan = ReplayPlan(
        files=asked.files,
        run="dry-run",
        names=Pseudonyms(secrets.token_hex(16)),  # nobody will see them
        start=asked.start,
        end=asked.end,
        columns=asked.columns,
        keep_all=asked.keep_all,
    )
    matcher = MentionMatcher(entities)
    survey = Survey(
        lambda text: [mention.entity for mention in matcher.find(text)],
        lambda text: detect_language(text, None),
    )
    with shown_count("reading") as show:
        looked = look_through(
            inspection.inputs,
            Intake(plan, matcher),
            survey,
            datetime.now(UTC),
            time.monotonic,
            show,
        )
    seconds = max(looked.seconds, 1e-3)
    total = survey.total()
    return Findings(
        files=survey.files,
        total=total,
        skipped=[*inspection.skipped, *looked.skipped],
        is_in_order=survey.is_in_order(),
        read_seconds=seconds,
        replay_seconds=replay_seconds(total, seconds, asked.speed),
        speed=asked.speed,
        tracks=bool(entities),
    )


def _plain(file: "FileSurvey") -> dict[str, Any]:
    """Return a file's figures with their sums; days as dates."""
    plain: dict[str, Any] = msgspec.to_builtins(file)
    return {**plain, "read": file.read, "unreadable": file.dead}
