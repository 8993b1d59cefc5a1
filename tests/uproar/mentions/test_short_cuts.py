"""What is seen sooner around a name is what looking the long way shows."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from uproar import links, neighbours, text
from uproar.evidence import tongue_of
from uproar.links import Address, addresses
from uproar.neighbours import Neighbours, Word
from uproar.senses import evidence_words
from uproar.text import clean, strip_mentions_and_links

ANY = st.one_of(
    st.text(),
    st.lists(st.sampled_from([
        "www.", "WWW.", "http", "https://", "://", "a", "b.com", ".co/", ".", "/", "?", " ", "\n",
        "@", "@b", "me@b.com", "'", "-", "#", "_", "é", "ſ", "Word", "9", ".ıo/", "…", "K.x:",
    ])).map("".join),
)  # fmt: skip


@given(ANY)
def test_the_links_of_a_text_are_those_that_the_pattern_finds(written: str) -> None:
    found = [
        Address(one.start(), one.end(), *links._trimmed(written, *one.span("host")))
        for one in links._ADDRESS.finditer(written)
    ]
    assert list(addresses(written)) == found


@given(ANY)
def test_the_last_word_is_found_from_its_own_start_on(written: str) -> None:
    found = neighbours._LAST.search(written)
    sooner = neighbours._LAST.search(written, neighbours._last_run(written))
    assert (found and found.span("word")) == (sooner and sooner.span("word"))


@given(ANY)
@example("@@a")
@example("a@b @c")
def test_mentions_and_links_are_blanked_out_as_their_patterns_say(written: str) -> None:
    import re

    handle = re.compile(r"(?<![\w@])@\w+(?:@[\w.-]*\w)?")
    assert strip_mentions_and_links(written) == text._LINK.sub(" ", handle.sub(" ", written))


def shares(words: Sequence[str]) -> list[tuple[int, str]]:
    """Return how many of the words each language has, and the two that have most."""
    tongues: dict[str, int] = {}
    for word in set(words):
        for tongue in evidence_words().tongues_by_word.get(word, ()):
            tongues[tongue] = tongues.get(tongue, 0) + 1
    ranked = sorted(((count, tongue) for tongue, count in tongues.items()), reverse=True)
    return [*ranked, (0, ""), (0, "")]


@given(st.lists(st.sampled_from(sorted(evidence_words().tongues_by_word)), max_size=8))
def test_the_language_around_a_name_is_that_of_most_common_words(words: list[str]) -> None:
    around = Neighbours(f"Epik {' '.join(words)}", 0, 4)
    first, second, *_ = shares([word.low for word in around.all_words()])
    is_told = first[0] >= 2 and first[0] > second[0]
    assert tongue_of(around, None).lang == (first[1] if is_told else None)


@given(st.text(min_size=1))
def test_a_word_that_is_remembered_is_as_one_met_for_the_first_time(written: str) -> None:
    kept, new = neighbours._word(written), Word(written)
    assert [getattr(kept, name) for name in Word.__slots__] == [
        getattr(new, name) for name in Word.__slots__
    ]


@pytest.mark.parametrize("length", [10, 1_000, 1_001])
def test_so_many_short_texts_are_remembered_and_no_more(length: int) -> None:
    for number in range(600):
        assert clean(f"{number:05d}".rjust(length, "x")).text.endswith(str(number))
        strip_mentions_and_links(f"{number:05d}".rjust(length, "x"))
    assert text._clean_short.cache_info().currsize <= 512
    assert text._clean_long.cache_info().currsize <= 8
    assert text._strip_short.cache_info().currsize <= 512
    if length > 1_000:
        assert text._clean_long.cache_info().currsize == 8
