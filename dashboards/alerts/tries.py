"""Settings to be tried in a back-test, as they stand on a command line. Pure."""

import re
from collections.abc import Iterable, Sequence

from dashboards.alerts.backtest import Setting
from dashboards.alerts.edits import checked_signal, edited, possible_fields, read_words
from dashboards.alerts.thresholds import Threshold
from uproar.errors import InputError

_WANTED = re.compile(r"(?P<count>\d{1,6}(\.\d{1,3})?)(/(?P<per>day|week|month))?")
_A_WEEK = {"day": 7.0, "week": 1.0, "month": 7 / 30}


def read_try(text: str, entities: Iterable[str], present: Sequence[Threshold]) -> Setting:
    """Read `above=20`, or `volume above=20 per=5m`: fields, behind a signal or for all that may.

    Without a signal, it changes each threshold that has such fields and takes such values. With
    one, an entity that has no threshold of it yet gets one. Raises InputError where nothing would
    change.
    """
    words = text.split()
    signal = ""
    if words and "=" not in words[0]:
        signal, words = checked_signal(words[0].rstrip(":")), words[1:]
    fields = read_words(words)
    if not fields:
        raise InputError(f"`--try`: wanted fields, such as `above=20`, found `{text}`")
    found: list[Threshold] = []
    refusal: InputError | None = None
    for entity in entities:
        own = [one for one in present if one.entity == entity]
        if signal:
            found.append(edited(own, entity, signal, fields)[1])
            continue
        for one in own:
            if all(name in possible_fields(one.signal) for name in fields):
                try:
                    found.append(edited([one], entity, one.signal, fields)[1])
                except InputError as error:
                    refusal = error
    if not found:
        raise refusal or InputError(
            f"`--try`: no threshold takes `{text}`",
            hint='name a signal to try a new one: --try "volume above=20 per=1m"',
        )
    return Setting(name=text, thresholds=tuple(found))


def read_wanted(text: str) -> float:
    """Read how many alerts are wanted: `2/week`, `1/day` or `3`, by the week.

    >>> read_wanted("1/day"), read_wanted("2")
    (7.0, 2.0)
    """
    found = _WANTED.fullmatch(text.strip())
    if found is None or float(found["count"]) == 0:
        raise InputError(
            f"`--wanted`: wanted how many alerts in which time, found `{text}`",
            hint="for example: --wanted 2/week",
        )
    return float(found["count"]) * _A_WEEK[found["per"] or "week"]
