"""Which posts go further: pure. A firehose is affordable because most of it stops here."""

from typing import Protocol

from producers.parsed import Draft


class Matcher(Protocol):
    """Finds tracked entities in a text: `uproar.mentions.MentionMatcher`."""

    def may_mention(self, text: str) -> bool:
        """Tell whether anything may be mentioned, whatever the language."""
        ...


def goes_further(draft: Draft, matcher: Matcher, *, keep_all: bool) -> bool:
    """Say whether a post is sent.

    One that mentions no tracked entity is not, unless it is an edit: its first revision may have
    mentioned one, and must then be replaced. The language is not looked at: authors and clients
    declare it wrongly, and what is refused here would be lost to a reader who knows better.
    """
    if keep_all or draft.revision > 0:
        return True
    return bool(draft.text and matcher.may_mention(draft.text))
