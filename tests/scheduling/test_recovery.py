"""What is killed, asleep or away, and what becomes of it: real processes, really killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from home import HERE, Home, until
from webhook import Webhook, listening

pytestmark = pytest.mark.slow
# A killed run's slot is free when its lease has ended, and the server has looked.
LEASE_ENDS = 90
EVERY = 20


@pytest.fixture
def webhook():
    with listening() as server:
        yield server


@pytest.fixture
def own_home(tmp_path: Path, webhook: Webhook):
    made = Home(
        tmp_path,
        NBA_PROPS_ALERT_WEBHOOK=webhook.url,
        NBA_PROPS_WRITER_WAIT_SECONDS=str(LEASE_ENDS),
    )
    try:
        yield made
    finally:
        made.end()


def test_a_killed_run_is_crashed_told_and_healed_by_the_next(
    own_home: Home, webhook: Webhook
) -> None:
    own_home.serve()
    own_home.plan(daily={"seconds": 300})
    killed, process = own_home.at_work("morning", game_date="2026-01-16")
    os.kill(process, signal.SIGKILL)
    assert own_home.wait(killed)["state_type"] == "CRASHED"
    until("an alarm", lambda: webhook.of("run_failed"))
    own_home.plan()
    healed = own_home.wait(own_home.start("lines", game_date="2026-01-16"), seconds=LEASE_ENDS + 30)
    assert healed["state_type"] == "COMPLETED"
    assert [row["status"] for row in own_home.ledger()] == ["died", "completed"]
    assert own_home.taken() == 0


def test_a_server_that_is_killed_is_up_again_and_the_run_ends_well(own_home: Home) -> None:
    own_home.serve()
    own_home.plan(daily={"seconds": 10})
    going_on, _ = own_home.at_work("morning", game_date="2026-01-16")
    _kill_the_server(own_home)
    until("restarted", lambda: "and is up again" in own_home.log)
    done = own_home.wait(going_on, seconds=90)
    assert [row["status"] for row in own_home.ledger()] == ["completed"]
    assert done["state_type"] == "COMPLETED"
    own_home.plan()
    after = own_home.wait(own_home.start("lines", game_date="2026-01-16"), seconds=LEASE_ENDS + 30)
    assert after["state_type"] == "COMPLETED"


def test_a_machine_that_was_off_heals_and_only_the_newest_slot_works(
    own_home: Home, webhook: Webhook
) -> None:
    own_home.serve("lines", str(EVERY))
    until("a first slot", lambda: own_home.runs("lines", "COMPLETED"))
    own_home.plan(daily={"seconds": 300})
    killed, process = own_home.at_work("morning", game_date="2026-01-16")
    server = own_home.server
    for one in (own_home.process.pid, process, server):
        os.kill(one, signal.SIGKILL)
    own_home.process.wait()
    time.sleep(3 * EVERY)
    own_home.plan()
    own_home.serve("lines", str(EVERY))
    assert own_home.wait(killed)["state_type"] == "CRASHED"
    until("an alarm", lambda: webhook.of("run_failed"))
    until("works again", lambda: own_home.ledger()[-1]["command"] == "lines", LEASE_ENDS + 30)
    statuses = {row["flow_run_id"]: row["status"] for row in own_home.ledger()}
    assert statuses[killed] == "died"
    _only_the_newest_worked(own_home)


def test_asleep_over_three_slots(own_home: Home) -> None:
    own_home.serve("lines", str(EVERY))
    until("a first slot", lambda: own_home.runs("lines", "COMPLETED"))
    both = (own_home.process.pid, own_home.server)
    for one in both:
        os.kill(one, signal.SIGSTOP)
    time.sleep(3 * EVERY + 5)
    for one in reversed(both):
        os.kill(one, signal.SIGCONT)
    until("overtaken slots", lambda: len(_messages(own_home, "overtaken")) >= 2)
    _only_the_newest_worked(own_home)


def _kill_the_server(home: Home) -> None:
    os.kill(home.server, signal.SIGKILL)


def _messages(home: Home, word: str) -> list[str]:
    return [
        run["state"]["message"]
        for run in home.runs("lines", "COMPLETED")
        if word in run["state"]["message"]
    ]


def _only_the_newest_worked(home: Home) -> None:
    """Of the slots that were missed, at least two ended overtaken, and a later one worked."""
    until("two overtaken", lambda: len(_messages(home, "overtaken")) >= 2)
    overtaken = [
        run for run in home.runs("lines", "COMPLETED") if "overtaken" in run["state"]["message"]
    ]
    last = max(run["expected_start_time"] for run in overtaken)
    until(
        "the newest works",
        lambda: [
            run
            for run in home.runs("lines", "COMPLETED")
            if run["expected_start_time"] > last and "nothing new" in run["state"]["message"]
        ],
    )
    worked = {row["flow_run_id"] for row in home.ledger()}
    assert not worked & {run["id"] for run in overtaken}


def test_a_port_that_is_taken_is_named(own_home: Home) -> None:
    own_home.serve()
    second = Home(own_home.folder)
    second.port = own_home.port
    with pytest.raises(AssertionError, match=f"port {own_home.port} is taken by a Prefect server"):
        second.serve(command=(sys.executable, str(HERE / "served.py"), str(own_home.port)))


def test_a_server_that_keeps_dying_ends_the_serving(own_home: Home) -> None:
    own_home.serve()
    # who has not yet reached the server gives up at once
    own_home.wait(own_home.start("lines", game_date="2026-01-16"))
    for died in range(2):
        _kill_the_server(own_home)
        until("up again", lambda died=died: own_home.log.count("is up again") > died)
    _kill_the_server(own_home)
    assert own_home.process.wait(60) != 0
    assert "died 3 times within 10 minutes" in own_home.log


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_end_leaves_no_process_and_no_lock(own_home: Home, how: signal.Signals) -> None:
    own_home.serve()
    own_home.plan(daily={"seconds": 300})
    _, process = own_home.at_work("morning", game_date="2026-01-16")
    server = own_home.server
    assert own_home.end(how) == 0
    for one in (process, server):
        assert not Path(f"/proc/{one}").exists()
    assert [row["status"] for row in own_home.ledger()] == ["failed"]
