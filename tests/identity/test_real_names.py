"""Every name and event of the real feeds is the one it means, or stands among the unresolved."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hard_names import HARD_NAMES
from worlds import world

from flows.dbt_runner import DbtRunner
from loaders import archive

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

SPRING_PROPS = "props/odds_api_player_props_2024_03_05.parquet"
EVENTS = "reference/odds_event_to_nba_game.parquet"
NEEDED = ["schedule", "player_box", "player_props", "game_lines", "line_movements", "injuries"]
MODELS = (
    "+unresolved_players",
    "+unresolved_events",
    "+int_line_movements__games",
    "+int_prop_quotes__paired",
)
# whom the event's two sides and the name itself leave open
OPEN_NAMES = {
    ("C. Martin", "ambiguous", 2),
    ("J. Green", "ambiguous", 8),
    ("T. Young", "ambiguous", 2),
}
# Eastern date of the event, home and away, date of the game it was put off to
POSTPONED = {
    (date(2023, 2, 1), "Detroit Pistons", "Washington Wizards", date(2023, 3, 7)),
    (date(2024, 1, 17), "Utah Jazz", "Golden State Warriors", date(2024, 2, 12)),
    (date(2025, 1, 11), "Atlanta Hawks", "Houston Rockets", date(2025, 1, 28)),
}


def prepare(connection: duckdb.DuckDBPyConnection, real_data: Path) -> None:
    """Make `quoted` (every event and name), `spring` (those of one file) and `nba_ids`."""
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(
        f"""create temp table quoted as
        select
            prices.*,
            truth.game_id as true_game_id,
            games.game_id,
            coalesce(names.player_id, event_names.player_id) as player_id
        from (
            select event_id, player_name, count(*) as quotes
            from raw_archive.player_props group by all
        ) as prices
        left join '{real_data}/{EVENTS}' as truth using (event_id)
        left join intermediate.int_odds_events__games as games using (event_id)
        left join intermediate.int_prop_names__resolved as names using (player_name)
        left join intermediate.int_prop_event_names__resolved as event_names
            using (event_id, player_name)"""
    )
    connection.execute(
        f"""create temp table spring as
        select quoted.* replace (file.quotes as quotes)
        from (select event_id, player_name, count(*) as quotes
              from '{real_data}/{SPRING_PROPS}' group by all) as file
        left join quoted using (event_id, player_name)"""
    )
    connection.execute(
        """create temp table nba_ids as
        select player_id, source_player_id::bigint as nba_id
        from intermediate.int_players__crosswalk where source = 'nba'"""
    )


@pytest.fixture(scope="module")
def ask(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[tuple]]:
    """Queries on three real seasons with all their prices."""
    settings = world(tmp_path_factory.mktemp("names"))
    archive.load(
        settings,
        path=real_data,
        start=date(2022, 10, 1),
        end=date(2025, 6, 30),
        clock=lambda: datetime.now(UTC),
        resources=NEEDED,
    )
    speaking_from = {"as_of": "2025-07-01T00:00:00+00:00", "gate_severity": "warn"}
    runner = DbtRunner(settings)
    runner.build(select="resource_type:seed", vars=speaking_from)
    # run, not build: a test that looks at `players` from another layer has nothing to look at
    done = runner._invoke(["run", "--select", *MODELS, "--vars", json.dumps(speaking_from)])
    assert done.success, done.exception
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        prepare(connection, real_data)

        def query(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql.replace("@", f"{real_data}/")).fetchall()

        yield query


def test_every_name_of_the_spring_is_a_player_of_its_game(ask) -> None:
    assert ask(
        "select count(distinct player_name), count(distinct player_name) filter"
        " (player_id is not null), count(*) - count(player_id) from spring"
    ) == [(354, 354, 0)]
    # the box score of that very game, which knows nothing of our names
    listed = """
        select sum(quotes) filter (box.player_id is null) / sum(quotes), count(*) filter (
            box.player_id is null and not exists (
                select 1 from '@seasons/player_box.parquet' as seen
                inner join '@seasons/schedule.parquet' as games
                    on games.game_id = spring.true_game_id
                where seen.player_id = nba_ids.nba_id and seen.season = games.season
                    and seen.team_id in (games.home_team_id, games.away_team_id)
            )
        )
        from spring
        left join nba_ids using (player_id)
        left join '@seasons/player_box.parquet' as box
            on box.game_id = spring.true_game_id and box.player_id = nba_ids.nba_id"""
    [(absent, of_neither_side)] = ask(listed)
    assert 0.017 < absent < 0.019
    assert of_neither_side == 0


def test_no_name_of_any_file_is_given_to_a_player_of_neither_side(ask) -> None:
    wrong = """
        select distinct quoted.player_name, quoted.event_id
        from quoted
        inner join nba_ids using (player_id)
        inner join '@seasons/schedule.parquet' as games on games.game_id = quoted.true_game_id
        where not exists (
            select 1 from '@seasons/player_box.parquet' as seen
            where seen.player_id = nba_ids.nba_id and seen.season = games.season
                and seen.team_id in (games.home_team_id, games.away_team_id)
        )"""
    assert ask(wrong) == []


def test_hard_names_are_right_to_the_last(ask) -> None:
    assert len(HARD_NAMES) >= 60
    found = {
        tuple(row)
        for row in ask(
            """select quoted.player_name, games.game_date::varchar,
                games.home_abbr || ' ' || games.away_abbr, nba_ids.nba_id
            from quoted
            left join nba_ids using (player_id)
            inner join '@seasons/schedule.parquet' as games
                on games.game_id = quoted.true_game_id"""
        )
    }
    assert [name for name in HARD_NAMES if name not in found] == []
    asked = {name[:3] for name in HARD_NAMES}
    assert {name for name in found if name[:3] in asked} == set(HARD_NAMES)


def test_what_stays_open_is_listed_with_its_reason(ask) -> None:
    listed = ask(
        "select player_name, status, rows_unresolved, reason, suggested_name"
        " from audit.unresolved_players"
    )
    assert {row[:3] for row in listed} == OPEN_NAMES
    assert all(reason and suggestion for *_, reason, suggestion in listed)
    open_rows = "select sum(quotes) from quoted where player_id is null"
    assert ask(open_rows) == [(sum(rows for *_, rows in OPEN_NAMES),)]


def test_every_event_is_its_game_and_the_postponed_say_so(ask) -> None:
    assert ask(
        "select count(distinct event_id), count(distinct event_id) filter (game_id is not null)"
        " from spring"
    ) == [(378, 378)]
    mapped = """
        select count(*), count(ids.source_game_id), count(*) filter (
            ids.source_game_id is distinct from truth.game_id and ids.source_game_id is not null
        )
        from (
            select event_id from raw_archive.player_props
            union select event_id from raw_archive.game_lines
        ) as events
        left join '@reference/odds_event_to_nba_game.parquet' as truth using (event_id)
        left join intermediate.int_odds_events__games as found using (event_id)
        left join intermediate.int_games__crosswalk as ids
            on found.game_id = ids.game_id and ids.source = 'nba'"""
    assert ask(mapped) == [(3371, 3368, 0)]
    unresolved = "select reason, event_date, home_team_name, away_team_name, suggested_game_date"
    rows = ask(f"{unresolved} from audit.unresolved_events")
    assert {row[0] for row in rows} == {"postponed"}
    assert {row[1:] for row in rows} == POSTPONED
    games = "select game_id from intermediate.int_odds_events__games group by all"
    assert len(ask(f"{games} having count(*) = 2")) == 34


def test_line_movements_are_joined_counted_and_kept_out_of_features(ask) -> None:
    assert ask(
        "select count(distinct m.player_name), count(distinct m.player_name) filter"
        " (n.player_id is not null) from raw_archive.line_movements as m"
        " left join intermediate.int_prop_names__resolved as n using (player_name)"
    ) == [(361, 361)]
    counted = ask(
        "select resolution, sum(prices)::int, sum(prices - lines)::int"
        " from intermediate.int_line_movements__games group by all"
    )
    prices = {resolution: rows for resolution, rows, _ in counted}
    assert prices == {
        "before tip-off": 1_098_866,
        "in play": 87_886,
        "no game": 3_637,
        "no opponent": 24_996,
    }
    with_opponent = sum(prices.values()) - prices["no opponent"]
    assert with_opponent == 1_190_389
    assert 1 - prices["no game"] / with_opponent > 0.995
    assert sum(lineless for *_, lineless in counted) == 82_183
    # the box score of the game says whether he was there: the same games, told by other rows
    elsewhere = """
        select count(*)
        from intermediate.int_line_movements__games as lines
        inner join nba_ids using (player_id)
        inner join marts.games as games using (game_id)
        inner join '@seasons/player_box.parquet' as box
            on box.player_id = nba_ids.nba_id and box.game_date = games.game_date
        inner join intermediate.int_games__crosswalk as ids
            on ids.source = 'nba' and ids.source_game_id = box.game_id
        where ids.game_id <> lines.game_id"""
    assert ask(elsewhere) == [(0,)]
    # a quote of a feature has an event, which these have not
    quotes = "select count(*) from intermediate.int_prop_quotes__paired where event_id is null"
    assert ask(quotes) == [(0,)]
