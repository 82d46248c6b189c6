from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from loaders.sandbox import SEASONS, TEAMS, World, build_world
from loaders.sandbox.expectation import actual_lines, calibrated, expected_lines
from loaders.sandbox.injuries import OUT, PROBABLE, QUESTIONABLE, UNLISTED
from loaders.sandbox.league import WORLD_FIRST_DAY
from loaders.sandbox.markets import BOOK_KEYS, PROP_MARKETS, market_of
from loaders.sandbox.names import book_spelling
from loaders.sandbox.simulate import COLUMN, points
from loaders.sandbox.world import PERIOD_OVER


def last_news(world: World, game: int, hours: float) -> np.ndarray:
    """Status of every player some hours before a game."""
    status = np.full(len(world.players), UNLISTED)
    shown = world.listings.at(world.schedule.tip[game] - hours * 3600)
    status[world.listings.player[shown]] = world.listings.status[shown]
    return status


def test_same_seed_same_world_and_another_seed_another_one(world: World) -> None:
    again = build_world.__wrapped__(world.seed)
    assert again is not world
    assert np.array_equal(again.box, world.box)
    assert np.array_equal(again.listings.start, world.listings.start)
    assert again.events.event_id == world.events.event_id
    assert again.players.names == world.players.names
    other = build_world.__wrapped__(world.seed + 1)
    assert not np.array_equal(other.box[-1], world.box[-1])


def test_everyone_plays_82_games_41_at_home_and_never_twice_a_day(world: World) -> None:
    schedule = world.schedule
    for season in SEASONS:
        mine = schedule.season == season.year
        assert mine.sum() == 1230
        assert (np.bincount(schedule.home[mine], minlength=30) == 41).all()
        assert (np.bincount(schedule.away[mine], minlength=30) == 41).all()
        for day in (schedule.day, schedule.first_day):
            both = np.concatenate([schedule.home[mine], schedule.away[mine]])
            keys = both * 10_000 + np.tile(day[mine], 2)
            if day is schedule.day:
                assert len(np.unique(keys)) == len(keys)
            assert day[mine].min() >= (season.first_day - WORLD_FIRST_DAY).days
            assert day[mine].max() <= (season.last_day - WORLD_FIRST_DAY).days
            off = (season.all_star_from - WORLD_FIRST_DAY).days
            assert not (day[mine] == off).any()


def test_calendar_looks_like_the_league(world: World) -> None:
    schedule = world.schedule
    minutes = (schedule.tip - schedule.midnights[schedule.day]) / 60
    assert 0.85 < ((minutes >= 19 * 60) & (minutes <= 22.5 * 60)).mean() < 0.98
    assert minutes.min() >= 12 * 60
    per_day = np.bincount(schedule.day)
    assert 6 <= np.median(per_day[per_day > 0]) <= 9
    assert 10 * 30 < world.setting.tired.sum() / 2 < 18 * 30
    assert (schedule.moved_at < schedule.tip).sum() == 10
    demo = (date(2026, 1, 14) - WORLD_FIRST_DAY).days
    assert per_day[demo] >= 8
    assert per_day[demo - 1] >= 4


@pytest.mark.parametrize("period", [0, 1, 3, -1])
def test_box_lines_hold_their_identities(world: World, period: int) -> None:
    box = world.box[period].astype(int)
    value = {name: box[..., index] for name, index in COLUMN.items()}
    for name in COLUMN:
        if name != "plus_minus":
            assert value[name].min() >= 0, name
    assert (value["fg3m"] <= value["fg3a"]).all()
    assert (value["fg3m"] <= value["fgm"]).all()
    assert (value["fg3a"] - value["fg3m"] <= value["fga"] - value["fgm"]).all()
    assert (value["ftm"] <= value["fta"]).all()
    made_twos = value["fgm"] - value["fg3m"]
    assert (points(box) == 2 * made_twos + 3 * value["fg3m"] + value["ftm"]).all()
    idle = value["min"] == 0
    counted = [value[name][idle] for name in COLUMN if name != "plus_minus"]
    assert not np.any(counted)
    assert (points(box).sum(axis=1).reshape(-1, 2) == world.scores[period]).all()


