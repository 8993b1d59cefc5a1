"""All that is known of a run as a whole: what `runs show` prints and `runs export` writes down."""

import shlex
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from sinks.fingerprint import Figures, Fingerprint
from sinks.runs import RunFile, RunLife, RunSummary
from uproar.errors import InputError

if TYPE_CHECKING:
    from clickhouse_driver import Client

MENDED = "dead-letters:"
"""How the sources of lives begin that read dead letters again."""


class ManifestOf(msgspec.Struct, frozen=True, kw_only=True):
    """What a life of a producer went by."""

    source: str
    started_at: datetime
    facts: dict[str, Any]


class ExportedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an export; `rows` are without a header."""

    name: str
    sha256: str
    size_bytes: int
    rows: int


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """How a run was made: its inputs, lives and what they went by."""

    manifests: list[ManifestOf]
    files: list[RunFile]
    lives: list[RunLife]

    @property
    def facts(self) -> dict[str, Any]:
        """What the newest life went by that read the input itself; empty where none has told."""
        told = [one for one in self.manifests if not one.source.startswith(MENDED)]
        return max(told, key=lambda one: one.started_at).facts if told else {}

    @property
    def inputs(self) -> list[str]:
        """The names of what was read, in the order given; of a long command, the first of them."""
        of_sources = {
            life.source: life.inputs for life in self.lives if not life.source.startswith(MENDED)
        }  # they stand oldest first
        return [name for names in of_sources.values() for name in names]

    def bounds_by_input(self) -> dict[str, dict[str, Any]]:
        """Return what of each file was to be sent, by its name; under "" by the newest life."""
        by_source = {one.source: one.facts.get("bounds") or {} for one in self.manifests}
        found = {"": self.facts.get("bounds") or {}}
        for life in self.lives:
            if not life.source.startswith(MENDED):
                found |= {name: by_source.get(life.source, {}) for name in life.inputs}
        for file in self.files:
            found[file.name] = by_source.get(file.source, {})
        return found


class Details(Made, frozen=True, kw_only=True):
    """A run as a whole: also its summary, fingerprint and figures.

    `exported_at` and `exported` are there in the manifest of an export.
    """

    run: RunSummary
    fingerprint: Fingerprint
    figures: list[Figures]
    exported_at: datetime | None = None
    exported: list[ExportedFile] = []


def gather(client: "Client", run: str) -> Details:
    """Return what is stored of a run now. Raises InputError where that is nothing."""
    from sinks.fingerprint import figures, fingerprint
    from sinks.runs import list_runs

    summaries = list_runs(client, run)
    if not summaries:
        raise no_such_run(run)
    made = gather_made(client, run)
    return Details(
        run=summaries[0],
        fingerprint=fingerprint(client, run),
        figures=figures(client, run),
        manifests=made.manifests,
        files=made.files,
        lives=made.lives,
    )


def gather_made(client: "Client", run: str) -> Made:
    """Return how a run was made, as far as its producers have told."""
    from sinks.runs import files_of, lives, manifests

    return Made(
        manifests=[
            ManifestOf(
                source=one.source, started_at=one.started_at, facts=msgspec.json.decode(one.facts)
            )
            for one in manifests(client, run)
        ],
        files=files_of(client, run),
        lives=lives(client, run),
    )


def read_exported(path: Path) -> Details:
    """Return what the manifest of an export says. Raises InputError where it is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Details)
    except OSError as error:
        raise InputError(f"cannot read `{path}`: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(
            f"`{path}` is no manifest of a run: {error}",
            hint="wanted the manifest.json of `uproar runs export`",
        ) from error


def replay_command(details: Details, config: str = "uproar.yaml") -> str:
    """Return the command that makes a replay again, for a shell, where its inputs lie.

    Raises InputError for a run that no replay made.
    """
    facts, summary = details.facts, details.run
    if not facts or not details.inputs:
        raise InputError(
            f"no manifest tells how `{summary.run}` was made",
            hint="live runs cannot be made again; older replays can be made anew",
        )
    bounds = facts.get("bounds") or {}
    words = ["uproar", "--config", config, "replay", *details.inputs, "--run", summary.run]
    for option, bound in (("--from", "start"), ("--to", "end")):
        if bounds.get(bound):
            words += [option, bounds[bound]]
    words += _columns(bounds.get("columns") or {})
    if bounds.get("keep_all"):
        words.append("--keep-all")
    set_first = [f"UPROAR_SENTIMENT={facts['sentiment']}"] if "sentiment" in facts else []
    return " ".join([*set_first, shlex.join(words)])


def no_such_run(run: str) -> InputError:
    """Return the error for a run of which nothing is stored."""
    return InputError(
        f"nothing is stored of a run `{run}`", hint="`uproar runs list` names those there are"
    )


SAVED_COLUMNS = "recorded"
"""Under which `runs config` saves the columns that a replay was told."""


def _columns(mapped: dict[str, Any]) -> Sequence[str]:
    if mapped.get("format"):
        return ["--format", str(mapped["format"])]
    return ["--columns", SAVED_COLUMNS] if mapped.get("columns") else []
