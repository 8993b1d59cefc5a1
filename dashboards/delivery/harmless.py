"""What strangers wrote, made fit for a message: it calls nobody, links nowhere, is no markup. Pure.

Chats, mails and pages take different signs for markup, and what escapes a sign in one shows as
rubbish in another. So each sign that any of them acts on is replaced by one that looks like it.
"""

import re

from uproar.printable import printable

_LOOKALIKES = str.maketrans(
    {
        "@": "＠", "<": "‹", ">": "›", "&": "＆", "`": "ˋ", "*": "∗", "~": "∼", "|": "ǀ", "\\": "∖",
        "[": "［", "]": "］", "(": "（", ")": "）", "{": "｛", "}": "｝", "$": "＄",
    }
)  # fmt: skip
_DOT = "․"
"""One dot leader: no client makes a link of a name that has it."""
_LINK_DOTS = re.compile(r"(?<=\w)\.(?=\w)")
_LOOSE_UNDERSCORES = re.compile(r"(?<!\w)_|_(?!\w)|_(?=_)|(?<=_)_")


def harmless(text: str, most: int = 60) -> str:
    r"""Return the text in one line of at most so many letters, with nothing in it that acts.

    >>> harmless("@everyone <!channel> [free](https://evil.example) **now**")
    '＠everyone ‹!channel› ［free］（https:∕∕evil․example） ∗∗now∗∗'
    >>> harmless("#stop_quill"), harmless("a\nb"), harmless("x" * 70, 10)
    ('#stop_quill', 'a b', 'xxxxxxxxx…')
    """
    line = printable(" ".join(text.split()))
    line = line if len(line) <= most else line[: most - 1] + "…"
    line = line.replace("://", ":∕∕").translate(_LOOKALIKES)
    return _LOOSE_UNDERSCORES.sub("＿", _LINK_DOTS.sub(_DOT, line))
