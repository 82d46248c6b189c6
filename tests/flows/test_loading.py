"""Whom a run asks for what, and what it does where one fails; the loaders are replaced."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flows import breaker, loading
from loaders.errors import (
    AccessDenied,
    BadArgument,
    ContractError,
    MissingKey,
    QuotaExhausted,
    SourceResting,
    TransientError,
)
from loaders.settings import PROJECT_ROOT, Settings

DAY = date(2026, 1, 15)
NOW = datetime(2026, 1, 15, 11, tzinfo=UTC)
DOWN = TransientError("balldontlie is down")


class Sources:
    """What was asked of whom; a source in `failures` raises instead of answering."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[str, ...]] = {}
        self.failures: dict[str, Exception] = {}

    def load(self, source: ModuleType, *_: Any, resources: Any = (), **__: Any) -> list[str]:
        name = source.SOURCE
        self.asked[name] = tuple(resources)
        if name in self.failures:
            raise self.failures[name]
        return [name]


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> Sources:
    found = Sources()
    monkeypatch.setattr(breaker, "load", found.load)
    return found


def settings_of(tmp_path: Path, *names: str) -> Settings:
    return Settings(home=tmp_path, sources=names, balldontlie_api_key="b", odds_api_key="o")


def daily(settings: Settings, **how: Any) -> list[Any]:
    return loading.load_sources(settings, game_date=DAY, clock=lambda: NOW, **how)


def test_the_default_asks_balldontlie_and_the_odds_api(tmp_path: Path, sources: Sources) -> None:
    settings = Settings(home=tmp_path)
    assert settings.sources == ("balldontlie", "odds_api")
    assert daily(settings) == ["balldontlie", "odds_api"]
    wanted = ("teams", "games", "player_stats", "active_players", "player_injuries")
    assert sources.asked["balldontlie"] == wanted


def test_who_stands_behind_is_asked_for_what_nobody_before_has_told(
    tmp_path: Path, sources: Sources
) -> None:
    daily(settings_of(tmp_path, "balldontlie", "nba_com", "espn"))
    assert sources.asked["nba_com"] == ("shots",)
    assert set(sources.asked) == {"balldontlie", "nba_com"}


@pytest.mark.parametrize(
    "error",
    [DOWN, ContractError("no list"), SourceResting("rests"), AccessDenied("401"), QuotaExhausted()],
)
def test_the_next_one_stands_in_for_one_that_fails(
    tmp_path: Path, sources: Sources, error: Exception
) -> None:
    sources.failures = {"balldontlie": error}
    assert daily(settings_of(tmp_path, "balldontlie", "espn")) == ["espn"]
    assert sources.asked["espn"] == ("scoreboard", "box_scores", "injuries")


def test_without_a_stand_in_the_first_failure_ends_the_run(
    tmp_path: Path, sources: Sources
) -> None:
    sources.failures = {"balldontlie": DOWN, "espn": ContractError("no list")}
    for names in (("balldontlie", "odds_api"), ("balldontlie", "espn")):
        with pytest.raises(TransientError, match="balldontlie is down"):
            daily(settings_of(tmp_path, *names))


def test_a_busy_warehouse_or_a_missing_key_is_nobody_elses_to_mend(
    tmp_path: Path, sources: Sources
) -> None:
    sources.failures = {"balldontlie": MissingKey("no key")}
    with pytest.raises(MissingKey):
        daily(settings_of(tmp_path, "balldontlie", "espn"))
    assert "espn" not in sources.asked


def test_a_run_goes_on_without_prices_and_without_injuries(
    tmp_path: Path, sources: Sources
) -> None:
    sources.failures = {"odds_api": QuotaExhausted("no credits")}
    settings = settings_of(tmp_path, "balldontlie", "odds_api")
    assert daily(settings) == ["balldontlie"]
    sources.failures["balldontlie"] = DOWN
    news = {"game_date": DAY, "clock": lambda: NOW}
    assert loading.load_news(settings, **news) == []
    with pytest.raises(TransientError):
        loading.load_injuries(settings, **news)


def test_prices_are_not_asked_for_where_they_are_switched_off(
    tmp_path: Path, sources: Sources
) -> None:
    daily(settings_of(tmp_path, "espn"))
    assert set(sources.asked) == {"espn"}


def test_who_tells_no_games_is_refused_with_a_remedy(tmp_path: Path, sources: Sources) -> None:
    named = r"\(odds_api\) tells schedule or box_scores: add balldontlie or nba_com or espn$"
    with pytest.raises(BadArgument, match=named):
        daily(settings_of(tmp_path, "odds_api"))
    assert not sources.asked


def test_the_free_tier_has_games_and_the_next_source_the_rest(
    tmp_path: Path, sources: Sources
) -> None:
    daily(settings_of(tmp_path, "balldontlie"), free_tier=True)
    assert sources.asked["balldontlie"] == ("teams", "games")
    daily(settings_of(tmp_path, "balldontlie", "espn"), free_tier=True)
    assert sources.asked["espn"] == ("box_scores", "injuries")


def test_only_sources_that_are_asked_need_a_key(tmp_path: Path) -> None:
    keyless = Settings(
        home=tmp_path, sources=("espn",), balldontlie_api_key=None, odds_api_key=None
    )
    loading.require_keys(keyless)
    with pytest.raises(MissingKey, match=r"^BALLDONTLIE_API_KEY and ODDS_API_KEY not set"):
        loading.require_keys(keyless.model_copy(update={"sources": ("balldontlie", "odds_api")}))


def test_the_setting_is_a_list_of_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NBA_PROPS_SOURCES", "espn, balldontlie")
    assert Settings(home=tmp_path).sources == ("espn", "balldontlie")
    monkeypatch.setenv("NBA_PROPS_SOURCES", " ")
    assert Settings(home=tmp_path).sources == ("balldontlie", "odds_api")
    monkeypatch.setenv("NBA_PROPS_SOURCES", "yahoo")
    with pytest.raises(ValueError, match="sources"):
        Settings(home=tmp_path)


def test_readiness_counts_the_resources_that_are_loaded() -> None:
    with (PROJECT_ROOT / "seeds" / "source_stand_ins.csv").open(encoding="utf-8") as file:
        seed = {(row["source"], row["need"]): row["resource"] for row in csv.DictReader(file)}
    loaded = {
        (source, need): resources[0]
        for source, offered in loading.RESOURCES.items()
        for need, resources in offered.items()
        if source != loading.BALLDONTLIE
    }
    assert seed == loaded
