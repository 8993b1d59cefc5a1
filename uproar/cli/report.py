"""`uproar report`: one file that tells what happened."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.cli.writing import replacing
from uproar.errors import InputError
from uproar.records import LIVE_RUN

if TYPE_CHECKING:
    from dashboards.reports.document import Document

FORMS = {".html": "html", ".htm": "html", ".md": "markdown", ".pdf": "pdf", ".png": "png"}


@click.command()
@click.argument("run", default=LIVE_RUN)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="What to write: report.html, .md, .pdf or .png.",
)
@click.option("--since", help="From then on: RFC 3339, or how long ago (90m, 24h, 7d).")
@click.option("--until", help="Up to then, the same way.")
@click.option("--entity", "entities", multiple=True, help="Only of this one; may stand repeatedly.")
@click.option("--queries", is_flag=True, help="Append the SQL of every figure.")
@click.pass_obj
def report(
    invocation: Invocation,
    run: str,
    out: Path,
    since: str | None,
    until: str | None,
    entities: tuple[str, ...],
    *,
    queries: bool,
) -> None:
    """Write what happened in RUN into one file, to send to somebody.

    When it began and how large it was against usual, who spoke, what they ask for and of whom, in
    which languages and moods, with charts, quotes, alerts, and how far all that can be trusted.
    RUN is `live` where it is not given. HTML, PDF and PNG need `pip install 'uproar[report]'`.

    Example: uproar report demo --out report.html
    """
    from dashboards.reports.compose import compose
    from dashboards.reports.draw import check_extra
    from dashboards.reports.gather import Request, gather
    from uproar.cli.asking import whole_reader
    from uproar.cli.ranges import parse_moment
    from uproar.clickhouse import read

    form = form_of(out)
    check_extra(form)
    asked = Request(
        run=run,
        from_at=parse_moment(since, "--since"),
        to_at=parse_moment(until, "--until"),
        entities=entities,
    )
    with replacing(out) as file:
        with whole_reader(invocation) as client:
            facts = gather(lambda sql: read(client, sql), asked)
        document = compose(facts, with_queries=queries)
        file.write(written(document, form))
    click.echo(f"{document.title}. Written to {out}", err=True)


def form_of(out: Path) -> str:
    """Return what to write by the name of the file. Raises InputError."""
    form = FORMS.get(out.suffix.lower())
    if form is None:
        raise InputError(
            f"`--out`: wanted a name that ends in .html, .md, .pdf or .png, found `{out}`",
            hint="for example: --out report.html",
        )
    return form


def written(document: "Document", form: str) -> bytes:
    """Return the file. Raises ReportExtraMissing where what draws it is not installed."""
    from dashboards.reports.as_html import write_html
    from dashboards.reports.as_markdown import write_markdown
    from dashboards.reports.draw import draw, draw_pdf
    from dashboards.reports.typeset import letters_without_font, typeset

    if form == "markdown":
        return write_markdown(document).encode()
    charts = document.charts()
    if form == "html":
        return write_html(document, {one.id: draw(one.spec) for one in charts}).encode()
    for what, package in letters_without_font(document):
        click.echo(f"No font here has {what}: boxes stand for it ({package} has them).", err=True)
    drawings = {one.id: draw_pdf(one.spec) for one in charts}
    return typeset(document, drawings, "pdf" if form == "pdf" else "png")
