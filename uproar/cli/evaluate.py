"""`uproar evaluate`: how well posts are read, on labelled posts of anybody's."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
import msgspec

from uproar import __version__
from uproar.cli.evaluate_spikes import evaluate_spikes
from uproar.cli.invocation import Invocation
from uproar.config import Entity
from uproar.config_file import read_config
from uproar.errors import InputError, UproarError
from uproar.records import SentimentModel

if TYPE_CHECKING:
    from uproar.cli.evaluating import Evaluation
    from uproar.evaluation.report import Report

LABELLED = click.Path(path_type=Path, exists=True)
FILE = click.Path(path_type=Path, dir_okay=False)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What every evaluation is asked for."""

    path: Path
    json: Path | None
    floors: Path | None
    details: bool
    show_text: bool


@click.group()
def evaluate() -> None:
    """Measure on labelled posts how well they are read, and on labelled series how spikes are told.

    PATH is a file or a folder; docs/evaluation.md has the formats, and what each figure means.
    """


def asked(command: Callable[..., None]) -> Callable[..., None]:
    """Add what every evaluation can be asked for, as one argument."""

    @wraps(command)
    def with_wish(
        path: Path, json: Path | None, floors: Path | None, details: bool, show_text: bool,
        **given: Any,
    ) -> None:  # fmt: skip
        wish = Wish(path=path, json=json, floors=floors, details=details, show_text=show_text)
        command(wish=wish, **given)

    for option in (
        click.option("--show-text", is_flag=True, help="Add the texts to the misses."),
        click.option("--details", is_flag=True, help="Print confusions and every miss, too."),
        click.option("--floors", type=FILE, help="Status 1 when a figure is beyond these bounds."),
        click.option("--json", type=FILE, help="Write everything to this file, too."),
        click.argument("path", type=LABELLED),
    ):
        with_wish = option(with_wish)
    return with_wish


def declares(command: Callable[..., None]) -> Callable[..., None]:
    """Add the choice of whether the label's language is declared."""
    return click.option(
        "--declared",
        is_flag=True,
        help="Read each post as if its platform declared the `lang` of the label.",
    )(command)


@evaluate.command("mentions")
@asked
@declares
@click.pass_obj
def evaluate_mentions(invocation: Invocation, wish: Wish, declared: bool) -> None:
    """Is each post about its entity? JSON Lines: `entity`, `about`, `text`, `lang`, `kind`.

    An entity is known by its bare name; with --config by its rules there, if it has that name.
    """
    from uproar.cli import evaluating
    from uproar.cli.labelled import read_labelled
    from uproar.evaluation.mentions import is_mentions, read_mentions

    inputs, examples = read_labelled(
        wish.path, is_mentions, read_mentions, "posts labelled with `entity` and `about`"
    )
    entities = _configured(invocation)
    options = _options(declared) | ({"config": invocation.config.name} if entities else {})
    _finish(
        wish, "mentions", inputs, options,
        evaluating.evaluate_mentions(examples, entities, declared=declared),
    )  # fmt: skip


@evaluate.command("sentiment")
@asked
@declares
@click.option(
    "--model",
    type=click.Choice(get_args(SentimentModel)),
    help="The model to measure; UPROAR_SENTIMENT, where it is not given.",
)
@click.pass_obj
def evaluate_sentiment(
    invocation: Invocation, wish: Wish, declared: bool, model: SentimentModel | None
) -> None:
    """How does each post feel? JSON Lines of `text`, `lang`, `label`, or what others publish.

    Read are the sets UMSAB and TweetEval, SemEval, Hutto and Gilbert, and the airline CSV.
    """
    from uproar.cli import evaluating
    from uproar.cli.labelled import read_labelled
    from uproar.evaluation.sentiment import is_sentiment, read_sentiment

    inputs, examples = read_labelled(
        wish.path, is_sentiment, read_sentiment, "posts labelled with their sentiment"
    )
    model = model or invocation.settings.sentiment
    _finish(
        wish, "sentiment", inputs, _options(declared) | {"model": model},
        evaluating.evaluate_sentiment(examples, model, declared=declared),
    )  # fmt: skip


