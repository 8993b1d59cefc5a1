"""What is said where Java or Maven is missing."""

from pathlib import Path

import pytest

from deploy.kafka import maven
from deploy.kafka.certificates import Certificates
from deploy.kafka.maven import is_fetched, java, missing_tools
from uproar.errors import StackError


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that programs are looked for in; nothing is fetched yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(maven, "TARGET", tmp_path / "target")
    return folder


def pretend(path: Path, version: str = "") -> None:
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    path.chmod(0o755)


def test_a_missing_java_is_named_with_what_to_do(programs: Path) -> None:
    with pytest.raises(StackError, match="there is none in the path") as missing:
        java()
    assert "apt-get install" in str(missing.value.hint)


def test_a_java_that_is_too_old_is_named_with_both_versions(programs: Path) -> None:
    pretend(programs / "java", "11.0.22")
    assert missing_tools() == (
        f"Apache Kafka needs Java 17 or later; `{programs / 'java'}` is of version 11"
    )


def test_a_missing_maven_is_named_and_matters_only_until_the_jars_are_there(
    programs: Path, tmp_path: Path
) -> None:
    pretend(programs / "java", "21.0.1")
    assert "no `mvn` in the path" in str(missing_tools())
    maven._jars_folder().mkdir(parents=True)
    assert is_fetched()
    assert missing_tools() is None


def test_a_java_home_counts_before_the_path(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(programs / "java", "11.0.22")
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    pretend(tmp_path / "jdk" / "bin" / "java", "21.0.1")
    pretend(programs / "mvn")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert missing_tools() is None


def test_without_openssl_no_certificate_is_made(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no `openssl` in the path"):
        Certificates(tmp_path).make()


def test_every_variable_of_the_launcher_is_in_the_documentation() -> None:
    import deploy.kafka.__main__ as launcher

    page = (Path(__file__).parents[2] / "docs" / "kafka.md").read_text("utf-8")
    described = [word for word in str(launcher.__doc__).split() if word.startswith("KAFKA_NODE_")]
    assert len(described) == 4
    for name in described:
        assert f"`{name}`" in page
