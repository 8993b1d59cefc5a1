"""`python -m producers.demo.generate OUT`: write the demo recording."""

from importlib.resources import files
from pathlib import Path
from random import Random

import click
import zstandard

from producers.demo.blemishes import add_broken, add_repeats, put_in_order
from producers.demo.lines import lines_of
from producers.demo.phrasebook import read_phrasebook
from producers.demo.story import Storyteller
from producers.demo.timeline import read_timeline

SEED = 20_210_117
"""Of the recording that is shipped."""
COMPRESSION_LEVEL = 19


def generate(rng: Random) -> bytes:
    """Return the recording, not compressed: for the same seed, the same bytes."""
    timeline = read_timeline(
        files("producers.demo").joinpath("timeline.yaml").read_text(encoding="utf-8")
    )
    phrasebook = read_phrasebook()
    drafts = Storyteller(rng, timeline, phrasebook).tell()
    lines = put_in_order(rng, lines_of(rng, drafts, phrasebook, timeline.ends_at))
    contents = [line.content for line in add_repeats(rng, lines)]
    return b"\n".join(add_broken(rng, contents)) + b"\n"


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seed", default=SEED, show_default=True, help="Tells another story of the days")
def main(out: Path, seed: int) -> None:
    """Write the demo recording to OUT, compressed with zstd."""
    recording = generate(Random(seed))  # noqa: S311 - a story, not a secret
    out.write_bytes(zstandard.ZstdCompressor(level=COMPRESSION_LEVEL).compress(recording))
    lines = recording.count(b"\n")
    click.echo(f"Wrote {lines:,} lines to `{out}` ({out.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()
