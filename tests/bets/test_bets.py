"""The user's own bets through the command: entered once, refused with a remedy, shown as graded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows import cli
from flows.publish import publish
from flows.runs import Run
from loaders.settings import Settings

AS_OF = datetime(2026, 1, 16, 12, tzinfo=UTC)
HEADER = "player,market,side,line,price,stake,placed_at,game_date,note"
GOOD = [
    'Jon Dough,points,over,24.5,-110,10,2026-01-15T18:00:00-05:00,2026-01-15,"a, b"',
    "Ann Able,Rebounds,Under,7,150,2.5,2026-01-15 20:00,,",
]
BET = [
    *("bet", "--player", "Jon Dough", "--market", "points", "--side", "over"),
    *("--line", "24.5", "--price", "-110", "--stake", "10"),
]
PLACED = ["--placed-at", "2026-01-15T18:00:00-05:00", "--date", "2026-01-15"]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home of its own, without a warehouse."""
    monkeypatch.setenv("NBA_PROPS_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.delenv("NBA_PROPS_TARGET", raising=False)
    return Settings(home=tmp_path)


@pytest.fixture
def nba_props(
    home: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Command:
    """Runs the command: exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nba-props", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def rows(settings: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(sql).fetchall()


def file_of(folder: Path, lines: list[str], header: str = HEADER) -> str:
    path = folder / "bets.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return str(path)


def test_a_file_is_entered_once_however_often_it_is_imported(
    home: Settings, nba_props: Command, tmp_path: Path
) -> None:
    path = file_of(tmp_path, GOOD)
    assert nba_props("bets", "import", path)[:2] == (
        0,
        "2 bets, 2 new; the next run grades them\n",
    )
    first = rows(home, "select * from raw_bets.bets order by bet_id")
    assert nba_props("bets", "import", path)[1].startswith("2 bets, 0 new")
    assert rows(home, "select * from raw_bets.bets order by bet_id") == first
    assert rows(
        home,
        "select player_name, market, side, line, price_american, stake, placed_at::varchar,"
        " stated_date::varchar, note from raw_bets.bets order by player_name",
    ) == [
        ("Ann Able", "rebounds", "under", 7.0, 150, 2.5, "2026-01-15 20:00:00+00", None, None),
        (
            *("Jon Dough", "points", "over", 24.5, -110, 10.0),
            *("2026-01-15 23:00:00+00", "2026-01-15", "a, b"),
        ),
    ]


def test_a_bet_by_hand_is_the_one_of_the_file(
    home: Settings, nba_props: Command, tmp_path: Path
) -> None:
    assert nba_props(*BET, *PLACED)[1].strip().endswith("entered; the next run grades it")
    assert "known already" in nba_props(*BET, *PLACED)[1]
    assert nba_props("bets", "import", file_of(tmp_path, GOOD))[1].startswith("2 bets, 1 new")
    assert nba_props(*BET, *PLACED, "--reference", "slip 2")[0] == 0
    assert rows(home, "select count(*) from raw_bets.bets") == [(3,)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",points,over,24.5,-110,10,2026-01-15T18:00:00Z,,", "player_name: missing"),
        ("A B,steals,over,24.5,-110,10,2026-01-15T18:00:00Z,,", "market: unknown"),
        ("A B,points,yes,24.5,-110,10,2026-01-15T18:00:00Z,,", "side: neither over nor under"),
        ("A B,points,over,24.3,-110,10,2026-01-15T18:00:00Z,,", "line: no line"),
        ("A B,points,over,nan,-110,10,2026-01-15T18:00:00Z,,", "line: no line"),
        ("A B,points,over,24.5,1.91,10,2026-01-15T18:00:00Z,,", "price_american: not a bigint"),
        ("A B,points,over,24.5,-99,10,2026-01-15T18:00:00Z,,", "price_american: between -100"),
        ("A B,points,over,24.5,-110,0,2026-01-15T18:00:00Z,,", "stake: not above zero"),
        ("A B,points,over,24.5,-110,inf,2026-01-15T18:00:00Z,,", "stake: not above zero"),
        ("A B,points,over,24.5,-110,10,yesterday,,", "placed_at: not a timestamp"),
        ("A B,points,over,24.5,-110,10,2026-01-15T18:00:00Z,tonight,", "stated_date: not a date"),
    ],
)
def test_a_bad_line_is_named_with_its_remedy_and_kept_and_the_others_are_entered(
    home: Settings, nba_props: Command, tmp_path: Path, line: str, reason: str
) -> None:
    code, said, _ = nba_props("bets", "import", file_of(tmp_path, [GOOD[0], line, GOOD[1]]))
    assert code == 1
    assert "2 bets, 2 new" in said
    assert f"line 3: {reason}" in said
    # what that column takes, by the name that it has in the file
    column = {"player_name": "player", "price_american": "price", "stated_date": "game_date"}
    name = reason.partition(":")[0]
    assert f"{column.get(name, name)}: " in said.partition(f"line 3: {reason}")[2]
    [(resource, payload)] = rows(home, "select resource, payload from raw_bets.rejects")
    assert resource == "bets"
    assert '"line_number": 3' in payload


@pytest.mark.parametrize(
    ("header", "lines", "says"),
    [
        (HEADER.replace("price,", ""), GOOD, "lacks the column price"),
        (HEADER, [*GOOD, "Al Short,points,over"], "line 4: 3 values under 9 columns"),
        (HEADER, [GOOD[0].replace('"', "")], "Put a value that holds a comma into quotes"),
        ("", [], "lacks the column player"),
    ],
)
def test_a_file_of_another_shape_enters_nothing(
    home: Settings, nba_props: Command, tmp_path: Path, header: str, lines: list[str], says: str
) -> None:
    code, _, error = nba_props("bets", "import", file_of(tmp_path, lines, header))
    assert code == 1
    assert says in error
    assert not home.warehouse_path.exists()


def test_a_bet_that_cannot_be_meant_is_refused(home: Settings, nba_props: Command) -> None:
    code, _, error = nba_props(*[*BET[:-1], "-3"])
    assert code == 1
    assert "the bet was not entered: stake: not above zero" in error
    assert rows(home, "select count(*) from raw_bets.bets") == [(0,)]


def test_bets_are_shown_as_they_were_graded_and_those_that_wait(
    home: Settings, nba_props: Command, tmp_path: Path
) -> None:
    assert "no bets yet" in nba_props("bets")[1]
    nba_props("bets", "import", file_of(tmp_path, GOOD))
    said = nba_props("bets")[1]
    assert "not graded yet" in said
    assert "Ann Able" in said
    [(bet_id,)] = rows(home, "select bet_id from raw_bets.bets where player_name = 'Jon Dough'")
    with duckdb.connect(str(home.warehouse_path)) as connection:
        connection.execute("create schema marts; create schema reports")
        connection.execute(
            f"""create table marts.players as select 'p' as player_id, 'Jon Dough' as player_name,
                'jondough' as normalized_name;
            create table marts.prediction_coverage as select 'p' as player_id;
            create table marts.bet_accuracy as select '{bet_id}' as bet_id,
                date '2026-01-15' as bet_date, timestamptz '2026-01-15 23:00:00+00' as placed_at,
                'Jon Dough' as player_name, 'points' as market, 'over' as side, 24.5 as line,
                -110 as price_american, 10.0 as stake, 'won' as result, null as unresolved_reason,
                30 as actual_value, 9.09 as profit, 25.5 as closing_line, 0.01 as clv;
            create table reports.bet_record as select 'all' as month, 'all' as market, 1 as bets,
                1 as won, 0 as lost, 0 as push, 10.0 as staked, 9.09 as profit,
                0.909 as return_on_stake, 0.01 as mean_clv"""
        )
    publish(home, Run("r", "daily", "live", as_of=AS_OF, started_at=AS_OF), now=AS_OF)
    said = nba_props("bets")[1]
    graded, _, waiting = said.partition("not graded yet")
    for part in ("Jon Dough", "won", "+9.09", "+90.9%", "+1.0%"):
        assert part in graded
    assert "Ann Able" in waiting
    assert "Jon Dough" not in waiting
    # with players to compare with, a name that is nobody's is refused while it can be typed anew
    code, _, error = nba_props(*[one.replace("Dough", "Duogh") for one in BET])
    assert code == 1
    assert "did you mean Jon Dough?" in error
