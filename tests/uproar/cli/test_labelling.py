"""Labelling posts: what is shown, what is asked, what is kept."""

import io
import json
import stat
from pathlib import Path

import pytest

from uproar.cli.labelling import append, ask, read_labels, shown
from uproar.config import Entity
from uproar.errors import InputError
from uproar.evaluation.mentions import Row
from uproar.evaluation.sample import Stored
from uproar.mentions import MentionMatcher

QUILLHOST = Entity(id="quillhost", name="Quillhost", exclude=("Quillhost Road",))
POSTS = [
    Stored("quillhost", "p", str(number), "en", f"Quillhost is down ({number})")
    for number in range(4)
]


def answers(lines: str, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    return list(ask(POSTS, {"quillhost": QUILLHOST}, "january"))


def test_answers_may_come_as_lines_and_a_skipped_post_has_no_label(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labels = answers("y\ns\nNO\ny\n", monkeypatch)
    assert [(row.id, row.about) for row in labels] == [("p/0", True), ("p/2", False), ("p/3", True)]
    assert {(row.entity, row.run, row.kind) for row in labels} == {
        ("Quillhost", "january", "sample")
    }


@pytest.mark.parametrize("lines", ["y\nq\ny\n", "y\n", "y\nquit\n"])
def test_it_ends_where_it_is_told_to_or_where_no_more_lines_come(
    lines: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [row.id for row in answers(lines, monkeypatch)] == ["p/0"]


def test_another_answer_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = answers("maybe\n\ny\nq\n", monkeypatch)
    assert [(row.id, row.about) for row in labels] == [("p/0", True)]


def test_the_words_that_count_are_marked_and_the_rule_is_named() -> None:
    post = POSTS[0]._replace(text="On Quillhost Road, but Quillhost is down")
    verdicts = [one for one in MentionMatcher([QUILLHOST]).explain(post.text, "en") if one.accepted]
    text = shown(post, verdicts)
    marked = [text.plain[span.start : span.end] for span in text.spans if "reverse" in str(span)]
    assert marked == ["Quillhost"]
    assert text.spans[0].start == 23
    assert "“Quillhost”: " in text.plain


def test_a_post_that_todays_rules_do_not_find_is_asked_about_all_the_same() -> None:
    assert "today's rules do not find it" in shown(POSTS[0], []).plain


def test_a_post_cannot_steer_the_terminal() -> None:
    text = shown(POSTS[0]._replace(text="Quillhost \x1b[2J\u202egnp.exe\r\n"), [])
    assert "\x1b" not in text.plain
    assert "\u202e" not in text.plain


def row(number: int = 1) -> Row:
    return Row(entity="Quillhost", about=True, text="é", lang="fr", id=f"p/{number}", run="r")


def test_labels_are_kept_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("")
    path.chmod(0o644)
    for number in range(3):
        append(path, row(number))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_labels(path) == [row(0), row(1), row(2)]


def test_a_line_without_its_end_is_not_joined_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    append(path, row(1))
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    append(path, row(2))
    assert [json.loads(line)["id"] for line in path.read_bytes().splitlines()] == ["p/1", "p/2"]


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    assert read_labels(path) == []
    path.write_text("notes\n")
    with pytest.raises(InputError, match=r"labels.jsonl:1: wanted a JSON object, found `notes`"):
        read_labels(path)
    assert path.read_text() == "notes\n"
