"""The shape of the tree: which way imports point, what stays pure, how large a module may be."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("uproar", "producers", "streams", "sinks", "dashboards")
STAGES = {"producers", "streams", "sinks", "dashboards"}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

DRIVERS = {"faust", "mode", "kafka", "aiokafka", "aiohttp", "clickhouse_driver", "chdb"}
PURE = (
    *(ROOT / "uproar").glob("*.py"),
    *(ROOT / "producers" / "formats").glob("*.py"),
    *(ROOT / "uproar" / "evaluation").glob("*.py"),
    *(ROOT / "streams" / "calls").rglob("*.py"),
    *(ROOT / "streams" / "multilingual").rglob("*.py"),
    *(
        ROOT / name
        for name in (
            "producers/chunks.py", "producers/columns.py", "producers/compression.py",
            "producers/containers.py", "producers/encodings.py", "producers/filter.py",
            "producers/order.py", "producers/sorting.py", "producers/survey.py", "producers/tar.py",
            "producers/pace.py", "producers/parsed.py", "producers/times.py",
            "producers/documents.py", "producers/entries.py", "producers/server_sent.py",
            "producers/shapes.py",
            "streams/analyze.py", "streams/assess.py", "streams/calls_to_action.py",
            "streams/language.py", "streams/messages.py", "streams/sentiment.py",
            "streams/towards.py", "streams/vader.py",
            "sinks/batch.py", "sinks/changes.py", "sinks/rows.py", "sinks/stored.py",
            "dashboards/macros.py", "dashboards/panels.py",
            "dashboards/grafana_changes.py", "dashboards/grafana_contacts.py",
            "dashboards/grafana_files.py", "dashboards/grafana_query.py",
            "dashboards/grafana_rules.py", "dashboards/grafana_wording.py",
            "dashboards/render_grafana.py", "dashboards/render_options.py",
            "dashboards/top.py", "dashboards/exports/columns.py",
            *(
                f"dashboards/alerts/{name}.py"
                for name in (
                    "detector", "edits", "events", "expectation", "explanation", "facts", "judge",
                    "judging", "lane", "lateness", "leads", "outcome", "series_spikes", "spikes",
                    "standing", "suggest", "sync", "terms", "thresholds", "tries", "windows",
                    "yaml_edits", "yaml_spans",
                )
            ),
            *(
                f"dashboards/delivery/{name}.py"
                for name in ("body", "due", "harmless", "headlines", "messages", "orders")
            ),
            *(
                f"dashboards/reports/{name}.py"
                for name in (
                    "as_html", "as_markdown", "charts", "compose", "course", "demands", "document",
                    "events", "figures", "methods", "phrases", "quotes", "shapes", "story",
                    "trusting",
                )
            ),
        )
    ),
)  # fmt: skip
EDGES = {"kafka.py", "clickhouse.py", "config_file.py", "__main__.py"}
"""The modules of `uproar/` that are there to do I/O."""


def imports_of(path: Path) -> set[str]:
    """Return the first parts of what a module imports, also inside its functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_stage_meets_another_only_in_a_topic(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    if package == "uproar" and "cli" in path.parts:
        return  # the one place that knows them all
    assert not imports_of(path) & (STAGES - {package})


@pytest.mark.parametrize("path", [path for path in PURE if path.name not in EDGES], ids=name_of)
def test_pure_modules_touch_no_driver_clock_or_environment(path: Path) -> None:
    assert not imports_of(path) & (DRIVERS | {"random", "socket", "subprocess", "time"})
    source = path.read_text("utf-8")
    for impure in ("os.environ", "datetime.now", "getenv"):
        assert impure not in source


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_fits_in_a_head(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_most_modules_are_small() -> None:
    sizes = sorted(len(path.read_text("utf-8").splitlines()) for path in MODULES)
    assert sizes[len(sizes) * 9 // 10] < 250


@pytest.mark.parametrize("package", PACKAGES)
def test_our_packages_are_our_own(package: str) -> None:
    module = __import__(package)
    assert Path(module.__file__ or "").resolve().is_relative_to(ROOT)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_sql_stands_in_python(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.split()
            assert not (words[:1] == ["SELECT"] and "FROM" in words), f"line {node.lineno}"


def test_every_data_file_is_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["*"]
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            is_data = path.is_file() and path.suffix not in (".py", ".pyc", ".md")
            assert not is_data or any(path.match(pattern) for pattern in patterns), name_of(path)
