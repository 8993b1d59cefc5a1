"""Rows of a CSV, good and bad."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from producers.lines import split_lines
from producers.rows import Row, split_rows

CELLS = st.text(alphabet='ab,";\n é😀', max_size=12).map(
    lambda text: "\n".join(line for line in text.split("\n") if line.strip())
)


def rows_of(data: bytes) -> list[Row]:
    return list(split_rows(split_lines([data])))


def faults(rows: list[Row]) -> list[str | None]:
    return [row.frame.fault.reason if row.frame.fault else None for row in rows]


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_what_pythons_csv_module_writes_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([("one", "two", "three"), *rows])
    found = rows_of(written.getvalue().encode())
    assert [row.cells for row in found[1:]] == rows


def test_a_line_feed_within_quotes_belongs_to_the_cell_and_the_row_has_its_first_line() -> None:
    found = rows_of(b'id,text\n1,"two\n\nlines"\n2,plain\n')
    assert found[1].cells == ("1", "two\n\nlines")
    assert [row.frame.position for row in found] == [1, 2, 5]


def test_a_row_that_is_not_utf8_costs_no_other() -> None:
    found = rows_of(b'id,text\n1,caf\xe9\n2,"caf\xe9"\n3,good\n')
    assert faults(found) == [None, "not-utf8", "not-utf8", None]
    assert found[1].frame.raw == b"1,caf\xe9"
    assert found[3].cells == ("3", "good")


def test_a_stray_quote_costs_only_its_own_row() -> None:
    found = rows_of(b'id,text\n1,"never closed\n2,good\n3,good\n')
    assert faults(found) == [None, "truncated-line", None, None]
    assert [row.frame.position for row in found] == [1, 2, 3, 4]


def test_a_stray_quote_that_a_later_one_closes_costs_only_its_own_row() -> None:
    found = rows_of(b'id,text\n1,"never closed\n2,good\n3,"closed, here"\n4,good\n')
    assert faults(found) == [None, "wrong-shape", None, None, None]
    assert found[3].cells == ("3", "closed, here")


def test_a_stray_quote_in_a_long_file_is_found_within_the_limit_of_a_cell() -> None:
    lines = b"".join(b"%d,%s\n" % (number, b"x" * 90) for number in range(5_000))
    found = rows_of(b'id,text\n0,"never closed\n' + lines)
    assert faults(found) == [None, "wrong-shape"] + [None] * 5_000


def test_a_row_with_too_few_or_too_many_cells_is_reported_with_both_counts() -> None:
    found = rows_of(b"id,text\n1\n2,a,b\n3,good\n")
    assert faults(found) == [None, "wrong-shape", "wrong-shape", None]
    assert found[2].frame.fault is not None
    assert found[2].frame.fault.detail == "wanted 2 cells as in the header, found 3"


def test_semicolons_and_tabs_are_read_as_well() -> None:
    assert rows_of(b"id;text\n1;a, b\n")[1].cells == ("1", "a, b")
    assert rows_of(b"id\ttext\r\n1\ta, b\r\n")[1].cells == ("1", "a, b")
