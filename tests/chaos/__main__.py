"""The chaos test on demand: `make chaos`, or `python -m tests.chaos --help` (docs/chaos.md)."""

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.chaos.answer import Reading
from tests.chaos.blows import Broker
from tests.chaos.play import Node, Outcome, Wish, play
from tests.chaos.product import CONFIG, Failed
from tests.chaos.stored import MOST_SHOWN
from tests.chaos.table import markdown, row
from uproar.config_file import read_config


@click.command()
@click.option("--rounds", default=50, show_default=True, help="How many.")
@click.option("--seed", default=1, show_default=True, help="Of the first round; then one more.")
@click.option("--posts", default=200_000, show_default=True, help="Input records of a round.")
@click.option("--broker", type=click.Choice(["local", "kafka"]), default="local", show_default=True)
@click.option("--markdown", "path", type=click.Path(path_type=Path), help="Write the table here.")
def main(rounds: int, seed: int, posts: int, broker: Broker, path: Path | None) -> None:
    """Replay recordings while everything is killed, and compare what is stored with the answer.

    Status 1 when a round ends with a difference, or does not come to its end; its folder is kept.
    """
    logging.getLogger("clickhouse_driver").setLevel(logging.CRITICAL)  # it is killed all the time
    reading = Reading(read_config(CONFIG).entities, "vader")
    outcomes: list[Outcome] = []
    failed = 0
    for number in range(1, rounds + 1):
        wish = Wish(number=number, seed=seed + number - 1, posts=posts, broker=broker)
        folder = Path(tempfile.mkdtemp(prefix=f"uproar-chaos-{wish.seed}-"))
        click.echo(f"round {number} of {rounds}, seed {wish.seed}", err=True)
        try:
            with _node(broker, folder) as node:
                outcome = play(wish, reading, folder, lambda line: click.echo(line, err=True), node)
        except Failed as failure:
            failed += 1
            click.echo(f"round {number} FAILED, kept in {folder}: {failure}", err=True)
            continue
        outcomes.append(outcome)
        click.echo(" | ".join(row(outcome)))
        for line in outcome.differences[:MOST_SHOWN]:
            click.echo(f"  {line}", err=True)
        if outcome.differences:
            failed += 1
            click.echo(f"  {len(outcome.differences)} differences; kept in {folder}", err=True)
        else:
            shutil.rmtree(folder)
        if path:
            path.write_text(markdown(outcomes), encoding="utf-8")
    click.echo(markdown(outcomes))
    click.echo(f"{len(outcomes)} rounds came to their end, {failed} of {rounds} went wrong")
    sys.exit(1 if failed else 0)


@contextmanager
def _node(broker: Broker, folder: Path) -> Iterator[Node | None]:
    if broker == "local":
        yield None
        return
    from deploy.kafka.node import KafkaNode

    node = KafkaNode(folder / "kafka")
    try:
        node.start()
        yield node
    finally:
        node.stop()


if __name__ == "__main__":
    main()
