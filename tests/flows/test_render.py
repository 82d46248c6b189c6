from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from rich.console import Console, RenderableType

from flows import render
from flows.publish import publish
from flows.runs import Run
from loaders.pipeline import LoadOutcome
from loaders.settings import Settings

SLATE = """
create table reports.todays_slate as from (values
    ('Ann Pass', 'points', 20.5, -110, -110, 20.9, 0.51, -0.01, 'PASS', 20.0, null),
    ('Bea Small', 'points', 20.5, 105, -125, 22.9, 0.58, 0.05, 'OVER', 50.0, null),
    ('Cleo Big', 'rebounds', 8.5, -110, -110, 6.1, 0.31, 0.11, 'UNDER', 80.0, null),
    ('Dee Bare', 'points', null, null, null, 12.2, null, null, 'NO_LINE', null, null),
    ('Eva Hurt', 'points', 9.5, -110, -110, null, null, null, null, null, 'ruled out'),
    ('Eva Hurt', 'rebounds', 4.5, -110, -110, null, null, null, null, null, 'ruled out'),
    ('Fay Hurt', 'points', null, null, null, null, null, null, null, null, 'ruled out'),
    ('Gia New', 'points', null, null, null, null, null, null, null, null, 'no history')
) as slate (
    player_name, market, line, over_price_american, under_price_american,
    predicted_value, probability_over, edge, recommendation, confidence, reason
)
"""
REST = """
create table reports.full as select
    *, date '2026-01-15' as game_date, timestamptz '2026-01-16 00:30:00+00' as tipoff_at,
    case when predicted_value is not null then 'live' end as run_mode,
    'BOS' as team_abbreviation, 'NYK' as opponent_abbreviation,
    case when line is not null then 'bovada' end as bookmaker
from reports.todays_slate
"""


@pytest.fixture
def published(settings: Settings, warehouse: Callable, run: Run) -> Settings:
    warehouse("create schema reports", SLATE, REST, "drop table reports.todays_slate")
    warehouse("alter table reports.full rename to todays_slate")
    publish(settings, run, now=run.as_of + timedelta(minutes=1))
    return settings


def text(what: RenderableType) -> list[str]:
    printed = io.StringIO()
    Console(file=printed, width=200).print(what)
    return [line.rstrip() for line in printed.getvalue().splitlines()]


def players(lines: list[str]) -> list[str]:
    return [" ".join(line.split()[:2]) for line in lines[2:6] if "BOS" in line]


def test_recommendations_come_first_then_the_larger_edge(published: Settings) -> None:
    lines = text(render.slate(published))
    assert lines[0].startswith("Slate of Thursday, 15 January 2026   4 forecasts as of 15 Jan 17:")
    assert players(lines) == ["Cleo Big", "Bea Small", "Ann Pass", "Dee Bare"]
    bea = lines[3].split()
    assert bea == [
        *("Bea", "Small", "BOS", "v", "NYK", "19:30", "points", "20.5", "bovada", "+105", "-125"),
        *("22.9", "58%", "+5.0%", "OVER", "50"),
    ]
    assert lines[5].split()[-1] == "NO_LINE"


def test_who_has_no_prediction_is_counted_by_reason(published: Settings) -> None:
    lines = text(render.slate(published))
    assert lines[-2].split() == ["2", "ruled", "out"]
    assert lines[-1].split() == ["1", "no", "history"]


def test_a_market_and_a_limit_narrow_the_table(published: Settings) -> None:
    assert players(text(render.slate(published, market="rebounds"))) == ["Cleo Big"]
    lines = text(render.slate(published, limit=1))
    assert players(lines) == ["Cleo Big"]
    assert "3 more: nba-props slate --all" in lines


def test_loads_are_summed_by_resource() -> None:
    outcomes = [
        LoadOutcome("balldontlie", "games", "loaded", 5, 1, "1", received=7),
        LoadOutcome("balldontlie", "games", "no_data", 0, 0, "2"),
        LoadOutcome("odds_api", "events", "loaded", 1200, 0, "3", received=1300),
    ]
    lines = text(render.loads(outcomes))
    assert lines[1].split() == ["balldontlie", "games", "7", "5", "1"]
    assert lines[2].split() == ["odds_api", "events", "1,300", "1,200", "0"]


@pytest.mark.parametrize(("width", "has"), [(110, "tip-off book"), (84, "book"), (72, "")])
def test_a_narrow_terminal_gets_fewer_columns_and_cuts_none(
    published: Settings, width: int, has: str
) -> None:
    printed = io.StringIO()
    Console(file=printed, width=width).print(render.slate(published))
    page = printed.getvalue()
    assert "…" not in page
    [header] = [line for line in page.splitlines() if line.startswith("player")]
    assert [name for name in ("tip-off", "book") if name in header] == has.split()
    for name in ("market", "line", "over", "under", "ours", "P(over)", "call"):
        assert name in header
