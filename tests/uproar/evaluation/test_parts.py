"""Mentions, sentiment and language: the figures of each part."""

import pytest

from uproar.evaluation import language, mentions, sentiment
from uproar.evaluation.report import Group


def value(group: Group, name: str) -> float | None:
    return group.figures[name].value


def mention(about: bool, entity: str = "Acme", kind: str = "") -> mentions.Example:
    return mentions.Example(
        "f:1", mentions.Row(entity=entity, about=about, text="t", kind=kind, lang="en")
    )


def test_mentions_are_measured_overall_by_entity_and_by_kind() -> None:
    examples = [mention(True), mention(True, "Globex"), mention(False), mention(False, kind="verb")]
    outcome = mentions.evaluate_mentions(examples, [True, False, True, False])
    assert [value(outcome.overall, name) for name in ("precision", "recall", "f1", "accuracy")] == [
        0.5, 0.5, 0.5, 0.5,
    ]  # fmt: skip
    assert value(outcome.by["entity"]["Globex"], "recall") == 0
    assert value(outcome.by["kind"]["verb"], "precision") is None
    assert [miss.wanted for miss in outcome.misses] == [
        "Globex: about it", "Acme: not about it",
    ]  # fmt: skip


def labelled(label: str, lang: str = "en") -> sentiment.Example:
    return sentiment.Example("f:1", "t", lang, label)


def said(label: str, score: float = 0.0, sure: bool = True, read: bool = True) -> sentiment.Found:
    return sentiment.Found(label, score, is_sure=sure, is_read=read)


def test_sentiment_has_accuracy_means_of_classes_and_the_mean_of_languages() -> None:
    examples = [labelled("negative"), labelled("positive"), labelled("neutral", "fr")]
    found = [said("negative"), said("negative"), said("neutral")]
    outcome = sentiment.evaluate_sentiment(examples, found)
    assert value(outcome.overall, "accuracy") == pytest.approx(2 / 3)
    assert value(outcome.overall, "macro_recall") == pytest.approx(2 / 3)
    english = value(outcome.by["language"]["en"], "macro_f1")
    assert english == pytest.approx(1 / 3)
    assert value(outcome.overall, "mean_macro_f1") == pytest.approx((1 / 3 + 1) / 2)


def test_what_no_model_reads_counts_as_neutral_and_not_as_sure() -> None:
    examples = [labelled("neutral"), labelled("negative"), labelled("positive")]
    found = [said("neutral", read=False), said("negative", sure=False), said("positive")]
    overall = sentiment.evaluate_sentiment(examples, found).overall
    assert value(overall, "accuracy") == 1
    assert value(overall, "read") == pytest.approx(2 / 3)
    assert value(overall, "coverage") == pytest.approx(1 / 3)
    assert value(overall, "accuracy_of_sure") == 1
    assert overall.figures["accuracy_of_sure"].n == 1


def test_ratings_give_a_correlation_and_nothing_else() -> None:
    examples = [sentiment.Example("f:1", "t", "en", rating=rating) for rating in (-3, -1, 0, 1, 3)]
    found = [said("neutral", score) for score in (-0.9, -0.3, 0.0, 0.3, 0.9)]
    figures = sentiment.evaluate_sentiment(examples, found).overall.figures
    assert list(figures) == ["pearson"]
    assert figures["pearson"].value == pytest.approx(1)


def test_languages_are_compared_as_codes_and_shown_as_labelled() -> None:
    rows = [language.Row(text="a", lang="hi-Latn"), language.Row(text="b", lang="fr")]
    examples = [language.Example("f:1", row) for row in rows]
    outcome = language.evaluate_language(examples, ["hi", "fr"], ["hi", "es"])
    assert value(outcome.overall, "accuracy") == 0.5
    assert value(outcome.by["language"]["hi-Latn"], "accuracy") == 1
    assert outcome.confusion
    assert (outcome.confusion.wanted, outcome.confusion.found) == (("fr", "hi"), ("es", "hi"))
    assert [(miss.wanted, miss.found) for miss in outcome.misses] == [("fr", "es")]
