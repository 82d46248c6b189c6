"""Which engine a warehouse runs on is known in `loaders/engines` and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.settings import PROJECT_ROOT

GOOGLE = {"loaders/engines/bigquery_client.py": "the client; whoever asks BigQuery asks it"}
DUCKDB_FILES = {"loaders/engines/duckdb.py": "opens the warehouse and the published file"}
# DuckDB as a calculator over Arrow, in memory: of no warehouse, the same on every target.
DUCKDB_IN_MEMORY = {
    "loaders/quarantine.py": "types, judges and hashes rows on their way to any warehouse",
    "loaders/archive/__init__.py": "reads Parquet files; names DuckDB's connection and errors",
    "loaders/bettingpros/__init__.py": "reads CSV and Parquet files; names DuckDB's likewise",
    "flows/published_files/__init__.py": "writes JSON and Parquet of what was published",
    "loaders/engines/publish_duckdb.py": "names DuckDB's errors; gets its connection",
}
TARGETS = {"duckdb", "bigquery"}
CHOOSES = {"loaders/engines/__init__.py": "picks the engine of a target"}


def product_files() -> list[Path]:
    return sorted(
        path for folder in ("loaders", "flows") for path in (PROJECT_ROOT / folder).rglob("*.py")
    )


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of the modules that are imported, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_google(tree: ast.AST) -> bool:
    """Whether anything of Google's libraries is imported."""
    return any(name.split(".")[0] == "google" for name in imported(tree))


def imports_duckdb(tree: ast.AST) -> bool:
    """Whether the library is imported."""
    return any(name.split(".")[0] == "duckdb" for name in imported(tree))


def opens_duckdb_file(tree: ast.AST) -> bool:
    """Whether DuckDB is connected to something that is not memory, or a file is attached."""
    return any(_connects_to_file(node) or _attaches(node) for node in ast.walk(tree))


def _connects_to_file(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "duckdb.connect"):
        return False
    given = [*node.args, *(word.value for word in node.keywords)]
    return any(getattr(value, "value", "") != ":memory:" for value in given)


def _attaches(node: ast.AST) -> bool:
    # of an f-string this sees the text before what is filled in
    text = node.value if isinstance(node, ast.Constant) else ""
    return isinstance(text, str) and text.lower().strip().startswith("attach ")


def compares_target(tree: ast.AST) -> bool:
    """Whether something is compared, or matched, with the name of a target that is an engine."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            compared = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            compared = [node.value]
        else:
            continue
        constants = (one for value in compared for one in ast.walk(value))
        if any(isinstance(one, ast.Constant) and one.value in TARGETS for one in constants):
            return True
    return False


RULES = {
    "imports Google's libraries": (imports_google, GOOGLE),
    "opens a DuckDB file": (opens_duckdb_file, DUCKDB_FILES),
    "imports DuckDB": (imports_duckdb, DUCKDB_FILES | DUCKDB_IN_MEMORY),
    "compares the target with an engine": (compares_target, CHOOSES),
}


@pytest.mark.parametrize("rule", RULES)
def test_one_place_an_engine(rule: str) -> None:
    breaks, allowed = RULES[rule]
    found = {
        str(path.relative_to(PROJECT_ROOT))
        for path in product_files()
        if breaks(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found - allowed.keys() == set()
    # an exception that nobody needs any more is taken off the list
    assert allowed.keys() - found == set()


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("imports Google's libraries", "import google.auth"),
        ("imports Google's libraries", "def f():\n    from google.cloud import bigquery"),
        ("imports Google's libraries", "from google import auth"),
        ("opens a DuckDB file", "duckdb.connect('warehouse.duckdb')"),
        ("opens a DuckDB file", "duckdb.connect(str(path), read_only=True)"),
        ("opens a DuckDB file", "duckdb.connect(database=path)"),
        ("opens a DuckDB file", "con.execute(f\"attach '{path}' as other\")"),
        ("imports DuckDB", "import duckdb"),
        ("imports DuckDB", "from duckdb import connect"),
        ("compares the target with an engine", "settings.target == 'bigquery'"),
        ("compares the target with an engine", "if target in ('duckdb', 'sandbox'): pass"),
        ("compares the target with an engine", "'duckdb' != s.target"),
        (
            "compares the target with an engine",
            "match target:\n    case 'bigquery':\n        pass",
        ),
    ],
)
def test_the_rules_bite(rule: str, code: str) -> None:
    assert RULES[rule][0](ast.parse(code))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("imports Google's libraries", "from loaders.engines.bigquery_client import client"),
        ("opens a DuckDB file", "duckdb.connect()"),
        ("opens a DuckDB file", "duckdb.connect(':memory:')"),
        ("imports DuckDB", "from loaders.engines.duckdb import DuckDB"),
        ("compares the target with an engine", "settings.target == 'sandbox'"),
        ("compares the target with an engine", "settings.for_target('bigquery')"),
    ],
)
def test_the_rules_spare_what_is_fine(rule: str, code: str) -> None:
    assert not RULES[rule][0](ast.parse(code))
