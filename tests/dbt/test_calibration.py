"""Weights of the systems over made-up days: a day has no say in itself; increments as at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from flows.steps import ensure_tables
from loaders.settings import PROJECT_ROOT, Settings

FIRST, DAYS = date(2026, 1, 1), 24
AS_OF = "2026-02-15T12:00:00+00:00"
CHAIN = (
    "int_forecasts__evidence int_forecast_days__inputs int_forecast_days__losses"
    " int_calibrations__fitted calibration_weights int_forecasts__calibrated"
    " player_prop_predictions"
)
# A row a player, game and system: `skill` decides the game, and one system knows more of it.
WORLD = """
create or replace temp table world as
select
    p, d, s,
    date '2026-01-01' + cast(d as integer) as game_date,
    hash(p, d, 'a') % 1000 / 1000.0 as skill,
    0.3 + 0.4 * (hash(p, d, 'b') % 1000 / 1000.0) as noise
from range(30) as players (p), range(24) as days (d), (values ('knows'), ('guesses')) as systems (s)
"""
FORECASTS = """
insert into intermediate.int_forecasts__measured by name
select
    s || '-' || p || '-' || d as forecast_id,
    'run ' || d as run_id, s as system, 'live' as run_mode, 'v' as model_version,
    'p' || p as player_id, 'g' || d as game_id, 'points' as market, 'LINE' as information_set,
    game_date, game_date + interval 22 hour as as_of,
    game_date + interval 22 hour as created_at, game_date + interval 24 hour as tipoff_at,
    game_date + interval 22 hour as loaded_at, 20.5 as line, 2 as books,
    10.0 as mean, 20.0 as variance, 100 as quality_score,
    110 as over_price_american, -105 as under_price_american,
    0.4 + 0.2 * skill as market_over_probability,
    case s when 'knows' then 0.1 + 0.8 * skill else noise end as probability_over,
    0.0 as probability_push,
    1 - case s when 'knows' then 0.1 + 0.8 * skill else noise end as probability_under
from world
where game_date between ? and ?
"""
RESULTS = """
insert into marts.player_game_summary by name
select distinct
    p || '-' || d as player_game_id, 'p' || p as player_id, 'g' || d as game_id, game_date,
    true as has_played, 100 as quality_score, game_date + interval 33 hour as loaded_at,
    case when hash(p, d, 'c') % 1000 / 1000.0 < skill then 25 else 15 end as pts
