"""A game of which a side lacks its time is held out of every average, and heals by itself."""

from __future__ import annotations

from collections.abc import Callable

from lab import Lab
from nights import healed


def test_a_partial_game_warns_enters_no_average_and_heals(lab: Lab, kept: Callable) -> None:
    told = kept("partial", lambda: healed(lab))
    partial, seen = told["partial"], told["seen"]
    assert partial.run["status"] == "completed"
    assert partial.status("no_game_stays_partial") == {"warn"}
    assert (seen["before"]["partial"], seen["partial"]["partial"]) == (0, 2)
    assert seen["partial"]["countable"] == 0
    # nobody's window holds it: one game less for every team of it on the slate, and for its players
    assert seen["before"]["team_games"] - seen["partial"]["team_games"] in (1, 2)
    assert seen["before"]["games"] - seen["partial"]["games"] >= 8
    assert told["whole"].status("no_game_stays_partial") == {"pass"}
    assert seen["whole"] == seen["before"]
    rows, only_before, only_after = told["unlike"]
    assert rows > 0
    assert (only_before, only_after) == (0, 0)
