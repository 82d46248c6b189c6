from __future__ import annotations

import pytest
from partition_filters import unrestricted_reads

REQUIRED = {"marts.large": "game_date"}
TABLE = "`p`.`marts`.`large`"


@pytest.mark.parametrize(
    "sql",
    [
        f"select * from {TABLE}",
        f"select * from {TABLE} where player_id = 'a'",
        f"select * from {TABLE} where game_date in (select game_date from `p`.`marts`.`games`)",
        f"select * from {TABLE} where game_date >= loaded_on",
        f"select * from {TABLE} where game_date >= '2024-01-01' or player_id = 'a'",
        f"select * from {TABLE} where game_date is not null",
        f"with a as (select * from {TABLE}) select * from a where game_date = '2024-01-01'",
        f"select 1 from `p`.`marts`.`games` as g join {TABLE} as l on g.game_date = l.game_date"
        " where g.game_date = '2024-01-01'",
        f"delete from {TABLE} where player_id = 'a'",
        f"merge into {TABLE} as dest using `p`.`marts`.`tmp` as source"
        " on dest.player_id = source.player_id"
        " when not matched then insert (game_date) values (game_date)",
        f"merge into {TABLE} as dest using `p`.`marts`.`tmp` as source on false"
        " when not matched by source then delete",
        f"select (select count(*) from {TABLE}) as n",
    ],
)
def test_a_read_without_constant_dates_is_found(sql: str) -> None:
    assert unrestricted_reads(sql, REQUIRED) == ["marts.large"]


@pytest.mark.parametrize(
    "sql",
    [
        f"select * from {TABLE} where game_date >= cast('1946-11-01' as date)",
        f"select * from {TABLE} where (game_date is null or game_date >= date '1946-11-01')",
        f"select * from {TABLE} where player_id = 'a' and game_date in (date '2024-01-01')",
        f"select * from {TABLE}"
        " where game_date between date_sub(date '2024-01-05', interval 15 day)"
        " and date '2024-01-05'",
        f"select * from {TABLE} as l join `p`.`marts`.`games` as g on true"
        " where l.game_date = '2024-01-01'",
        f"delete from {TABLE} where game_date >= '1946-11-01' and game_date not in"
        " (select game_date from `p`.`marts`.`games`)",
        f"merge into {TABLE} as dest using (select * from `p`.`marts`.`tmp`) as source on false"
        " when not matched by source and date(dest.game_date) in unnest(dates) then delete"
        " when not matched then insert (game_date) values (game_date)",
        "select * from `p`.`marts`.`small`",
        f"create or replace table {TABLE} as (select 1 as x)",
    ],
)
def test_a_read_with_constant_dates_passes(sql: str) -> None:
    assert unrestricted_reads(sql, REQUIRED) == []
