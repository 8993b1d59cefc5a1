"""A document as Markdown, for a wiki, an issue or a mail. Pure; needs no library.

Every sign of markup in a text is escaped, so that what people wrote stays text: no link, no
picture, no mention of somebody comes out of it. Charts come as their figures.
"""

import re
from collections.abc import Iterator, Sequence

from dashboards.reports.document import (
    Block,
    Chart,
    Document,
    Paragraph,
    Quote,
    Quotes,
    Table,
)
from dashboards.reports.phrases import moment

_SIGNS = re.compile(
    r"""[\\`*_{}\[\]<>#|~&$@]        # markup, wherever it stands
    | :(?=[^\s\d])                # of an address, or of a picture's name
    | (?<=www)\.
    | (?<=^)[-+=]                 # a list or a heading, at the beginning only
    | (?<=^\d)[.)] | (?<=^\d\d)[.)] | (?<=^\d\d\d)[.)] | (?<=^\d\d\d\d)[.)]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIGURES = re.compile(r"[\d,.]+")


def write_markdown(document: Document) -> str:
    """Return the document in CommonMark with tables."""
    return "\n\n".join(_parts(document)) + "\n"


def escape(text: str) -> str:
    r"""Return a text that means itself, in one line.

    Behind @ stands a joiner of no width, so that nobody is called by it; an address is no link.

    >>> escape("*Shut* [it](http://x) at 20:00. #now")
    '\\*Shut\\* \\[it\\](http\\://x) at 20:00. \\#now'
    >>> escape("1. one"), escape("- one")
    ('1\\. one', '\\- one')
    """
    line = " ".join(text.split())
    return _SIGNS.sub(lambda found: "\\" + found[0], line).replace("\\@", "\\@\u2060")


def _parts(document: Document) -> Iterator[str]:
    yield f"# {escape(document.title)}"
    yield escape(document.deck)
    yield f"*{escape(document.kicker)}*"
    stats = [(stat.value, stat.label, stat.note) for stat in document.stats]
    yield _table(("", "", ""), stats, frozenset({0}))
    for section in document.sections:
        yield f"## {escape(section.title)}"
        for block in section.blocks:
            yield from _block(block)
    yield "---"
    for text in document.method:
        yield f"<sub>{escape(text)}</sub>"
    yield f"<sub>Made {escape(moment(document.made_at))} UTC by Uproar</sub>"
    if document.queries:
        yield "## The queries"
        for query in document.queries:
            of = f" ({query.of})" if query.of else ""
            yield f"### {escape(query.name + of)}"
            fence = "`" * max(3, _longest_run(query.sql) + 1)
            yield f"{fence}sql\n{query.sql.rstrip()}\n{fence}"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield escape(block.text)
        case Chart():
            if block.rows:
                yield f"**{escape(block.title)}**"
                numeric = frozenset(
                    place
                    for place in range(len(block.columns))
                    if all(_FIGURES.fullmatch(row[place]) for row in block.rows)
                )
                yield _table(block.columns, block.rows, numeric)
        case Table():
            yield f"**{escape(block.title)}**"
            yield _table(block.columns, block.rows, block.numeric)
        case Quotes():
            yield f"**{escape(block.title)}**"
            for quote in block.quotes:
                text = _quoted(quote)
                link = f" · [source](<{_address(quote.url)}>)" if quote.url else ""
                yield f"> {text}\n>\n> {escape(quote.about)}{link}"


def _quoted(quote: Quote) -> str:
    """Return a quote with its evidence in bold, spaces as they were."""
    shown = f"**{escape(quote.shown)}**" if quote.shown.strip() else ""
    before = escape(quote.before) + " " * quote.before.endswith(" ")
    after = " " * quote.after.startswith(" ") + escape(quote.after)
    return f"{before}{shown}{after}".strip()


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: frozenset[int]) -> str:
    rules = [" ---: " if place in numeric else " --- " for place in range(len(columns))]
    lines = [
        "| " + " | ".join(escape(name) for name in columns) + " |",
        "|" + "|".join(rules) + "|",
        *("| " + " | ".join(escape(cell) for cell in row) + " |" for row in rows),
    ]
    return "\n".join(lines)


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("|", "%7C")


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
