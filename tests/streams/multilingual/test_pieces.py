"""Words are cut into the pieces whose scores add up highest."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from streams.multilingual.pieces import END, START, UNKNOWN, Pieces

VOCABULARY = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), ("a", -3.0),
    ("b", -3.0), ("ab", -4.0), ("▁a", -3.5), ("bab", -4.5), ("▁abba", -20.0),
]  # fmt: skip
NUMBER = {piece: number for number, (piece, _) in enumerate(VOCABULARY)}
PIECES = Pieces(VOCABULARY)
SCORE = dict(VOCABULARY)


def cut(text: str, most: int = 99) -> list[str]:
    return [VOCABULARY[number][0] for number in PIECES.numbers(text, most)]


def best_by_trying_all(word: str) -> float:
    """Return the highest sum of scores of all ways to cut a word."""
    best = [0.0, *[-1e9] * len(word)]
    for end in range(1, len(word) + 1):
        best[end] = max(
            (best[start] + SCORE[word[start:end]])
            for start in range(end)
            if word[start:end] in SCORE
        )
    return best[-1]


def test_of_all_cuts_the_likeliest_is_taken() -> None:
    assert cut("abab") == ["<s>", "▁a", "bab", "</s>"]
    assert cut("abba abba") == ["<s>", *["▁", "ab", "b", "a"] * 2, "</s>"]


@given(st.text(alphabet="ab", min_size=1, max_size=9))
def test_no_other_cut_of_a_word_scores_higher(word: str) -> None:
    pieces = cut(word)[1:-1]
    assert "".join(pieces) == f"▁{word}"
    assert abs(sum(SCORE[piece] for piece in pieces) - best_by_trying_all(f"▁{word}")) < 1e-9


def test_a_stretch_without_a_piece_is_one_unknown() -> None:
    assert PIECES.numbers("axyzb", 99) == [START, NUMBER["▁a"], UNKNOWN, NUMBER["b"], END]


@given(st.text(max_size=300), st.integers(2, 40))
def test_numbers_begin_and_end_alike_and_are_never_too_many(text: str, most: int) -> None:
    numbers = PIECES.numbers(text, most)
    assert (numbers[0], numbers[-1]) == (START, END)
    assert len(numbers) <= most
    assert not any(one == other == UNKNOWN for one, other in pairwise(numbers)) or " " in text


def test_the_shipped_vocabulary_knows_words_of_the_eight_languages() -> None:
    for text in ("nobody", "personne", "nadie", "niemand", "ninguém", "nessuno", "nahi", "لا"):
        assert UNKNOWN not in Pieces.shipped().numbers(text, 99)
