"""What happened to one entity in one minute: all that a judge goes by. Pure."""

from collections.abc import Mapping

import msgspec

DETAILED = ("new_term", "author_share", "copies_share")
"""Signals that need the posts themselves, beside their totals."""


class PostFacts(msgspec.Struct, frozen=True):
    """Of one post: who wrote it, a print of its words, and its hashtags and words of calls.

    `author` is a pseudonym, empty where unknown. Posts with the same words but for case, links,
    handles and spaces have the same print.
    """

    author: str
    print: int
    terms: tuple[str, ...] = ()


class Minute(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of a minute; its posts only where a signal of `DETAILED` is judged."""

    posts: int = 0
    sure: int = 0
    """Posts whose sentiment was read with certainty: the share of negative is of these."""
    negative: int = 0
    calling_against: int = 0
    calling_for: int = 0
    calling: int = 0
    details: tuple[PostFacts, ...] = ()


CALM = Minute()
"""A minute that is stored, and in which nothing was said."""

Facts = Mapping[str, Minute]
"""By entity, the facts of a minute; an entity without any was not mentioned."""
