"""The formats that `replay` knows by their content: one module each, none registers itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from producers.columns import FIELDS, REQUIRED, ColumnMap
from producers.formats import twitter_v1, uproar_lines, x_v2
from producers.parsed import Parsed


class JsonFormat(msgspec.Struct, frozen=True):
    """A format of JSON records: how one looks when decoded, and how one is read."""

    recognises: Callable[[Mapping[str, object]], bool]
    parse: Callable[[bytes], Sequence[Parsed]]


# In this order: a tweet also has the keys of our own format.
JSON_FORMATS = {
    "Twitter v1.1": JsonFormat(twitter_v1.recognises, twitter_v1.parse),
    "X v2": JsonFormat(x_v2.recognises, x_v2.parse),
    "uproar JSON Lines": JsonFormat(uproar_lines.recognises, uproar_lines.parse),
}

# Kaggle's "Twitter US Airline Sentiment", with or without its labels.
AIRLINE_COLUMNS = ColumnMap(
    {
        "id": "tweet_id",
        "text": "text",
        "created_at": "tweet_created",
        "author": "name",
        "reposts": "retweet_count",
    },
    platform="twitter",
)


def recognise_json(records: Iterable[Mapping[str, object]]) -> str | None:
    """Name the format that the most of these records have; None where no record has any."""
    votes = dict.fromkeys(JSON_FORMATS, 0)
    for record in records:
        known = (name for name, format_ in JSON_FORMATS.items() if format_.recognises(record))
        name = next(known, None)
        if name is not None:
            votes[name] += 1
    best = max(votes, key=lambda name: votes[name])
    return best if votes[best] else None


def recognise_csv(header: Sequence[str]) -> ColumnMap | None:
    """Return the columns of a CSV that is known by its header; None where it is not.

    >>> recognise_csv(["text", "created_at", "mood"]).columns
    {'text': 'text', 'created_at': 'created_at'}
    """
    if {"tweet_id", "text", "tweet_created"} <= set(header):
        known = AIRLINE_COLUMNS.columns.items()
        present = {field: column for field, column in known if column in header}
        return ColumnMap(present, AIRLINE_COLUMNS.platform)
    if set(REQUIRED) <= set(header):
        return ColumnMap({field: field for field in FIELDS if field in header})
    return None
