"""All settings in one place: keys, places, rates, waits. Nothing else reads the environment."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
Target = Literal["duckdb", "sandbox", "bigquery"]


class Settings(BaseSettings):
    """Settings of one process: environment variables `NBA_PROPS_<NAME>`, plain names for the keys.

    Seconds, requests a minute and API credits are the units; `None` means not set.
    """

    model_config = SettingsConfigDict(
        env_prefix="NBA_PROPS_", frozen=True, extra="ignore", populate_by_name=True
    )

    home: Path = PROJECT_ROOT / ".nba_props"
    target: Target = "duckdb"
    test_data: Path = PROJECT_ROOT.parent / "shared" / "data"

    balldontlie_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("BALLDONTLIE_API_KEY", "balldontlie_api_key")
    )
    odds_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("ODDS_API_KEY", "odds_api_key")
    )

    balldontlie_url: str = "https://api.balldontlie.io"
    balldontlie_requests_per_minute: int = 5
    balldontlie_page_size: int = 100
    balldontlie_dates_per_request: int = 7

    odds_api_url: str = "https://api.the-odds-api.com"
    odds_api_requests_per_minute: int = 240
    odds_api_credit_floor: int = 20
    odds_api_regions: str = "us"
    odds_api_sport: str = "basketball_nba"
    odds_api_history_from: datetime = datetime(2023, 5, 3, 5, 30, tzinfo=UTC)
    markets: tuple[str, ...] = (
        "player_points",
        "player_rebounds",
        "player_assists",
        "player_threes",
    )

    time_zone: str = "America/New_York"

    http_timeout_seconds: float = 30
    http_max_attempts: int = 5
    http_backoff_seconds: float = 1
    http_max_wait_seconds: float = 60
    user_agent: str = "nba-props/0.1 (+dlt)"

    lock_wait_seconds: float = 60
    lock_poll_seconds: float = 0.5

    bigquery_project: str | None = None
    bigquery_location: str = "US"

    @field_validator("home", "test_data")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """Paths are absolute, so that no step depends on the folder it was started in."""
        return value.expanduser().resolve()

    @field_validator("balldontlie_api_key", "odds_api_key")
    @classmethod
    def _blank_key_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        """An empty variable is a key that is not set."""
        return value if value is not None and value.get_secret_value().strip() else None

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file that loads and builds write."""
        return self.home / ("sandbox.duckdb" if self.target == "sandbox" else "warehouse.duckdb")

    @property
    def published_path(self) -> Path:
        """The DuckDB file that people read."""
        return self.warehouse_path.with_name(f"{self.warehouse_path.stem}_published.duckdb")

    @property
    def dlt_dir(self) -> Path:
        """The dlt state of this target."""
        return self.home / "dlt" / self.target

    @property
    def models_dir(self) -> Path:
        """The trained models of this target."""
        return self.home / "models" / self.target

    @property
    def runs_dir(self) -> Path:
        """A folder a run, with its artifacts."""
        return self.home / "runs"

    @property
    def dbt_dir(self) -> Path:
        """The dbt target folder and its logs."""
        return self.home / "dbt"

    @property
    def prefect_dir(self) -> Path:
        """Prefect's own files."""
        return self.home / "prefect"

    def for_target(self, target: Target) -> Settings:
        """The same settings with another warehouse."""
        return self.model_copy(update={"target": target})


def get_settings() -> Settings:
    """Read the settings from the environment; nothing is cached."""
    return Settings()
