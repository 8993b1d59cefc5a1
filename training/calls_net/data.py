"""Posts with labels, posts without, and the ways in which one post is made into others."""

import json
import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, get_args

from streams.calls_net.reading import readable
from uproar.records import Action

ACTIONS: tuple[str, ...] = get_args(Action)
LANGUAGES = ("en", "fr", "es", "de", "pt")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_UMSAB = {
    "arabic": "ar",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "italian": "it",
    "portuguese": "pt",
    "spanish": "es",
}


class Example(NamedTuple):
    """A post as read; `target` as written in it. Of no call `actions` is empty."""

    text: str
    lang: str
    writer: str
    is_call: bool
    actions: tuple[int, ...]
    against: bool
    target: str
    weight: float


def labelled(paths: Iterable[Path]) -> list[Example]:
    """Return the labelled posts of JSON Lines files, each file taken for one writer."""
    found = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            post = json.loads(line)
            named = [post.get("action"), *(post.get("also_accept") or [])]
            actions = tuple(ACTIONS.index(action) for action in named if action in ACTIONS)
            is_call = bool(post["is_call_to_action"])
            target = post.get("target") or ""
            found.append(
                Example(
                    readable(post["text"]),
                    post["lang"][:2],
                    path.stem,
                    is_call,
                    actions if is_call else (),
                    post.get("direction") == "against",
                    target if isinstance(target, str) else "",
                    1.0,
                )
            )
    return found


def tweets(root: Path) -> list[Example]:
    """Return the real tweets, each once, taken for no calls: next to none of them is one."""
    lines: list[tuple[str, str]] = []
    for name, code in _UMSAB.items():
        for split in ("train", "val"):
            path = root / "umsab" / name / f"{split}_text.txt"
            lines += [(line, code) for line in path.read_text("utf-8").split("\n")]
    for path in sorted((root / "semeval").glob("*.tsv")):
        lines += [
            (line.rstrip("\t").split("\t")[-1], "en")
            for line in path.read_text("utf-8").split("\n")
        ]
    for line in (root / "hutto" / "tweets_GroundTruth.txt").read_text("utf-8").split("\n"):
        lines.append((line.split("\t")[-1], "en"))
    found, seen = [], set()
    for line, code in lines:
        text = _ESCAPED.sub(lambda e: chr(int(e[1], 16)), line)
        reading = readable(text.replace("@user", "@user "))
        key = reading.lower()
        if len(reading) > 12 and key not in seen:
            seen.add(key)
            found.append(Example(reading, code, "tweet", False, (), False, "", 1.0))
    return found


def varied(example: Example, names: Sequence[str], rng: random.Random) -> str:
    """Return a post as somebody else might have typed it, of somebody else."""
    text = example.text
    if example.target and rng.random() < 0.45 and example.target in text:
        text = text.replace(example.target, rng.choice(names))
    if rng.random() < 0.25:
        text = text.lower()
    elif rng.random() < 0.04:
        text = text.upper()
    if rng.random() < 0.12:
        spread = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in spread if not unicodedata.combining(char))
    if rng.random() < 0.2:
        text = text.rstrip(".!?… ")
    if rng.random() < 0.12:
        text = re.sub(r"['’,]", "", text)
    if rng.random() < 0.08 and len(text) > 20:
        at = rng.randrange(len(text) - 2)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if rng.random() < 0.08:
        text = rng.choice(("@ ", "RT @ : ", "")) + text + rng.choice((" http", " 🔥", " !!", ""))
    return text
