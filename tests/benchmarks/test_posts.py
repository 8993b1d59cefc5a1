"""Posts of the benchmarks are what docs/performance.md says of them."""

import itertools
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
import zstandard

from benchmarks import posts
from benchmarks.posts import CONFIG, UNDECLARED, Kind, Written, from_lines, texts_of, written
from benchmarks.rivals.send_single import post_of
from benchmarks.stage_steps import NOW, posts_of
from uproar.config_file import read_config
from uproar.mentions import MentionMatcher
from uproar.records import Post

COUNT = 400
RECORDING = CONFIG.with_name("recording.jsonl.zst")
ENTITIES = read_config(CONFIG).entities


@pytest.fixture(scope="module")
def told() -> dict[Kind, list[Written]]:
    """Two kinds of posts, of the recording that is shipped: to tell another takes seconds."""
    recording = zstandard.ZstdDecompressor().stream_reader(RECORDING.read_bytes()).read()
    whole = (line for line in recording.split(b"\n") if line.endswith(b"}}"))
    story = posts.posts_in(whole)  # the recording has a few broken lines
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posts, "_story", lambda seed: story)
        return {kind: written(ENTITIES, COUNT, kind) for kind in ("ordinary", "wave")}


def test_ordinary_posts_are_all_different_and_those_of_a_wave_are_not(
    told: dict[Kind, list[Written]],
) -> None:
    assert len({post.text for post in told["ordinary"]}) == COUNT
    assert len({post.text for post in told["wave"]}) < COUNT


def test_every_line_is_a_tweet_of_1_kb_that_is_kept_in_order_of_time(
    told: dict[Kind, list[Written]],
) -> None:
    for some in told.values():
        assert all(950 <= len(post.line) <= 2_200 for post in some)
        read = posts_of([post.line for post in some], MentionMatcher(ENTITIES))
        assert [post.text for post in read] == [post.text for post in some]
        assert [post.lang for post in read] == [post.lang or UNDECLARED for post in some]
        assert len({post.post_id for post in read}) == COUNT
        times = [post.observed_at for post in read]
        assert all(one <= other for one, other in itertools.pairwise(times))


def test_posts_are_in_several_languages_some_of_them_declared(
    told: dict[Kind, list[Written]],
) -> None:
    langs = [post.lang for post in told["ordinary"]]
    assert {"en", "es", "fr", "pt", "de", None} <= set(langs)
    assert 0.05 < langs.count(None) / COUNT < 0.8


def test_the_sender_of_single_posts_sends_the_posts_of_a_replay(
    told: dict[Kind, list[Written]],
) -> None:
    lines = [post.line for post in told["ordinary"][:50]]
    for line, post in zip(lines, posts_of(lines, MentionMatcher(ENTITIES)), strict=True):
        fields = post_of(line, "benchmark", NOW)
        single = msgspec.json.decode(msgspec.json.encode(fields), type=Post)
        same = {"url": post.url, "author": post.author}  # it makes neither links nor pseudonyms
        assert msgspec.structs.replace(single, **same) == post
        assert isinstance(single.observed_at, datetime)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("texts.csv", "id,text\n1,Epik is a registrar\n2,nothing of ours\n"),
        ("texts.jsonl", '{"text": "Epik is a registrar"}\n{"text": "nothing of ours"}\n'),
    ],
)
def test_texts_of_a_file_become_posts_where_they_mention_an_entity(
    name: str, content: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    (post,) = from_lines(ENTITIES, texts_of(tmp_path / name))
    assert (post.text, post.entities) == ("Epik is a registrar", ("epik",))
