"""The macros of Grafana's ClickHouse data source, for the built-in page. Pure.

The `.sql` files are written for Grafana: its front end replaces variables, its plugin replaces
macros (https://github.com/grafana/clickhouse-datasource, `pkg/macros/macros.go`). This module
expands the same text, so that one file serves both. Where Grafana lets things pass, this is
strict: a value is always a quoted literal, what was put in is never read again, and an unknown
macro or variable is an error.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec


class MacroError(ValueError):
    """A query uses a macro or variable that does not exist, or in a way it is not meant."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a query is asked for: a range of time, the length of an interval, and variables.

    A variable without values stands for All.
    """

    from_at: datetime
    to_at: datetime
    interval_seconds: int
    variables: Mapping[str, tuple[str, ...]]


def expand(sql: str, scope: Scope) -> str:
    """Replace every macro and variable in `sql`.

    Raises MacroError; a query that ships raises none, which a test shows.
    """
    parts: list[str] = []
    position = 0
    while match := _REFERENCE.search(sql, position):
        parts.append(sql[position : match.start()])
        position = match.end()
        if name := match["macro"]:
            arguments: list[str] = []
            if sql.startswith("(", position):
                arguments, position = _arguments(sql, position)
            parts.append(_macro(name, arguments, scope))
        else:
            parts.append(_variable(match["variable"], match["format"], scope))
    return "".join((*parts, sql[position:]))


def quote(value: str) -> str:
    r"""Return a ClickHouse string literal that means exactly `value`.

    >>> print(quote("it's"))
    'it\'s'
    >>> print(quote("\\' OR 1 --"))
    '\\\' OR 1 --'
    """
    return "'" + "".join(_ESCAPES.get(letter, letter) for letter in value) + "'"


_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}

_REFERENCE = re.compile(
    r"""\$__(?P<macro>\w+)                                   # $__timeFilter
    | \$\{(?P<variable>\w+)(?::(?P<format>\w+))?\}           # ${entity:singlequote}
    | \$(?=\S)                                               # anything else: not ours to guess
    """,
    re.VERBOSE,
)


def _variable(name: str | None, form: str | None, scope: Scope) -> str:
    if name is None or form != "singlequote":
        raise MacroError("a variable is written ${name:singlequote}, so that it is quoted")
    if name not in scope.variables:
        raise MacroError(f"no such variable: `{name}`")
    return ",".join(quote(value) for value in scope.variables[name]) or "''"


def _macro(name: str, arguments: list[str], scope: Scope) -> str:
    if name == "conditionalAll":
        return _conditional_all(arguments, scope)
    if name not in _MACROS:
        raise MacroError(f"no such macro: `$__{name}`")
    wanted, write = _MACROS[name]
    if len(arguments) != wanted:
        raise MacroError(f"`$__{name}` takes {wanted} arguments, found {len(arguments)}")
    column = arguments[0].strip() if arguments else ""
    if not re.fullmatch(r"[\w.]*", column):
        raise MacroError(f"`$__{name}` takes a column, found `{column}`")
    return write(column, scope)


def _conditional_all(arguments: list[str], scope: Scope) -> str:
    """Return the condition, or `1=1` where the variable stands for All."""
    if len(arguments) != 2 or not (named := re.fullmatch(r"\s*\$(\w+)\s*", arguments[1])):
        raise MacroError("`$__conditionalAll` takes a condition and a plain `$variable`")
    if named[1] not in scope.variables:
        raise MacroError(f"no such variable: `{named[1]}`")
    return expand(arguments[0], scope) if scope.variables[named[1]] else "1=1"


def _arguments(sql: str, start: int) -> tuple[list[str], int]:
    """Split what stands between the bracket at `start` and the one that closes it, at commas."""
    depth, begin = 0, start + 1
    found: list[str] = []
    for index in range(start, len(sql)):
        letter = sql[index]
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                last = sql[begin:index]
                return ([*found, last] if last.strip() or found else []), index + 1
        elif letter == "," and depth == 1:
            found.append(sql[begin:index])
            begin = index + 1
    raise MacroError("a bracket is not closed")


def _seconds(at: datetime) -> str:
    return f"toDateTime({int(at.timestamp())})"


def _time_filter(column: str, scope: Scope) -> str:
    return f"{column} >= {_seconds(scope.from_at)} AND {column} <= {_seconds(scope.to_at)}"


def _time_interval(column: str, scope: Scope) -> str:
    seconds = max(scope.interval_seconds, 1)
    return f"toStartOfInterval(toDateTime({column}), INTERVAL {seconds} second)"


_MACROS: dict[str, tuple[int, Callable[[str, Scope], str]]] = {
    "timeFilter": (1, _time_filter),
    "timeInterval": (1, _time_interval),
    "fromTime": (0, lambda _, scope: _seconds(scope.from_at)),
    "toTime": (0, lambda _, scope: _seconds(scope.to_at)),
    "interval_s": (0, lambda _, scope: str(max(scope.interval_seconds, 1))),
}
"""Name -> how many arguments, and what to write. What no query uses is not here."""
