"""A whole day of the simulated league by itself: a real server, real flow runs, real builds.

The order is a day's, and the league's clock jumps from hour to hour and ticks between them: what
a load brings at the very instant of a run is not known to it.
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
from flows.polls import run_poll
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

    def ledger_of(self, flow_run: dict[str, Any]) -> dict[str, Any]:
        """The flow run's row of the ledger."""
        [row] = self.rows(f"from raw_runs.runs where flow_run_id = '{flow_run['id']}'")
        return row

    def event_of(self, poll: dict[str, Any]) -> dict[str, Any]:
        """What a poll told."""
        asked = {"filter": {"event": {"name": ["nba-props.load.changed"]}}}
        run_id = self.ledger_of(poll)["run_id"]
        told = [one["payload"] for one in self.home.ask("/events/filter", asked)["events"]]
        [payload] = [one for one in told if one["run_id"] == run_id]
        return payload

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
    with Sandbox(now=at(6)) as sandbox:
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
select
    predictions.player_id,
    any_value(players.player_name) as player_name,
    any_value(predictions.game_id) as game_id,
    max(predictions.run_id) as run_id,
    count(predictions.line) as lines
from marts.active_player_prop_predictions as predictions
inner join marts.players as players on predictions.player_id = players.player_id
where predictions.game_date = '2026-01-16' and predictions.system = 'catboost'
group by predictions.player_id
"""
# Five past six one player of the slate is doubtful, ten past he is out.
NEWS = (at(18, 5), at(18, 10))
WHO = "Linus Gainsmore"


def test_a_day(day: Day) -> None:
    _morning_without_lines(day)
    _late_lines(day)
    _late_news(day)
    _a_lost_event(day)
    _grading(day)
    _the_audit(day)


def _morning_without_lines(day: Day) -> None:
    respond = day.sandbox.odds_api.respond
    day.sandbox.odds_api.respond = lambda *_: Reply(200, [])
    day.sandbox.clock.move_to(at(7))
    day.home.serve("morning", "86400", (now() + timedelta(seconds=60)).isoformat())
    [begun] = until("the slot", lambda: day.home.runs("morning", "RUNNING", "COMPLETED"), 120)
    done = day.ended(begun["id"])
    day.sandbox.odds_api.respond = respond
    assert "forecasts" in done["state"]["message"]
    slate = f"from marts.prediction_coverage where game_date = '{DAY}'"
    assert day.rows(f"select distinct has_prop_line {slate}") == [{"has_prop_line": False}]
    speaking = f"severity != 'info' and (since is null or since <= timestamptz '{at(8)}')"
    assert day.rows(f"from audit.alarms where {speaking}") == []
    assert {row["lines"] for row in day.rows(LATEST)} == {0}


def _late_lines(day: Day) -> None:
    day.sandbox.clock.move_to(at(13))
    _, refresh = day.poll_and_refresh("lines")
    after = day.rows(LATEST)
    quoted = {row["run_id"] for row in after if row["lines"]}
    assert quoted == {day.ledger_of(refresh)["run_id"]}
    assert sum(row["lines"] > 0 for row in after) > 100


def _late_news(day: Day) -> None:
    """One player's news makes new versions of those whom it touches, and of nobody else."""
    day.sandbox.clock.move_to(NEWS[0])
    day.poll_and_refresh("injuries")
    before = {row["player_id"]: row for row in day.rows(LATEST)}
    day.sandbox.clock.move_to(NEWS[1])
    poll, refresh = day.poll_and_refresh("injuries")
    assert day.event_of(poll)["players"] == [WHO]
    run_id = day.ledger_of(refresh)["run_id"]
    after = {row["player_id"]: row for row in day.rows(LATEST)}
    new = {player_id for player_id, row in after.items() if row["run_id"] == run_id}
    [his_game] = {row["game_id"] for row in before.values() if row["player_name"] == WHO}
    assert new
    assert {after[player_id]["game_id"] for player_id in new} == {his_game}
    kept = after.keys() - new
    assert {i: after[i]["run_id"] for i in kept} == {i: before[i]["run_id"] for i in kept}
    latency = instant(refresh["end_time"]) - instant(poll["start_time"])
    print(f"from the start of the poll to what is published: {latency.total_seconds():.1f} s")


def _a_lost_event(day: Day) -> None:
    """A poll that tells nobody: the refresh that nobody called finds what it brought, once."""
    day.sandbox.clock.move_to(at(18, 30))
    settings = reach_sandbox(Settings(home=day.home.folder, target="sandbox"), day.sandbox)
    poll = run_poll(settings, what="lines", game_date=DAY, clock=day.sandbox.clock)
    assert poll.has_changed
    backup = day.ended(day.home.start("refresh"))
    assert "forecasts" in backup["state"]["message"]
    again = day.ended(day.home.start("refresh"))
    assert again["state"]["message"] == "nobody is known to be other than when he was forecast"


def _grading(day: Day) -> None:
    day.sandbox.clock.move_to(at(23) + timedelta(hours=3))
    day.ended(day.home.start("grading"))
    graded = f"select count(*) as n from marts.prediction_accuracy where game_date = '{DAY}'"
    assert day.rows(graded)[0]["n"] > 0


def _the_audit(day: Day) -> None:
    """Each step stands in it with what started it, and what it was caused by."""
    ran = day.rows("select * from audit.runs where command != 'backfill' order by started_at")
    assert [(row["command"], row["trigger"], row["deployment"], row["status"]) for row in ran] == [
        ("load", "schedule", "morning/sandbox", "completed"),
        ("daily", "schedule", "morning/sandbox", "completed"),
        ("retrain", "schedule", "morning/sandbox", "completed"),
        ("poll", "manual", "lines/sandbox", "completed"),
        ("refresh", "event", "refresh/sandbox", "completed"),
        ("poll", "manual", "injuries/sandbox", "completed"),
        ("refresh", "event", "refresh/sandbox", "completed"),
        ("poll", "manual", "injuries/sandbox", "completed"),
        ("refresh", "event", "refresh/sandbox", "completed"),
        ("poll", "cli", None, "completed"),
        ("refresh", "manual", "refresh/sandbox", "completed"),
        ("refresh", "manual", "refresh/sandbox", "completed"),
        ("grade", "manual", "grading/sandbox", "completed"),
    ]
    flow_runs = dict.fromkeys(row["flow_run_id"] for row in ran if row["flow_run_id"])
    assert [*flow_runs] == [one["id"] for one in day.runs]
    assert [row["caused_by"] for row in ran[4:9:2]] == [row["run_id"] for row in ran[3:8:2]]
    assert {row["game_date_from"] for row in ran if row["command"] != "retrain"} == {DAY}
    latency = day.rows("select * from audit.refresh_latency order by poll_started_at")
    assert [row["run_id"] for row in latency] == [row["run_id"] for row in ran[4:9:2]]
    assert all(0 < row["step_seconds"] <= row["seconds"] for row in latency)
    for row in latency:
        print(f"own steps {row['step_seconds']:.1f} s, players {row['players']}")
    assert ran[0]["scheduled_at"] is not None


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
