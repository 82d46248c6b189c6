"""Rules of the house that no linter knows: what may stand in the repository, and what may not."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from flows.dbt_runner import DbtRunner
from loaders.settings import PROJECT_ROOT, Settings

PYTHON_LINES = 400
SQL_LINES = 150
# A view that only prune asks, over staging models whose keys are tested; to test it costs seconds.
KEYED_BELOW = {"price_snapshots_unused"}
HERE = Path(__file__).name

# Built from parts, so that this file does not hold what it looks for.
REGISTRY_HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"))]
REGISTRY_HOSTS += [".".join(("registry", "npmjs", "org")), ".".join(("deb", "debian", "org"))]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|opt/pypi|opt/wheels)(?:/|\b)")


def tracked(*suffixes: str) -> list[Path]:
    """Files that git knows or would add, with one of the suffixes (none: all)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = [PROJECT_ROOT / name for name in listed]
    return [p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes)]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def hits(pattern: str | re.Pattern, paths: list[Path]) -> Iterator[str]:
    """`file:line: text` of every line that the pattern is found in."""
    for path in paths:
        for number, line in enumerate(text_of(path).splitlines(), start=1):
            if re.search(pattern, line):
                yield f"{path.relative_to(PROJECT_ROOT)}:{number}: {line.strip()[:120]}"


def code() -> list[Path]:
    """The Python files of the project itself."""
    return [p for p in tracked(".py") if p.relative_to(PROJECT_ROOT).parts[0] != "tests"]


def models() -> list[Path]:
    folders = ("models", "macros", "analyses")
    return [p for p in tracked(".sql") if p.relative_to(PROJECT_ROOT).parts[0] in folders]


def test_the_rules_look_at_something() -> None:
    assert len(code()) > 20
    assert len(models()) > 20


def test_no_path_of_a_machine() -> None:
    paths = [p for p in tracked() if p.name != HERE]
    assert list(hits(MACHINE_PATHS, paths)) == []


def test_no_host_of_a_package_registry() -> None:
    pattern = "|".join(re.escape(host) for host in REGISTRY_HOSTS)
    assert list(hits(pattern, tracked())) == []


def test_no_loop_over_rows() -> None:
    assert list(hits(r"\.(iterrows|itertuples)\(", tracked(".py"))) == []


def test_timeouts_stand_in_the_settings() -> None:
    pattern = r"\b(timeout|wait|delay)\w*\s*=\s*[0-9.]*[1-9]"
    elsewhere = [p for p in code() if p.name not in ("settings.py", "defaults.py")]
    assert list(hits(pattern, elsewhere)) == []


def test_nothing_else_reads_the_environment() -> None:
    pattern = r"os\.(getenv|environ\[|environ\.get)"
    allowed = {"loaders/settings.py", "loaders/environment.py", "flows/prefect_home.py"}
    elsewhere = [p for p in code() if str(p.relative_to(PROJECT_ROOT)) not in allowed]
    assert list(hits(pattern, elsewhere)) == []


@pytest.mark.parametrize(("suffix", "limit"), [(".py", PYTHON_LINES), (".sql", SQL_LINES)])
def test_no_file_is_too_long(suffix: str, limit: int) -> None:
    lengths = {str(p.relative_to(PROJECT_ROOT)): text_of(p).count("\n") for p in tracked(suffix)}
    assert {name: n for name, n in lengths.items() if n > limit} == {}


def test_no_model_asks_the_machine_for_the_time() -> None:
    clock = r"(?i)\b((now|today|getdate)\s*\(|current_(timestamp|date|datetime)\b)"
    assert list(hits(clock, models())) == []


def test_models_hold_only_what_both_engines_read() -> None:
    assert list(hits(r"(?i)\bilike\b|::|\busing\s+sample\b", models())) == []


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The dbt project, parsed without a warehouse."""
    return DbtRunner(Settings(home=tmp_path_factory.mktemp("home"))).parse()


def ours(manifest: object) -> list[object]:
    return [n for n in manifest.nodes.values() if n.resource_type in ("model", "seed")]


def test_every_model_and_column_is_described(manifest: object) -> None:
    bare = [node.name for node in ours(manifest) if not node.description.strip()]
    assert bare == []
    without_columns = [node.name for node in ours(manifest) if not node.columns]
    assert without_columns == []
    assert [
        f"{node.name}.{column.name}"
        for node in ours(manifest)
        for column in node.columns.values()
        if not column.description.strip()
    ] == []


def test_every_source_column_is_described(manifest: object) -> None:
    assert [
        f"{source.source_name}.{source.name}.{column.name}"
        for source in manifest.sources.values()
        for column in source.columns.values()
        if not column.description.strip()
    ] == []


def test_every_model_has_a_key_that_is_tested(manifest: object) -> None:
    tested = {
        node.attached_node
        for node in manifest.nodes.values()
        if getattr(node, "test_metadata", None) is not None
        and node.test_metadata.name in ("is_key", "unique")
    }
    built = [n for n in ours(manifest) if n.resource_type == "model"]
    missing = {n.name for n in built if n.unique_id not in tested}
    assert missing == KEYED_BELOW


def test_the_builds_hold_every_model_between_them(manifest: object, tmp_path: Path) -> None:
    chosen: set[str] = set()
    for selector in ("features", "forecasts", "evaluation_ceiling", "evaluation_reports"):
        listed = dbtRunner(manifest=manifest).invoke(
            [
                *("--log-level", "none", "ls", "--selector", selector),
                *("--resource-types", "model", "--output", "name"),
                *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
                *("--target-path", str(tmp_path), "--log-path", str(tmp_path)),
            ]
        )
        assert listed.success, listed.exception
        chosen |= set(listed.result)
    assert {n.name for n in ours(manifest) if n.resource_type == "model"} == chosen
