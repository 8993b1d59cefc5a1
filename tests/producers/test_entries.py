"""Items of a feed by their tags."""

from hypothesis import given
from hypothesis import strategies as st

from producers.documents import Head
from producers.entries import is_feed, split_entries
from producers.parsed import Damage, Frame

FEED = (
    b'\xef\xbb\xbf<?xml version="1.0"?>\n<rss><channel><title>A</title>\n<item>\n<title>1</title>'
    b'</item><item/><itemised/>\n<item rdf:about="x"><a><![CDATA[</b>]]></a></item >'
    b"</item></channel></rss>"
)


def pieces(data: bytes, size: int = 1 << 18) -> list[tuple[int, bytes, str | None]]:
    found = split_entries(data[at : at + size] for at in range(0, len(data), size))
    return [
        (0, piece.raw, None)
        if isinstance(piece, Head)
        else (piece.position, piece.raw, piece.fault.reason if piece.fault else None)
        for piece in found
    ]


def test_items_come_with_their_lines_after_the_head_of_the_feed() -> None:
    head, *items = pieces(FEED)
    assert head[1].endswith(b"<title>A</title>\n")
    assert items[:2] == [(3, b"<item>\n<title>1</title></item>", None), (4, b"<item/>", None)]
    assert items[2][0] == 5
    assert len(items) == 3


@given(st.integers(1, 60))
def test_where_chunks_end_makes_no_difference(size: int) -> None:
    assert pieces(FEED, size) == pieces(FEED)


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    pieces(data.replace(b"x", b"<item>").replace(b"y", b"</item>"), 5)


def test_an_item_that_is_cut_or_too_long_is_a_fault() -> None:
    assert pieces(b"<rss><item><title>cut")[-1][2] == "truncated-line"
    long = split_entries([b"<rss><item>" + b"x" * 99, b"</item><item>a</item>"], limit_bytes=50)
    faults = [piece.fault for piece in long if isinstance(piece, Frame)]
    assert faults[0]
    assert faults[0].reason == "line-too-long"
    assert faults[1:] == [None]
    *_, last = split_entries([b"<rss><item>a", Damage("truncated-archive", "wanted more")])
    assert isinstance(last, Frame)
    assert last.fault
    assert last.fault.reason == "truncated-archive"


def test_a_feed_is_told_from_other_xml() -> None:
    assert is_feed(b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">')
    assert is_feed(b'<rdf:RDF xmlns="x">')
    assert not is_feed(b"<html><body>")
