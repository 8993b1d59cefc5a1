"""What the net sees of a post: its words, who is mentioned and what is linked left out by name."""

import re

from uproar.text import clean

READ_CHARACTERS = 1_200
"""Of a longer post the beginning is read."""

MENTION, LINK = "@", "http"

_MENTION = re.compile(r"@[\w.\-]+\w|@\w")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_TAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|_+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[!?.…]+|[^\w\s]")


def readable(text: str) -> str:
    """Return what is read of a post, in one line; a campaign hashtag as the words it is made of.

    >>> readable("@united  STOP it https://example.com/a #BoycottAcme")
    '@ STOP it http # Boycott Acme'
    """
    read = clean(text[:READ_CHARACTERS]).text
    if "http" in read or "www." in read:
        read = _LINK.sub(LINK, read)
    if "@" in read:
        read = _MENTION.sub(MENTION, read)
    if "#" in read:
        read = _TAG.sub(lambda tag: "# " + _HUMP.sub(" ", tag[1]), read)
    return " ".join(read.split())


def words(reading: str) -> list[str]:
    """Return the words and signs of a readable text.

    >>> words("@ don't buy it!! # Boycott Acme")
    ['@', "don't", 'buy', 'it', '!!', '#', 'Boycott', 'Acme']
    """
    return _WORD.findall(reading)
