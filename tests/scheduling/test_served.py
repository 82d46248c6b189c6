"""What a served flow run does: against a real server, in a process of its own."""

from __future__ import annotations

from datetime import timedelta

from home import Home, now, today, until


def test_an_event_starts_the_refresh_of_its_day(home: Home) -> None:
    home.plan(lines={"changed": ["a player"]})
    poll = home.wait(home.start("lines", game_date="2026-01-16"))
    assert poll["state"]["message"] == "lines changed, 1 events", home.log[-3000:]
    started = until("refresh", lambda: home.runs("refresh"))[0]
    done = home.wait(started["id"])
    assert done["state_type"] == "COMPLETED", home.log[-3000:]
    lines_run, refresh_run = home.ledger()[-2:]
    assert done["parameters"]["game_date"] == "2026-01-16"
    assert (refresh_run["trigger"], refresh_run["caused_by"]) == ("event", lines_run["run_id"])
    assert (lines_run["trigger"], lines_run["deployment"]) == ("manual", "lines/duckdb")
    assert refresh_run["flow_run_id"] == done["id"]
    assert done["name"] == f"refresh of 2026-01-16 after {lines_run['run_id']}"


def test_a_day_without_games_is_completed_with_the_reason(home: Home) -> None:
    home.publish(as_of=now())
    before = len(home.ledger())
    done = home.wait(home.start("lines"))
    assert (done["state_type"], done["state"]["message"]) == ("COMPLETED", f"no games on {today()}")
    home.publish(as_of=now() - timedelta(days=9))
    home.plan(lines={})
    unknown = home.wait(home.start("lines"))
    assert unknown["state"]["message"] == "nothing has changed"
    assert len(home.ledger()) == before + 1
