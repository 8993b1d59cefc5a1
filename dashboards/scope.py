"""What the built-in page asks for, read from a URL. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from dashboards.boards import COMPARED, VARIABLES
from dashboards.intervals import choose_interval
from dashboards.macros import Scope

NAMES = (*VARIABLES, COMPARED)
LONGEST_VALUE = 200
MOST_VALUES = 100
LATEST_SECONDS = 4_102_444_800
"""The year 2100: a time after it is a slip, and ClickHouse's DateTime ends soon after."""


class BadRequest(ValueError):
    """The URL asks for something that cannot be; the message says what was wanted."""


def read_scope(given: Mapping[str, Sequence[str]]) -> Scope:
    """Return the scope that a panel is asked for.

    `from` and `to` are whole seconds of the Unix epoch; the scope covers the minutes they lie
    in, for that is the grain of the totals. Raises BadRequest.
    """
    for name in given:
        if name not in NAMES and name not in ("from", "to"):
            raise BadRequest(f"no such parameter: `{name}`")
    start = _seconds(given, "from") // 60 * 60
    end = _seconds(given, "to") // 60 * 60 + 59
    if end < start:
        raise BadRequest("wanted `from` before `to`")
    return Scope(
        from_at=datetime.fromtimestamp(start, UTC),
        to_at=datetime.fromtimestamp(end, UTC),
        interval_seconds=choose_interval(end - start),
        variables={name: _values(given, name) for name in NAMES},
    )


def whole_run(run: str) -> Scope:
    """Return the scope of a query that goes by the run alone.

    >>> whole_run("live").variables
    {'run': ('live',), 'entity': (), 'platform': (), 'lang': (), 'compared': ()}
    """
    return read_scope({"run": [run], "from": ["0"], "to": [str(LATEST_SECONDS)]})


def _seconds(given: Mapping[str, Sequence[str]], name: str) -> int:
    found = given.get(name, [""])[-1]
    is_number = found.isascii() and found.isdigit() and len(found) <= len(str(LATEST_SECONDS))
    if not (is_number and int(found) <= LATEST_SECONDS):
        raise BadRequest(f"wanted `{name}` in seconds of the Unix epoch, found `{found[:40]}`")
    return int(found)


def _values(given: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    values = tuple(value for value in given.get(name, ()) if value)
    if len(values) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in values):
        raise BadRequest(
            f"wanted at most {MOST_VALUES} values of {LONGEST_VALUE} letters for `{name}`"
        )
    if name in ("run", COMPARED) and len(values) > 1:
        raise BadRequest(f"wanted one `{name}`")
    return values
