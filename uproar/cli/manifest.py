"""What a run goes by, as JSON: all that is needed to make it again on another machine."""

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

import msgspec

from uproar import __version__
from uproar.config import Config
from uproar.settings import Settings

READING_PACKAGES = ("vaderSentiment", "py3langid", "onnxruntime", "numpy", "ahocorasick_rs")
"""Packages that have a say in what a post is read to be."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What of its input a replay sends."""

    start: datetime | None
    end: datetime | None
    keep_all: bool
    columns: Any = None


def facts_of(settings: Settings, config: Config, bounds: Bounds, key_print: str) -> str:
    """Return the facts. `key_print` tells keys of pseudonyms apart without telling the key."""
    # What is usual goes without saying, so that a run from before there was a choice differs in
    # nothing.
    chosen = {} if config.reading == "full" else {"reading": config.reading}
    return msgspec.json.encode(
        {
            **chosen,
            "uproar": __version__,
            "packages": {name: version(name) for name in READING_PACKAGES},
            "sentiment": settings.sentiment,
            "models": model_versions(),
            "bounds": bounds,
            "author_key": key_print,
            "entities": config.entities,
        },
        order="sorted",
    ).decode()


def model_versions() -> dict[str, str]:
    """Return the version of each model that ships."""
    from streams.calls_net import MODEL_VERSION
    from streams.multilingual import facts

    return {
        "calls": MODEL_VERSION,
        "sentiment deep": facts("deep").version,
        "sentiment fast": facts("fast").version,
    }


def differences(one: str, other: str) -> Sequence[str]:
    """Return the names of the facts in which two manifests differ."""
    left, right = msgspec.json.decode(one), msgspec.json.decode(other)
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
