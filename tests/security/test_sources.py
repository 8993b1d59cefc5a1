"""What the source never does: SQL out of pieces, code out of data, a shell, an unsafe parser."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("uproar", "producers", "streams", "sinks", "dashboards", "deploy")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

RUNS_SQL = {"execute": 0, "execute_iter": 0, "execute_with_progress": 0, "_run": 0, "read": 1}
"""Calls that run a statement, and at which place they are handed it."""
SQL_WORDS = (
    "SELECT ", "INSERT ", "ALTER ", "CREATE ", "DROP ", "DELETE ", "TRUNCATE ", "OPTIMIZE ",
    "RENAME ", "GRANT ", "SYSTEM ", "WITH ", "EXCHANGE ", "ATTACH ", "DETACH ", "KILL ", "USE ",
)  # fmt: skip

BUILT_FROM_PIECES = {
    "sinks/clickhouse.py": "tables and columns are constants of sinks.rows; rows are bound",
    "sinks/runs.py": "names of tables are constants of the module; the run is bound",
    "sinks/migrate.py": "the database is checked to be letters, digits and _ before",
    "sinks/cluster.py": "rewrites statements that ship; the cluster's name is checked before",
    "sinks/drift.py": "tables of the shipped schema, under a random prefix of its own",
    "sinks/expire.py": "tables and times to live are constants and whole numbers of the settings",
    "sinks/erasure.py": "tables and columns are constants; rows are bound",
    "dashboards/alerts/store.py": "tables and columns are constants of its callers; rows are bound",
    "uproar/stack/clickhouse_server.py": "the number of a pipe that the module itself has opened",
    "deploy/clickhouse/users_sql.py": "a file to read and run by hand; names are checked before",
}
"""Where SQL is put together, and why that is safe. Every other place binds its values."""

FORBIDDEN_CALLS = {
    "eval": "runs what it is given",
    "exec": "runs what it is given",
    "os.system": "goes through a shell",
    "os.popen": "goes through a shell",
    "pickle.load": "runs what it is given",
    "pickle.loads": "runs what it is given",
    "marshal.loads": "crashes on what it is given",
    "shelve.open": "is pickle",
    "yaml.load": "makes objects, unless told not to",
    "yaml.unsafe_load": "makes objects",
    "yaml.full_load": "makes objects",
    "tempfile.mktemp": "another program may take the name first",
    "xml.etree.ElementTree.parse": "expands entities",
    "ssl._create_unverified_context": "trusts anybody",
}

FORBIDDEN_ARGUMENTS = {
    ("shell", True): "goes through a shell",
    ("allow_pickle", True): "runs what it is given",
    ("verify", False): "trusts anybody",
    ("check_hostname", False): "trusts anybody of the authority",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def calls_in(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_put_together(node: ast.AST) -> bool:
    """Tell whether an expression makes a string of pieces."""
    return (
        (
            isinstance(node, ast.JoinedStr)
            and any(isinstance(v, ast.FormattedValue) for v in node.values)
        )
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("format", "format_map", "join", "replace")
        )
    )


def first_words(node: ast.AST) -> str:
    """Return what a string of pieces begins with."""
    if isinstance(node, ast.JoinedStr):
        return first_words(node.values[0]) if node.values else ""
    if isinstance(node, ast.BinOp):
        return first_words(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return first_words(node.func.value)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def statement_of(call: ast.Call) -> ast.AST:
    """Return what a call runs as SQL; an empty constant where it runs none."""
    place = RUNS_SQL.get(dotted(call.func).rpartition(".")[2], len(call.args))
    return call.args[place] if place < len(call.args) else ast.Constant("")


def sql_of_pieces(tree: ast.Module) -> list[int]:
    """Return the lines that put a statement together, or hand such a one to a client."""
    lines = []
    for node in ast.walk(tree):
        if is_put_together(node) and first_words(node).lstrip().upper().startswith(SQL_WORDS):
            lines.append(node.lineno)  # type: ignore[attr-defined]
    lines += [call.lineno for call in calls_in(tree) if is_put_together(statement_of(call))]
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        made = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and is_put_together(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in calls_in(function):
            statement = statement_of(call)
            if isinstance(statement, ast.Name) and statement.id in made:
                lines.append(call.lineno)
    return lines


@pytest.mark.parametrize(
    "source",
    [
        "client.execute(f'SELECT {x}')",
        "client.execute('SELECT ' + x)",
        "client.execute('SELECT %s' % x)",
        "client.execute('SELECT {}'.format(x))",
        "client.execute(''.join(x))",
        "sql = f'DROP TABLE {x}'",
        "def f(x):\n  sql = x + y\n  client.execute(sql)",
    ],
)
def test_the_walk_finds_sql_of_pieces(source: str) -> None:
    assert sql_of_pieces(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ["client.execute('SELECT %(x)s', {'x': x})", "client.execute(STATEMENT, x)", "f'{x} posts'"],
)
def test_the_walk_lets_bound_values_pass(source: str) -> None:
    assert not sql_of_pieces(ast.parse(source))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_values_are_bound_and_no_statement_is_put_together(path: Path) -> None:
    found = sql_of_pieces(tree_of(path))
    assert name_of(path) in BUILT_FROM_PIECES or not found, f"lines {found}: bind the values"


def test_every_exception_is_still_one_and_has_its_reason() -> None:
    for name, reason in BUILT_FROM_PIECES.items():
        assert sql_of_pieces(tree_of(ROOT / name)), name
        assert len(reason) > 20


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_data_is_run_as_code_and_no_command_goes_through_a_shell(path: Path) -> None:
    for call in calls_in(tree_of(path)):
        name = dotted(call.func)
        assert name not in FORBIDDEN_CALLS, f"line {call.lineno}: {FORBIDDEN_CALLS[name]}"
        for keyword in call.keywords:
            if isinstance(keyword.value, ast.Constant):
                given = (keyword.arg or "", keyword.value.value)
                reason = FORBIDDEN_ARGUMENTS.get(given)  # type: ignore[arg-type]
                assert reason is None, f"line {call.lineno}: {keyword.arg} {reason}"


def test_uproar_yaml_makes_no_objects_and_runs_nothing(tmp_path: Path) -> None:
    from uproar.config_file import read_config
    from uproar.errors import ConfigError

    made = tmp_path / "made"
    for tag in ("python/object/apply:os.system", "python/name:os.system", "python/object:object"):
        path = tmp_path / "uproar.yaml"
        path.write_text(f"entities: !!{tag} ['touch {made}']\n")
        with pytest.raises(ConfigError):
            read_config(path)
    assert not made.exists()


def test_a_yaml_bomb_is_refused_or_read_in_no_time(tmp_path: Path) -> None:
    from uproar.config_file import read_config
    from uproar.errors import ConfigError

    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    path = tmp_path / "uproar.yaml"
    path.write_text("\n".join([*lines, "entities: *a11"]))
    with pytest.raises(ConfigError):
        read_config(path)
