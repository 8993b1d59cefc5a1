"""What may be believed of a report: how far the run is stored, and what could not be used. Pure."""

from dashboards.reports.document import Block, Paragraph, Section, Table
from dashboards.reports.figures import Facts
from dashboards.reports.phrases import count_of, moment, number, share


def trust_section(facts: Facts) -> Section:
    """Return the section on how far the figures can be trusted."""
    accounts = facts.accounts
    blocks: list[Block] = [Paragraph(_standing(facts))]
    if accounts.read_records:
        rows = (
            ("read", accounts.read_records),
            ("kept: posts that mention what is tracked", accounts.kept_posts),
            (
                "filtered: they mention none of it, or lie elsewhere",
                accounts.filtered_posts,
            ),
            ("deletions", accounts.deletions),
            ("unreadable", accounts.unreadable_records),
        )
        blocks.append(
            Table(
                title="What became of everything that was read, over the whole run",
                columns=("", "records", "part"),
                numeric=frozenset({1, 2}),
                rows=[
                    (name, number(count), share(count / accounts.read_records))
                    for name, count in rows
                ],
                query="accounts",
            )
        )
    if facts.letters:
        blocks.append(
            Table(
                title="Dead letters: what could not be used, and why",
                columns=("stage", "reason", "letters"),
                numeric=frozenset({2}),
                rows=[(one.stage, one.reason, number(one.letters)) for one in facts.letters],
                query="dead_letters",
            )
        )
    return Section(title="What may be believed", blocks=blocks)


def _standing(facts: Facts) -> str:
    trust = facts.trust
    told = f"{trust.sentence}."
    if trust.watermark is not None and trust.state not in ("finished", "empty"):
        told += f" Everything observed before {moment(trust.watermark)} UTC is stored."
        if trust.watermark < facts.to_at:
            told += " What is later in this report is not complete."
    if facts.accounts.read_records:
        left = facts.accounts.left_over
        told += (
            " Everything that was read is accounted for."
            if left == 0
            else f" {count_of(abs(left), 'record')} are not accounted for yet."
        )
    if not facts.letters:
        told += " There are no dead letters."
    return told
