"""Sentiment: labelled or rated posts in; accuracy, macro F1, macro recall and correlation out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, get_args

import msgspec
import numpy as np

from uproar.evaluation.groups import grouped
from uproar.evaluation.intervals import bootstrap_mean, fisher
from uproar.evaluation.lines import Source, first_object, lines_of, rows_of, shown, wrong
from uproar.evaluation.measures import macro_f1, macro_recall, pearson
from uproar.evaluation.pairs import is_pair, read_pair
from uproar.evaluation.report import (
    Figure,
    Group,
    Miss,
    Outcome,
    confusion_of,
    figure,
    measured,
    share,
)
from uproar.evaluation.tsv import fields_of, header_of, is_csv, rows_of_csv
from uproar.records import Label

LABELS: tuple[str, ...] = get_args(Label)
LABEL_COLUMNS = ("airline_sentiment", "label")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a labelled file of ours; other keys are ignored."""

    text: str
    label: Label
    lang: str = "und"
    id: str | int = ""


class Example(NamedTuple):
    """One post with the label, or the mean rating, that people gave it."""

    where: str
    text: str
    lang: str
    label: str | None = None
    rating: float | None = None
    id: str = ""


class Found(NamedTuple):
    """What a model read. `is_read` is False where it does not know the language."""

    label: str
    score: float
    is_sure: bool
    is_read: bool


def is_sentiment(source: Source) -> bool:
    """Tell whether a file holds posts with labels or ratings of sentiment."""
    if is_pair(source) or {"text", "label"} <= first_object(source).keys():
        return True
    if is_csv(source):
        return any(name in LABEL_COLUMNS for name in header_of(source))
    return _tab_kind(source) is not None


def read_sentiment(source: Source) -> Iterator[Example]:
    """Yield the examples of a file. Raises InputError."""
    if is_pair(source):
        for where, text, label, lang in read_pair(source):
            yield Example(where, text, lang, label)
    elif is_csv(source):
        yield from _from_csv(source)
    elif kind := _tab_kind(source):
        yield from (_from_tabs(source) if kind == "labels" else _from_ratings(source))
    else:
        for where, row in rows_of(source, Row):
            yield Example(where, row.text, row.lang, row.label, id=str(row.id))


def _tab_kind(source: Source) -> str | None:
    """Tell SemEval's tab-separated labels from Hutto and Gilbert's ratings."""
    head = source.content[:4096].decode("utf-8", "replace").partition("\n")[0].split("\t")
    if len(head) < 3:
        return None
    if head[1] in LABELS:
        return "labels"
    return None if _number(head[1]) is None else "ratings"


def _from_csv(source: Source) -> Iterator[Example]:
    column = next((name for name in LABEL_COLUMNS if name in header_of(source)), None)
    if column is None:
        columns = ", ".join(f"`{name}`" for name in header_of(source))
        raise wrong(f"{source.name}:1", "a column `airline_sentiment` or `label`", columns)
    for where, row in rows_of_csv(source):
        yield Example(where, row["text"], row.get("lang") or "en", _label(where, row[column]))


def _from_tabs(source: Source) -> Iterator[Example]:
    for line in lines_of(source):
        id_, label, text = fields_of(line, 3)
        yield Example(line.where, text, "en", _label(line.where, label), id=id_)


def _from_ratings(source: Source) -> Iterator[Example]:
    for line in lines_of(source):
        id_, rating, text = fields_of(line, 3)
        if (mean := _number(rating)) is None:
            raise wrong(line.where, "a mean rating from -4 to 4", shown(rating))
        yield Example(line.where, text, "en", rating=mean, id=id_)


def _label(where: str, label: str) -> str:
    if label not in LABELS:
        raise wrong(where, "`negative`, `neutral` or `positive`", shown(label))
    return label


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -4 <= value <= 4 else None


class _Judged(NamedTuple):
    example: Example
    found: Found


def evaluate_sentiment(examples: Sequence[Example], found: Sequence[Found]) -> Outcome:
    """Compare labels and ratings with what a model read."""
    judged = [_Judged(*pair) for pair in zip(examples, found, strict=True)]
    labelled = [one for one in judged if one.example.label is not None]
    pairs = Counter((str(one.example.label), one.found.label) for one in labelled)
    overall = _group(judged)
    by = {"language": grouped(judged, lambda one: [one.example.lang], _group)}
    if len(mean := _mean_of_languages(labelled)):
        overall = msgspec.structs.replace(overall, figures={**overall.figures, **mean})
    files = grouped(judged, lambda one: [one.example.where.rpartition(":")[0]], _group)
    if len(files) > 1:
        by["file"] = files
    return Outcome(
        overall=overall,
        by=by,
        confusion=confusion_of(pairs, LABELS) if labelled else None,
        misses=tuple(_miss(one) for one in labelled if one.found.label != one.example.label),
    )


def _group(some: Sequence[_Judged]) -> Group:
    figures: dict[str, Figure] = {}
    if labelled := [one for one in some if one.example.label is not None]:
        n = len(labelled)
        sure = [one for one in labelled if one.found.is_sure and one.found.is_read]
        table = _table(labelled)
        figures |= {
            "accuracy": share(_right(labelled), n),
            "macro_f1": measured(table, macro_f1, n),
            "macro_recall": measured(table, macro_recall, n),
            "read": share(sum(one.found.is_read for one in labelled), n),
            "coverage": share(len(sure), n),
            "accuracy_of_sure": share(_right(sure), len(sure)),
        }
    if rated := [one for one in some if one.example.rating is not None]:
        correlation = pearson(
            [one.example.rating or 0.0 for one in rated], [one.found.score for one in rated]
        )
        interval = None if correlation is None else fisher(correlation, len(rated))
        figures["pearson"] = figure(correlation, interval, len(rated))
    return Group(n=len(some), figures=figures)


def _mean_of_languages(labelled: Sequence[_Judged]) -> dict[str, Figure]:
    """Return macro F1 as the mean of the languages', where there are several."""
    by_lang: dict[str, list[_Judged]] = {}
    for one in labelled:
        by_lang.setdefault(one.example.lang, []).append(one)
    if len(by_lang) < 2:
        return {}
    tables = [_table(by_lang[lang]) for lang in sorted(by_lang)]
    values = [float(macro_f1(np.asarray(table, dtype=np.int64))) for table in tables]
    mean = sum(values) / len(values)
    return {"mean_macro_f1": figure(mean, bootstrap_mean(tables, macro_f1), len(labelled))}


def _table(some: Sequence[_Judged]) -> list[int]:
    """Return the flat square of labels wanted by labels found."""
    pairs = Counter((one.example.label, one.found.label) for one in some)
    return [pairs[wanted, found] for wanted in LABELS for found in LABELS]


def _right(some: Sequence[_Judged]) -> int:
    return sum(one.found.label == one.example.label for one in some)


def _miss(one: _Judged) -> Miss:
    return Miss(
        where=one.example.where,
        id=one.example.id,
        lang=one.example.lang,
        wanted=str(one.example.label),
        found=f"{one.found.label} {one.found.score:+.2f}",
        text=one.example.text,
    )
