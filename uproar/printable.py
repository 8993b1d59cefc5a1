"""What strangers wrote, made fit for a terminal: nothing in it moves the cursor or hides. Pure."""

from typing import Any


def printable(text: str) -> str:
    r"""Return the text with every control, format and broken character written out.

    >>> printable("a\tb\x1b[2J\u202ec\udc80 ü")
    'a\\x09b\\x1b[2J\\u202ec\\udc80 ü'
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(ord(letter)) for letter in text)


def printable_cell(value: Any) -> Any:
    """Return a text made printable, and any other value as it is."""
    return printable(value) if isinstance(value, str) else value


def _escaped(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
