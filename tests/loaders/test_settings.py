from __future__ import annotations

from pathlib import Path

import pytest

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
    assert all(name == name.lower() for name in names)
