"""What a report is made of, whatever it is written as. Pure data: text is text, never markup."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dashboards.reports.figures import Asked


class Stat(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that is read at a glance; `query` is the one that gives it."""

    label: str
    value: str
    note: str = ""
    is_alarming: bool = False
    query: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Sentences."""

    text: str


class Chart(msgspec.Struct, frozen=True, kw_only=True, tag="chart"):
    """A drawing: a Vega-Lite specification, its title, and what it says to who cannot see it.

    `rows` are its figures, as far as they fit in a table.
    """

    id: str
    title: str
    note: str = ""
    alt: str
    spec: Mapping[str, Any]
    query: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


class Table(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """Rows of text; `numeric` columns stand right."""

    title: str
    note: str = ""
    columns: Sequence[str]
    numeric: frozenset[int] = frozenset()
    rows: Sequence[Sequence[str]]
    query: str


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote, in three pieces: the middle one is what shows the call.

    It names no author. `url` is empty where the post has no address that is safe to follow.
    """

    before: str
    shown: str
    after: str
    about: str
    url: str

    @property
    def text(self) -> str:
        """The whole of it."""
        return self.before + self.shown + self.after


class Quotes(msgspec.Struct, frozen=True, kw_only=True, tag="quotes"):
    """Posts, quoted."""

    title: str
    quotes: Sequence[Quote]
    query: str


Block = Paragraph | Chart | Table | Quotes


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A question, and what answers it."""

    title: str
    blocks: Sequence[Block]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report. `queries` is empty where its reader does not want them."""

    kicker: str
    title: str
    deck: str
    stats: Sequence[Stat]
    sections: Sequence[Section]
    method: Sequence[str]
    made_at: datetime
    queries: Sequence[Asked] = ()

    def charts(self) -> list[Chart]:
        """Return its drawings, in order."""
        return [
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Chart)
        ]
