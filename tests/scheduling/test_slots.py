"""Which day a slot is about, and which of several missed slots has work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from flows.clock import EASTERN
from flows.slots import is_before_tips, overtaken_by, slate_date


def eastern(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=EASTERN, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (eastern(2026, 1, 16, 7), date(2026, 1, 16)),
        (eastern(2026, 1, 16, 23, 59), date(2026, 1, 16)),
        # in UTC it is the 17th for five hours already
        (eastern(2026, 1, 16, 19), date(2026, 1, 16)),
        (eastern(2026, 1, 17, 0, 30), date(2026, 1, 16)),
        (eastern(2026, 1, 17, 5, 59), date(2026, 1, 16)),
        (eastern(2026, 1, 17, 6), date(2026, 1, 17)),
        # the night to 8 March has no 02:30: it is read as 03:30
        (eastern(2026, 3, 8, 0, 30), date(2026, 3, 7)),
        (eastern(2026, 3, 8, 2, 30), date(2026, 3, 7)),
        (eastern(2026, 3, 8, 5, 59), date(2026, 3, 7)),
        (eastern(2026, 3, 8, 6), date(2026, 3, 8)),
        (eastern(2026, 3, 8, 7), date(2026, 3, 8)),
        # the night to 1 November has 01:30 twice
        (eastern(2026, 11, 1, 1, 30), date(2026, 10, 31)),
        (eastern(2026, 11, 1, 1, 30, fold=1), date(2026, 10, 31)),
        (eastern(2026, 11, 1, 5, 59), date(2026, 10, 31)),
        (eastern(2026, 11, 1, 6), date(2026, 11, 1)),
        # New Year
        (eastern(2027, 1, 1, 1), date(2026, 12, 31)),
    ],
)
def test_before_six_eastern_a_slot_is_about_the_evening_before(
    instant: datetime, day: date
) -> None:
    assert slate_date(instant) == day


NINE = eastern(2026, 1, 16, 9)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "slots", "newer"),
    [
        # on time: those to come do not count
        (NINE, [NINE + HOUR, NINE + 2 * HOUR], None),
        (NINE + HOUR / 2, [NINE + HOUR], None),
        # late, and the next one is due
        (NINE + HOUR, [NINE + HOUR], NINE + HOUR),
        # asleep over three: the newest due one works
        (NINE + 2.5 * HOUR, [NINE + HOUR, NINE + 2 * HOUR, NINE + 3 * HOUR], NINE + 2 * HOUR),
        # earlier ones, and itself, never overtake
        (NINE + 9 * HOUR, [NINE - HOUR, NINE], None),
        (NINE + 9 * HOUR, [], None),
    ],
)
def test_the_newest_due_slot_overtakes_the_others(
    now: datetime, slots: list[datetime], newer: datetime | None
) -> None:
    assert overtaken_by(NINE, now, slots) == newer


@pytest.mark.parametrize(
    ("minutes", "works"),
    [(14, False), (15, True), (37, True), (60, True), (61, False), (-5, False)],
)
def test_lines_are_polled_before_tips(minutes: int, works: bool) -> None:
    tipoffs = [NINE + timedelta(minutes=minutes), NINE + 5 * HOUR]
    assert is_before_tips(NINE, tipoffs) is works


def test_without_games_no_tip_is_ahead() -> None:
    assert not is_before_tips(NINE, [])
