"""A home that is served by a process of its own, and what a test asks of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import requests

from flows import warehouse
from loaders.settings import PROJECT_ROOT, Settings

HERE = Path(__file__).parent
KEY = "key-of-balldontlie-0123456789"
# Seconds that a run of these homes waits for another one.
WAIT = 20
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what: str, found: Callable[[], Any], seconds: float = 180) -> Any:
    """What `found` gives, once it gives anything; AssertionError after so long."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if given := found():
            return given
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")


class Home:
    """One home, its server on a port of its own, and the process that serves both."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if "PREFECT" not in name},
            "NBA_PROPS_HOME": str(folder),
            "NBA_PROPS_TARGET": "duckdb",
            "BALLDONTLIE_API_KEY": KEY,
            "NBA_PROPS_WRITER_WAIT_SECONDS": str(WAIT),
            "PYTHONPATH": str(HERE),
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """All that was printed, the flow runs' logs among it."""
        return (self.folder / "serve.log").read_text()

    def serve(self, *arguments: str, command: tuple[str, ...] | None = None) -> Home:
        """Serve, and return when runs are being picked up."""
        before = len(self.log) if (self.folder / "serve.log").exists() else 0
        call = command or (sys.executable, str(HERE / "served.py"), str(self.port), *arguments)
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                call, env=self.environment, stdout=log, stderr=log, cwd=PROJECT_ROOT
            )

        def is_up() -> bool:
            assert self.process.poll() is None, self.log[-3000:]
            return "serving " in self.log[before:]

        until("served", is_up, 90)
        return self

    def end(self, how: int = signal.SIGTERM) -> int:
        """End what serves; its exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(how)
        try:
            return self.process.wait(60)
        finally:
            self.process.kill()

    def plan(self, **told: dict[str, Any]) -> None:
        """What the stand-ins are to do."""
        (self.folder / "stand_ins.json").write_text(json.dumps(told))

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The server's answer; a POST where there is a body."""
        url = f"http://127.0.0.1:{self.port}/api{path}"
        for _ in range(20):
            answer = (
                requests.get(url, timeout=10)
                if body is None
                else requests.post(url, json=body, timeout=10)
            )
            # SQLite is written by somebody else; Prefect's own clients ask again, too
            if answer.status_code != 503:
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def start(self, flow: str, **parameters: Any) -> str:
        """Start a deployment by hand; the flow run's id."""
        deployment = self.ask(f"/deployments/name/{flow}/{self.environment['NBA_PROPS_TARGET']}")
        made = self.ask(
            f"/deployments/{deployment['id']}/create_flow_run",
            {"parameters": parameters, "state": {"type": "SCHEDULED"}},
        )
        return made["id"]

    def run(self, flow_run_id: str) -> dict[str, Any]:
        return self.ask(f"/flow_runs/{flow_run_id}")

    def runs(self, flow: str, *states: str) -> list[dict[str, Any]]:
        """The flow runs of a flow in these states, the first started first."""
        asked: dict[str, Any] = {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_ASC"}
        if states:
            asked["flow_runs"] = {"state": {"type": {"any_": list(states)}}}
        return self.ask("/flow_runs/filter", asked)

    def wait(self, flow_run_id: str, *states: str, seconds: float = 60) -> dict[str, Any]:
        """The flow run once it is in one of the states, by default once it has ended."""

        def there() -> dict[str, Any] | None:
            try:
                found = self.run(flow_run_id)
            except requests.RequestException:
                return None
            return found if found["state_type"] in (states or FINAL) else None

        return until(f"{flow_run_id} in {states or FINAL}", there, seconds)

    def cancel(self, flow_run_id: str) -> None:
        self.ask(f"/flow_runs/{flow_run_id}/set_state", {"state": {"type": "CANCELLING"}})

    def said(self, flow_run_id: str) -> str:
        """The log of a flow run as the server keeps it."""
        logs = self.ask(
            "/logs/filter", {"logs": {"flow_run_id": {"any_": [flow_run_id]}}, "limit": 200}
        )
        return "\n".join(one["message"] for one in logs)

    def process_of(self, flow_run_id: str) -> int:
        """The id of the process that works on a flow run; 0 where nobody does."""
        path = self.folder / "prefect" / "at_work" / flow_run_id
        return int(path.read_text() or 0) if path.exists() else 0

    def at_work(self, flow: str, **parameters: Any) -> tuple[str, int]:
        """Start a deployment by hand, and wait until its stand-in is at work; its id, its process.

        It then stands in the ledger as running, and holds the slot and the lock.
        """
        started = self.start(flow, **parameters)
        until(f"{flow} at work", lambda: "at work:" in self.said(started))
        return started, self.process_of(started)

    @property
    def server(self) -> int:
        """The process of the Prefect server."""
        asked = ["pgrep", "-P", str(self.process.pid), "-f", "flows.server_child"]
        return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)

    def python(self, code: str, **environment: str) -> str:
        """What a program prints that works on the home beside whoever serves it."""
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            env=self.environment
            | {"PREFECT_API_URL": f"http://127.0.0.1:{self.port}/api"}
            | environment,
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def taken(self) -> int:
        """How many of the warehouse's slots are taken."""
        return self.ask("/v2/concurrency_limits/nba-props-warehouse-duckdb")["active_slots"]

    def ledger(self) -> list[dict[str, Any]]:
        """The runs of the warehouse, the first started first."""
        # waits while a run has the file
        settings = Settings(home=self.folder, target="duckdb")
        sql = "select * from raw_runs.runs order by started_at"
        return warehouse.query(settings, sql).to_pylist()

    @property
    def published(self) -> Path:
        return self.folder / "warehouse_published.duckdb"

    def unpublish(self) -> None:
        """Of no day anything is known."""
        self.published.unlink()

    def publish(self, *tipoffs: datetime, as_of: datetime) -> None:
        """A published copy that knows these games, from loads up to an instant."""
        self.published.unlink(missing_ok=True)
        with duckdb.connect(str(self.published)) as connection:
            connection.execute("create schema marts; create schema published")
            connection.execute(
                "create table marts.games (game_date date, tipoff_at timestamptz, status text)"
            )
            connection.execute("create table published.publication (as_of timestamptz)")
            connection.execute("insert into published.publication values (?)", [as_of])
            for tipoff in tipoffs:
                connection.execute(
                    "insert into marts.games select cast(timezone('America/New_York', $1) as date),"
                    " $1, 'scheduled'",
                    [tipoff],
                )


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    from flows.slots import slate_date

    return slate_date(now())
