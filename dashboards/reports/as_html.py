"""A document as one HTML file: nothing is loaded from anywhere, nothing in it runs. Pure.

Whatever was written outside is escaped, and stands in a box of its own direction, so that a
right-to-left text disturbs nothing around it.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from dashboards.reports.document import (
    Block,
    Chart,
    Document,
    Paragraph,
    Quotes,
    Section,
    Stat,
    Table,
)
from dashboards.reports.phrases import moment

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def write_html(document: Document, drawings: Mapping[str, str]) -> str:
    """Return the page; `drawings` are the charts as SVG, by the id of the chart."""
    body = "\n".join(_body(document, drawings))
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="generator" content="uproar">\n'
        f"<title>{_text(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _body(document: Document, drawings: Mapping[str, str]) -> Iterator[str]:
    asked = {query.name for query in document.queries}
    yield f'<header><p class="kicker">Uproar report</p><h1>{_text(document.title)}</h1>'
    yield f'<p class="deck">{_text(document.deck)}</p>'
    yield f'<p class="range">{_text(document.kicker)}</p></header>'
    yield '<ul class="stats">'
    yield from (_stat(stat, asked) for stat in document.stats)
    yield "</ul>"
    for section in document.sections:
        yield from _section(section, drawings, asked)
    yield "<footer><h2>How this was made</h2>"
    yield from (f"<p>{_text(text)}</p>" for text in document.method)
    yield f"<p>Made {_text(moment(document.made_at))} UTC by Uproar.</p></footer>"
    if document.queries:
        yield '<section class="queries"><h2>The queries</h2>'
        for place, query in enumerate(document.queries):
            of = f" ({query.of})" if query.of else ""
            anchor = f' id="query-{_text(query.name)}"' if _is_first(document, place) else ""
            yield f"<h3{anchor}>{_text(query.name + of)}</h3><pre>{_text(query.sql)}</pre>"
        yield "</section>"


def _is_first(document: Document, place: int) -> bool:
    name = document.queries[place].name
    return all(query.name != name for query in document.queries[:place])


def _stat(stat: Stat, asked: set[str]) -> str:
    kind = ' class="alarming"' if stat.is_alarming else ""
    return (
        f"<li{kind}><b>{_text(stat.value)}</b><span>{_text(stat.label)}</span>"
        f"<small>{_text(stat.note)}{_source(stat.query, asked)}</small></li>"
    )


def _section(section: Section, drawings: Mapping[str, str], asked: set[str]) -> Iterator[str]:
    yield f"<section><h2>{_text(section.title)}</h2>"
    for is_half, blocks in groupby(section.blocks, _is_half):
        shown = "\n".join(_block(block, drawings, asked) for block in blocks)
        yield f'<div class="halves">{shown}</div>' if is_half else shown
    yield "</section>"


def _is_half(block: Block) -> bool:
    """Say whether a chart stands beside another."""
    return isinstance(block, Chart) and block.id in ("languages", "platforms")


def _block(block: Block, drawings: Mapping[str, str], asked: set[str]) -> str:
    match block:
        case Paragraph():
            return f"<p>{_text(block.text)}</p>"
        case Chart():
            return _chart(block, drawings[block.id], asked)
        case Table():
            note = f"<small>{_text(block.note)}</small>" if block.note else ""
            source = _source(block.query, asked)
            title = f"<figcaption>{_text(block.title)}{source}{note}</figcaption>"
            return f'<figure class="table">{title}{_table(block)}</figure>'
        case Quotes():
            return _quotes(block, asked)


def _chart(chart: Chart, drawing: str, asked: set[str]) -> str:
    note = f"<small>{_text(chart.note)}</small>" if chart.note else ""
    picture = drawing.replace("<svg ", f'<svg role="img" aria-label="{html.escape(chart.alt)}" ', 1)
    kind = "half" if _is_half(chart) else "wide"
    return (
        f'<figure class="{kind}"><figcaption>{_text(chart.title)}{_source(chart.query, asked)}'
        f"{note}</figcaption>{_own_ids(picture, chart.id)}</figure>"
    )


def _own_ids(svg: str, name: str) -> str:
    """Give ids within a drawing a name of their own: each chart counts its clips from 0."""
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    return re.sub(r'href="#', f'href="#{name}-', svg)


def _table(table: Table) -> str:
    def cells(row: tuple[str, ...], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=number' if place in table.numeric else ''}>"
            f"<bdi>{_text(cell)}</bdi></{tag}>"
            for place, cell in enumerate(row)
        )

    head = f"<tr>{cells(tuple(table.columns), 'th')}</tr>" if any(table.columns) else ""
    rows = "".join(f"<tr>{cells(tuple(row), 'td')}</tr>" for row in table.rows)
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _quotes(quotes: Quotes, asked: set[str]) -> str:
    shown = []
    for quote in quotes.quotes:
        mark = f"<mark>{_text(quote.shown)}</mark>" if quote.shown else ""
        link = (
            f' · <a href="{html.escape(quote.url)}" rel="noopener noreferrer nofollow">source</a>'
            if quote.url
            else ""
        )
        shown.append(
            f'<blockquote><p dir="auto">{_text(quote.before)}{mark}{_text(quote.after)}</p>'
            f"<footer>{_text(quote.about)}{link}</footer></blockquote>"
        )
    title = f"<h3>{_text(quotes.title)}{_source(quotes.query, asked)}</h3>"
    return f'{title}<div class="quotes">{"".join(shown)}</div>'


def _source(query: str, asked: set[str]) -> str:
    return f' <a class="source" href="#query-{_text(query)}">query</a>' if query in asked else ""


def _text(text: str) -> str:
    return html.escape(text)
