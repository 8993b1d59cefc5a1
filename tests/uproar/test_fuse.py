import pytest

from uproar.fuse import Failure, Fuse


def failure(number: int, reason: str = "not-json") -> Failure:
    return Failure(reason, f"a.jsonl:{number}")


def test_a_small_file_that_is_broken_throughout_blows_no_fuse() -> None:
    fuse = Fuse(0.5)
    for number in range(999):
        fuse.see(failure(number))
    assert not fuse.blown
    fuse.see(failure(1000))
    assert fuse.blown


@pytest.mark.parametrize(("failed", "blown"), [(500, False), (501, True)])
def test_it_is_blown_by_more_than_the_share_of_a_window(failed: int, blown: bool) -> None:
    fuse = Fuse(0.5)
    for number in range(1000):
        fuse.see(failure(number) if number < failed else None)
    assert fuse.blown is blown


def test_what_left_the_window_counts_no_more() -> None:
    fuse = Fuse(0.5, window_records=10)
    for number in range(5):
        fuse.see(failure(number))
    fuse.see_message(1_000_000, ())
    for number in range(5):
        fuse.see(failure(number))
    assert not fuse.blown


def test_a_share_of_one_switches_it_off_and_of_zero_lets_nothing_pass() -> None:
    off, strict = Fuse(1.0, 10), Fuse(0.0, 10)
    for number in range(50):
        off.see(failure(number))
        strict.see(None if number else failure(0))
        if number == 9:
            assert strict.blown
    assert not off.blown


def test_the_error_names_share_reason_and_an_example() -> None:
    fuse = Fuse(0.5, 10)
    for number in range(8):
        fuse.see(failure(number, "no-text" if number < 3 else "not-utf8"))
    fuse.see_message(2, ())
    error = fuse.error("the replay stops", hint="mend it")
    assert "8 of the last 10 records" in str(error)
    assert "`not-utf8` (5, the newest at a.jsonl:7)" in str(error)
    assert error.hint == "mend it"
