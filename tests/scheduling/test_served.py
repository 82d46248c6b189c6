"""What a served flow run does: against a real server, in a process of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from home import KEY, WAIT, Home, now, today, until


def test_an_event_starts_the_refresh_of_its_day(home: Home) -> None:
    home.plan(lines={"changed": ["a player"]})
    poll = home.wait(home.start("lines", game_date="2026-01-16"))
    assert poll["state"]["message"] == "lines: news about 1 players, told", home.log[-3000:]
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
    home.plan()
    before = len(home.ledger())
    done = home.wait(home.start("lines"))
    assert (done["state_type"], done["state"]["message"]) == ("COMPLETED", f"no games on {today()}")
    # nine days behind, the published copy cannot know
    home.publish(as_of=now() - timedelta(days=9))
    unknown = home.wait(home.start("lines"))
    home.unpublish()
    assert unknown["state"]["message"] == "lines: nothing new"
    assert len(home.ledger()) == before + 1


def test_a_cancelled_run_is_entered_as_failed_and_holds_nothing(home: Home) -> None:
    home.plan(daily={"seconds": 90})
    cancelled, _ = home.at_work("morning", game_date="2026-01-16")
    assert home.taken() == 1
    home.cancel(cancelled)
    home.wait(cancelled, "CANCELLED")
    row = home.ledger()[-1]
    assert (row["flow_run_id"], row["status"]) == (cancelled, "failed")
    assert row["error_class"] == "TerminationSignal"
    assert home.taken() == 0
    home.plan()
    assert home.wait(home.start("morning", game_date="2026-01-16"))["state_type"] == "COMPLETED"
    assert "Running hook 'note'" in home.log


@pytest.mark.slow
def test_of_two_runs_one_waits_and_says_for_whom(home: Home) -> None:
    home.plan(daily={"seconds": 15})
    first, _ = home.at_work("morning", game_date="2026-01-16")
    second = home.start("injuries", game_date="2026-01-16")
    assert home.wait(second)["state_type"] == "COMPLETED"
    assert home.wait(first)["state_type"] == "COMPLETED"
    early, late = home.ledger()[-2:]
    assert (early["command"], late["command"]) == ("daily", "injuries")
    assert early["finished_at"] <= late["started_at"]
    said = home.said(second)
    assert "waiting for the warehouse: its slot is taken; not ended yet: daily" in said
    assert early["run_id"] in said


@pytest.mark.slow
def test_waiting_ends_with_the_name_of_the_holder(home: Home) -> None:
    home.plan(daily={"seconds": WAIT + 25})
    holder, _ = home.at_work("morning", game_date="2026-01-16")
    ended = home.wait(home.start("injuries", game_date="2026-01-16"), seconds=WAIT + 30)
    assert ended["state_type"] == "FAILED"
    run_id = home.ledger()[-1]["run_id"]
    message = ended["state"]["message"]
    assert f"was taken for all of {WAIT} s; not ended yet: daily {run_id}" in message
    assert "let it finish, or cancel it" in message
    home.cancel(holder)
    home.wait(holder)


def test_no_key_reaches_the_logs(home: Home) -> None:
    home.plan(lines={"error": f"https://api/?apiKey={KEY}"})
    failed = home.wait(home.start("lines", game_date="2026-01-16"))
    assert failed["state_type"] == "FAILED"
    assert "apiKey=***" in failed["state"]["message"]
    until("a traceback", lambda: "Traceback" in home.said(failed["id"]))
    assert "apiKey=***" in home.said(failed["id"])
    assert KEY not in home.said(failed["id"]) + home.log + str(failed) + str(home.ledger())


def test_a_limit_that_nobody_created_says_who_does(home: Home) -> None:
    said = home.python(
        """
        from flows import one_writer
        from flows.errors import LimitMissing
        from loaders.settings import get_settings
        try:
            with one_writer.writing(get_settings()):
                print("in")
        except LimitMissing as error:
            print(error)
        """,
        NBA_PROPS_TARGET="sandbox",
    )
    assert "has no concurrency limit nba-props-warehouse-sandbox" in said
    assert "`nba-props serve` creates it" in said


@pytest.mark.slow
def test_an_event_that_nobody_hears_is_logged_and_never_raised(home: Home) -> None:
    said = home.python(
        """
        from datetime import date
        from flows.events import emit_changed
        from flows.polls import Poll
        from loaders.settings import get_settings
        emit_changed(get_settings(), Poll("run", date(2026, 1, 16), (), ()))
        print("went on")
        """,
        PREFECT_API_URL="http://127.0.0.1:9/api",
    )
    assert "went on" in said
