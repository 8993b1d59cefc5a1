"""Ids and addresses that look like a platform's and are nobody's."""

from datetime import datetime, timedelta
from random import Random

from producers.demo.authors import Author
from producers.demo.draw import between, pick

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_TWITTER_EPOCH_MS = 1_288_834_974_657


def new_post_id(rng: Random, author: Author, created_at: datetime) -> str:
    """Return an id as the author's platform would give it, outside the ranges in real use."""
    milliseconds = (created_at - datetime.fromtimestamp(0, created_at.tzinfo)) // timedelta(
        milliseconds=1
    )
    if author.platform == "twitter":
        # The last 12 bits count the posts of a machine within a millisecond: these are beyond.
        low = between(rng, 0, 1023) << 12 | between(rng, 3000, 4095)
        return str((milliseconds - _TWITTER_EPOCH_MS) << 22 | low)
    if author.platform == "mastodon":
        number = milliseconds << 16 | between(rng, 0, 65_535)
        return f"https://social.example/users/{author.id}/statuses/{number}"
    if author.platform == "reddit":
        # Comments of that winter had seven characters.
        return "t1_zz" + "".join(pick(rng, _BASE36) for _ in range(6))
    if author.platform == "telegram":
        return f"demo-group-{author.number % 7}/{milliseconds // 1000 - 1_600_000_000}"
    return "Demo" + "".join(pick(rng, _BASE64) for _ in range(18))


def url_of(platform: str, post_id: str) -> str:
    """Return an address under a domain that is reserved for examples (RFC 2606)."""
    if post_id.startswith("https://"):
        return post_id
    return f"https://{platform}.social.example/{post_id}"
