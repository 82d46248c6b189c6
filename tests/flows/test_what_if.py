"""A line and price of one's own, asked of a published slate that a few rows make."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from rich.console import Console

from flows import players, whatif
from flows.errors import ArgumentError, NotForecast, PlayerUnknown
from flows.publish import publish
from flows.render_whatif import what_if as table
from flows.runs import Run
from loaders.errors import WarehouseMissing
from loaders.settings import Settings

PLAYERS = """
create table marts.players as from (values
    ('p1', 'Ann Able', 'annable'), ('p2', 'Béa Dončić Jr.', 'beadoncic'),
    ('p3', 'Cy Twin', 'cytwin'), ('p4', 'Cy Twin', 'cytwin'), ('p5', 'Di Two', 'ditwo'),
    ('p6', 'Di Two', 'ditwo'), ('p7', 'Ed Away', 'edaway')
) as players (player_id, player_name, normalized_name)
"""
SLATE = """
create table reports.todays_slate as select
    *, date '2026-01-15' as game_date, timestamptz '2026-01-16 00:30:00+00' as tipoff_at,
    'BOS' as team_abbreviation, 'NYK' as opponent_abbreviation, 'bovada' as bookmaker,
    case when forecast_id is not null then 'live' end as run_mode, 'TIP' as information_set,
    timestamptz '2026-01-15 22:30:00+00' as as_of, 2.1::double as predicted_value, 1 as quantile_10,
    3 as quantile_90, -110 as over_price_american, 100 as under_price_american
from (values
    ('p1', 'Ann Able', 'f1', 'points', 2.5, 'PREDICTED'),
    ('p1', 'Ann Able', 'f2', 'threes', null, 'PREDICTED'),
    ('p2', 'Béa Dončić Jr.', null, null, null, 'PLAYER_OUT'),
    ('p3', 'Cy Twin', 'f3', 'points', 2.5, 'PREDICTED'),
    (null, 'No Body', null, null, null, 'NAME_UNRESOLVED')
) as slate (player_id, player_name, forecast_id, market, line, reason)
"""
# P(0..3) = 0.1, 0.2, 0.3, 0.4
DISTRIBUTIONS = """
create table reports.todays_distributions as
select forecast_id, value, cumulative_probability::double as cumulative_probability
from (values (0, 0.1), (1, 0.3), (2, 0.6), (3, 1.0)) as d (value, cumulative_probability),
    (values ('f1'), ('f2'), ('f3')) as f (forecast_id)
