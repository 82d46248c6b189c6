from __future__ import annotations

import re
from pathlib import Path

import pytest

from loaders.engines import engine
from loaders.raw import RAW_TABLES
from loaders.settings import PROJECT_ROOT, Settings, get_settings


def test_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NBA_PROPS_HOME", str(tmp_path))
    monkeypatch.setenv("NBA_PROPS_MARKETS", '["player_points"]')
    monkeypatch.setenv("ODDS_API_KEY", "k1")
    monkeypatch.setenv("BALLDONTLIE_API_KEY", "  ")
    settings = get_settings()
    assert settings.home == tmp_path
    assert settings.markets == ("player_points",)
    assert settings.odds_api_key.get_secret_value() == "k1"
    assert settings.balldontlie_api_key is None
    assert "k1" not in repr(settings)


@pytest.mark.parametrize(
    ("said", "accepted"), [(None, False), ("", False), ("0", False), ("1", True), ("true", True)]
)
def test_terms_are_accepted_by_hand_only(
    monkeypatch: pytest.MonkeyPatch, said: str | None, accepted: bool
) -> None:
    monkeypatch.delenv("NBA_ACCEPT_NBACOM_TERMS", raising=False)
    if said is not None:
        monkeypatch.setenv("NBA_ACCEPT_NBACOM_TERMS", said)
    assert get_settings().nba_com_terms_accepted is accepted


def test_home_is_in_the_project_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBA_PROPS_HOME", raising=False)
    assert get_settings().home == PROJECT_ROOT / ".nba_props"


def test_targets_never_share_a_file(tmp_path: Path) -> None:
    real = Settings(home=tmp_path)
    sandbox = real.for_target("sandbox")
    assert real.warehouse_path == tmp_path / "warehouse.duckdb"
    assert real.published_path == tmp_path / "warehouse_published.duckdb"
    assert sandbox.warehouse_path == tmp_path / "sandbox.duckdb"
    assert sandbox.published_path == tmp_path / "sandbox_published.duckdb"
    assert sandbox.dlt_dir != real.dlt_dir


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings(home=tmp_path).home = tmp_path / "other"


@pytest.mark.parametrize(
    "table", [pytest.param(t, id=f"{s}.{t.name}") for s, ts in RAW_TABLES.items() for t in ts]
)
def test_declarations_are_complete(table) -> None:
    names = [c.name for c in table.columns]
    assert len(names) == len(set(names))
    assert table.description.endswith(".")
    assert all(c.description.endswith(".") for c in table.all_columns())
    assert set(table.key) <= set(names)
    assert set(table.hashes) <= set(names)
    assert set(table.cluster) <= set(names)
    dates = [c.name for c in table.columns if c.data_type == "date" and c.required]
    assert not table.partition or table.partition in dates
    assert all(name == name.lower() for name in names)


PROFILE = re.compile(r"env_var\('(?P<name>\w*NBA_PROPS_BIGQUERY_\w+)', '(?P<default>[^']*)'\)")


def test_dbt_reads_the_bigquery_settings_by_the_same_names_and_defaults(tmp_path: Path) -> None:
    files = ("profiles.yml.example", "dbt_project.yml")
    text = "".join((PROJECT_ROOT / name).read_text() for name in files)
    in_dbt = {found["name"]: found["default"] for found in PROFILE.finditer(text)}
    bare = Settings(home=tmp_path, target="bigquery", bigquery_project="p")
    ours = engine(bare).dbt_environment()
    assert in_dbt.keys() == ours.keys()
    assert {**in_dbt, "NBA_PROPS_BIGQUERY_PROJECT": "p"} == ours
    every = {name for name in Settings.model_fields if name.startswith("bigquery_")}
    assert {name.partition("NBA_PROPS_")[2].lower() for name in ours} == every


def test_dbt_is_told_what_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "NBA_PROPS_BIGQUERY_PROJECT": "project-000",
        "NBA_PROPS_BIGQUERY_DATASET": "alice",
        "NBA_PROPS_BIGQUERY_METHOD": "service-account",
        "NBA_PROPS_BIGQUERY_KEYFILE": str(tmp_path / "key.json"),
        "NBA_PROPS_BIGQUERY_THREADS": "3",
        "DBT_ENV_SECRET_NBA_PROPS_BIGQUERY_TOKEN": "a-token",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = get_settings().for_target("bigquery")
    assert "a-token" not in repr(settings)
    assert settings.scrubbed("it is a-token.") == "it is ***."
    told = engine(settings).dbt_environment()
    assert {name: told[name] for name in given} == given
    assert engine(settings).dataset("marts") == "alice_marts"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METHOD", "password"),
        ("DATASET", "my-data"),
        ("HTTP_TIMEOUT_SECONDS", "soon"),
        ("DEV_TABLE_HOURS", "0"),
    ],
)
def test_a_bigquery_setting_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NBA_PROPS_BIGQUERY_{name}", value)
    with pytest.raises(ValueError, match=name.lower()):
        get_settings()


def test_warehouses_of_bigquery_share_no_folder(tmp_path: Path) -> None:
    one = Settings(home=tmp_path, target="bigquery", bigquery_project="project-000")
    others = [
        one.model_copy(update={"bigquery_dataset": "alice"}),
        one.model_copy(update={"bigquery_project": "project-001"}),
        one.for_target("duckdb"),
    ]
    folders = {settings.dlt_dir for settings in (one, *others)}
    assert len(folders) == 4
    assert all(folder.is_relative_to(tmp_path) for folder in folders)
    assert len({settings.models_dir for settings in (one, *others)}) == 4
