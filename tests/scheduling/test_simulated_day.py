"""A whole day of the simulated league by itself: a real server, real flow runs, real builds.

The order is a day's; only the league's clock jumps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb
import pytest
from home import Home, now, until

from flows.backfill import run_backfill
from flows.clock import eastern_instant
from flows.world import reach_sandbox
from loaders.sandbox import Sandbox
from loaders.sandbox.reply import Reply
from loaders.settings import Settings

pytestmark = pytest.mark.slow
DAY = date(2026, 1, 16)
HISTORY = timedelta(days=45)


def at(hour: int, minute: int = 0) -> datetime:
    return eastern_instant(DAY, time(hour, minute))


@dataclass
class Day:
    """The home, the league's clock, and the flow runs in the order in which they ended."""

    home: Home
    sandbox: Sandbox
    runs: list[dict[str, Any]]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of the warehouse."""
        path = str(self.home.folder / "sandbox.duckdb")
        with duckdb.connect(path, read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql).to_arrow_table().to_pylist()

    def ended(self, flow_run_id: str) -> dict[str, Any]:
        """The flow run, once it has ended, as it must."""
        done = self.home.wait(flow_run_id, seconds=300)
        assert done["state_type"] == "COMPLETED", self.home.log[-6000:]
        self.runs.append(done)
        return done

    def poll_and_refresh(self, what: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A poll, and the refresh that its event starts."""
        before = {one["id"] for one in self.home.runs("refresh")}
        poll = self.ended(self.home.start(what))
        assert "told" in poll["state"]["message"], poll["state"]["message"]
        [refresh] = until(
            "a refresh",
            lambda: [one for one in self.home.runs("refresh") if one["id"] not in before],
        )
        return poll, self.ended(refresh["id"])


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """The morning of a league with a month of history, and nobody serving yet."""
    folder = tmp_path_factory.mktemp("home")
    settings = Settings(home=folder, target="sandbox")
    with Sandbox(now=at(6), ticking=False) as sandbox:
        for source, back in (("balldontlie", HISTORY), ("odds_api", timedelta(days=2))):
            run_backfill(
                reach_sandbox(settings, sandbox),
                source=source,
                start=DAY - back,
                end=DAY - timedelta(days=1),
                build=False,
                clock=sandbox.clock,
            )
        home = Home(
            folder,
            NBA_PROPS_TARGET="sandbox",
            NBA_PROPS_SANDBOX_URL=sandbox.url,
            NBA_PROPS_WRITER_WAIT_SECONDS="120",
        )
        made = Day(home, sandbox, [])
        try:
            yield made
        finally:
            home.end()


LATEST = """
select player_name, game_id, market, information_set, line, run_id
from marts.active_player_prop_predictions where game_date = '2026-01-16'
"""


def test_a_day(day: Day) -> None:
    _morning_without_lines(day)
    _late_lines(day)
    _news_at_half_past_five(day)
    _grading(day)
    _the_audit(day)


def _morning_without_lines(day: Day) -> None:
    respond = day.sandbox.odds_api.respond
    day.sandbox.odds_api.respond = lambda *_: Reply(200, [])
    day.sandbox.clock.move_to(at(7))
    anchor = now() + timedelta(seconds=60)
    day.home.serve("morning", "86400", anchor.isoformat())
    [begun] = until("the slot", lambda: day.home.runs("morning", "RUNNING", "COMPLETED"), 90)
    day.ended(begun["id"])
    day.sandbox.odds_api.respond = respond
    print(
        day.rows(
            "select distinct has_prop_line from marts.prediction_coverage where game_date='2026-01-16'"
        )
    )
    print(day.rows("from audit.alarms"))


def _late_lines(day):
    import time as t

    day.sandbox.clock.move_to(at(13))
    a = t.time()
    poll, refresh = day.poll_and_refresh("lines")
    print("lines->refresh", t.time() - a, poll["state"]["message"], refresh["state"]["message"])
    for one in (poll, refresh):
        print(
            {
                k: one[k]
                for k in ("created", "expected_start_time", "start_time", "end_time", "name")
            }
        )


def _news_at_half_past_five(day):
    import time as t

    day.sandbox.clock.move_to(at(17, 20))
    poll, refresh = day.poll_and_refresh("injuries")
    print(poll["state"]["message"], refresh["state"]["message"])
    day.sandbox.clock.move_to(at(17, 40))
    a = t.time()
    poll, refresh = day.poll_and_refresh("injuries")
    print("injuries->refresh", t.time() - a, poll["state"]["message"], refresh["state"]["message"])
    for one in (poll, refresh):
        print(
            {
                k: one[k]
                for k in ("created", "expected_start_time", "start_time", "end_time", "name")
            }
        )
    print(
        day.rows(
            "select run_id, command, trigger, deployment, seconds, caused_by, mode, reason from audit.runs order by started_at"
        )
    )
    print(
        day.rows(
            "select run_id, part, kind, seconds from audit.layer_latency where kind != 'layer' order by run_id"
        )
    )


def _grading(day):
    day.sandbox.clock.move_to(at(23) + timedelta(hours=2))
    done = day.ended(day.home.start("grading"))
    print(done["state"]["message"])


def _the_audit(day):
    print(
        day.rows(
            "select run_id, command, trigger, deployment, seconds, caused_by, mode, reason from audit.runs order by started_at"
        )
    )
    print(day.home.log[-15000:])
    assert 0