"""


@pytest.fixture
def published(settings: Settings, warehouse: Callable, run: Run) -> Settings:
    schemas = ["create schema reports", "create schema marts"]
    warehouse(*schemas, PLAYERS, SLATE, DISTRIBUTIONS)
    publish(settings, run, now=run.as_of + timedelta(minutes=1))
    return settings


def asked(settings: Settings, **changes: object) -> whatif.Answer:
    given = {"player": "Ann Able", "market": "points", "line": 1.5, **changes}
    return whatif.what_if(settings, **given)


def printed(answer: whatif.Answer) -> str:
    text = io.StringIO()
    Console(file=text, width=200).print(table(answer))
    return text.getvalue()


@pytest.mark.parametrize(
    ("line", "over", "push", "under"),
    [
        (1.5, 0.7, 0.0, 0.3),
        (2.0, 0.4, 0.3, 0.3),
        (0.0, 0.9, 0.1, 0.0),
        (0.5, 0.9, 0.0, 0.1),
        (3.5, 0.0, 0.0, 1.0),
        (40.0, 0.0, 0.0, 1.0),
    ],
)
def test_whole_lines_can_push_and_half_ones_cannot(
    published: Settings, line: float, over: float, push: float, under: float
) -> None:
    up, down = asked(published, line=line).sides
    assert (up.side, down.side) == ("over", "under")
    assert (up.win, up.push, up.loss) == pytest.approx((over, push, under))
    assert (down.win, down.push, down.loss) == pytest.approx((under, push, over))


def test_worth_and_fair_price_of_a_stake(published: Settings) -> None:
    over, under = asked(published, line=2, price="-110").sides
    assert over.expected_value == pytest.approx(0.4 * 100 / 110 - 0.3)
    assert under.expected_value == pytest.approx(0.3 * 100 / 110 - 0.4)
    # at the fair price nobody wins: 0.4 x 0.75 = 0.3
    assert (over.fair.profit, over.fair.american) == pytest.approx((0.75, -400 / 3))
    assert (under.fair.profit, under.fair.american) == pytest.approx((4 / 3, 400 / 3))


def test_a_side_that_cannot_win_or_lose_has_no_fair_price(published: Settings) -> None:
    over, under = asked(published, line=3.5).sides
    assert (over.fair, under.fair, over.expected_value) == (None, None, None)


def test_one_side_alone(published: Settings) -> None:
    [only] = asked(published, side="under").sides
    assert only.side == "under"


@pytest.mark.parametrize(
    ("text", "profit"),
    [
        ("-110", 100 / 110),
        ("+150", 1.5),
        ("150", 1.5),
        ("100", 1.0),
        ("-100", 1.0),
        ("1.91", 0.91),
        ("2", 1.0),
        ("11", 10.0),
    ],
)
def test_prices_in_both_forms(text: str, profit: float) -> None:
    assert whatif.parse_price(text).profit == pytest.approx(profit)


@pytest.mark.parametrize("text", ["1", "0.5", "-1.91", "+1.91", "-50", "120.5", "even", "nan", ""])
def test_what_is_no_price_is_said(text: str) -> None:
    with pytest.raises(ArgumentError, match=r"-110, \+150 or 1\.91"):
        whatif.parse_price(text)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"line": 1.25}, "--line 1.25"),
        ({"line": -0.5}, "--line -0.5"),
        ({"line": float("nan")}, "--line nan"),
        ({"line": float("inf")}, "--line inf"),
        ({"market": "steals"}, "points, rebounds, assists, threes"),
        ({"side": "both"}, "over, under"),
    ],
)
def test_what_cannot_be_meant_is_said(published: Settings, changes: dict, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        asked(published, **changes)


def test_a_name_is_found_without_its_accents_and_suffix(published: Settings) -> None:
    assert asked(published, player="ANN ABLE (Bos)").player_name == "Ann Able"
    with pytest.raises(NotForecast, match=r"Béa Dončić Jr\..*PLAYER_OUT"):
        asked(published, player="Bea Doncic")


def test_of_two_of_one_name_the_one_on_the_slate_is_meant(published: Settings) -> None:
    assert asked(published, player="Cy Twin").sides
    with pytest.raises(PlayerUnknown, match=r"2 players.*p5.*p6"):
        asked(published, player="Di Two")
    with pytest.raises(NotForecast, match="not on the published slate"):
        asked(published, player="p6")


def test_who_is_not_forecast_is_told_why(published: Settings) -> None:
    for player, message in (
        ("Ed Away", "not on the published slate"),
        ("No Body", "NAME_UNRESOLVED"),
    ):
        with pytest.raises(NotForecast, match=message):
            asked(published, player=player)
    with pytest.raises(NotForecast, match="only points, threes"):
        asked(published, market="assists")


def test_an_unknown_name_gets_suggestions(published: Settings) -> None:
    with pytest.raises(PlayerUnknown, match=r"did you mean Ann Able\?"):
        asked(published, player="An Abel")
    with pytest.raises(PlayerUnknown, match="lists them"):
        asked(published, player="Zzz Qqq")


def test_the_answer_as_it_is_printed(published: Settings) -> None:
    shown = printed(asked(published, line=2, price="1.5"))
    assert "Ann Able, points 2   BOS v NYK 15 Jan 19:30 Eastern, live TIP" in shown
    assert "expected 2.1, 80 % between 1 and 3" in shown
    assert "worth of 1 at -200 (1.50)" in shown
    assert re.search(r"OVER +40\.0% +30\.0% +-133 \(1\.75\) +-0\.100\n", shown)
    assert "the books: line 2.5, over -110, under +100 (bovada)" in shown
    bare = printed(asked(published, market="threes"))
    assert "worth" not in bare
    assert "no book had a line" in bare


def test_before_anything_is_published_it_says_what_publishes(settings: Settings) -> None:
    with pytest.raises(WarehouseMissing, match="nba-props daily"):
        asked(settings)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (None, ()),
        (["Ann Able, Cy Twin"], ("Ann Able", "Cy Twin")),
        (["Ann Able", "Cy Twin,Ann Able"], ("Ann Able", "Cy Twin")),
        (["Bea Doncic, Jr., Cy Twin"], ("Bea Doncic, Jr.", "Cy Twin")),
    ],
)
def test_names_are_repeated_or_separated_by_commas(given: list | None, names: tuple) -> None:
    assert players.split_names(given) == names


def test_an_option_without_a_name_is_refused() -> None:
    with pytest.raises(ArgumentError, match="--players"):
        players.split_names([" , "])
