"""`uproar ingest`: one process a source, and sentences for what it lacks."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from uproar.cli import main
from uproar.cli.ingest import _alone
from uproar.errors import StackError
from uproar.operations.sources import read_sources

CONFIG = "entities: [{id: quillhost, name: Quillhost}]\n"


def ingest(folder: Path, config: str, *words: str) -> str:
    (folder / "uproar.yaml").write_text(CONFIG + config)
    result = CliRunner().invoke(
        main,
        ["--config", str(folder / "uproar.yaml"), "ingest", *words],
        env={"UPROAR_HOME": str(folder / "home"), "UPROAR_PROCESS_NAME": "source-test"},
    )
    assert result.exit_code == 1
    return result.output


def test_a_source_is_watched_by_one_process_only(tmp_path: Path) -> None:
    path = tmp_path / "cursors" / "bluesky.json"
    with (
        _alone(path, "bluesky"),
        pytest.raises(StackError, match="watched already"),
        _alone(path, "bluesky"),
    ):
        pass
    with _alone(path, "bluesky"):
        pass


def test_a_platform_that_there_is_not_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    told = ingest(tmp_path, "", "myspace")
    assert "`myspace`" in told
    assert "bluesky, mastodon, rss, reddit, x, telegram, youtube" in told


@pytest.mark.parametrize("platform", ["mastodon", "rss", "reddit", "x", "telegram", "youtube"])
def test_a_platform_that_needs_a_setting_says_which(tmp_path: Path, platform: str) -> None:
    told = ingest(tmp_path, "", platform)
    assert f"{{{platform}: " in told


@pytest.mark.parametrize(
    ("config", "platform", "variable"),
    [
        ("sources: {mastodon: {instance: 'https://town.example'}}", "mastodon", "MASTODON_TOKEN"),
        ("sources: {reddit: {subreddits: [towns]}}", "reddit", "REDDIT_CLIENT_ID"),
        ("sources: {x: {token_env: NO_SUCH_TOKEN}}", "x", "NO_SUCH_TOKEN"),
        ("sources: {youtube: {videos: [v1]}}", "youtube", "YOUTUBE_API_KEY"),
    ],
)
def test_a_token_that_is_missing_is_told_also_to_the_status(
    tmp_path: Path, config: str, platform: str, variable: str
) -> None:
    told = ingest(tmp_path, config, platform, "--attach")
    assert f"`{variable}` is not set" in told
    assert "hint: make" in told
    [note] = read_sources(tmp_path / "home")
    assert (note.name, note.state) == (platform, "refused")
    assert variable in note.why
