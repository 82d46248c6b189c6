from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from loaders import espn
from loaders.errors import BadArgument, ContractError, TermsNotAccepted
from loaders.espn import records
from loaders.espn.client import BASE
from loaders.espn.tables import IGNORED, LABELS, RESOURCES
from loaders.records import flatten, judge

DAY = date(2024, 1, 9)
VALUES = {
    "minutes": "35",
    "points": "25",
    "fieldGoalsMade-fieldGoalsAttempted": "9-24",
    "threePointFieldGoalsMade-threePointFieldGoalsAttempted": "3-8",
    "freeThrowsMade-freeThrowsAttempted": "4-4",
    "rebounds": "7",
    "assists": "6",
    "turnovers": "2",
    "steals": "1",
    "blocks": "0",
    "offensiveRebounds": "1",
    "defensiveRebounds": "6",
    "fouls": "3",
    "plusMinus": "+4",
}
EARLIER_ORDER = ("MIN", "FG", "3PT", "FT", "OREB", "DREB", "REB", "AST", "STL", "BLK", "TO", "PF",
                 "+/-", "PTS")  # fmt: skip


def side(number: int, where: str, score: str) -> dict:
    team = {"id": str(number), "abbreviation": f"T{number}", "displayName": f"Town {number}"}
    return {"id": str(number), "homeAway": where, "score": score, "winner": False, "team": team}


def event(number: int, status: str = "STATUS_FINAL", **more: Any) -> dict:
    said = {"id": "3", "name": status, "state": "post", "completed": status == "STATUS_FINAL"}
    competition = {
        "id": str(number),
        "date": "2024-01-10T00:30Z",
        "timeValid": True,
        "type": {"id": "1", "abbreviation": "STD"},
        "neutralSite": False,
        "notes": [{"type": "event", "headline": "NBA Cup - Semifinals"}],
        "competitors": [side(2, "away", "99"), side(1, "home", "101")],
        "status": {"clock": 0.0, "displayClock": "0.0", "period": 4, "type": said},
        **more,
    }
    return {
        "id": str(number),
        "date": "2024-01-10T00:30Z",
        "name": "Town 2 at Town 1",
        "shortName": "T2 @ T1",
        "season": {"year": 2024, "type": 2, "slug": "regular-season"},
        "competitions": [competition],
        "status": competition["status"],
    }


def athlete(number: int, order: tuple[str, ...] = tuple(LABELS), **values: str) -> dict:
    given = {**VALUES, **values}
    return {
        "active": True,
        "athlete": {
            "id": str(number),
            "displayName": f"A {number}",
            "position": {"abbreviation": "PG"},
        },
        "starter": True,
        "didNotPlay": False,
        "reason": "COACH'S DECISION",
        "ejected": False,
        "stats": [given[LABELS[label]] for label in order],
    }


def out(number: int) -> dict:
    gone = {"didNotPlay": True, "starter": False, "reason": "LEFT ANKLE", "stats": []}
    return {**athlete(number), **gone}


def summary(*athletes: dict, order: tuple[str, ...] = tuple(LABELS), keyed: bool = True) -> dict:
    block: dict[str, Any] = {"labels": [*order], "athletes": [*athletes]}
    if keyed:
        block["keys"] = [LABELS[label] for label in order]
    team = {"id": "1", "abbreviation": "T1", "displayName": "Town 1"}
    return {
        "boxscore": {"teams": [], "players": [{"team": team, "statistics": [block]}]},
        "header": {"competitions": [{"status": {"type": {"completed": True}}}]},
    }


def report(number: int, status: str, **more: Any) -> dict:
    link = f"https://www.espn.com/nba/player/_/id/{number}/a-{number}"
    return {
        "id": "7",
        "status": status,
        "date": "2024-01-09T16:05Z",
        "shortComment": "Knee.",
        "longComment": "Out for weeks.",
        "athlete": {"displayName": f"A {number}", "links": [{"href": link}]},
        "details": {"type": "Knee", "side": "Left", "returnDate": "2024-01-20"},
        **more,
    }


class League:
    """What the stub answers, by path below the base."""

    def __init__(self) -> None:
        self.events: list[dict] = [event(1)]
        self.summaries: dict[str, Any] = {"1": summary(athlete(1), athlete(2), out(3))}
        self.reports: list[dict] = [report(3, "Out")]
        self.broken: dict[str, tuple] = {}

    def __call__(self, path: str, query: list) -> tuple:
        name = path.removeprefix(f"{BASE}/")
        if name in self.broken:
            return self.broken[name]
        if name == "scoreboard":
            return 200, {"events": self.events}
        if name == "summary":
            found = self.summaries.get(dict(query)["event"])
            return (200, found) if found else (404, {"code": 404, "message": "no such event"})
        return 200, {"injuries": [{"id": "1", "displayName": "T 1", "injuries": self.reports}]}


@pytest.fixture
def league(stub) -> League:
    stub.reply = League()
    return stub.reply


