"""A call as it is found, before it is put in the words of the post."""

from typing import NamedTuple

from streams.calls.reading import Span
from uproar.records import Action, Direction


class Found(NamedTuple):
    """A call to action at tokens `place`; `confidence` is in (0, 1]."""

    action: Action
    direction: Direction
    target: str | None
    confidence: float
    place: Span
    addressee: str | None = None
