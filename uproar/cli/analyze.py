"""`uproar analyze`, `uproar entities test`: the reading alone, no broker and no database."""

from pathlib import Path
from typing import BinaryIO

import click

from uproar.cli.invocation import Invocation
from uproar.cli.sample import entities_sample
from uproar.config import Config
from uproar.config_file import read_config


@click.command()
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def analyze(invocation: Invocation, file: BinaryIO) -> None:
    """Print what is read in each post of FILE.

    FILE is JSON Lines; - is stdin.

    In: one object a line, with `text`, and `id` and `lang` where known. Out: one object a line, in
    the same order, by the very functions that the stream uses. A line that cannot be read gives
    an `error`. Without a configuration nothing is tracked, and calls to action are still found.
    """
    from streams.analyze import analyze_line
    from streams.assess import Reader

    config = _config(invocation)
    sentiment = invocation.settings.sentiment
    reader = (
        Reader((), sentiment)
        if config is None
        else Reader(config.entities, sentiment, config.reading)
    )
    out = click.get_binary_stream("stdout")
    for number, line in enumerate(file, start=1):
        out.write(analyze_line(reader, line, number) + b"\n")
        out.flush()  # whoever feeds us line by line reads them so


@click.group()
def entities() -> None:
    """Try the rules that decide which entity a post is about."""


@entities.command("test")
@click.argument("text")
@click.option("--lang", help="Language of the text, as ISO 639-1, where it matters.")
@click.pass_obj
def entities_test(invocation: Invocation, text: str, lang: str | None) -> None:
    """Say for each entity that TEXT may be about, whether it is, and by which rule."""
    from streams.language import detect_language
    from uproar.mentions import MentionMatcher

    matcher = MentionMatcher(read_config(invocation.config).entities)
    verdicts = matcher.explain(text, detect_language(text, lang))
    for verdict in verdicts:
        word = "accepted" if verdict.accepted else "refused"
        click.echo(f"{verdict.entity}: {word} `{verdict.evidence}`: {verdict.rule}")
    if not verdicts:
        click.echo("no alias of a tracked entity stands in this text")


entities.add_command(entities_sample)


def _config(invocation: Invocation) -> Config | None:
    """Return the configuration; none where it was not asked for and is not there."""
    path: Path = invocation.config
    if not path.exists() and not invocation.is_config_given:
        return None
    return read_config(path)
