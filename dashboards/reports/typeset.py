"""Typesets a document as PDF or PNG. Needs typst, which only this module imports.

The document goes to the typesetter as data, never as its markup: nothing that people wrote can
become a command. It may read nothing but its own folder.
"""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from dashboards.reports.document import Document
from dashboards.reports.draw import ReportExtraMissing
from dashboards.reports.phrases import moment

TEMPLATE = Path(__file__).with_name("report.typ").read_text(encoding="utf-8")
DOTS_PER_INCH = 120


_LETTERS = (
    ("emoji", re.compile("[\U0001f300-\U0001faff]"), ("emoji",), "fonts-noto-color-emoji"),
    (
        "Chinese, Japanese and Korean",
        re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"),
        ("cjk", "wenquanyi", "ipagothic", "ipamincho", "takao", "nanum", "droid sans fallback"),
        "fonts-noto-cjk",
    ),
)
"""What has letters of its own: how to see it, which fonts have them, Debian's package of one."""


def letters_without_font(document: Document) -> list[tuple[str, str]]:
    """Return what of a document would be empty boxes here, each with a package that helps."""
    import typst

    families = [family.lower() for family in typst.Fonts().families()]
    text = msgspec.json.encode(document).decode()
    return [
        (name, package)
        for name, letters, fonts, package in _LETTERS
        if letters.search(text) and not any(font in one for font in fonts for one in families)
    ]


def typeset(
    document: Document, drawings: Mapping[str, bytes], form: Literal["pdf", "png"]
) -> bytes:
    """Return the file: a PDF of A4 pages, or one long picture.

    `drawings` are the charts as PDF, by id. Raises ReportExtraMissing.
    """
    try:
        import typst
    except ImportError as error:
        raise ReportExtraMissing("what typesets PDF and PNG") from error
    content = msgspec.json.encode(
        {
            "document": document,
            "form": form,
            "made": moment(document.made_at),
        }
    )
    with tempfile.TemporaryDirectory(prefix="uproar-report-") as folder:
        root = Path(folder)
        (root / "report.json").write_bytes(content)
        for name, drawing in drawings.items():
            (root / f"{name}.pdf").write_bytes(drawing)
        (root / "report.typ").write_text(TEMPLATE, encoding="utf-8")
        made = typst.compile(
            root / "report.typ",
            root=root,
            format=form,
            ppi=DOTS_PER_INCH,
        )
    if isinstance(made, list):
        return b"".join(made[:1])
    return made or b""
