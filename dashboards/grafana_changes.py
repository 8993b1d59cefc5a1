"""What would have to change in a Grafana, and how that reads. Pure.

Compared is only what we send: Grafana adds fields of its own to whatever it stores, and is asked
for nothing that it has no cause to change.
"""

import difflib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

Json = dict[str, Any]
Kind = Literal["create", "change", "remove", "keep"]

KIND_WORDS: dict[Kind, str] = {
    "create": "created",
    "change": "changed",
    "remove": "removed",
    "keep": "as it should be",
}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing, as it is and as it should be. `before` is None where there is none yet."""

    name: str
    method: str
    path: str
    body: Any = None
    before: Any = None
    after: Any = None
    """As `body`, without secrets: this may be shown."""
    note: str = ""

    @property
    def kind(self) -> Kind:
        """Return what happens to it."""
        if self.after is None:
            return "remove"
        if self.before is None:
            return "create"
        return "keep" if as_sent(self.before, self.after) == self.after else "change"

    @property
    def is_due(self) -> bool:
        """Whether it is sent at all: also where only a secret may differ, which nobody can see."""
        return self.kind != "keep" or bool(self.note)


def as_sent(stored: Any, sent: Any) -> Any:
    """Return what is stored, without what we would never send.

    >>> as_sent({"title": "A", "id": 7, "of": [{"a": 1, "b": 2}]}, {"title": "", "of": [{"a": 0}]})
    {'title': 'A', 'of': [{'a': 1}]}
    """
    if isinstance(stored, dict) and isinstance(sent, dict):
        return {key: as_sent(stored[key], sent[key]) for key in sent if key in stored}
    if isinstance(stored, list) and isinstance(sent, list) and len(stored) == len(sent):
        return [as_sent(one, other) for one, other in zip(stored, sent, strict=True)]
    return stored


def difference(change: Change) -> str:
    """Return a unified diff from what is stored to what is wanted; empty where they are alike."""
    before = None if change.before is None else as_sent(change.before, change.after)
    lines = difflib.unified_diff(
        _lines(before if change.after is not None else change.before),
        _lines(change.after),
        f"{change.name} (in Grafana)",
        f"{change.name} (wanted)",
        lineterm="",
    )
    return "\n".join(lines)


def tally(changes: Iterable[Change]) -> str:
    """Return how many of each kind there are, in a sentence."""
    kinds = [change.kind for change in changes]
    return ", ".join(
        f"{kinds.count(kind)} {words}" for kind, words in KIND_WORDS.items() if kind in kinds
    )


def _lines(value: Any) -> Sequence[str]:
    if value is None:
        return []
    # Text of many lines, such as SQL, is easier to compare as such.
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    return text.replace("\\n", "\n").splitlines()
