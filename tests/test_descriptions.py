"""Everything that dbt shows is described, and the descriptions agree with what they describe."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from flows.dbt_runner import DbtRunner
from loaders.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PACKAGE = "nba_props"
# An engine's variant of a dispatched macro is described by the macro itself.
VARIANT = re.compile(r"(default|bigquery|duckdb)__")
SIGNATURE = re.compile(r"{%-?\s*(?:macro|test)\s+\w+\(([^)]*)\)")
PUBLIC_FOLDERS = (
    "marts/core",
    "marts/team_summaries",
    "marts/player_summaries",
    "marts/context",
    "marts/features",
    "marts/baselines",
    "marts/predictions",
    "marts/grading",
    "reports",
    "reports/tonight",
    "reports/record",
    "reports/health",
    "reports/evaluations",
)
# What only the forecasting reads.
PROTECTED = {
    "ml_training_examples",
    "upcoming_slate",
    "prop_line_outcomes",
    "baseline_matchups",
    "baseline_similar_games",
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The dbt project, parsed without a warehouse."""
    return DbtRunner(Settings(home=tmp_path_factory.mktemp("home"))).parse()


def models(manifest: Manifest) -> list[Any]:
    return [node for node in manifest.nodes.values() if node.resource_type == "model"]


def seeds(manifest: Manifest) -> list[Any]:
    return [node for node in manifest.nodes.values() if node.resource_type == "seed"]


def tables(manifest: Manifest) -> list[Any]:
    """Whatever has columns."""
    return [*models(manifest), *seeds(manifest), *manifest.sources.values()]


def macros(manifest: Manifest) -> list[Any]:
    ours = (macro for macro in manifest.macros.values() if macro.package_name == PACKAGE)
    return [macro for macro in ours if not VARIANT.match(macro.name)]


def columns(nodes: list[Any]) -> Iterator[tuple[str, Any]]:
    """`<model>.<column>` and the column, of all nodes."""
    for node in nodes:
        for column in node.columns.values():
            yield f"{node.name}.{column.name}", column


def is_public(model: Any) -> bool:
    folder = model.original_file_path.removeprefix("models/").rpartition("/")[0]
    gate = model.name.startswith("gate_")
    return folder in PUBLIC_FOLDERS and not gate and model.name not in PROTECTED


def test_everything_is_described(manifest: Manifest) -> None:
    everything = [*tables(manifest), *macros(manifest), *manifest.exposures.values()]
    assert len(everything) > 100
    assert [one.unique_id for one in everything if not one.description.strip()] == []
    sources = manifest.sources.values()
    assert {s.source_name for s in sources if not s.source_description.strip()} == set()


def test_every_column_is_described(manifest: Manifest) -> None:
    assert [node.unique_id for node in tables(manifest) if not node.columns] == []
    assert [
        name for name, column in columns(tables(manifest)) if not column.description.strip()
    ] == []


def test_macros_are_described_with_the_arguments_they_take(manifest: Manifest) -> None:
    differing = {}
    for macro in macros(manifest):
        taken = SIGNATURE.search(macro.macro_sql).group(1)
        names = [part.split("=")[0].strip() for part in taken.split(",") if part.strip()]
        described = [argument.name for argument in macro.arguments]
        if names != described:
            differing[macro.name] = (names, described)
        assert [a.name for a in macro.arguments if not a.description.strip()] == [], macro.name
    assert differing == {}


def test_public_models_promise_their_columns(manifest: Manifest) -> None:
    public = [model for model in models(manifest) if is_public(model)]
    assert {m.name for m in models(manifest) if m.access == "public"} == {m.name for m in public}
    assert [m.name for m in public if not m.contract.enforced or not m.group] == []
    assert [name for name, column in columns(public) if not column.data_type] == []


def test_features_have_the_text_of_their_contract(manifest: Manifest) -> None:
    with (PROJECT_ROOT / "seeds" / "feature_contract.csv").open(encoding="utf-8") as file:
        contract = {row["feature"]: row["description"] for row in csv.DictReader(file)}
    store = next(model for model in models(manifest) if model.name == "ml_feature_store")
    described = {name: column.description for name, column in store.columns.items()}
    assert {name: described.get(name) for name in contract} == contract


def test_seeds_are_described_column_by_column(manifest: Manifest) -> None:
    headers = {}
    for seed in seeds(manifest):
        with (PROJECT_ROOT / seed.original_file_path).open(encoding="utf-8") as file:
            headers[seed.name] = next(csv.reader(file))
    assert {seed.name: list(seed.columns) for seed in seeds(manifest)} == headers


def test_no_text_is_kept_that_nothing_uses(manifest: Manifest) -> None:
    kept = {
        doc.unique_id
        for doc in manifest.docs.values()
        if doc.package_name == PACKAGE and doc.name != "__overview__"
    }
    used = {text for _, column in columns(tables(manifest)) for text in column.doc_blocks}
    assert kept - used == set()