@pytest.fixture
def accepting(settings, stub):
    return settings.model_copy(update={"espn_url": stub.url, "espn_terms_accepted": True})


@pytest.fixture
def load(accepting, league, clock):
    def run(resources=espn.ALL, **more):
        what = {"start": DAY, "end": DAY, **more}
        found = espn.load(accepting, clock=clock, resources=resources, **what)
        return {one.resource: one for one in found}

    return run


def test_without_a_yes_to_its_terms_nothing_is_asked(settings, stub, clock) -> None:
    refusing = settings.model_copy(update={"espn_url": stub.url})
    with pytest.raises(TermsNotAccepted, match=r"no automated extraction.*NBA_ACCEPT_ESPN_TERMS=1"):
        espn.load(refusing, start=DAY, end=DAY, clock=clock)
    assert stub.asked == []


def test_everything_is_loaded_and_again_changes_nothing(load, stub, sql, clock) -> None:
    said: list[str] = []
    outcomes = load(progress=said.append)
    assert {n: o.rows for n, o in outcomes.items()} == {
        "scoreboard": 1,
        "box_scores": 3,
        "injuries": 1,
    }
    assert all(o.unknown_fields == o.missing_fields == () for o in outcomes.values())
    assert [o.requests for o in outcomes.values()] == [1, 1, 1]
    assert said == ["box_scores: game 1 of 1"]
    assert [dict(query) for _, query, _ in stub.asked[:2]] == [
        {"dates": "20240109", "limit": "100"},
        {"event": "1"},
    ]
    agents = {headers["User-Agent"] for _, _, headers in stub.asked}
    assert agents == {"nba-props/0.1 (+https://nba-props.example)"}
    tipoff = datetime(2024, 1, 10, 0, 30, tzinfo=UTC)
    assert sql(
        "select id, game_date, tipoff_at, season_year, home_team_id, home_score, away_team_id, "
        "away_score, headline from raw_espn.scoreboard"
    ) == [("1", DAY, tipoff, 2024, "1", 101, "2", 99, "NBA Cup - Semifinals")]
    box = (
        "select player_id, game_date, minutes, fgm, fga, fg3m, fg3a, ftm, fta, oreb, dreb, reb, "
        "ast, stl, blk, tov, pf, pts, plus_minus from raw_espn.box_scores order by player_id"
    )
    whole = (DAY, "35", 9, 24, 3, 8, 4, 4, 1, 6, 7, 6, 1, 0, 2, 3, 25, 4)
    assert sql(box) == [("1", *whole), ("2", *whole), ("3", DAY, *[None] * 17)]
    assert sql("select player_id, reported_at, return_date from raw_espn.injuries") == [
        ("3", datetime(2024, 1, 9, 16, 5, tzinfo=UTC), date(2024, 1, 20))
    ]
    clock.hours_later(1)
    assert {o.rows for o in load().values()} == {0}


def test_columns_are_found_by_name_whatever_their_order(load, league, sql) -> None:
    values = "select fgm, fga, reb, tov, pts from raw_espn.box_scores"
    for keyed in (True, False):
        line = athlete(1, EARLIER_ORDER, points="2" if keyed else "3")
        league.summaries["1"] = summary(line, order=EARLIER_ORDER, keyed=keyed)
        load()
        assert sql(values) == [(9, 24, 7, 2, 2 if keyed else 3)]


def test_what_changes_at_the_source_changes_here(load, league, sql, clock) -> None:
    load()
    seen_at = clock.now
    clock.hours_later(1)
    league.events = [event(1), event(2)]
    league.summaries["1"] = summary(athlete(1), athlete(2, rebounds="8"))
    league.summaries["2"] = summary(athlete(1))
    league.reports = [report(3, "Questionable")]
    assert load()["box_scores"].rows == 2
    assert sql("select game_id, player_id, reb from raw_espn.box_scores order by 1, 2") == [
        ("1", "1", 7),
        ("1", "2", 8),
        ("2", "1", 7),
    ]
    assert sql("select status, valid_from, valid_to from raw_espn.injuries order by 2") == [
        ("Out", seen_at, clock.now),
        ("Questionable", clock.now, None),
    ]


def test_the_latest_of_two_reports_about_a_player_stands(load, league, sql) -> None:
    later = report(3, "Out", date="2024-01-09T20:00Z", athlete={"id": "3", "displayName": "A 3"})
    league.reports = [later, report(3, "Questionable")]
    load(["injuries"])
    assert sql("select player_id, status from raw_espn.injuries") == [("3", "Out")]


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"1": None}, "an event that ESPN does not know"),
        ({"1": {"boxscore": {"teams": []}, "header": {}}}, "without players"),
        (
            {
                "1": {
                    **summary(athlete(1)),
                    "header": {"competitions": [{"status": {"type": {"completed": False}}}]},
                }
            },
            "a part of one",
        ),
    ],
)
def test_without_a_final_box_score_what_is_loaded_stays_and_is_counted(
    load, league, sql, changed, answer
) -> None:
    load()
    before = sql("from raw_espn.box_scores order by player_id")
    league.summaries.update(changed)
    outcome = load()["box_scores"]
    assert (outcome.skipped, outcome.rows, outcome.status) == (1, 0, "no_data"), answer
    assert sql("from raw_espn.box_scores order by player_id") == before


