"""Reads files for a `Survey`: as a replay would, without sending anything."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from producers.containers import Skipped
from producers.inputs import Input, Part, parts
from producers.intake import Intake
from producers.survey import Survey

_TELL_EVERY = 1_000  # records


class Looked(msgspec.Struct, frozen=True):
    """What came of it beside the survey: files in archives without posts, and the time it took.

    `seconds` are those of reading and judging alone, without the detection of languages.
    """

    skipped: tuple[Skipped, ...]
    seconds: float


def look_through(
    inputs: Sequence[Input],
    intake: Intake,
    survey: Survey,
    now: datetime,
    clock: Callable[[], float],
    on_records: Callable[[int], None],
) -> Looked:
    """Let a survey see every record of the inputs.

    `clock` reads seconds; `on_records` learns now and then how many records there were so far.
    """
    skipped: list[Skipped] = []
    count = 0
    began, paused = clock(), 0.0
    for source in inputs:
        for part in parts(source, _ignore):
            if not isinstance(part, Part):
                skipped.append(part)
                continue
            name = part.source.name
            survey.begin(name, part.source.format, part.source.size_bytes)
            for frame, values in part.records:
                survey.see_frame(frame)
                for index, value in enumerate(values):
                    survey.see(value, intake.judge(frame, index, value, name, now))
                    count += 1
                    if count % _TELL_EVERY == 0:
                        on_records(count)
            pause = clock()
            survey.detect()
            paused += clock() - pause
    return Looked(tuple(skipped), clock() - began - paused)


def _ignore(_: int) -> None:
    return None
