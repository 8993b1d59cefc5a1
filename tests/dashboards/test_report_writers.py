"""What becomes of an invented run's figures in HTML, Markdown and PDF."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from dashboards.reports import figures
from dashboards.reports.as_html import write_html
from dashboards.reports.as_markdown import escape, write_markdown
from dashboards.reports.charts import calling_chart, course_chart, mood_chart
from dashboards.reports.compose import compose
from dashboards.reports.course import find_wave
from dashboards.reports.document import Quotes
from dashboards.reports.draw import draw, draw_pdf
from dashboards.reports.quotes import LONGEST, choose, cut, quote
from dashboards.reports.typeset import letters_without_font, typeset
from tests.dashboards.invented_facts import COURSE, HOUR, START, candidate, invented_facts

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> [click](javascript:alert(3)) '
    '#panic("typst") #import "x": * `code` | cell | \u202egnol oot\u202c \'quotes\' & $x$ @somebody'
)


class Reader(HTMLParser):
    """Collects the tags of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile() -> figures.Facts:
    return invented_facts(
        candidates=[candidate(HOSTILE, evidence=["<img src=x"], url="javascript:alert(1)")],
        words=[
            figures.Words(
                evidence=HOSTILE, action="shutdown", direction="against", posts_calling=1,
                unique_authors=1,
            )
        ],
        addressees=[figures.Addressee(addressee=HOSTILE, posts_calling=1)],
        platforms=[figures.Part(name="<b>x</b>", mentions=1, posts_against=0)],
        annotations=[
            figures.Annotation(
                entity="", starts_at=START, ends_at=None, title=HOSTILE, text=HOSTILE, url=""
            )
        ],
        names={"nimbus": "<i>Nimbus</i>"},
    )  # fmt: skip


def page_of(facts: figures.Facts, *, with_queries: bool = False) -> str:
    document = compose(facts, with_queries=with_queries)
    return write_html(document, {one.id: draw(one.spec) for one in document.charts()})


def test_the_report_says_when_the_wave_began_and_how_large_it_was_against_usual() -> None:
    document = compose(invented_facts())
    assert document.title == "208 posts call for action against Nimbus"
    assert "began on Sun 10 Jan 2021, 20:00 UTC" in document.deck
    assert "120 mentions in its highest hour, against 4 in a usual hour" in document.deck
    assert {stat.value for stat in document.stats} >= {"30 times", "50\u202f%", "200"}


def test_a_wave_ends_where_two_further_steps_are_back_below_three_times_the_usual() -> None:
    facts = invented_facts()
    wave = find_wave(facts.course, "nimbus", facts.from_at, facts.to_at, 3600)
    assert wave
    assert (wave.usual, wave.peak, wave.peak_at) == (4, 120, START + 21 * HOUR)
    assert (wave.started_at, wave.ended_at) == (START + 20 * HOUR, START + 24 * HOUR)
    assert wave.mentions == 240


def test_calm_is_told_as_calm() -> None:
    calm = [
        figures.Step(entity="nimbus", time=START + place * HOUR, mentions=5, posts_against=0)
        for place in range(48)
    ]
    totals = figures.EntityTotals(entity="nimbus", mentions=240, unique_authors=9)
    document = compose(
        invented_facts(course=calm, entities=[totals], totals=totals, calls=[], calling=[])
    )
    assert "nothing out of the ordinary" in document.title
    assert "stood out" in document.deck


def test_a_page_holds_no_script_and_shows_hostile_posts_as_text() -> None:
    page = page_of(hostile())
    reader = Reader(page)
    assert not reader.tags & {"script", "img", "iframe", "object", "i", "form"}
    assert not any(name.startswith("on") for name in reader.attributes)
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', page))
    assert "<script>alert(1)</script>" in reader.text
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    assert "http" not in "".join(re.findall(r'(?:src|data)="([^"]*)"', page))