@pytest.mark.parametrize("status", ["STATUS_SCHEDULED", "STATUS_IN_PROGRESS", "STATUS_POSTPONED"])
def test_only_finished_games_are_asked_for_a_box_score(load, league, stub, status) -> None:
    league.events = [event(1, status)]
    outcome = load()["box_scores"]
    assert (outcome.requests, outcome.skipped) == (0, 0)
    assert not any(path.endswith("summary") for path in stub.paths())


def test_misfits_are_quarantined_and_what_is_new_or_gone_is_named(load, league, sql) -> None:
    load()
    spoilt = {"fieldGoalsMade-fieldGoalsAttempted": "9/24", "points": "many"}
    odd = athlete(1, **spoilt)
    league.summaries["1"] = summary(odd, {**athlete(2), "shoes": "red"})
    league.events = [event(1, series={"title": "x"}, wind="north")]
    for report_ in league.reports:
        del report_["shortComment"]
    outcomes = load()
    assert outcomes["box_scores"].rejected == 1
    assert outcomes["box_scores"].unknown_fields == ("shoes",)
    assert outcomes["scoreboard"].unknown_fields == ("competition.wind",)
    assert outcomes["injuries"].missing_fields == ("shortComment",)
    [(reason, payload)] = sql("select reason, payload from raw_espn.rejects")
    assert reason == ("fgm: not a bigint: 9/24; fga: not a bigint: 9/24; pts: not a bigint: many")
    assert json.loads(payload)["athlete"]["id"] == "1"
    # the spoilt line is still there at the source, and so is the rest of its game here
    assert sql("select count(*) from raw_espn.box_scores") == [(3,)]


def test_a_field_that_no_record_has_any_more_fails_by_name(load, league) -> None:
    broken = summary({**athlete(1), "athlete": {"displayName": "A 1"}})
    league.summaries["1"] = broken
    with pytest.raises(ContractError, match=r"no longer sends athlete\.id"):
        load()


def test_a_day_without_games_is_an_empty_success(load, league, sql) -> None:
    league.events = []
    outcomes = load(["scoreboard", "box_scores"])
    assert {o.status for o in outcomes.values()} == {"no_data"}
    assert sql("select count(*) from raw_espn.box_scores") == [(0,)]


@pytest.mark.parametrize(
    ("changes", "error", "text"),
    [
        ({"start": date(2024, 1, 10)}, BadArgument, "reversed: 2024-01-10 is after 2024-01-09"),
        ({"resources": ["news"]}, BadArgument, "Unknown resource news"),
    ],
)
def test_input_is_checked_before_any_request(load, stub, changes, error, text) -> None:
    with pytest.raises(error, match=text):
        load(**changes)
    assert stub.asked == []


def checked(rows: list[dict], resource: str) -> tuple[int, int, tuple, tuple]:
    """Valid rows, rejects, unknown and missing fields."""
    flat = flatten(rows, RESOURCES[resource], ignored=IGNORED[resource])
    split = judge(flat, RESOURCES[resource], captured_at=datetime(2026, 1, 1, tzinfo=UTC))
    return (
        split.valid.num_rows,
        split.rejects.num_rows,
        flat.unknown_fields,
        flat.missing_fields,
    )


def captured(folder: Path, name: str) -> Any:
    path = folder / "fixtures" / "espn" / name
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(text)


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["scoreboard_nba.json", "wnba_scoreboard_allstar.json"])
def test_captured_scoreboards_parse(real_data: Path, name: str) -> None:
    rows = records.games(captured(real_data, name))
    assert checked(rows, "scoreboard") == (1, 0, (), ())
    assert [records.is_final(row) for row in rows] == [name.startswith("wnba")]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "lines", "absent"),
    [("wnba_summary.json", 8, 2), ("wnba_summary_with_game_info.json.gz", 24, 4)],
)
def test_captured_summaries_parse(real_data: Path, name: str, lines: int, absent: int) -> None:
    rows = records.lines({"id": "1", "date": "2025-09-10T23:00Z"}, captured(real_data, name))
    assert checked(rows, "box_scores") == (lines, 0, (), ())
    without = [row for row in rows if not row["stats"]]
    assert len(without) == absent
    assert all(row["didNotPlay"] for row in without)


@pytest.mark.real_data
def test_captured_injuries_parse(real_data: Path) -> None:
    rows = records.injuries(captured(real_data, "wnba_injuries.json"))
    assert checked(rows, "injuries") == (4, 0, (), ())
    assert rows[-1]["linked_id"] == "4597509"