def test_team_minutes_are_whole_and_nobody_ties(world: World) -> None:
    minutes = world.box[-1][..., COLUMN["min"]].astype(int)
    expected = np.repeat(240 + 25 * (world.periods - 4), 2)
    assert (minutes.sum(axis=1) == expected).all()
    assert minutes.max() <= 48 + 5 * 3
    assert (np.diff(world.scores[-1], axis=1) != 0).all()
    overtime = (world.periods > 4).mean()
    assert 0.03 < overtime < 0.09
    # A tie after four quarters is what makes an overtime.
    tied = world.scores[3, :, 0] == world.scores[3, :, 1]
    assert (tied == (world.periods > 4)).all()
    assert PERIOD_OVER.max() < 180 * 60


def test_level_and_spread_are_those_of_the_league(world: World) -> None:
    line = actual_lines(world.box[-1])
    team = line[1].sum(axis=1)
    assert 108 < team.mean() < 119
    margin = np.subtract(*team.reshape(-1, 2).T)
    assert 1 < margin.mean() < 4
    assert 13 < margin.std() < 18
    assert 9.5 < (line[0] > 0).sum(axis=1).mean() < 11.5
    starred = (line[1] > 0) & (world.setting.minutes > 30)
    ratio = line[1][starred].var() / line[1][starred].mean()
    assert 2.5 < ratio < 6


def test_out_always_misses_and_questionable_is_about_even(world: World) -> None:
    played = np.zeros((6, 2))
    for game in range(0, len(world.schedule), 2):
        status = last_news(world, game, 3.0)
        for row in (2 * game, 2 * game + 1):
            rank = status[world.setting.roster[row]]
            np.add.at(played, (rank, world.out[row].astype(int)), 1)
    assert played[OUT, 0] == 0
    assert played[OUT, 1] > 2000
    chance = played[:, 0] / played.sum(axis=1)
    assert 0.4 < chance[QUESTIONABLE] < 0.7
    assert chance[PROBABLE] > 0.85
    assert chance[UNLISTED] > 0.98
    assert (world.box[-1][world.out][:, COLUMN["min"]] == 0).all()


def test_the_true_mean_tells_what_happens(world: World) -> None:
    rows = np.arange(len(world.out))
    chance = 1.0 - world.out
    mean, _ = calibrated(world.calibration, expected_lines(world.setting, rows, chance))
    actual = actual_lines(world.box[-1])
    regular = (actual[0] > 0) & (mean[0] > 18)
    for stat in range(1, 5):
        assert np.corrcoef(mean[stat][regular], actual[stat][regular])[0, 1] > 0.5
    error = np.abs(mean[1] - actual[1])[regular].mean()
    assert 4.3 < error < 5.6
    # The overall mean alone must be clearly worse, or there would be nothing to find.
    flat = np.abs(actual[1][regular] - actual[1][regular].mean()).mean()
    assert flat > 1.2 * error


def test_an_absence_gives_minutes_and_shots_to_team_mates(world: World) -> None:
    box = world.box[-1].astype(float)
    star = world.setting.minutes.argmax(axis=1)
    rows = np.arange(len(star))
    gone = world.out[rows, star]
    usual = world.setting.minutes
    kind = world.setting.group == world.setting.group[rows, star][:, None]
    mates = kind & ~world.out & (usual > 15) & (usual < 32)
    mates[rows, star] = False
    extra = box[..., COLUMN["min"]] - usual
    assert extra[mates & gone[:, None]].mean() > extra[mates & ~gone[:, None]].mean() + 1.5
    shots = box[..., COLUMN["fga"]]
    assert shots[mates & gone[:, None]].mean() > shots[mates & ~gone[:, None]].mean() + 0.5


