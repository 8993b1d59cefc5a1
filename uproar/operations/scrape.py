"""Asks the processes of this machine for their metrics and waits, as a person's Prometheus."""

import re
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from uproar.operations.notes import ProcessNote, runs
from uproar.operations.report import ProcessState
from uproar.operations.waits import Wait

ANSWER_SECONDS = 2.0
RATE_SECONDS = 1.0
LOG_TAIL_BYTES = 64 * 1024
LONGEST_LINE = 300

_GRAVE = re.compile(r'^error: |(?:^\S+ |"level":")(?:WARNING|ERROR|CRITICAL)\b')
_COUNTED = {"producer": ("record", "post"), "streams": ("post", "reaction")}
"""The kinds that tell a stage's rate, in and out; elsewhere both are reactions."""

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Past any proxy: the processes are on this machine."""

Values = Counter[tuple[str, str, str]]
"""Sums of samples by name, `kind` and `server`."""


def ask(notes: Sequence[ProcessNote], logs: Path, now: datetime) -> list[ProcessState]:
    """Return how the processes are; takes `RATE_SECONDS` where one answers."""
    first = {note.name: _metrics(note) for note in notes}
    began = time.monotonic()
    if any(first.values()):
        time.sleep(RATE_SECONDS)
    found = []
    for note in notes:
        values, before = _metrics(note), first[note.name]
        seconds = time.monotonic() - began
        rates: dict[str, float] = {}
        if values and before:
            in_kind, out_kind = _COUNTED.get(note.stage, ("reaction", "reaction"))
            for name, metric, kind in (
                ("cpu_share", "process_cpu_seconds_total", ""),
                ("in_per_second", "uproar_records_in_total", in_kind),
                ("out_per_second", "uproar_records_out_total", out_kind),
            ):
                place = (metric, kind, "")
                rates[name] = max(0.0, (values[place] - before[place]) / seconds)
        if note.stage in ("page", "stack"):
            rates = {"cpu_share": rates["cpu_share"]} if rates else {}
        memory = values["process_resident_memory_bytes", "", ""] if values else None
        found.append(
            ProcessState(
                name=note.name,
                stage=note.stage,
                pid=note.pid,
                runs=runs(note),
                up_seconds=(now - note.started_at).total_seconds(),
                restarts=note.restarts,
                memory_bytes=None if memory is None else int(memory),
                waits=tuple(_waits(note)),
                last_error=last_error(logs / f"{note.name}.log"),
                **rates,
            )
        )
    return found


def server_memory(notes: Sequence[ProcessNote]) -> dict[str, int]:
    """Return the memory of the local servers, which the owner of the stack tells."""
    found: dict[str, int] = {}
    for note in notes:
        for (name, _, server), value in (_metrics(note) or Counter()).items():
            if name == "uproar_server_resident_memory_bytes":
                found[server] = int(value)
    return found


def last_error(log: Path) -> str:
    """Return the last line of a log that complains; empty where none does."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    grave = (line for line in reversed(lines) if _GRAVE.search(line))
    return next(grave, "")[:LONGEST_LINE]


def _metrics(note: ProcessNote) -> Values | None:
    text = _get(note, "/metrics")
    if text is None:
        return None
    values: Values = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            place = (sample.name, sample.labels.get("kind", ""), sample.labels.get("server", ""))
            values[place] += sample.value  # type: ignore[assignment]
    return values


def _waits(note: ProcessNote) -> list[Wait]:
    text = _get(note, "/readyz")
    if text is None:
        return []

    class Readiness(msgspec.Struct):
        waits_for: list[Wait]

    return msgspec.json.decode(text, type=Readiness).waits_for


def _get(note: ProcessNote, page: str) -> str | None:
    """Return what a process answers; None where it does not."""
    if not note.address:
        return None
    try:
        url = f"http://{note.address}{page}"
        with _DIRECT.open(url, timeout=ANSWER_SECONDS) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:  # 503: it waits for something, and says so
            return error.read().decode()
    except (OSError, ValueError):
        return None
