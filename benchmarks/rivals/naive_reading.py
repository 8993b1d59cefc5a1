"""What a tutorial would read in a post: names by a regular expression, VADER, a few verbs. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from uproar.config import Entity

CALL = re.compile(
    r"\b(boycott|shut\s*(?:it|them|him|her)?\s*down|cancel|report|sign|call|email|protest|sue)\b",
    re.IGNORECASE,
)


class NaiveReader:
    """Reads English and takes every language for it; asks for no context of an ambiguous name."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._patterns = {
            entity.id: re.compile(
                rf"(?<!\w)(?:{'|'.join(map(re.escape, (entity.name, *entity.aliases)))})\b",
                re.IGNORECASE,
            )
            for entity in entities
        }
        self._analyzer: Any = SentimentIntensityAnalyzer()

    def mentioned(self, text: str) -> list[str]:
        """Return the entities whose name stands in the text."""
        return [entity for entity, pattern in self._patterns.items() if pattern.search(text)]

    def read(self, post: Mapping[str, Any]) -> dict[str, Any]:
        """Return a post with what is read in it."""
        text = str(post["text"])
        call = CALL.search(text)
        return {
            **post,
            "entities": self.mentioned(text),
            "sentiment": self._analyzer.polarity_scores(text)["compound"],
            "call": call.group(0).lower() if call else "",
        }
