"""docs/security.md promises nothing without a test."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
CLAIMS = re.findall(r"^\| (?!claim \|)([^|]+) \| ([^|]*`test_[^|]+) \|$", PAGE, re.M)


def all_tests() -> set[str]:
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 40
    assert named - all_tests() == set()


def test_every_claim_names_its_tests() -> None:
    rows = re.findall(r"^\| .* \|$", PAGE.partition("## What is promised")[2], re.M)
    rows = [row for row in rows if not row.startswith(("| claim", "|---"))]
    assert len(rows) == len(CLAIMS) > 25


def test_every_test_of_security_stands_behind_a_claim() -> None:
    of_security = {
        node.name
        for path in (ROOT / "tests" / "security").glob("test_*.py")
        if path.name != Path(__file__).name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert of_security - set(re.findall(r"`(test_\w+)`", PAGE)) == set()
