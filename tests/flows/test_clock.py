from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest

from flows import clock
from flows.errors import ArgumentError
from loaders.settings import PROJECT_ROOT

NOW = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-04-05T22:15:00Z", datetime(2024, 4, 5, 22, 15, tzinfo=UTC)),
        ("2024-04-05T18:15:00-04:00", datetime(2024, 4, 5, 22, 15, tzinfo=UTC)),
        (" 2024-04-05 22:15+00:00 ", datetime(2024, 4, 5, 22, 15, tzinfo=UTC)),
    ],
)
def test_an_instant_becomes_utc(text: str, instant: datetime) -> None:
    found = clock.parse_instant(text)
    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2024-04-05T22:15:00", "no time zone"),
        ("2024-04-05", "no time zone"),
        ("soon", "no instant"),
        ("", "no instant"),
        ("2024-13-05T00:00:00Z", "no instant"),
    ],
)
def test_what_is_no_instant_is_refused_in_one_line(text: str, says: str) -> None:
    with pytest.raises(ArgumentError, match=says) as refused:
        clock.parse_instant(text)
    assert repr(text) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["2024-04-31", "5 April", "", "2024-04-05T00:00:00Z"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match="is no date"):
        clock.parse_date(text)


def test_a_reversed_range_is_refused() -> None:
    with pytest.raises(ArgumentError, match="is after"):
        clock.parse_range("2024-04-06", "2024-04-05")
    assert clock.parse_range("2024-04-05", "2024-04-05") == (date(2024, 4, 5), date(2024, 4, 5))


@pytest.mark.parametrize(
    ("game_date", "as_of", "expected"),
    [
        (None, None, (date(2026, 1, 15), None, "live")),
        (date(2026, 1, 15), None, (date(2026, 1, 15), None, "live")),
        (date(2026, 1, 16), None, (date(2026, 1, 16), None, "live")),
        (date(2026, 1, 14), None, (date(2026, 1, 14), None, "replay")),
        (None, NOW - timedelta(hours=1), (date(2026, 1, 15), NOW - timedelta(hours=1), "replay")),
        (
            date(2026, 1, 16),
            NOW - timedelta(hours=1),
            (date(2026, 1, 16), NOW - timedelta(hours=1), "replay"),
        ),
    ],
)
def test_live_or_replay(game_date: date | None, as_of: datetime | None, expected: tuple) -> None:
    found = clock.decide(game_date=game_date, as_of=as_of, now=NOW)
    assert (found.game_date, found.as_of, found.run_mode) == expected


def test_after_midnight_utc_it_is_still_the_eastern_day() -> None:
    late = datetime(2026, 1, 16, 4, 59, tzinfo=UTC)
    assert clock.decide(game_date=None, as_of=None, now=late).game_date == date(2026, 1, 15)
    assert clock.decide(game_date=date(2026, 1, 15), as_of=None, now=late).run_mode == "live"


@pytest.mark.parametrize(
    ("game_date", "as_of", "says"),
    [
        (None, NOW, "not in the past"),
        (None, NOW + timedelta(days=1), "not in the past"),
        (date(2026, 1, 13), NOW - timedelta(days=1), "after the games of"),
    ],
)
def test_an_impossible_clock_is_refused(game_date: date | None, as_of: datetime, says: str) -> None:
    with pytest.raises(ArgumentError, match=says):
        clock.decide(game_date=game_date, as_of=as_of, now=NOW)


def test_a_replay_speaks_from_45_minutes_before_the_first_tipoff() -> None:
    tipoff = datetime(2024, 4, 5, 23, 0, tzinfo=UTC)
    assert clock.replay_as_of(date(2024, 4, 5), tipoff) == datetime(2024, 4, 5, 22, 15, tzinfo=UTC)


def test_a_replay_without_tipoffs_speaks_from_18_eastern_in_summer_and_winter() -> None:
    assert clock.replay_as_of(date(2024, 4, 5), None) == datetime(2024, 4, 5, 22, tzinfo=UTC)
    assert clock.replay_as_of(date(2024, 1, 5), None) == datetime(2024, 1, 5, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(46, "BASE"), (45, "TIP"), (44, "TIP"), (-30, "TIP")]
)
def test_the_information_set_follows_the_hour(minutes: int, expected: str) -> None:
    as_of = NOW - timedelta(minutes=minutes)
    assert clock.choose_information_set(None, as_of=as_of, first_tipoff=NOW) == expected


def test_a_requested_information_set_wins() -> None:
    assert clock.choose_information_set("line", as_of=NOW, first_tipoff=None) == "LINE"
    assert clock.choose_information_set(None, as_of=NOW, first_tipoff=None) == "BASE"
    with pytest.raises(ArgumentError, match="BASE, TIP, LINE"):
        clock.choose_information_set("NIGHT", as_of=NOW, first_tipoff=None)


def test_the_lead_is_the_one_of_the_seed() -> None:
    with (PROJECT_ROOT / "seeds" / "information_sets.csv").open(encoding="utf-8") as file:
        rows = {row["information_set"]: row for row in csv.DictReader(file)}
    assert tuple(rows) == clock.INFORMATION_SETS
    assert timedelta(minutes=-int(rows["TIP"]["offset_minutes"])) == clock.TIP_LEAD
