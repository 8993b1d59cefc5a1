"""Write evaluation/expected.json from the reports of today: each figure less a small margin.

uproar evaluate calls evaluation/calls.jsonl --json calls.json      (and the others)
python evaluation/set_floors.py mentions.json sentiment.json calls.json language.json spikes.json
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

EXPECTED = Path(__file__).with_name("expected.json")
OVERALL_MARGIN = 0.02
GROUP_MARGIN = 0.07
"""Of a language, which has 30 posts or fewer: two of them."""

HELD = {
    "mentions": ("precision", "recall", "f1"),
    "sentiment": ("accuracy", "macro_f1", "macro_recall", "mean_macro_f1"),
    "calls": ("precision", "recall", "f1", "target_direction_f1", "action_of_found"),
    "language": ("accuracy",),
    "spikes": ("normalised", "caught"),
}
"""Which figures of all posts are held, by part."""

HELD_BY_LANGUAGE = {"sentiment": "macro_f1", "calls": "f1", "language": "accuracy"}


def floors_of(report: dict[str, Any]) -> dict[str, float]:
    """Return the floors of one report, by path."""
    part, outcome = report["part"], report["outcome"]
    overall = outcome["overall"]
    floors: dict[str, float] = {"overall.n": overall["n"]}
    for name in HELD[part]:
        value = overall["figures"][name]["value"]
        floors[f"overall.{name}"] = value if name == "caught" else less(value, OVERALL_MARGIN)
    if held := HELD_BY_LANGUAGE.get(part):
        for lang, group in outcome["by"]["language"].items():
            value = group["figures"][held]["value"]
            floors[f"language.{lang}.{held}"] = less(value, GROUP_MARGIN)
    return floors


def less(value: float, margin: float) -> float:
    """Return a floor for a share: lower by the margin, rounded down to whole percents."""
    return max(0.0, math.floor(100 * (value - margin) + 1e-9) / 100)


def main(paths: list[str]) -> None:
    """Write the file."""
    reports = [json.loads(Path(path).read_text("utf-8")) for path in paths]
    expected = {report["part"]: {"at_least": floors_of(report)} for report in reports}
    EXPECTED.write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
