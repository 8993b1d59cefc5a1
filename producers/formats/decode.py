"""JSON -> structs for the readers of formats: what cannot be read is a value."""

from typing import TypeVar

import msgspec

from producers.parsed import Unreadable

StructT = TypeVar("StructT")


def decode(decoder: msgspec.json.Decoder[StructT], raw: bytes) -> StructT | Unreadable:
    """Decode a record, or say why not: `not-utf8`, `wrong-shape`, `truncated-line`, `not-json`."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        return Unreadable("wrong-shape", _worded(str(error)))
    except msgspec.DecodeError as error:
        # Also said of half a surrogate pair in a whole record.
        if "truncated" in str(error) and not raw.rstrip().endswith(b"}"):
            return Unreadable("truncated-line", "wanted a whole record, found its end missing")
        return Unreadable("not-json", str(error))
    except UnicodeDecodeError as error:
        return Unreadable("not-utf8", f"wanted UTF-8, found {error}")
    except RecursionError:
        return Unreadable("not-json", "wanted JSON of a sane depth, found it nested too deep")


def _worded(message: str) -> str:
    """Say what msgspec says in the words of all our messages.

    >>> _worded("Expected `object`, got `array`")
    'wanted `object`, found `array`'
    """
    return message.replace("Expected ", "wanted ", 1).replace(", got ", ", found ", 1)