def test_blow_outs_rest_the_best_and_free_the_bench(world: World) -> None:
    minutes = world.box[-1][..., COLUMN["min"]].astype(float)
    margin = np.abs(np.diff(world.scores[-1], axis=1)).repeat(2)
    top = (world.setting.minutes > 30) & ~world.out & (np.repeat(world.periods, 2) == 4)[:, None]
    wide, close = margin > 22, margin < 8
    assert minutes[top & wide[:, None]].mean() < minutes[top & close[:, None]].mean() - 2
    used = (minutes > 0).sum(axis=1)
    assert used[wide].mean() > used[close].mean() + 1


def test_trades_move_players_one_for_one(world: World) -> None:
    team_of = world.players.team_of
    counts = np.stack([np.bincount(day[day >= 0], minlength=30) for day in team_of.T])
    assert (counts == 15).all()
    season = slice((SEASONS[0].first_day - WORLD_FIRST_DAY).days, 190)
    moved = (np.diff(team_of[:, season], axis=1) != 0).any(axis=1).sum()
    assert 6 <= moved <= 16
    assert {team.team_id for team in TEAMS} == set(range(1, 31))


def test_names_are_distinct_and_some_are_spelled_differently(world: World) -> None:
    names = [" ".join(pair) for pair in world.players.names]
    plain = {book_spelling(name, "bovada").replace(".", "").lower() for name in names}
    assert len(plain) == len(names)
    for book in set(BOOK_KEYS) - {"draftkings"}:
        differs = sum(book_spelling(name, book) != name for name in names)
        assert 5 < differs < 120, book
    assert any("Jr." in name for name in names)
    assert any("'" in name for name in names)
    assert any("-" in name for name in names)


def test_de_vigged_prices_are_calibrated(world: World) -> None:
    actual = actual_lines(world.box[-1])
    chance, came, over_round = [], [], []
    for number in range(100, 800, 3):
        market = market_of(world.seed, number)
        place = {
            " ".join(world.players.names[player]): (row, slot)
            for row in market.rows
            for slot, player in enumerate(world.setting.roster[row])
        }
        for which, key in enumerate(PROP_MARKETS):
            known = market.last("draftkings", key, market.stop)
            sides = known[1] if known else []
            for over, under in zip(sides[::2], sides[1::2], strict=True):
                at = place[over.description]
                if actual[0][at] > 0:
                    total = over.implied + under.implied
                    over_round.append(total - 1)
                    chance.append(over.implied / total)
                    came.append(actual[which + 1][at] > over.point)
    chance, came = np.array(chance), np.array(came)
    assert len(chance) > 4000
    assert 0.055 < np.mean(over_round) < 0.08
    assert abs(came.mean() - chance.mean()) < 0.025
    for low, high in ((0, 0.44), (0.44, 0.5), (0.5, 0.56), (0.56, 1)):
        inside = (chance >= low) & (chance < high)
        tolerance = 0.02 + 2.5 * np.sqrt(0.25 / inside.sum())
        assert abs(came[inside].mean() - chance[inside].mean()) < tolerance


def test_news_moves_the_lines_of_team_mates(world: World) -> None:
    rises = []
    for number in range(0, len(world.events.game), 4):
        market = market_of(world.seed, number)
        status, mean, _, _ = market._belief
        if len(status) < 3:
            continue
        star = mean[1, 0].argmax(axis=1)
        for side in range(2):
            seen = status[:, side, star[side]]
            fell = np.flatnonzero((seen[1:] == OUT) & (seen[:-1] != OUT))
            for look in fell[:1]:
                others = np.argsort(-mean[1, look, side])[1:4]
                here = (status[look : look + 2, side][:, others] == UNLISTED).all()
                if here:
                    change = mean[1, look + 1, side, others] / mean[1, look, side, others]
                    rises.append(change.mean())
    assert len(rises) > 15
    assert np.mean(rises) > 1.03