@evaluate.command("calls")
@asked
@declares
@click.option("--track-targets", is_flag=True, help="Track every target that the labels name.")
@click.pass_obj
def evaluate_calls(invocation: Invocation, wish: Wish, declared: bool, track_targets: bool) -> None:
    """Is each post a call to action, which, at whom? JSON Lines with `is_call_to_action`.

    Nothing is tracked, unless --config or --track-targets says so. Of a CSV with a column `text`,
    without labels, the calls that are found are counted.
    """
    from uproar.cli import evaluating
    from uproar.cli.labelled import read_labelled
    from uproar.evaluation.calls import is_calls, read_calls

    inputs, examples = read_labelled(
        wish.path, is_calls, read_calls, "posts labelled with `is_call_to_action`"
    )
    entities = _configured(invocation)
    options = _options(declared) | ({"config": invocation.config.name} if entities else {})
    if track_targets:
        entities += evaluating.tracked_targets(examples)
        options["tracked"] = "the targets of the labels"
    _finish(
        wish, "calls", inputs, options,
        evaluating.evaluate_calls(examples, entities, declared=declared),
    )  # fmt: skip


@evaluate.command("language")
@asked
def evaluate_language(wish: Wish) -> None:
    """Which language is each post in? JSON Lines of `text` and `lang`, or the folders of UMSAB."""
    from uproar.cli import evaluating
    from uproar.cli.labelled import read_labelled
    from uproar.evaluation.language import is_language, read_language

    inputs, examples = read_labelled(
        wish.path, is_language, read_language, "posts labelled with `lang`"
    )
    _finish(wish, "language", inputs, {}, evaluating.evaluate_language(examples))


evaluate.add_command(evaluate_spikes)


def _configured(invocation: Invocation) -> tuple[Entity, ...]:
    """Return what is tracked, if somebody named a configuration."""
    return read_config(invocation.config).entities if invocation.is_config_given else ()


def _options(declared: bool) -> dict[str, str]:
    return {"language": "declared" if declared else "told by the text"}


def _finish(
    wish: Wish, part: str, inputs: tuple[str, ...], options: dict[str, str], found: "Evaluation"
) -> None:
    """Print and write what was found, and hold it against the floors."""
    from uproar.evaluation.report import Report

    outcome = found.outcome
    if not wish.show_text:
        bare = tuple(msgspec.structs.replace(miss, text="") for miss in outcome.misses)
        outcome = msgspec.structs.replace(outcome, misses=bare)
    report = Report(
        part=part, inputs=inputs, options=options, outcome=outcome, speed=found.speed,
        versions={"uproar": __version__, **found.versions},
    )  # fmt: skip
    _show(report, details=wish.details)
    if wish.json:
        try:
            wish.json.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
        except OSError as error:
            raise InputError(f"cannot write `{wish.json}`: {error.strerror}") from error
    if wish.floors:
        _hold(report, wish.floors)


def _show(report: "Report", *, details: bool) -> None:
    from uproar.cli.tables import console, table_of
    from uproar.evaluation.layout import tables_of

    out = console()
    for title, columns, rows in tables_of(report, details=details):
        out.print(title, style="bold", highlight=False, markup=False)
        out.print(table_of(columns, rows))
        out.print()
    versions = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    click.echo(f"read by: {versions}")
    for name, value in report.options.items():
        click.echo(f"{name}: {value}")
    click.echo(f"speed: {report.speed.posts_per_second:,.0f} posts/s, in this one run")


def _hold(report: "Report", path: Path) -> None:
    from uproar.evaluation.floors import falls, read_floors

    try:
        floors = read_floors(str(path), path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read `{path}`: {error.strerror}") from error
    if report.part not in floors:
        raise InputError(f"{path}: wanted bounds for `{report.part}`, found none")
    if fallen := falls(report.outcome, floors[report.part], str(path)):
        raise UproarError(
            f"{report.part} is beyond the bounds of `{path}`:\n  " + "\n  ".join(fallen),
            hint="`--details --show-text` lists the posts that are read wrongly",
        )
    click.echo(f"bounds: all kept ({path.name})")
