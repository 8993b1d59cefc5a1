"""Draws the charts of a report, as SVG. Needs vl-convert, which only this module imports."""

import importlib
import re
from collections.abc import Mapping
from typing import Any

from uproar.errors import InputError

VEGA_LITE = "5.20"


class ReportExtraMissing(InputError):
    """What draws and typesets reports is not installed."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not installed, and a report of this kind needs it",
            hint="pip install 'uproar[report]'; a .md report needs nothing more",
        )


def check_extra(form: str) -> None:
    """Raise ReportExtraMissing where something that a form needs is not installed."""
    wanted = {
        "html": ("vl_convert",),
        "pdf": ("vl_convert", "typst"),
        "png": ("vl_convert", "typst"),
    }
    for module in wanted.get(form, ()):
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise ReportExtraMissing(f"`{module}`") from error


def draw(spec: Mapping[str, Any]) -> str:
    """Return a chart as SVG that may stand within a page. Raises ReportExtraMissing."""
    svg: str = _converter().vegalite_to_svg(dict(spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    return re.sub(r"^<\?xml[^>]*>|<!DOCTYPE[^>]*>", "", svg).strip()


def draw_pdf(spec: Mapping[str, Any]) -> bytes:
    """Return a chart as PDF, its letters within. Raises ReportExtraMissing."""
    pdf: bytes = _converter().vegalite_to_pdf(
        dict(spec), vl_version=VEGA_LITE, allowed_base_urls=[]
    )
    return pdf


def _converter() -> Any:
    """Return what draws. Nothing is fetched: all data stand in a specification."""
    try:
        import vl_convert
    except ImportError as error:
        raise ReportExtraMissing("what draws charts") from error
    return vl_convert
