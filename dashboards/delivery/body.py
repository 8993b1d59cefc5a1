"""The body of a message, written once, in the three forms that channels take. Pure."""

from collections.abc import Sequence
from html import escape
from typing import Literal

import msgspec


class Line(msgspec.Struct, frozen=True):
    """A sentence, an item of a list, a link with its label, or a command with its label."""

    kind: Literal["sentence", "item", "link", "command"]
    words: str
    target: str = ""


def as_text(lines: Sequence[Line]) -> str:
    r"""Return plain text.

    >>> as_text([Line("sentence", "Much."), Line("item", "a"), Line("link", "Board", "http://b/")])
    'Much.\n- a\nBoard: http://b/'
    """
    return "\n".join(_text(line) for line in lines)


def as_markdown(lines: Sequence[Line]) -> str:
    r"""Return Markdown, of which only lists, links and code are used.

    >>> as_markdown([Line("item", "a"), Line("command", "Mute", "uproar alerts mute x")])
    '- a\n\nMute: `uproar alerts mute x`'
    """
    parts: list[str] = []
    for index, line in enumerate(lines):
        is_in_list = line.kind == "item" and index > 0 and lines[index - 1].kind == "item"
        parts += ["\n" if is_in_list or not parts else "\n\n", _markdown(line)]
    return "".join(parts).strip()


def as_html(lines: Sequence[Line]) -> str:
    """Return HTML.

    >>> as_html([Line("sentence", "1 < 2"), Line("item", "a")])
    '<p>1 &lt; 2</p><ul><li>a</li></ul>'
    """
    html = "".join(_html(line) for line in lines)
    return html.replace("</ul><ul>", "")


def _text(line: Line) -> str:
    if line.kind == "item":
        return f"- {line.words}"
    return f"{line.words}: {line.target}" if line.target else line.words


def _markdown(line: Line) -> str:
    if line.kind == "link":
        return f"[{line.words}]({line.target})"
    if line.kind == "command":
        return f"{line.words}: `{line.target}`"
    return _text(line)


def _html(line: Line) -> str:
    words, target = escape(line.words), escape(line.target)
    if line.kind == "item":
        return f"<ul><li>{words}</li></ul>"
    if line.kind == "link":
        return f'<p><a href="{target}">{words}</a></p>'
    return f"<p>{words}: <code>{target}</code></p>" if target else f"<p>{words}</p>"
