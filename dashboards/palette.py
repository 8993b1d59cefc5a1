"""The colours, by what they mean, on light and on dark ground.

After Okabe and Ito's palette, which people with any kind of colour vision can tell apart
(https://jfly.uni-koeln.de/color/), made lighter on dark ground, and moved apart where two of one
chart looked alike to an eye without red, green or blue cones: a test sees them as such eyes do.
"""

PALETTE: dict[str, tuple[str, str]] = {
    "vermillion": ("#d55e00", "#e8702a"),
    "blue": ("#0072b2", "#3d9bd8"),
    "orange": ("#e69f00", "#e9a820"),
    "sky": ("#56b4e9", "#7cc7f2"),
    "green": ("#009e73", "#1fb58a"),
    "purple": ("#c9649c", "#e08fc0"),
    "yellow": ("#e3d51a", "#f0e442"),
    "brown": ("#8c5a3c", "#b98564"),
    "grey": ("#a8b0b8", "#7a838d"),
    "faint": ("#d3d8de", "#4a525c"),
}
"""Name -> (on light ground, on dark ground)."""

SERIES = ("blue", "orange", "green", "purple", "sky", "brown", "yellow", "vermillion")
"""Colours of series that have no meaning of their own, in the order in which they are given."""

ACTIONS = {
    "shutdown": "vermillion",
    "boycott": "orange",
    "contact": "sky",
    "protest": "purple",
    "petition": "yellow",
    "legal": "green",
    "support": "blue",
    "other": "grey",
}
"""Call to action -> colour, whatever its direction."""


def stylesheet() -> str:
    """Return the palette as CSS custom properties, which follow the ground that is shown.

    >>> stylesheet()[:66]
    ':root { color-scheme: light dark; --vermillion: light-dark(#d55e00'
    """
    colors = " ".join(
        f"--{name}: light-dark({one}, {other});" for name, (one, other) in PALETTE.items()
    )
    return f":root {{ color-scheme: light dark; {colors} }}\n"
