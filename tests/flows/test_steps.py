from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import yaml

from flows import modelling, steps
from flows.defaults import PUBLISHED_SYSTEM
from flows.errors import SlateIncomplete
from loaders.settings import FIRST_GAME_DATE, PROJECT_ROOT, Settings

DAY = date(2026, 1, 15)
FIRST = datetime(2026, 1, 16, 0, 0, tzinfo=UTC)
GAMES = """
create table marts.games as from (values
    ('g1', date '2026-01-15', timestamptz '2026-01-16 00:00:00+00'),
    ('g2', date '2026-01-15', timestamptz '2026-01-16 03:00:00+00'),
    ('g3', date '2026-01-16', timestamptz '2026-01-17 00:00:00+00')
) as games (game_id, game_date, tipoff_at)
"""
SLATE = """
create table marts.upcoming_slate as
select
    game_id || player_id || information_set as feature_row_id,
    game_id, game_date, player_id, information_set, skip_reason
from marts.games,
    (values ('p1', null), ('p2', null), ('p3', 'PLAYER_OUT')) as players (player_id, skip_reason),
    (values ('BASE'), ('TIP')) as sets (information_set)
where tipoff_at > timestamptz '{as_of}'
"""
CHANGES = """
create view marts.slate_changes as
select distinct player_id, game_id, 'h' || player_id as input_hash, player_id = 'p2' as is_changed
from marts.upcoming_slate
"""
MEANS = """
create view marts.baseline_means as
select feature_row_id, game_date, 1.5 as ewma_points, 2.5 as ewma_rebounds, 3.5 as ewma_assists,
    null::double as ewma_threes
from marts.upcoming_slate
"""
SYSTEMS = """
create table seeds.systems as
from (values ('ewma', 'sql'), ('catboost', 'catboost')) as systems (system, kind)
"""


@pytest.fixture
def slate(settings: Settings, warehouse: Callable) -> Callable[..., steps.Slate]:
    """The slate of a day, read at an instant."""
    warehouse("create schema marts", "create schema seeds", SYSTEMS, GAMES)

    def read(
        as_of: datetime, day: date = DAY, asked: str | None = None, **whom: Any
    ) -> steps.Slate:
        warehouse(
            "drop view if exists marts.slate_changes",
            "drop view if exists marts.baseline_means",
            "drop table if exists marts.upcoming_slate",
            SLATE.format(as_of=as_of),
            CHANGES,
            MEANS,
        )
        return steps.read_slate(settings, game_date=day, as_of=as_of, information_set=asked, **whom)

    return read


@pytest.mark.parametrize(
    ("minutes_before", "asked", "expected", "rows"),
    [(120, None, "BASE", 4), (45, None, "TIP", 4), (-60, None, "TIP", 2), (120, "tip", "TIP", 4)],
)
def test_the_slate_holds_the_games_to_come_in_the_set_of_the_hour(
    slate: Callable, minutes_before: int, asked: str | None, expected: str, rows: int
) -> None:
    found = slate(FIRST - timedelta(minutes=minutes_before), asked=asked)
    assert found.information_set == expected
    assert set(found.rows["information_set"].to_pylist()) == {expected}
    assert (found.rows.num_rows, found.games, found.first_tipoff) == (rows, 2, FIRST)
    assert set(found.rows["ewma_assists"].to_pylist()) == {3.5}
    assert found.reason is None


def test_of_the_slate_only_those_are_read_who_are_asked_for(slate: Callable) -> None:
    early = FIRST - timedelta(hours=2)
    assert set(slate(early).rows["player_id"].to_pylist()) == {"p1", "p2"}
    assert set(slate(early).rows["input_hash"].to_pylist()) == {"hp1", "hp2"}
    changed = slate(early, only_changed=True)
    assert set(changed.rows["player_id"].to_pylist()) == {"p2"}
    assert set(slate(early, players=["p1", "p3"]).rows["player_id"].to_pylist()) == {"p1"}
    nobody = slate(early, only_changed=True, players=["p1"])
    assert (nobody.rows.num_rows, nobody.known) == (0, 6)
    assert nobody.reason == steps.NOTHING_CHANGED


def test_a_day_without_games_and_a_day_that_is_over_say_so(slate: Callable) -> None:
    assert slate(FIRST, day=date(2026, 1, 20)).reason == "no games"
    assert slate(FIRST + timedelta(hours=4)).reason == "every game has begun"


def test_games_to_come_without_any_player_are_an_error(
    settings: Settings, slate: Callable, warehouse: Callable
) -> None:
    slate(FIRST - timedelta(hours=2))
    warehouse("delete from marts.upcoming_slate where information_set = 'BASE'")
    with pytest.raises(SlateIncomplete, match=r"2 games of 2026-01-15 are to come.*no BASE row"):
        steps.read_slate(
            settings, game_date=DAY, as_of=FIRST - timedelta(hours=2), information_set=None
        )


def test_a_model_reads_what_the_contract_marks_as_its_input(
    settings: Settings, warehouse: Callable
) -> None:
    warehouse(
        "create schema seeds",
        "create table seeds.feature_contract as"
        " from (values ('b', 'form', true), ('a', 'rest', true), ('c', 'market', false))"
        " as contract (feature, feature_group, is_model_input)",
    )
    assert modelling.read_features(settings) == ("a", "b")
    assert modelling.read_groups(settings) == {"a": "rest", "b": "form"}


def test_examples_are_those_known_strictly_before_the_instant(
    settings: Settings, warehouse: Callable
) -> None:
    given = ("result_known_at", "a", "information_set", "game_date")
    nothing = ", ".join(f"null as {c}" for c in modelling.example_columns(["a"]) if c not in given)
    means = ", ".join(f"10.0 * a as {c}" for c in modelling.system_columns(["ewma"], "x"))
    warehouse(
        "create schema marts",
        f"create table marts.ml_training_examples as select {nothing}, *,"
        " date '2026-01-15' as game_date"
        " from (values (1, 'TIP', timestamptz '2026-01-15 23:59:59+00'),"
        " (2, 'TIP', timestamptz '2026-01-16 00:00:00+00'),"
        " (3, 'BASE', timestamptz '2026-01-15 00:00:00+00')) as t (a, information_set,"
        " result_known_at)",
        "alter table marts.ml_training_examples add column feature_row_id bigint",
        "update marts.ml_training_examples set feature_row_id = a",
        "create table marts.baseline_means as select feature_row_id, game_date, "
        + means.replace("x.", "")
        + " from marts.ml_training_examples",
    )
    found = modelling.read_examples(settings, ["a"], ["ewma"], as_of=FIRST, information_set="TIP")
    assert found["a"].to_pylist() == [1]
    assert found["ewma_points"].to_pylist() == [10]


def test_every_date_begins_where_it_begins_in_the_models() -> None:
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())
    assert project["vars"]["first_game_date"] == FIRST_GAME_DATE.isoformat()


def test_the_published_system_is_the_one_that_the_models_show() -> None:
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())
    assert project["vars"]["published_system"] == PUBLISHED_SYSTEM
