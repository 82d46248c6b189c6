"""The tiers of completeness, edges included; what is required, refused or stalled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from flows import defaults
from flows.completeness import (
    GIVE_UP,
    GO_ON,
    WAIT,
    SourceState,
    deadline,
    decide,
    needed_share,
    next_tier,
)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def need(name: str, *, is_required: bool = False, **changes: object) -> SourceState:
    return SourceState(name, "balldontlie", name, is_required, **{"present": 1, **changes})


def five(complete: int, *, required: int = 2) -> list[SourceState]:
    """Five needs, the first of them required; the first so many are there."""
    return [
        need(f"n{n}", is_required=n < required, present=1 if n < complete else 0) for n in range(5)
    ]


@pytest.mark.parametrize(
    ("minutes", "share"),
    [
        (0, Fraction(1)),
        (29, Fraction(1)),
        (30, Fraction(1)),
        (59, Fraction(1)),
        (60, Fraction(4, 5)),
        (119, Fraction(4, 5)),
        (120, Fraction(3, 5)),
        (239, Fraction(3, 5)),
        (240, Fraction(0)),
        (1000, Fraction(0)),
    ],
)
def test_the_share_that_is_asked_for(minutes: int, share: Fraction) -> None:
    assert needed_share(minutes * MINUTE) == share


# five sources, of which two are required: which verdict, from when on
FIRST_GO_ON = {5: 0, 4: 60, 3: 120, 2: 240}


@pytest.mark.parametrize("complete", [2, 3, 4, 5])
@pytest.mark.parametrize("minutes", [0, 30, 60, 120, 240])
@pytest.mark.parametrize("moment", [-SECOND, timedelta(), SECOND])
def test_every_tier_with_its_edges(complete: int, minutes: int, moment: timedelta) -> None:
    elapsed = max(minutes * MINUTE + moment, timedelta())
    decided = decide(elapsed, five(complete))
    goes_on = elapsed >= FIRST_GO_ON[complete] * MINUTE
    assert decided.verdict == (GO_ON if goes_on else WAIT)
    assert [one.need for one in decided.missing] == [f"n{n}" for n in range(complete, 5)]


@pytest.mark.parametrize("complete", [0, 1])
def test_without_what_is_required_it_waits_to_the_deadline_and_gives_up(complete: int) -> None:
    states = five(complete)
    for elapsed in (timedelta(), 60 * MINUTE, 120 * MINUTE, deadline() - SECOND):
        assert decide(elapsed, states).verdict == WAIT
    decided = decide(deadline(), states)
    assert decided.verdict == GIVE_UP
    assert [one.need for one in decided.missing] == ["n0", "n1"][complete:]


def test_four_of_five_do_not_make_up_for_a_required_one() -> None:
    states = [replace(five(5)[0], present=0), *five(5)[1:]]
    assert decide(60 * MINUTE, states).verdict == WAIT
    assert decide(deadline(), states).verdict == GIVE_UP


def test_part_of_a_required_need_will_do_in_the_end_only() -> None:
    boxes = need("box", is_required=True, expected=10, present=8, minimum_share=0.8)
    assert decide(timedelta(), [boxes]).verdict == WAIT
    decided = decide(deadline(), [boxes])
    assert (decided.verdict, decided.missing) == (GO_ON, (boxes,))
    assert decide(deadline(), [replace(boxes, present=7)]).verdict == GIVE_UP


def test_nothing_expected_is_nothing_missing() -> None:
    assert decide(timedelta(), [need("lines", expected=0, present=0)]).verdict == GO_ON
    assert decide(timedelta(), []).verdict == GO_ON


def test_more_than_expected_makes_up_for_nothing_else() -> None:
    states = [need("a", present=9), *(need(f"n{n}", present=0) for n in range(4))]
    decided = decide(timedelta(), states, unchanged_for=defaults.STALLED_AFTER)
    assert decided.verdict == WAIT


def test_a_straggler_is_left_once_nothing_comes_for_ten_minutes() -> None:
    boxes = need("box", is_required=True, expected=10, present=9, minimum_share=0.8)
    states = [boxes, need("rosters", is_required=True)]
    almost = timedelta(minutes=10) - SECOND
    # 1.9 of 2 is 95 %
    assert decide(20 * MINUTE, states, unchanged_for=almost).verdict == WAIT
    decided = decide(20 * MINUTE, states, unchanged_for=timedelta(minutes=10))
    assert (decided.verdict, decided.missing) == (GO_ON, (boxes,))
    less = [replace(boxes, present=8), states[1]]
    assert decide(20 * MINUTE, less, unchanged_for=timedelta(hours=1)).verdict == WAIT


def test_what_is_refused_is_not_waited_for() -> None:
    refused = need("lines", present=0, is_refused=True)
    decided = decide(timedelta(), [need("schedule", is_required=True), refused])
    assert (decided.verdict, decided.missing) == (GO_ON, (refused,))
    required = need("rosters", is_required=True, present=0, is_refused=True)
    decided = decide(timedelta(), [required, need("injuries")])
    assert (decided.verdict, decided.missing) == (GIVE_UP, (required,))


@pytest.mark.parametrize(
    ("minutes", "ahead"), [(0, 30), (29, 1), (30, 30), (60, 60), (239, 1), (240, None)]
)
def test_until_less_will_do(minutes: int, ahead: int | None) -> None:
    found = next_tier(minutes * MINUTE)
    assert found == (None if ahead is None else ahead * MINUTE)


def test_the_tiers_ask_for_less_and_less() -> None:
    times = [after for after, _ in defaults.COMPLETENESS_TIERS]
    shares = [share for _, share in defaults.COMPLETENESS_TIERS]
    assert times == sorted(set(times))
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0
