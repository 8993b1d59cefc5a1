"""`uproar alerts explain`: why an alert fired, and whether that still holds."""

from typing import TYPE_CHECKING, Any

import click

from uproar.cli.alerting import JSON, time
from uproar.cli.invocation import Invocation
from uproar.errors import InputError

if TYPE_CHECKING:
    from clickhouse_driver import Client

    from dashboards.alerts.explain import Shown
    from dashboards.alerts.explanation import Explanation, Figure
    from dashboards.delivery.due import Wanted

FIGURES = {
    "seen": "seen",
    "expected": "expected, or the limit",
    "posts": "posts in the stretch",
    "newest": "of them looked at one by one",
    "authors": "authors",
    "loudest_share": "share of the loudest author",
    "reposts_share": "share of reposts",
    "copies_share": "share of copies",
    "near_duplicates_share": "share of near duplicates",
    "negative_share": "share of negative posts",
    "negative_share_before": "the same, 24 hours before",
    "sentiment": "mean sentiment, from -1 to 1",
    "sentiment_before": "the same, 24 hours before",
    "calls": "calls by action",
    "evidence": "their words",
    "terms": "new terms",
    "languages": "languages",
    "platforms": "platforms",
}
STATES = {"holds": "holds", "changed": "CHANGED", "unknown": "not by query"}


@click.command("explain")
@click.argument("alert_id", metavar="ID")
@click.option("--sql", "with_sql", is_flag=True, help="Show the statements, for `uproar query`.")
@JSON
@click.pass_obj
def alerts_explain(invocation: Invocation, alert_id: str, *, with_sql: bool, as_json: bool) -> None:
    """Explain the alert ID: each figure as it was, and as a query gives it now.

    The first letters of an id are enough where no other alert begins with them. A figure that does
    not hold has changed since: by a deletion, an edit, or posts that came late.
    """
    from dashboards.alerts.explain import explain_again, statements_of, texts_of
    from dashboards.alerts.explanation import compared
    from uproar.cli.asking import reader

    with reader(invocation) as client:
        one = _found(client, alert_id)
        alert, then = one.told.alert, one.told.explanation
        now, unknown = explain_again(client, alert)
        figures = compared(then or now, now, unknown=unknown)
        shown = texts_of(client, alert, then or now)
        statements = statements_of(client, alert) if with_sql else []
    if as_json:
        _echo_json(one, now, figures, shown, statements)
        return
    _echo(one, then or now, figures, shown)
    for name, sql in statements:
        click.echo(f"\n-- {name}\n{sql.strip()}")


def _found(client: "Client", prefix: str) -> "Wanted":
    from dashboards.alerts.stored_alerts import alerts_by_id

    found = alerts_by_id(client, prefix.strip().lower())
    if not found or not prefix.strip():
        raise InputError(
            f"no alert has an id that begins with `{prefix}`", hint="`uproar alerts list` has them"
        )
    if len(found) > 1:
        ids = ", ".join(f"`{one.told.alert.id}`" for one in found[:5])
        raise InputError(f"several alerts begin with `{prefix}`: {ids}", hint="give more letters")
    return found[0]


def _echo(
    one: "Wanted", then: "Explanation", figures: list["Figure"], shown: list["Shown"]
) -> None:
    from dashboards.delivery.headlines import headline
    from uproar.cli.tables import console, table_of
    from uproar.printable import printable

    alert, threshold = one.told.alert, one.told.alert.threshold
    whom = threshold.entity or f"run {alert.run}"
    click.echo(f"{alert.id}  {whom}: {printable(headline(alert))}")
    ended = f"ended {time(alert.ended_at)}" if alert.ended_at else "lasts"
    click.echo(
        f"{threshold.severity} {threshold.signal}, run {alert.run}: "
        f"since {time(alert.started_at)}, fired {time(alert.fired_at)}, {ended} (UTC)"
        + (f"; not delivered: {alert.silence}" if alert.silence else "")
    )
    click.echo(f"Figures of the stretch from {time(then.since)} to {time(then.until)}:\n")
    told = [one for one in figures if not threshold.entity or one.then not in (None, 0, {}, ())]
    rows = [
        (
            FIGURES[figure.name],
            _cell(figure.then),
            _cell(figure.now) if figure.state == "changed" else "",
            STATES[figure.state],
        )
        for figure in (told if threshold.entity else figures[:2])
    ]
    console().print(table_of(("figure", "then", "now", ""), rows))
    changed = sum(figure.state == "changed" for figure in figures)
    click.echo(
        "\nEvery figure that a query gives still holds."
        if not changed
        else f"\n{changed} figures have changed since: posts were deleted, edited or came late."
    )
    if then.samples:
        click.echo(f"\nSample posts, {len(shown)} of {len(then.samples)} still there:")
    for post in shown:
        click.echo(f"  {time(post.observed_at)} {post.platform}: {printable(post.text)}")
        if post.url:
            click.echo(f"    {printable(post.url)}")


def _cell(value: Any) -> str:
    """Write a figure for a table.

    >>> _cell(0.25), _cell({"en": 1200, "": 1}), _cell(None)
    ('0.25', 'en 1,200, unknown 1', '–')
    """
    from uproar.printable import printable

    if value is None:
        return "–"
    if isinstance(value, dict):
        words = ", ".join(f"{name or 'unknown'} {count:,}" for name, count in value.items())
        return printable(words) or "–"
    if isinstance(value, tuple):
        words = ", ".join(
            f"“{getattr(one, 'words', '') or getattr(one, 'term', '')}” {one.posts:,}"
            for one in value
        )
        return printable(words) or "–"
    return f"{value:,.4g}" if isinstance(value, float) and value < 10_000 else f"{value:,.0f}"


def _echo_json(
    one: "Wanted",
    now: "Explanation",
    figures: list["Figure"],
    shown: list["Shown"],
    statements: list[tuple[str, str]],
) -> None:
    import msgspec

    answer = {
        "alert": one.told.alert,
        "then": one.told.explanation,
        "now": now,
        "figures": figures,
        "samples": shown,
        "statements": dict(statements),
    }
    click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
