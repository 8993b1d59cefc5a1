"""`uproar privacy`: what people may ask for, and the keys that their pseudonyms are made with."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from uproar.cli.invocation import Invocation
from uproar.errors import InputError, SettingsError, StoreUnavailable, UproarError

if TYPE_CHECKING:
    from sinks.erasure import Subject
    from uproar.keyring import KeyRing

_PLATFORM = click.option(
    "--platform", "platforms", multiple=True, help="Only there; every known one, if none."
)
NOTHING_STORED = (
    "Nothing is stored under these names. The records of many platforms name an author by an id, "
    "and then only that finds the posts: docs/privacy.md says which."
)
_HANDLES = click.argument("handles", nargs=-1, required=True)


@click.group()
def privacy() -> None:
    """Answer requests of people whose posts are stored.

    Authors are stored under pseudonyms. A HANDLE is what a platform's records call an author: a
    name, for some platforms an id (docs/privacy.md says which); give all that you know.
    """


@privacy.command("erase")
@_HANDLES
@_PLATFORM
@click.option("--for-good", is_flag=True, help="Also whatever the author will write.")
@click.option(
    "--receipt", type=click.Path(path_type=Path), help="Where to write it; stdout, if nowhere."
)
@click.pass_obj
def privacy_erase(
    invocation: Invocation,
    handles: tuple[str, ...],
    platforms: tuple[str, ...],
    receipt: Path | None,
    *,
    for_good: bool,
) -> None:
    """Remove all that is stored of HANDLES, in every run.

    The pseudonyms are computed anew, with retired keys too. Rows, totals and dead letters go, and
    what was written until now is not stored again when an archive is replayed. The receipt says
    what was removed; it names nobody.

    Example: uproar privacy erase ada@example.social --platform mastodon --receipt erased.json
    """
    from sinks.erasure import FOR_GOOD, erase
    from uproar.cli.asking import named_cluster, writer
    from uproar.keyring import read_keyring

    if receipt is not None and receipt.exists():
        raise InputError(f"`{receipt}` is there already, and stays as it is")
    ring = read_keyring(invocation.settings)
    at = datetime.now(UTC)
    with writer(invocation) as client:
        subjects = subjects_of(ring, handles, _platforms(client, platforms))
        until = FOR_GOOD if for_good else at
        erased = erase(
            client, subjects, spellings(handles), until, cluster=named_cluster(invocation)
        )
    content: dict[str, Any] = {
        "erased_at": at,
        "observed_until": "any time" if for_good else at,
        "handles_sha256": [hashlib.sha256(handle.encode()).hexdigest() for handle in handles],
        "platforms": sorted({subject.platform for subject in subjects}),
        "keys": [key.key_print for key in (ring.current, *ring.retired)],
        "posts": erased.posts,
        "dead_letters": erased.dead_letters,
        "rows_left": erased.rows_left,
        "not_covered": (
            "posts of others that speak of the author; messages in Kafka until its retention has "
            "passed; backups and exports made before"
        ),
    }
    written = msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
    if receipt is None:
        click.echo(written.decode(), nl=False)
    else:
        write_new(receipt, written)
        click.echo(receipt)
    if not erased.posts and not erased.dead_letters:
        click.echo(NOTHING_STORED, err=True)
    if erased.rows_left:
        raise StoreUnavailable(
            f"{erased.rows_left:,} rows are still there",
            hint="posts of the author keep coming in: run the same command again",
        )


@privacy.command("export")
@_HANDLES
@_PLATFORM
@click.option("--out", type=click.Path(path_type=Path), help="A new file; stdout, if none.")
@click.pass_obj
def privacy_export(
    invocation: Invocation,
    handles: tuple[str, ...],
    platforms: tuple[str, ...],
    out: Path | None,
) -> None:
    """Write all that is stored of HANDLES, in every run.

    One JSON object a row: the post, and what was read in it.

    Example: uproar privacy export ada@example.social --out ada.ndjson
    """
    from uproar.cli.asking import reader
    from uproar.cli.summary import statement
    from uproar.keyring import read_keyring

    ring = read_keyring(invocation.settings)
    lines = []
    with reader(invocation) as client:
        subjects = subjects_of(ring, handles, _platforms(client, platforms))
        rows, columns = client.execute(
            statement("posts_of_author"),
            {"authors": tuple(subject.pseudonym for subject in subjects)},
            with_column_types=True,
        )
        names = [name for name, _ in columns]
        for row in rows:
            lines.append(msgspec.json.encode(dict(zip(names, row, strict=True)), enc_hook=str))
    content = b"".join(line + b"\n" for line in lines)
    if out is None:
        click.echo(content.decode(), nl=False)
    else:
        write_new(out, content)
        click.echo(out)
    click.echo(f"{len(lines):,} rows" if lines else NOTHING_STORED, err=True)


@privacy.command("keys")
@click.pass_obj
def privacy_keys(invocation: Invocation) -> None:
    """List the keys of pseudonyms by their prints.

    The manifest of a run names the print of its key; the key itself is never shown.
    """
    from uproar.keyring import read_keyring

    ring = read_keyring(invocation.settings)
    click.echo(f"{ring.current.key_print} current")
    for key in ring.retired:
        click.echo(f"{key.key_print} retired")


@privacy.command("rotate")
@click.option("--forget", is_flag=True, help="Instead destroy the retired keys.")
@click.pass_obj
def privacy_rotate(invocation: Invocation, *, forget: bool) -> None:
    """Name authors by a new key from now on.

    Authors then have other pseudonyms, which nobody without both keys can link to the old ones. The
    old key is kept to find people who ask; `--forget` destroys what was kept, once nothing that was
    stored with it matters.
    """
    from uproar.stack.home import Home

    if invocation.settings.author_key:
        raise SettingsError(
            "the key is given by `UPROAR_AUTHOR_KEY`, so it is not ours to change",
            hint="set another one, and put the old one into `UPROAR_AUTHOR_KEYS_RETIRED`",
        )
    home = Home(invocation.settings.home)
    if forget:
        home.forget_retired_keys()
        click.echo("The retired keys are destroyed.", err=True)
    else:
        home.rotate_author_key()
        click.echo("A new key names authors from the next command on.", err=True)


def spellings(handles: tuple[str, ...]) -> list[str]:
    """Return each handle as it may be written: with and without @, as it is and in lower case.

    >>> spellings(("@Ada",))
    ['@Ada', '@ada', 'Ada', 'ada']
    """
    found = set()
    for handle in handles:
        bare = handle.strip().removeprefix("@")
        found |= {bare, bare.lower(), handle.strip(), handle.strip().lower(), f"@{bare}"}
    return sorted(spelling for spelling in found if spelling.strip("@"))


def subjects_of(ring: "KeyRing", handles: tuple[str, ...], platforms: list[str]) -> "list[Subject]":
    """Return every pseudonym that the handles may be stored under."""
    from sinks.erasure import Subject

    return [
        Subject(platform, pseudonym)
        for platform in platforms
        for spelling in spellings(handles)
        for pseudonym in ring.names(platform, spelling)
    ]


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read. Raises InputError where one is there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InputError(f"cannot write `{path}`: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _platforms(client: Any, given: tuple[str, ...]) -> list[str]:
    from sinks.erasure import known_platforms

    known = known_platforms(client)
    if unknown := sorted(set(given) - set(known)):
        raise UproarError(
            f"no post is stored of the platform `{unknown[0]}`",
            hint=f"those there are: {', '.join(known) or 'none'}",
        )
    return list(given) or known
