"""The colours, by what they mean, on light and on dark ground.

After Okabe and Ito's palette, which people with any kind of colour vision can tell apart
(https://jfly.uni-koeln.de/color/); blue and grey are lightened on dark ground.
"""

PALETTE: dict[str, tuple[str, str]] = {
    "vermillion": ("#d55e00", "#e8702a"),
    "blue": ("#0072b2", "#3d9bd8"),
    "orange": ("#e69f00", "#e9a820"),
    "sky": ("#56b4e9", "#7cc7f2"),
    "green": ("#009e73", "#1fb58a"),
    "purple": ("#cc79a7", "#d58fb6"),
    "yellow": ("#d9cb1f", "#f0e442"),
    "brown": ("#8c5a3c", "#b98564"),
    "grey": ("#9aa3ad", "#8b949e"),
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
    """Return the palette as CSS custom properties, for both grounds.

    >>> stylesheet().splitlines()[0][:29]
    ':root { --vermillion: #d55e00'
    """
    light, dark = (
        " ".join(f"--{name}: {pair[ground]};" for name, pair in PALETTE.items())
        for ground in (0, 1)
    )
    return (
        f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{\n  :root {{ {dark} }}\n}}\n"
    )
