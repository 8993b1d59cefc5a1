"""Figures of a model on the validation tweets, with intervals, and its calibration.

    python -m training.sentiment.measure SENTIMENT_DATA fast|deep

prints them for the models that ship.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from training.sentiment.data import Example, held_out

_DRAWS = 1_000
_SHARES = (1.0, 0.9, 0.8, 0.7, 0.5)
_ABSTAIN_SHARE = 0.8


def recall(truth: np.ndarray, said: np.ndarray) -> float:
    """Return the mean recall of the three classes, in per cent."""
    return 100 * float(np.mean([(said[truth == k] == k).mean() for k in range(3)]))


def f1(truth: np.ndarray, said: np.ndarray) -> float:
    """Return the mean F1 of the three classes, in per cent."""
    each = []
    for k in range(3):
        both = ((truth == k) & (said == k)).sum()
        each.append(2 * both / max(1, (truth == k).sum() + (said == k).sum()))
    return 100 * float(np.mean(each))


def interval(
    figure: Callable[[np.ndarray, np.ndarray], float], truth: np.ndarray, said: np.ndarray
) -> tuple[float, float]:
    """Return the middle 95 % of the figure over redrawn samples."""
    rng = np.random.default_rng(0)
    drawn = [rng.integers(0, len(truth), len(truth)) for _ in range(_DRAWS)]
    low, high = np.quantile([figure(truth[rows], said[rows]) for rows in drawn], [0.025, 0.975])
    return float(low), float(high)


def report(held: Sequence[Example], logits: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Print, and return, macro recall on TweetEval and macro F1 on UMSAB, by language and all."""
    truth, said = np.array([e.label for e in held]), logits.argmax(1)
    where = np.array([f"{e.source} {e.lang}" for e in held])
    found = {}
    for name in sorted(set(where)):
        figure = recall if name.startswith("tweeteval") else f1
        rows = where == name
        found[name] = (figure(truth[rows], said[rows]), *interval(figure, truth[rows], said[rows]))
    eight = [found[name] for name in found if name.startswith("umsab")]
    mean = float(np.mean([one[0] for one in eight]))
    half = float(np.sqrt(sum(((one[2] - one[1]) / 2) ** 2 for one in eight)) / len(eight))
    found["umsab, mean of the eight"] = (mean, mean - half, mean + half)
    for name, (value, low, high) in found.items():
        print(f"{name:28} {value:5.1f}  [{low:.1f}, {high:.1f}]")  # noqa: T201
    return found


def best_share(held: Sequence[Example], first: np.ndarray, second: np.ndarray) -> float:
    """Return, in tenths, how much of the second logits beside the first judges best."""
    truth = np.array([example.label for example in held])
    where = np.array([f"{example.source} {example.lang}" for example in held])

    def figure(share: float) -> float:
        said = ((1 - share) * first + share * second).argmax(1)
        rows = [where == name for name in set(where)]
        return float(np.mean([f1(truth[row], said[row]) for row in rows]))

    return max((tenths / 10 for tenths in range(10)), key=figure)


def temperature(truth: np.ndarray, logits: np.ndarray) -> float:
    """Return by what to divide the logits so that their probabilities are likeliest."""

    def loss(by: float) -> float:
        scaled = logits / by - (logits / by).max(1, keepdims=True)
        chosen = scaled[np.arange(len(truth)), truth]
        return float(np.mean(np.log(np.exp(scaled).sum(1)) - chosen))

    return round(min(np.arange(0.3, 4, 0.01), key=loss), 3)


def facts(
    version: str, held: Sequence[Example], logits: np.ndarray, second_share: float
) -> dict[str, object]:
    """Return what `streams.multilingual.verdict.Facts` holds of a model."""
    truth = np.array([e.label for e in held])
    by = temperature(truth, logits)
    weights = np.exp(logits / by - (logits / by).max(1, keepdims=True))
    sure = (weights / weights.sum(1, keepdims=True)).max(1)
    right = logits.argmax(1) == truth
    curve = []
    for share in _SHARES:
        least = 0.0 if share == 1 else round(float(np.quantile(sure, 1 - share)), 3)
        judged = sure >= least
        curve.append(
            {
                "confidence": least,
                "coverage": share,
                "accuracy": round(float(right[judged].mean()), 3),
            }
        )
    below = next(point["confidence"] for point in curve if point["coverage"] == _ABSTAIN_SHARE)
    return {
        "version": version,
        "temperature": by,
        "second_share": second_share,
        "abstain_below": below,
        "curve": curve,
    }


def write_facts(
    path: Path, version: str, held: Sequence[Example], logits: np.ndarray, second_share: float
) -> None:
    """Write the facts of a model beside its weights."""
    path.write_text(
        json.dumps(facts(version, held, logits, second_share), indent=1) + "\n", encoding="utf-8"
    )


def main() -> None:
    """Measure a model as it ships."""
    from streams.multilingual import deep, fast

    held = held_out(Path(sys.argv[1]))
    texts, langs = [e.text for e in held], [e.lang for e in held]
    model = deep if sys.argv[2] == "deep" else fast
    said = model.probabilities_of(texts, langs)
    report(held, np.array(said))


if __name__ == "__main__":
    main()
