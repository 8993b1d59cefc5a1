"""What is drawn in one chart can be told apart, whatever colours one can see."""

from itertools import combinations

import pytest

from dashboards.boards import panels
from dashboards.palette import ACTIONS, PALETTE, SERIES

Color = tuple[float, float, float]

# How red, green and blue light reach an eye that lacks one kind of cone, after Machado, Oliveira
# and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009).
EYES: dict[str, tuple[Color, Color, Color]] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red cones": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green cones": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue cones": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LEAST_DIFFERENCE = 11.0
"""Of two colours in CIELAB. A difference of 2 can just be seen side by side."""


def times(matrix: tuple[Color, Color, Color], color: Color) -> Color:
    x, y, z = (sum(a * b for a, b in zip(row, color, strict=True)) for row in matrix)
    return x, y, z


def seen(written: str, eye: str) -> Color:
    """Return what such an eye sees of a colour, in CIELAB."""
    parts = (int(written[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    light = times(EYES[eye], (red, green, blue))
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (
            max(value, 0) / whole for value, whole in zip(times(to_xyz, light), white, strict=True)
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


CHARTS = {
    panel.id: [column.color for column in panel.columns]
    for panel in panels().values()
    if panel.shape in ("bars", "line", "combined") and len(panel.columns) > 1
} | {"series": list(SERIES), "actions": list(ACTIONS.values())}


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("ground", [0, 1], ids=["light", "dark"])
def test_no_two_colours_of_a_chart_look_alike(chart: str, eye: str, ground: int) -> None:
    for one, other in combinations(CHARTS[chart], 2):
        pair = (seen(PALETTE[one][ground], eye), seen(PALETTE[other][ground], eye))
        apart = sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5
        assert apart >= LEAST_DIFFERENCE, f"{one} and {other}: {apart:.0f}"
