"""Which texts a spreadsheet would take for a formula. Pure."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula(text: str) -> bool:
    """Say whether a cell with this text would be computed instead of shown.

    >>> is_formula("=1+1"), is_formula(" -2"), is_formula("a-b")
    (True, True, False)
    """
    return text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)
