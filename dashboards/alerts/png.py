"""An SVG as PNG. Needs vl-convert, as reports do."""

from dashboards.reports.draw import ReportExtraMissing

SCALE = 2.0
"""Pixels of the PNG for each of the SVG."""


def png_of(svg: str) -> bytes:
    """Return the picture. Raises ReportExtraMissing."""
    try:
        import vl_convert
    except ImportError as error:
        raise ReportExtraMissing("what turns SVG into PNG") from error
    png: bytes = vl_convert.svg_to_png(svg, scale=SCALE)
    return png
