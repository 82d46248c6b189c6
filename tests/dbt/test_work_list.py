"""The work list trusts what is stored only while every table that is made from it is there."""

from __future__ import annotations

import duckdb

from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

WORK_LIST = "model.nba_props.int_games__to_build"
COMPILE = ["compile", "--select", "int_games__to_build"]
AS_OF = ["--vars", "{as_of: '2026-01-15T22:00:00+00:00'}"]


def test_a_table_that_is_gone_is_made_of_every_date(settings: Settings) -> None:
    dbt = DbtRunner(settings)
    manifest = dbt.parse()
    made = [
        manifest.nodes[name]
        for name in below(manifest.child_map, WORK_LIST)
        if name in manifest.nodes and manifest.nodes[name].config.materialized == "incremental"
    ]
    # the macro knows them by their folders
    folders = {node.fqn[-2] for node in made if node.name != "feature_builds"}
    assert folders == {"lines", "context", "features", "baselines", "drift"}
    settings.home.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        for node in made:
            connection.execute(f"create schema if not exists {node.schema}")
            connection.execute(f"create table {node.schema}.{node.alias} (game_date date)")
    assert trusts(dbt)

    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("drop table marts.upcoming_team_game_context")
    assert not trusts(dbt)


def trusts(dbt: DbtRunner) -> bool:
    """Whether the work list looks at what is stored."""
    invoked = dbt._invoke([*COMPILE, *AS_OF])
    assert invoked.success, invoked.exception
    compiled = {one.node.name: one.node.compiled_code for one in invoked.result.results}
    return '"feature_builds"' in compiled["int_games__to_build"]


def below(children: dict[str, list[str]], name: str) -> set[str]:
    """Everything that depends on the node, however far down."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        new = set(children.get(ahead.pop(), [])) - found
        found |= new
        ahead += new
    return found