def test_a_page_is_right_under_its_own_content_policy() -> None:
    page = page_of(invented_facts())
    assert not re.search(r"<[^>]+ style=", page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_markdown_makes_nothing_of_what_people_wrote() -> None:
    written = write_markdown(compose(hostile()))
    assert "\\<script\\>" in written
    for line in written.splitlines():
        bare = re.sub(r"\\.", "", line)
        assert not re.search(r"<(?!/?sub>)", bare), line
        assert "](" not in bare
        assert "://" not in re.sub(r"\\://", "", line)
        assert "@" not in bare
        assert "`" not in bare


@pytest.mark.parametrize(
    "text", ["a | b", "# title", "- item", "1. item", "12) item", "=", "[a]: x"]
)
def test_a_line_of_markdown_is_a_line_of_text(text: str) -> None:
    assert "\\" in escape(text)


def test_plain_words_stay_readable_in_markdown() -> None:
    assert escape("At 20:00, 1.5 times (of 3).") == "At 20:00, 1.5 times (of 3)."


def test_pdf_and_picture_take_hostile_texts_and_any_script() -> None:
    arabic = candidate("أغلقوا نيمبوس الآن 🚫 Nimbus を閉じろ", evidence=["أغلقوا"])
    facts = hostile()
    facts = invented_facts(
        candidates=[*facts.candidates, arabic],
        words=facts.words,
        addressees=facts.addressees,
        annotations=facts.annotations,
    )
    document = compose(facts, with_queries=True)
    drawings = {one.id: draw_pdf(one.spec) for one in document.charts()}
    assert typeset(document, drawings, "pdf").startswith(b"%PDF-")
    assert typeset(document, drawings, "png").startswith(b"\x89PNG")


def test_a_right_to_left_quote_keeps_its_direction_to_itself() -> None:
    page = page_of(invented_facts(candidates=[candidate("أغلقوا Nimbus", evidence=[""])]))
    assert '<p dir="auto">أغلقوا Nimbus</p>' in page


def test_a_quote_marks_its_evidence_and_is_cut_around_it() -> None:
    text = "x " * 400 + "shut it down" + " y" * 400
    before, shown, after = cut(text.strip(), "Shut it down")
    assert shown == "shut it down"
    assert before.startswith("…")
    assert after.endswith("…")
    assert len(before + shown + after) <= LONGEST + 4


def test_a_quote_names_no_author() -> None:
    shown = quote(candidate("RT @somebody: Shut down Nimbus"), "Nimbus", "against")
    assert "somebody" not in shown.text + shown.about


def test_copies_of_a_post_are_quoted_once() -> None:
    copies = [candidate(f"Shut down Nimbus https://x.example/{place}") for place in range(5)]
    assert len(choose(copies, 4, direction="against")) == 1


def test_an_unsure_call_is_not_quoted() -> None:
    assert choose([candidate("Shut", confidence=[0.6])], 4, direction="against") == []


def test_each_figure_of_a_report_names_its_query() -> None:
    document = compose(hostile())
    named = {stat.query for stat in document.stats}
    for section in document.sections:
        for block in section.blocks:
            if hasattr(block, "query"):
                named.add(block.query)
    assert named >= {"totals", "course", "calls", "evidence", "accounts", "languages"}
    from dashboards.panels import QUERIES

    assert named <= {path.stem for path in (QUERIES / "reports").glob("*.sql")}


def test_a_range_without_quotes_has_none() -> None:
    document = compose(invented_facts(candidates=[]))
    assert not any(isinstance(one, Quotes) for part in document.sections for one in part.blocks)


def test_the_course_chart_shows_the_figures_of_its_query() -> None:
    facts = invented_facts()
    spec = course_chart(facts.course, [], None, [], (facts.from_at, facts.to_at, 3600))
    drawn = {row["start"]: row["mentions"] for row in spec["layer"][0]["data"]["values"]}
    assert list(drawn.values()) == COURSE


def test_the_moods_of_a_step_make_one_whole() -> None:
    facts = invented_facts()
    spec = mood_chart(facts.mood, (facts.from_at, facts.to_at, 3600))
    rows = spec["data"]["values"]
    assert [row["series"] for row in rows] == ["negative", "neutral", "positive"]
    assert rows[-1]["top"] == 1


def test_stacked_calls_stand_on_each_other() -> None:
    steps = [
        figures.CallStep(time=START, action=action, posts_calling=count)
        for action, count in (("boycott", 2), ("shutdown", 5))
    ]
    spec = calling_chart(steps, (START, START + timedelta(days=1), 3600))
    assert [(row["bottom"], row["top"]) for row in spec["data"]["values"]] == [(0, 5), (5, 7)]


@pytest.mark.parametrize("state", ["late", "interrupted"])
def test_what_is_behind_the_watermark_only_is_said_to_be_so(state: str) -> None:
    import msgspec

    facts = invented_facts()
    trust = msgspec.structs.replace(facts.trust, state=state, watermark=START + HOUR)
    text = write_markdown(compose(msgspec.structs.replace(facts, trust=trust)))
    assert "is not complete" in text


def test_letters_that_no_font_has_are_told_before_they_become_boxes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    families = ["Libertinus Serif"]

    class Fonts:
        def families(self) -> list[str]:
            return families

    monkeypatch.setattr("typst.Fonts", Fonts)
    document = compose(invented_facts(candidates=[candidate("Shut down 🚫 を閉じろ")]))
    assert [what for what, _ in letters_without_font(document)] == [
        "emoji",
        "Chinese, Japanese and Korean",
    ]
    families += ["Noto Color Emoji", "Noto Sans CJK JP"]
    assert letters_without_font(document) == []
    assert letters_without_font(compose(invented_facts())) == []
