"""HTML as platforms and feeds write it -> plain text that keeps where its links lead. Pure.

It never raises, whatever it is given, and takes time linear in it; nothing is fetched or run.
"""

import re
from html import unescape

from producers.formats.fields import is_address

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)"
    r"(?P<inner>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*)>"
    r"|<[!?/][^<>]*+>",
    re.DOTALL,
)
_HREF = re.compile(r"(?:^|\s)href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_CLASS = re.compile(r"(?:^|\s)class\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_SPACED_BREAK = re.compile(r" ?\n ?")
_MANY_BREAKS = re.compile(r"\n{3,}")

_PARAGRAPHS = frozenset({
    "p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "div",
    "article", "section", "figure",
})  # fmt: skip
_LINES = frozenset({"br", "li", "tr", "hr", "dt", "dd"})
_SILENT = frozenset({"script", "style", "head", "template", "title", "noscript"})
_NAMING = frozenset({"mention", "hashtag", "tag"})
"""Classes of links that lead to a profile or a tag: their words say all."""


def html_to_text(markup: str) -> str:
    r"""Return the words, with paragraphs and lines broken as they are shown.

    A link whose words are (part of) its address becomes the address; behind other words, the
    address follows. Links of mentions and hashtags keep their words alone.

    >>> html_to_text('<p>Shut <b>it</b> down:<br><a href="https://b.test/x">look</a> &amp; see</p>')
    'Shut it down:\nlook https://b.test/x & see'
    """
    if "<" not in markup:
        return (unescape(markup) if "&" in markup else markup).strip()
    writer = _Writer()
    done = 0
    for found in _TAG.finditer(markup):
        writer.say(markup[done : found.start()])
        done = found.end()
        if found["name"]:
            writer.tag(found["name"].lower(), found["inner"], is_end=bool(found["end"]))
    writer.say(markup[done:])
    return writer.text()


class _Writer:
    """The text so far."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._silent = ""  # the tag whose content is not shown
        self._link: tuple[int, str, bool] | None = None  # where it began, its target, is it a name

    def say(self, words: str) -> None:
        if words and not self._silent:
            words = unescape(words) if "&" in words else words
            self._pieces.append(_BLANKS.sub(" ", words.replace("\n", " ")))

    def tag(self, name: str, inner: str, *, is_end: bool) -> None:
        if self._silent:
            if is_end and name == self._silent:
                self._silent = ""
        elif name in _SILENT:
            self._silent = "" if is_end or inner.endswith("/") else name
        elif name == "a":
            self._end_link()
            if not is_end:
                self._begin_link(inner)
        elif name in _PARAGRAPHS:
            self._pieces.append("\n\n" if is_end or name != "div" else "\n")
        elif name in _LINES:
            self._pieces.append("\n")

    def text(self) -> str:
        self._end_link()
        whole = _SPACED_BREAK.sub("\n", _BLANKS.sub(" ", "".join(self._pieces)))
        return _MANY_BREAKS.sub("\n\n", whole).strip()

    def _begin_link(self, inner: str) -> None:
        found = _HREF.search(inner)
        target = unescape(next((part for part in found.groups() if part), "")) if found else ""
        if not target.startswith(("http://", "https://")):
            return
        classes = _CLASS.search(inner)
        names = set((classes[1] or classes[2] or "").split()) if classes else set[str]()
        self._link = (len(self._pieces), target, bool(names & _NAMING))

    def _end_link(self) -> None:
        if self._link is None:
            return
        start, target, is_name = self._link
        self._link = None
        words = "".join(self._pieces[start:]).strip()
        if is_name and words:
            return
        if not words or is_address(words, target):
            self._pieces[start:] = [target]
        elif target not in words:
            self._pieces.append(f" {target} ")
