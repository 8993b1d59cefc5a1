"""What a crowd asks for, of whom, in which words, with posts that show it. Pure."""

from dashboards.reports import charts, story
from dashboards.reports.document import Block, Chart, Paragraph, Quotes, Section, Table
from dashboards.reports.figures import Facts
from dashboards.reports.phrases import ACTION_WORDS, number, unit_word
from dashboards.reports.quotes import choose, quote

QUOTED = 4
MOST_ACTIONS = 3
"""Quoted are posts that call for one of the most frequent actions."""


def demands_section(facts: Facts) -> Section:
    """Return the section on the calls to action."""
    blocks: list[Block] = [Paragraph(story.demands(facts))]
    if facts.calls:
        blocks.append(
            Chart(
                id="calls",
                title="What posts call for",
                note="Mentions with such a call; one may hold several.",
                alt=story.demands(facts),
                spec=charts.calls_chart(facts.calls),
                query="calls",
                columns=("action", "direction", "mentions"),
                rows=[
                    (ACTION_WORDS.get(one.action, one.action), one.direction,
                     number(one.posts_calling))
                    for one in facts.calls
                ],
            )
        )  # fmt: skip
    if facts.calling:
        bar = unit_word(facts.bar_seconds)
        blocks.append(
            Chart(
                id="calling",
                title=f"When action against was called for, by {bar}",
                alt="The figures over the whole range are in the chart above.",
                spec=charts.calling_chart(
                    facts.calling, (facts.from_at, facts.to_at, facts.bar_seconds)
                ),
                query="calls_over_time",
            )
        )
    if facts.words:
        blocks.append(
            Table(
                title="In which words",
                columns=("words", "call", "posts", "authors"),
                numeric=frozenset({2, 3}),
                rows=[
                    (one.evidence,
                     f"{ACTION_WORDS.get(one.action, one.action)}, {one.direction}",
                     number(one.posts_calling), number(one.unique_authors))
                    for one in facts.words
                ],
                query="words",
            )
        )  # fmt: skip
    if facts.addressees:
        blocks.append(
            Table(
                title="Who is asked to act, where a post says so",
                columns=("who", "posts"),
                numeric=frozenset({1}),
                rows=[(one.addressee, number(one.posts_calling)) for one in facts.addressees],
                query="addressees",
            )
        )
    blocks += quoted(facts, "against", "Posts that call for action against")
    blocks += quoted(facts, "for", "Posts that call for action in favour")
    return Section(title="What they ask for", blocks=blocks)


def quoted(facts: Facts, direction: str, title: str, label: str = "") -> list[Block]:
    """Return posts to quote: by the direction of their call, or without one by their mood."""
    most = [one.action for one in facts.calls if one.direction == direction][:MOST_ACTIONS]
    chosen = choose(facts.candidates, QUOTED, direction=direction, label=label, actions=most)
    if not chosen:
        return []
    quotes = [quote(one, facts.name_of(one.entity), direction) for one in chosen]
    return [Quotes(title=title, quotes=quotes, query="evidence")]
