"""Java, Maven, and the jars that they need to run Kafka; fetched once, kept in `target/`."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from uproar.errors import StackError

FOLDER = Path(__file__).parent
POM = FOLDER / "pom.xml"
TARGET = FOLDER / "target"
OLDEST_JAVA = 17
"""Of Kafka 4's server."""
FETCH_SECONDS = 600
ANSWER_SECONDS = 30


def missing_tools() -> str | None:
    """Return a sentence that says which program is not there; None when all are."""
    java = _java()
    if java is None:
        return f"Apache Kafka needs Java {OLDEST_JAVA} or later, and there is none in the path"
    version = _java_version(java)
    if version < OLDEST_JAVA:
        return f"Apache Kafka needs Java {OLDEST_JAVA} or later; `{java}` is of version {version}"
    if is_fetched():
        return None
    if shutil.which("mvn") is None:
        return "Maven fetches Apache Kafka from Maven Central, and there is no `mvn` in the path"
    return None


def java() -> str:
    """Return the path of a Java that is new enough. Raises StackError where there is none."""
    if (problem := missing_tools()) is not None:
        raise StackError(
            problem,
            hint="install both (Debian: `apt-get install openjdk-17-jre-headless maven`), or "
            "do without: the local broker needs neither",
        )
    found = _java()
    assert found is not None  # noqa: S101 - else it would be missing
    return found


def is_fetched() -> bool:
    """Tell whether the jars are here."""
    return _jars_folder().is_dir()


def jars() -> Path:
    """Return the folder of the jars, fetched if need be. Raises StackError when that fails."""
    java()
    folder = _jars_folder()
    if is_fetched():
        return folder
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TARGET) as temporary:
        fetched = Path(temporary) / "jars"
        _fetch(fetched)
        try:
            fetched.rename(folder)
        except OSError:  # another command was first
            if not is_fetched():
                raise
    return folder


def _fetch(folder: Path) -> None:
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies",
               f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]  # fmt: skip
    try:
        fetched = subprocess.run(  # noqa: S603 - our own command line, no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise StackError(
            f"Maven did not fetch Apache Kafka within {FETCH_SECONDS} s",
            hint="check that this machine reaches Maven Central, then try again",
        ) from error
    if fetched.returncode != 0:
        complaints = [line for line in fetched.stdout.splitlines() if "ERROR" in line]
        raise StackError(
            f"Maven cannot fetch Apache Kafka: {' '.join(complaints[:1]) or fetched.stderr}",
            hint="check that this machine reaches Maven Central, or that Maven's settings name "
            "a mirror of it",
        )


def _jars_folder() -> Path:
    """Return where they lie; another pom makes it another folder."""
    return TARGET / f"jars-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home and (at_home := shutil.which("java", path=Path(home) / "bin")):
        return at_home
    return shutil.which("java")


def _java_version(java: str) -> int:
    answer = subprocess.run(  # noqa: S603 - found in the path
        [java, "-version"], capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False
    )
    return read_java_version(answer.stderr)


def read_java_version(printed: str) -> int:
    """Read the major version out of what `java -version` prints; 0 where there is none.

    >>> read_java_version('openjdk version "17.0.15" 2025-04-15')
    17
    >>> read_java_version('java version "1.8.0_402"')
    8
    """
    found = re.search(r'version "(?:1\.)?(\d+)', printed)
    return int(found[1]) if found else 0
