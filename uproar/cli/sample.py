"""`uproar entities sample RUN`: stored posts to label by hand, and how precise the rules were."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from uproar.cli.invocation import Invocation
from uproar.config import Entity
from uproar.config_file import read_config
from uproar.errors import InputError

if TYPE_CHECKING:
    from uproar.evaluation.mentions import Row
    from uproar.evaluation.sample import Stored


@click.command("sample")
@click.argument("run")
@click.option("--count", type=click.IntRange(1, 10_000), default=50, show_default=True,
              help="Posts to draw, shared out among the entities.")  # fmt: skip
@click.option("--entity", default="", help="Draw posts of this entity (its id) alone.")
@click.option("--seed", default=1, show_default=True, help="Another seed draws other posts.")
@click.option(
    "--labels",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where labels are kept, and read from to go on; RUN.labels.jsonl, if none.",
)
@click.pass_obj
def entities_sample(
    invocation: Invocation, run: str, count: int, entity: str, seed: int, labels: Path | None
) -> None:
    """Draw stored posts of RUN, ask of each whether it is about its entity, print the precision.

    Answer with a key, or with a line where stdin is no terminal. The same command goes on where it
    was left. `uproar evaluate mentions` reads the file of labels; it holds the posts' texts.
    """
    from uproar.cli.labelling import append, ask, read_labels
    from uproar.evaluation.sample import share_out, unlabelled

    path = labels or Path(f"{run.replace('/', '-')}.labels.jsonl")
    known = read_labels(path)
    drawn = _draw(invocation, run, entity, seed, count)
    if not drawn:
        of = f" of `{entity}`" if entity else ""
        raise InputError(f"there is no stored post{of} in the run `{run}`")
    entities = _entities(invocation)
    names = {id_: tracked.name for id_, tracked in entities.items()}
    waiting = unlabelled(share_out(drawn, count), names, known, run)
    for row in ask(waiting, entities, run):
        append(path, row)
        known.append(row)
    _conclude(known, run, path)


def _draw(invocation: Invocation, run: str, entity: str, seed: int, count: int) -> list["Stored"]:
    from sinks.migrate import prepare_tables
    from uproar.cli.summary import statement
    from uproar.clickhouse import connect_to_read, reported
    from uproar.evaluation.sample import Stored
    from uproar.stack.local import stack

    with stack(invocation.settings) as running:
        endpoints = running.endpoints
        if not invocation.settings.clickhouse_url:
            prepare_tables(
                endpoints.migrator_url,
                invocation.settings.retention_days,
                cluster=invocation.settings.clickhouse_cluster,
            )
        with reported(endpoints.reader_url):
            client = connect_to_read(endpoints.reader_url, endpoints.clickhouse_url)
            values = {"run": run, "entity": entity, "seed": seed, "most": count}
            rows = client.execute(statement("sample_mentions"), values)
            client.disconnect()
    return [Stored(*row) for row in rows]


def _entities(invocation: Invocation) -> dict[str, Entity]:
    """Return what is tracked now, by id; nothing where there is no configuration."""
    if not invocation.config.exists() and not invocation.is_config_given:
        return {}
    return {entity.id: entity for entity in read_config(invocation.config).entities}


def _conclude(labels: Sequence["Row"], run: str, path: Path) -> None:
    from uproar.cli.tables import console, table_of
    from uproar.evaluation.layout import cell
    from uproar.evaluation.sample import precision

    found = precision(labels, run)
    if not found:
        click.echo("no labels yet", err=True)
        return
    rows = [
        (name, group.n, cell("precision", group.figures["precision"]))
        for name, group in found.items()
    ]
    console().print(table_of(("entity", "labelled", "precision in %, 95 % interval"), rows))
    click.echo(f"labels: {path}", err=True)