from world
where game_date between ? and ?
"""
GAMES = """
insert into marts.games by name
select distinct 'g' || d as game_id, game_date, true as is_final
from world
where game_date between ? and ?
"""
# Whatever happened, the contrary did; noticed by its load.
SCRAMBLE = """
update marts.player_game_summary
set pts = 40 - pts, loaded_at = loaded_at + interval 1 day
where game_date >= ?
"""
WEIGHTS = "select * from marts.calibration_weights order by calibration_id"
PREDICTIONS = "select * from marts.player_prop_predictions order by forecast_id"
PRICES = """
select forecast_id, game_date, probability_over, edge, stake_share
from marts.player_prop_predictions order by forecast_id
"""
LOSSES = "select * from intermediate.int_forecast_days__losses order by day_loss_id"


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


class Chain:
    """The models from forecasts and results to prices, in a warehouse of their own."""

    def __init__(self, home: Path, manifest: Any) -> None:
        self.settings = Settings(home=home)
        self.manifest = manifest

    def dbt(self, *command: str, select: str = CHAIN) -> None:
        """Invoke dbt, with windows short enough for a made-up month."""
        variables = f"{{as_of: '{AS_OF}', calibration_days: 10, calibration_min_results: 100}}"
        result = dbtRunner(manifest=self.manifest).invoke(
            [
                *("--log-level", "none", *command, "--select", *select.split()),
                *("--vars", variables, "--project-dir", str(PROJECT_ROOT)),
                *("--profiles-dir", str(PROJECT_ROOT)),
                *("--target-path", str(self.settings.dbt_dir / "target")),
                *("--log-path", str(self.settings.dbt_dir / "logs")),
            ]
        )
        assert result.success, [r.message for r in result.result or [] if r.message]

    def write(self, statement: str, *parameters: date) -> None:
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            connection.execute("set time zone 'UTC'")
            connection.execute(WORLD)
            connection.execute(statement, list(parameters))

    def rows(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            return connection.execute(query).fetchall()

    def forecast(self, start: int, end: int) -> None:
        """Forecasts of these days, and their games."""
        self.write(FORECASTS, day(start), day(end))
        self.write(GAMES, day(start), day(end))

    def play(self, start: int, end: int) -> None:
        self.write(RESULTS, day(start), day(end))


def parsed() -> Any:
    """The project, parsed once for all."""
    places = ("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT))
    result = dbtRunner().invoke(["--log-level", "none", "--no-write-json", "parse", *places])
    assert result.success, result.exception
    return result.result


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """A warehouse with every table that the chain reads, and no row."""
    home = tmp_path_factory.mktemp("empty")
    patch = pytest.MonkeyPatch()
    patch.setenv("NBA_PROPS_HOME", str(home))
    chain = Chain(home, parsed())
    ensure_tables(chain.settings)
    models = ["--resource-type", "seed", "--resource-type", "model"]
    chain.dbt("build", "--empty", *models, select="+player_prop_predictions")
    patch.undo()
    return chain


@pytest.fixture
def chain(empty: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Chain]:
    """Copies of the empty warehouse, by name; dbt looks at the one that was asked for last."""

    def made(name: str) -> Chain:
        shutil.copytree(empty.settings.home, tmp_path / name)
        monkeypatch.setenv("NBA_PROPS_HOME", str(tmp_path / name))
        return Chain(tmp_path / name, empty.manifest)

    return made


def test_days_one_by_one_make_the_same_prices_as_all_at_once(
    chain: Callable[[str], Chain],
) -> None:
    grown = chain("grown")
    grown.forecast(0, 9)
    grown.play(0, 8)
    grown.dbt("run")
    grown.forecast(10, 18)
    grown.dbt("run")
    grown.play(9, 17)
    grown.dbt("run")
    grown.forecast(19, DAYS - 1)
    grown.play(18, DAYS - 2)
    grown.write(SCRAMBLE, day(15))
    grown.dbt("run")

    at_once = chain("at_once")
    at_once.forecast(0, DAYS - 1)
    at_once.play(0, DAYS - 2)
    at_once.write(SCRAMBLE, day(15))
    at_once.dbt("run", "--full-refresh")

    weights = at_once.rows(WEIGHTS)
    assert {basis for (basis,) in at_once.rows(f"select distinct basis from ({WEIGHTS})")} == {
        "fitted",
        "prior",
    }
    assert grown.rows(WEIGHTS) == weights
    assert grown.rows(PREDICTIONS) == at_once.rows(PREDICTIONS)
    assert grown.rows(LOSSES) == at_once.rows(LOSSES)
    assert len(at_once.rows(PREDICTIONS)) == 30 * DAYS * 2


def test_a_day_and_what_follows_have_no_say_in_its_prices(
    chain: Callable[[str], Chain],
) -> None:
    cut = 16
    known = chain("known")
    known.forecast(0, DAYS - 1)
    known.play(0, DAYS - 1)
    known.dbt("run")
    until = f"select * from ({{}}) as t where {{}} <= date '{day(cut)}'"
    after = f"select * from ({{}}) as t where {{}} > date '{day(cut)}'"
    weights, prices = (WEIGHTS, "calibration_date"), (PRICES, "game_date")
    before = [known.rows(until.format(*what)) for what in (weights, prices)]
    later = [known.rows(after.format(*what)) for what in (weights, prices)]

    known.write(SCRAMBLE, day(cut))
    known.dbt("run")

    assert [known.rows(until.format(*what)) for what in (weights, prices)] == before
    changed = [known.rows(after.format(*what)) for what in (weights, prices)]
    assert all(one != other for one, other in zip(changed, later, strict=True))


def test_who_knows_more_than_the_books_weighs_more(chain: Callable[[str], Chain]) -> None:
    known = chain("known")
    known.forecast(0, DAYS - 1)
    known.play(0, DAYS - 1)
    known.dbt("run")
    last = f"""
        select system, weight from ({WEIGHTS}) as weights
        where calibration_date = date '{day(DAYS - 1)}' and basis = 'fitted'
    """
    weight = dict(known.rows(last))
    assert weight["knows"] > 0.5 > 0.2 > weight["guesses"]
