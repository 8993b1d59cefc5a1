"""Figures -> tables in Markdown, and a page's parts between markers. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table, its first column of words and the others of figures.

    >>> print(table(["way", "posts/s"], [["loop", "10"]]))
    | way | posts/s |
    |---|---:|
    | loop | 10 |
    """
    lines = [_row(head), "|---|" + "---:|" * (len(head) - 1), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def replaced(page: str, parts: Mapping[str, str]) -> str:
    r"""Return a page with the parts between its markers replaced; what is not given stays.

    Raises ValueError for a part that the page has no markers for.

    >>> replaced("<!-- a: begin -->old<!-- a: end -->", {"a": "new"})
    '<!-- a: begin -->\nnew\n<!-- a: end -->'
    """
    for name, content in parts.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        if begin not in page or end not in page:
            raise ValueError(f"the page has no place for `{name}`: wanted `{begin}` and `{end}`")
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}\n{content.strip()}\n{end}{rest.partition(end)[2]}"
    return page


def places(page: str) -> Iterator[str]:
    """Yield the names of the parts that a page has a place for."""
    yield from re.findall(r"<!-- ([\w-]+): begin -->", page)


def amount(value: float) -> str:
    """Return a figure with as many digits as can be trusted.

    >>> amount(12345), amount(123.4), amount(12.34), amount(1.234)
    ('12,300', '123', '12', '1.2')
    """
    if abs(value) >= 10_000:
        return f"{round(value, -2):,.0f}"
    if abs(value) >= 1_000:
        return f"{round(value, -1):,.0f}"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"
