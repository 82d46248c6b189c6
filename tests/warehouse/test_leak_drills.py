"""Five leaks as others have had them, put into a copy of the project: time travel sees each.

Each changes what one feature is made of. The features of an evening are built from all that is
stored and from what was known before it; what differs between the two has seen the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from invented_league import CUT, DAY, fill
from worlds import STAMPS, build, copy_world, forget_from, project_copy, raw_copy, world

from loaders.settings import Settings

STORE = "models/marts/features/ml_feature_store.sql"


@dataclass(frozen=True)
class Leak:
    """A feature that knows what it must not.

    Args:
        feature: column of the feature store.
        made_of: SQL that takes its place.
        known: relation, under the name `leak_<feature>`, that the features are joined with.
        on: how they are joined.
    """

    feature: str
    made_of: str
    known: str
    on: str


LEAKS = {
    "the last five games with the game itself": Leak(
        "points_avg_last_5",
        "{leak}.pts_5 / {leak}.games_5",
        "{{{{ ref('int_player_form__windows') }}}}",
        "players.player_id = {leak}.player_id and players.game_id = {leak}.game_id",
    ),
    "the average of the whole season": Leak(
        "points_avg_season",
        "{leak}.pts",
        "(select player_id, season, avg(pts) as pts from {{{{ ref('player_game_summary') }}}}"
        " group by player_id, season)",
        "players.player_id = {leak}.player_id and players.season = {leak}.season",
    ),
    "the minutes of the game itself": Leak(
        "minutes_avg_season",
        "{leak}.seconds_played / 60",
        "{{{{ ref('player_game_summary') }}}}",
        "players.player_id = {leak}.player_id and players.game_id = {leak}.game_id",
    ),
    "the line of after tip-off": Leak(
        "points_line",
        "{leak}.line",
        "(select player_id, game_id, max_by(line, known_at) as line"
        " from {{{{ ref('int_prop_quotes__paired') }}}} group by player_id, game_id)",
        "players.player_id = {leak}.player_id and players.game_id = {leak}.game_id",
    ),
    "the opponent's rating over the whole season": Leak(
        "opponent_defensive_rating",
        "{leak}.pts",
        "(select team_id, season, avg(pts) as pts from {{{{ ref('player_game_summary') }}}}"
        " group by team_id, season)",
        "players.team_id = {leak}.team_id and players.season = {leak}.season",
    ),
}


def leaking(folder: Path) -> Path:
    """A copy of the project with all five leaks, each in a feature of its own, and no gate."""
    joins, columns = "", ""
    for leak in LEAKS.values():
        name = f"leak_{leak.feature}"
        joins += f"    left join {leak.known} as {name}\n        on {leak.on}\n".format(leak=name)
        columns += f", coalesce({leak.made_of}, f.{leak.feature})".format(leak=name)
        columns += f" as {leak.feature}"
    names = ", ".join(leak.feature for leak in LEAKS.values())
    text = "select * from final\n"
    wrapped = (
        f"select f.* exclude ({names}){columns}\nfrom final as f\n"
        "inner join players on f.feature_row_id = players.player_question_id\n" + joins
    )
    return project_copy(folder, STORE, text, wrapped, gates=False)


def differing(one: Settings, other: Settings) -> dict[str, int]:
    """By column of the day's features, in how many rows the two worlds differ; rows under ''."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one.warehouse_path}' as one (read_only)")
        connection.execute(f"attach '{other.warehouse_path}' as other (read_only)")
        names = [
            name
            for (name,) in connection.execute(
                "select column_name from duckdb_columns() where database_name = 'one'"
                " and schema_name = 'marts' and table_name = 'ml_feature_store'"
            ).fetchall()
            if name not in STAMPS
        ]
        counts = ", ".join(f"countif(a.{name} is distinct from b.{name})" for name in names)
        found = connection.execute(
            f"select count(*), {counts} from one.marts.ml_feature_store as a"
            " full join other.marts.ml_feature_store as b using (feature_row_id)"
            f" where coalesce(a.game_date, b.game_date) = date '{DAY}'"
        ).fetchone()
    return dict(zip(["", *names], found, strict=True))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What differs on the day between the world that knows what came and the one that does not."""
    folder = tmp_path_factory.mktemp("drills")
    project = leaking(folder / "project")
    raw = world(folder / "raw")
    fill(raw)
    knowing, ignorant = copy_world(raw, folder / "knowing"), raw_copy(raw, folder / "ignorant")
    forgotten = forget_from(ignorant, CUT)
    assert forgotten["player_box"] > 0
    assert forgotten["player_props"] > 0
    for settings in (knowing, ignorant):
        build(settings, CUT, slate_date=DAY, project_dir=project)
    return differing(knowing, ignorant)


@pytest.mark.parametrize("leak", LEAKS)
def test_time_travel_sees_the_leak(seen: dict[str, int], leak: str) -> None:
    assert seen[""] == 60
    assert seen[LEAKS[leak].feature] > 50


def test_time_travel_sees_nothing_else(seen: dict[str, int]) -> None:
    leaks = {leak.feature for leak in LEAKS.values()}
    differ = {name for name, rows in seen.items() if name and rows}
    assert differ - leaks == set()
