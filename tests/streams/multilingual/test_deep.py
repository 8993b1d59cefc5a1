import time
from importlib.resources import files

import pytest

from streams.multilingual import Probabilities, deep, facts


@pytest.mark.parametrize(
    ("lang", "praise", "blame"),
    [
        ("en", "What a lovely surprise, well done everyone", "An awful, shameful decision"),
        ("fr", "Quel plaisir, bravo à toute l'équipe", "Une décision honteuse, lamentable"),
        ("es", "Qué maravilla, enhorabuena a todos", "Una decisión vergonzosa, lamentable"),
        ("de", "Was für eine Freude, toll gemacht", "Eine beschämende, furchtbare Entscheidung"),
        ("pt", "Que maravilha, parabéns a todos", "Uma decisão vergonhosa, péssima"),
        ("it", "Che meraviglia, complimenti a tutti", "Una decisione vergognosa, pessima"),
        ("ar", "ما أجمل هذا، مبروك للجميع", "قرار مخجل وسيء جدا"),
        ("hi", "bahut accha laga, love you bhai, mast film", "bakwas film, worst hai, sharam karo"),
    ],
)
def test_praise_is_above_blame_in_each_language(lang: str, praise: str, blame: str) -> None:
    good, bad = deep.probabilities_of([praise, blame], [lang, lang])
    assert good.score > bad.score + 0.3


def test_a_post_reads_alike_alone_and_among_others() -> None:
    texts = ["Fine", "I do not like this at all", "", "The train leaves at nine " * 30, "😍"]
    together = deep.probabilities_of(texts, ["en"] * len(texts))
    assert together == [deep.probabilities(text, "en") for text in reversed(texts)][::-1]


@pytest.mark.parametrize("text", ["", "@someone", "\ud800", "\u200b"])
def test_a_post_without_a_word_has_probabilities_that_sum_to_one(text: str) -> None:
    assert sum(deep.probabilities(text, "xx")) == pytest.approx(1)


@pytest.mark.parametrize("piece", ["a", "a ", "! ", "é😍 ", "<b>", "no good ", "أ"])
def test_a_long_post_takes_less_than_fifty_milliseconds(piece: str) -> None:
    deep.probabilities("warm", "en")
    text = piece * (30_000 // len(piece))
    best = 1.0
    for _ in range(3):
        started = time.process_time()
        deep.probabilities(text, "en")
        best = min(best, time.process_time() - started)
    assert best < 0.05


def test_no_posts_give_no_verdicts() -> None:
    assert deep.probabilities_of([], []) == []


def test_texts_and_languages_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="2 texts in 1 languages"):
        deep.probabilities_of(["a", "b"], ["en"])


def test_the_version_is_that_of_the_shipped_weights() -> None:
    assert facts("deep").version == deep.MODEL_VERSION


def test_fewer_judged_posts_are_more_rightly_judged() -> None:
    accuracies = [point.accuracy for point in facts("deep").curve]
    assert accuracies == sorted(accuracies)
    assert facts("deep").is_sure(Probabilities(0.02, 0.03, 0.95))


def test_the_shipped_files_are_small() -> None:
    folder = files("streams.multilingual")
    names = ("deep.onnx", "deep.npz", "deep_pieces.json", "deep.json")
    assert sum(len(folder.joinpath(name).read_bytes()) for name in names) < 20_000_000
