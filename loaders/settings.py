"""All settings in one place: keys, places, rates, waits. Nothing else reads the environment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
Source = Literal["balldontlie", "espn", "nba_com", "odds_api"]
Target = Literal["duckdb", "sandbox", "bigquery"]
BigqueryMethod = Literal["oauth", "service-account", "oauth-secrets"]
SHARED_DATASET = "nba_props"
"""The dataset whose warehouse bears plain names; any other one's name stands before them."""
SANDBOX = "sandbox"
"""The target, and the dataset on BigQuery, that hold the simulated league."""
FIRST_GAME_DATE = date(1946, 11, 1)
"""The league's first game. A range of dates from here on means all of them, in words that let an
engine see how many partitions it has to read; dbt's variable first_game_date is the same date."""


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

    # what live runs ask, in this order: of each need the first that answers
    sources: Annotated[tuple[Source, ...], NoDecode] = ("balldontlie", "odds_api")

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

    # off until a person accepts its terms: loaders/nba_com/README.md
    nba_com_terms_accepted: bool = Field(
        False,
        validation_alias=AliasChoices("NBA_ACCEPT_NBACOM_TERMS", "nba_com_terms_accepted"),
    )
    nba_com_url: str = "https://cdn.nba.com"
    nba_com_requests_per_minute: int = 60
    nba_com_referer: str = "https://www.nba.com/"
    nba_com_user_agent: str = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36"
    )

    # off until a person accepts its terms: loaders/espn/README.md
    espn_terms_accepted: bool = Field(
        False, validation_alias=AliasChoices("NBA_ACCEPT_ESPN_TERMS", "espn_terms_accepted")
    )
    espn_url: str = "https://site.api.espn.com"
    espn_requests_per_minute: int = 60
    # other forms are refused; the address is that of whoever runs this
    espn_user_agent: str = Field(
        "nba-props/0.1 (+https://nba-props.example)",
        pattern=r"^[\w.-]+/[\w.]+ \(\+https://[^\s()]+\)$",
    )

    # a simulated league that is served already, with its clock; without it one is served for a run
    sandbox_url: str | None = None

    # where alarms go: a webhook that takes JSON, a saved notification block of Prefect, or both
    alert_webhook: SecretStr | None = None
    alert_block: str | None = None
    alert_timeout_seconds: float = 10

    time_zone: str = "America/New_York"

    http_timeout_seconds: float = 30
    http_max_attempts: int = 5
    http_backoff_seconds: float = 1
    http_max_wait_seconds: float = 60
    user_agent: str = "nba-props/0.1 (+dlt)"

    # retention, `nba-props prune`: nothing goes while these are not set
    keep_prices_days: int | None = Field(None, ge=1)
    keep_rejects_days: int | None = Field(None, ge=1)
    keep_audit_days: int | None = Field(None, ge=1)
    keep_backups_days: int | None = Field(None, ge=1)
    keep_published_sets: int | None = Field(None, ge=1)
    keep_snapshots_days: int | None = Field(None, ge=1)
    keep_evaluations: int | None = Field(None, ge=1)

    lock_wait_seconds: float = 60
    lock_poll_seconds: float = 0.5
    # how long a run waits for another one to end, or for a backfill to let it in
    writer_wait_seconds: float = 1800

    # dbt reads the same variables, with the same defaults: profiles.yml.example, dbt_project.yml
    bigquery_project: str | None = None
    bigquery_dataset: str = Field(SHARED_DATASET, pattern=r"^\w+$")
    bigquery_location: str = "US"
    bigquery_method: BigqueryMethod = "oauth"
    bigquery_keyfile: Path | None = None
    bigquery_token: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DBT_ENV_SECRET_NBA_PROPS_BIGQUERY_TOKEN", "bigquery_token"),
    )
    bigquery_api_endpoint: str | None = None
    bigquery_maximum_bytes_billed: int = 100_000_000_000
    bigquery_http_timeout_seconds: int = 30
    bigquery_job_timeout_seconds: int = 900
    bigquery_job_retries: int = 1
    bigquery_retry_deadline_seconds: int = 120
    bigquery_threads: int = 8
    bigquery_dev_table_hours: int = Field(168, gt=0)

    @field_validator("home", "test_data", "bigquery_keyfile")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        """Paths are absolute, so that no step depends on the folder it was started in."""
        return None if value is None else value.expanduser().resolve()

    @field_validator(
        "bigquery_keyfile",
        "bigquery_api_endpoint",
        "bigquery_project",
        "alert_block",
        "sandbox_url",
        mode="before",
    )
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        """An empty variable is a setting that is not set."""
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("sources", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Names with commas between them; an empty variable is the default."""
        if not isinstance(value, str):
            return value
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        return names or cls.model_fields["sources"].default

    @field_validator("nba_com_terms_accepted", "espn_terms_accepted", mode="before")
    @classmethod
    def _blank_is_no(cls, value: object) -> object:
        """An empty variable accepts nothing."""
        return False if isinstance(value, str) and not value.strip() else value

    @field_validator("balldontlie_api_key", "odds_api_key", "bigquery_token", "alert_webhook")
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
    def writer_path(self) -> Path:
        """The file that the one run which writes keeps open."""
        return self.warehouse_path.with_name(f"{self.warehouse_path.stem}_writer.duckdb")

    @property
    def world(self) -> str:
        """Names the warehouse in the names of folders: no two warehouses share one."""
        of_bigquery = f"bigquery/{self.bigquery_project}/{self.bigquery_dataset}"
        return {"bigquery": of_bigquery}.get(self.target, self.target)

    @property
    def bigquery_prefix(self) -> str:
        """What stands before the name of every dataset of a developer's own warehouse."""
        return "" if self.bigquery_dataset == SHARED_DATASET else f"{self.bigquery_dataset}_"

    @property
    def dlt_dir(self) -> Path:
        """The dlt state of this warehouse."""
        return self.home / "dlt" / self.world

    @property
    def models_dir(self) -> Path:
        """The trained models of this warehouse."""
        return self.home / "models" / self.world

    @property
    def runs_dir(self) -> Path:
        """A folder a run, with its artifacts."""
        return self.home / "runs"

    @property
    def audit_dir(self) -> Path:
        """What runs of this warehouse have still to enter into its audit, a folder a run."""
        return self.home / "audit" / self.world

    @property
    def dbt_dir(self) -> Path:
        """The dbt target folder and its logs."""
        return self.home / "dbt"

    @property
    def backups_dir(self) -> Path:
        """The backups of this warehouse, a folder each."""
        return self.home / "backups" / self.world

    @property
    def publish_dir(self) -> Path:
        """The files of this warehouse that other programs read."""
        return self.home / "publish" / self.world

    @property
    def snapshots_dir(self) -> Path:
        """The tables of each publication, a folder each."""
        return self.publish_dir / "snapshots"

    @property
    def docs_page(self) -> Path:
        """The docs of every model and column; one page for all warehouses of the home."""
        return self.home / "docs" / "index.html"

    @property
    def report_dir(self) -> Path:
        """The pages of the report."""
        return self.home / "report" / self.world

    @property
    def prefect_dir(self) -> Path:
        """Prefect's own files."""
        return self.home / "prefect"

    @property
    def alarms_dir(self) -> Path:
        """A file an alarm that was sent and does not stand in the warehouse yet."""
        return self.home / "alarms" / self.world

    def scrubbed(self, text: str) -> str:
        """The text without any key of the settings."""
        keys = (
            self.balldontlie_api_key,
            self.odds_api_key,
            self.bigquery_token,
            self.alert_webhook,
        )
        for key in keys:
            if key is not None:
                text = text.replace(key.get_secret_value(), "***")
        return text

    def for_target(self, target: Target) -> Self:
        """The same settings with another warehouse."""
        return self.model_copy(update={"target": target})


def get_settings() -> Settings:
    """Read the settings from the environment; nothing is cached."""
    return Settings()
