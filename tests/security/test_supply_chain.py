"""What is installed is what was pinned, by hash, under licences that are named."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
ENTRIES = re.findall(r"^[^\s#].*(?:\n .*)*", LOCK, re.M)
"""Each requirement with the hashes below it."""
DIRECT = re.findall(
    r'^  "([A-Za-z0-9_-]+)[>=;]', (ROOT / "pyproject.toml").read_text("utf-8"), re.M
)

FAMILIES = {
    "Apache-2.0": ("apache",),
    "MIT": ("mit",),
    "BSD-3-Clause": ("bsd", "3-clause"),
    "BSD-2-Clause": ("bsd", "2-clause"),
    "LGPL-2.1-or-later": ("lgpl", "lesser general public"),
    "MPL-2.0": ("mpl", "mozilla"),
    "ISC": ("isc",),
    "PSF-2.0": ("psf", "python software foundation"),
}
"""Licences as docs/licences.md writes them, and words by which packages name them."""


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named_licences() -> dict[str, str]:
    """Return what docs/licences.md says of each package it names, in the order of its rows."""
    text = (ROOT / "docs" / "licences.md").read_text("utf-8")
    named = {}
    for cells in re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", text, re.M):
        packages = [re.sub(r"\s*\(.*?\)", "", name) for name in cells[0].split(", ")]
        licences = cells[1].strip().split(", ")
        for at, package in enumerate(packages):
            named[canonical(package.strip())] = licences[at] if len(licences) > 1 else licences[0]
    return named


def installed_licence(name: str) -> str:
    """Return everything by which an installed package names its licence, in lower case."""
    found = metadata(name)
    told = [*(found.get_all("License-Expression") or []), *(found.get_all("License") or [])]
    told += [c for c in found.get_all("Classifier") or [] if c.startswith("License")]
    return " ".join(told)[:2_000].lower()


def test_every_pinned_package_has_a_version_and_a_hash() -> None:
    assert len(ENTRIES) > 40
    for entry in ENTRIES:
        assert re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[\w,-]+\])?==\d\S* ", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}(?![0-9a-f])", entry), entry[:80]


def test_no_package_comes_from_anywhere_but_the_index() -> None:
    assert not re.search(r"^(?:-e|--extra-index|--index|--find-links|git\+)|@ (?:https?|git)", LOCK)
    assert "http://" not in LOCK


def test_what_installs_them_insists_on_the_hashes() -> None:
    assert "--require-hashes" in (ROOT / "deploy" / "setup" / "environment.sh").read_text("utf-8")


@pytest.mark.parametrize("name", DIRECT)
def test_every_direct_dependency_is_pinned(name: str) -> None:
    assert canonical(name) in {canonical(re.split(r"[\[=]", one)[0]) for one in ENTRIES}


@pytest.mark.parametrize("name", [name for name in DIRECT if not name.startswith("types")])
def test_the_licence_that_is_named_is_the_one_that_is_installed(name: str) -> None:
    named = named_licences()
    assert canonical(name) in named, "docs/licences.md names no licence for it"
    try:
        installed = installed_licence(name)
    except PackageNotFoundError:
        pytest.skip("not installed here")
    if not installed.strip():
        pytest.skip("its metadata name none")
    parts = re.split(r" and ", named[canonical(name)])
    assert any(word in installed for part in parts for word in FAMILIES[part.strip()]), installed
