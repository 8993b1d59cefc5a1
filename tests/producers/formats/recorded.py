"""What the readers make of the recordings."""

from pathlib import Path

from producers.inputs import inspect, read
from producers.parsed import Draft, Parsed

FOLDER = Path(__file__).parents[2] / "recordings"


def values(name: str) -> list[Parsed]:
    """Everything in a recording, in its order."""
    source = inspect(FOLDER / name, None)
    return [value for _, found in read(source, lambda _: None) for value in found]


def drafts(name: str) -> list[Draft]:
    """The posts of a recording."""
    return [value for value in values(name) if isinstance(value, Draft)]
