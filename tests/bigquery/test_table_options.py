"""What is made in a developer's dataset goes away by itself; test_wire sees what all share."""

from __future__ import annotations

from pathlib import Path

from emulator import Emulator
from here import settings_of
from wire import FIRST_EVENING, made_with, statements

from flows.dbt_runner import DbtRunner
from loaders.engines.bigquery_client import execute, make_dataset

HOURS = 24
LARGE, PARENT = "player_game_summary", "int_player_games__joined"
WORDS = (
    "partition by game_date",
    "cluster by player_id, team_id",
    "require_partition_filter=true",
    f"expiration_timestamp=timestamp_add(current_timestamp(), interval {HOURS} hour)",
)


def test_what_a_developer_makes_expires(bigquery: Emulator, tmp_path: Path) -> None:
    settings = settings_of(
        bigquery, tmp_path, bigquery_dataset="alice", bigquery_dev_table_hours=HOURS
    )
    dbt = DbtRunner(settings)
    models = {n.name: n for n in dbt.parse().nodes.values() if n.resource_type == "model"}
    # an empty parent, with the types of the child
    types = {name: column.data_type for name, column in models[LARGE].columns.items()}
    columns = ", ".join(f"{name} {types.get(name, 'int64')}" for name in models[PARENT].columns)
    make_dataset(settings, "alice_intermediate")
    execute(settings, f"create table alice_intermediate.{PARENT} ({columns})")

    as_of = f"{{as_of: '{FIRST_EVENING.isoformat()}'}}"
    assert dbt._invoke(["run", "--select", LARGE, "--vars", as_of]).success

    [made] = made_with(statements(bigquery, settings)).values()
    assert [word for word in WORDS if word not in made] == []
    assert {model.config.get("hours_to_expiration") for model in models.values()} == {HOURS}
