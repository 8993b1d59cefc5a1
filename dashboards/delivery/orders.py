"""What is asked of the process that delivers, and what it answers: one JSON a line. Pure."""

from typing import Literal

import msgspec

from uproar.guarded import Guarded

Kind = Literal["info", "warning", "critical", "resolved"]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One message in the forms that channels take."""

    title: str
    text: str
    markdown: str
    html: str
    kind: Kind


class Order(Guarded, frozen=True, kw_only=True):
    """Send a letter to an address, or, without one, look at the address."""

    number: int
    url: str
    local: bool = False
    letter: Letter | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an order.

    `refused` says why it never can succeed, `detail` why it did not. `label` names the address
    without its secrets, `host` is where it leads, where that is no secret.
    """

    number: int
    is_done: bool
    refused: str = ""
    detail: str = ""
    label: str = ""
    host: str = ""
