"""Feeds, GDELT, tables, and the markup that they hold."""

from hypothesis import given
from hypothesis import strategies as st

from producers.formats.fields import expanded, figure
from producers.formats.markup import html_to_text
from producers.formats.tables import TABLES, table_of
from producers.parsed import Control, Unreadable, Withdrawal
from tests.producers.formats.recorded import drafts, values


def test_an_item_of_a_feed_is_its_title_and_its_words() -> None:
    first, second = drafts("rss-or-atom/rss.xml")
    assert first.text == (
        "Quillhost takes in the forum & more\n\n"
        "The registrar says its terms https://terms.example/x hold.\n\nNobody agrees."
    )
    assert (first.author, first.lang, first.replies) == ("Invented Ada", "en-gb", 4)
    assert (first.post_id, first.url) == (
        "tag:news.example,2021:1",
        "https://news.example/quillhost-forum",
    )
    assert first.created_at == "2021-01-18T09:30:00+00:00"
    assert second.text == "Café on the quay"
    assert second.author == "news.example"
    assert second.created_at == "2021-01-18T11:31:00+01:00"


def test_an_entry_of_atom_has_edits_answers_and_deletions() -> None:
    gone, *_ = values("rss-or-atom/atom.xml")
    assert gone == Withdrawal(platform="rss", post_id="urn:uuid:0", at="2021-01-18T08:00:00Z")
    entry, answer = drafts("rss-or-atom/atom.xml")
    assert entry.text == "Quillhost & das Forum\n\nErst das, dann mehr https://mehr.example/a ."
    assert (entry.revision, entry.lang, entry.author) == (1610963100, "de", "Erfundener Ben")
    assert entry.url == "https://blatt.example/1"
    assert (answer.reply_to, answer.lang) == ("urn:uuid:1", "en")


def test_a_feed_in_another_encoding_is_read_as_declared() -> None:
    (draft,) = drafts("rss-or-atom/rdf.xml")
    assert draft.text == "Café Quillhost\n\nGrüße"


def test_entities_that_a_feed_declares_are_not_expanded() -> None:
    found = values("rss-or-atom/malformed.xml")
    assert isinstance(found[1], Unreadable)
    assert "undefined entity" in found[1].detail


def test_an_article_of_gdelt_is_its_title_or_what_its_address_says() -> None:
    english, spanish, bare = drafts("gdelt-mentions/mentions.csv")
    assert english.text == (
        "harbour forum returns with quillhost\n"
        "https://news.example/2021/01/18/harbour-forum-returns-with-quillhost-123.html"
    )
    assert (english.author, english.lang, spanish.lang) == ("news.example", "en", "es")
    assert bare.text == bare.url == bare.post_id
    assert values("gdelt-mentions/mentions.csv")[2] == Control("no-web-page")
    titled, untitled = drafts("gdelt-knowledge-graph/gkg.csv")
    assert titled.text == "Harbour forum & Quillhost: what we know\nhttps://news.example/1"
    assert untitled.text
    assert untitled.text.startswith("quillhost takes in the forum\n")


def test_tables_of_research_tools_are_read_by_their_headers() -> None:
    (bluesky,) = drafts("4cat-csv-of-bluesky/posts.csv")
    assert (bluesky.lang, bluesky.reposts, bluesky.reply_to) == ("en", 3, None)
    first, answer = drafts("4cat-csv/posts.csv")
    assert (first.reply_to, answer.reply_to) == (None, "1")
    (telegram,) = drafts("4cat-csv-of-telegram/posts.csv")
    assert telegram.revision == 1610962800
    _, retweet = drafts("twarc-csv-of-twitter-v1.1/posts.csv")
    assert (retweet.repost_of, retweet.likes) == ("1351100000000000001", 0)
    assert drafts("us-airline-tweets/posts.csv")[-1].text == "@larkair late & cold"
    comment, reply = drafts("youtube-data-tools-csv/posts.csv")
    assert (comment.author, reply.reply_to) == ("UCada", "Ugx1")
    submission = drafts("reddit-csv/posts.csv")[0]
    assert submission.text == "Quillhost & the forum\nhttp://news.example/q"


def test_a_table_is_known_by_all_the_columns_it_needs() -> None:
    for name, table in TABLES.items():
        assert table_of([*table.needs, "another"]) == name
        assert table_of(sorted(table.needs)[1:]) != name


def test_words_of_a_link_stay_where_they_are_not_its_address() -> None:
    assert html_to_text('<a href="https://b.test/x">quill</a>') == "quill https://b.test/x"
    assert html_to_text('<a href="https://b.test/x/">b.test/x</a>') == "https://b.test/x/"
    assert html_to_text("<a href='javascript:alert(1)'>no</a>") == "no"
    assert html_to_text("a<br/>b<p>c</p><ul><li>d</li></ul>") == "a\nb\n\nc\n\nd"
    assert html_to_text("1 < 2 &amp; 3 > 2") == "1 < 2 & 3 > 2"
    assert html_to_text("<style>p {}</style>a<!-- b -->c") == "ac"


@given(st.text() | st.lists(st.sampled_from(["<", ">", "a", " ", "&", "'", '"', "/", "!--"])))
def test_no_markup_raises(markup: str | list[str]) -> None:
    html_to_text("".join(markup))


def test_hostile_markup_takes_no_longer_than_its_length() -> None:
    for piece in ('<a "', "<a '\"", "<!--", "<a href=", "&#", "<![CDATA[", "<" * 9):
        html_to_text(piece * 50_000)


@given(st.none() | st.integers() | st.floats() | st.text())
def test_a_figure_is_a_natural_number_whatever_is_given(value: str | float | None) -> None:
    assert figure(value) >= 0


@given(st.text())
def test_a_text_without_links_or_escapes_is_left_as_it_is(text: str) -> None:
    if "&" not in text and "t.co" not in text:
        assert expanded(text, None) == text
