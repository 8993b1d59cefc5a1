"""The configuration that a run was made with, from its manifest. Pure."""

from typing import Any

import msgspec
import yaml

from uproar.cli.run_details import SAVED_COLUMNS, Details, replay_command
from uproar.config import Config, Entity, parse_config
from uproar.errors import InputError


def config_of(details: Details) -> str:
    """Return an uproar.yaml with the entities and reading of a run, and the columns it was told.

    Guarantee: read as a configuration, it gives the same entities. Raises InputError where no
    manifest tells of them, or one of another version of Uproar does.
    """
    facts, name = details.facts, details.run.run
    if "entities" not in facts:
        raise InputError(f"no manifest tells which entities `{name}` was read for")
    try:
        entities = msgspec.convert(facts["entities"], tuple[Entity, ...])
    except msgspec.ValidationError as error:
        raise InputError(
            f"this Uproar cannot read the entities of `{name}`: {error}",
            hint=f"it was made by Uproar {facts.get('uproar', 'of an unknown version')}",
        ) from error
    said: dict[str, Any] = {"entities": [_given(entity) for entity in entities]}
    if "reading" in facts:
        said["reading"] = facts["reading"]
    columns = (facts.get("bounds") or {}).get("columns") or {}
    if columns.get("columns"):
        saved = dict(columns["columns"])
        if columns.get("platform", "unknown") != "unknown":
            saved["posted_on"] = columns["platform"]
        said["columns"] = {SAVED_COLUMNS: saved}
    text = _heading(details) + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=90)
    read: Config = parse_config(text, f"the configuration of `{name}`")
    if read.entities != entities:
        raise AssertionError("the configuration does not give the entities it was made of")
    return text


def _heading(details: Details) -> str:
    facts = details.facts
    lines = [
        f"The configuration of the run `{details.run.run}`, from its manifest: Uproar "
        f"{facts.get('uproar', '?')}, sentiment `{facts.get('sentiment', '?')}`.",
        "With the same files beside it, the run is made again by:",
        f"  {replay_command(details)}",
        f"Its totals' fingerprint is {details.fingerprint.digits} (`uproar runs show`).",
    ]
    safe = [line.replace("\n", " ").replace("\r", " ") for line in lines]
    return "".join(f"# {line}\n" for line in safe)


def _given(struct: msgspec.Struct) -> dict[str, Any]:
    """Return the fields that are not as they would be without a word."""
    said = {}
    for field in msgspec.structs.fields(struct):
        value = getattr(struct, field.name)
        if value == field.default:
            continue
        if isinstance(value, msgspec.Struct):
            value = _given(value)
            if not value:
                continue
        said[field.name] = msgspec.to_builtins(value)
    return said
