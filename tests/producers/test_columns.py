"""`--columns`, and what is made of loosely typed values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.columns import (
    FIELDS,
    ColumnMap,
    check_columns,
    columns_of,
    parse_columns,
    to_draft,
)
from producers.parsed import Draft, Unreadable
from uproar.config import SavedColumns
from uproar.errors import InputError


@pytest.mark.parametrize(
    ("given_text", "message", "hint"),
    [
        ("text=body", "nothing is said of `created_at`", "created_at=date"),
        ("txt=body,created_at=date", "no such field: `txt`", "did you mean `text`?"),
        ("mood=body", "no such field: `mood`", "text, id, created_at"),
        ("text", "wanted `field=column`, found `text`", "--columns"),
        ("text=,created_at=date", "wanted `field=column`, found `text=`", "--columns"),
        ("text=a,text=b,created_at=c", "`text` stands twice", ""),
        ("", "nothing is said of `text`, `created_at`", "--columns"),
    ],
)
def test_a_mistake_is_named_with_a_way_out(given_text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_columns(given_text)
    assert message in str(refused.value)
    assert hint in (refused.value.hint or "")


def test_a_column_that_the_file_lacks_is_named_beside_those_it_has() -> None:
    mapped = ColumnMap({"text": "boddy", "created_at": "date"})
    with pytest.raises(InputError) as refused:
        check_columns(mapped, frozenset({"body", "date"}), "posts.csv")
    assert "wanted the column `boddy`, found `body`, `date`" in str(refused.value)
    assert "did you mean `body`?" in (refused.value.hint or "")


def test_cells_become_a_draft() -> None:
    values = {"text": "Hello", "created_at": "2021-01-18", "id": "7", "likes": " 12 ", "url": ""}
    assert to_draft(values, "forum") == Draft(
        platform="forum", text="Hello", created_at="2021-01-18", post_id="7", likes=12
    )


def test_a_figure_that_is_no_number_counts_as_none() -> None:
    draft = to_draft({"text": "", "created_at": 1, "likes": "1.2K", "reposts": None}, "forum")
    assert isinstance(draft, Draft)
    assert (draft.likes, draft.reposts) == (0, 0)


def test_the_platform_of_a_column_goes_before_the_usual_one() -> None:
    draft = to_draft({"text": "", "created_at": 1, "platform": "mastodon"}, "forum")
    assert isinstance(draft, Draft)
    assert draft.platform == "mastodon"


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none()),
    )
)
def test_any_values_make_a_draft_or_a_reason(values: dict[str, object]) -> None:
    assert isinstance(to_draft(values, "forum"), Draft | Unreadable)


def test_what_may_be_saved_is_what_may_be_named() -> None:
    assert {*SavedColumns.__struct_fields__} == {*FIELDS, "posted_on"}


def test_a_saved_map_is_found_by_its_name_and_pairs_need_none() -> None:
    saved = {"mydump": SavedColumns(text="body", created_at="date", likes="hearts")}
    columns = {"text": "body", "created_at": "date", "likes": "hearts"}
    assert columns_of("mydump", saved) == ColumnMap(columns)
    assert columns_of("text=a,created_at=b", saved) == ColumnMap({"text": "a", "created_at": "b"})
    saved["forum"] = SavedColumns(text="a", created_at="b", posted_on="forum")
    assert columns_of(" forum ", saved).platform == "forum"
    with pytest.raises(InputError, match=r"no columns are saved as `x`; saved: `mydump`, `forum`"):
        columns_of("x", saved)


@pytest.mark.parametrize(("value", "likes"), [(3.0, 3), (3.5, 0), (float("nan"), 0), (1e300, 0)])
def test_a_whole_number_may_come_as_a_fraction(value: float, likes: int) -> None:
    draft = to_draft({"text": "", "created_at": 1, "likes": value}, "forum")
    assert isinstance(draft, Draft)
    assert draft.likes == likes
