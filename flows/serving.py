"""`nba-props serve`: a Prefect server on this machine, and the process that runs what is due.

The server is a child process on the loopback. It is started again when it dies; with it end the
runner, its runs, and the simulated league where that is what is served.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import requests

from flows import defaults
from flows.defaults import LOOPBACK
from flows.errors import ServeFailed
from flows.prefect_home import configure
from flows.world import providers
from loaders.engines import engine
from loaders.environment import environment

if TYPE_CHECKING:
    from rich.console import Console

    from loaders.settings import Settings

# The server's log is a file; this much of it is shown when it does not start.
LOG_LINES = 15
WATCH_SECONDS = 0.5


class Server:
    """The Prefect server as a child process, watched and started again when it dies."""

    def __init__(self, settings: Settings, port: int, say: Callable[[str], None]) -> None:
        self.settings = settings
        self.port = port
        self.say = say
        self.log = settings.prefect_dir / "server.log"
        self.failed: ServeFailed | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._deaths: deque[float] = deque(maxlen=defaults.SERVER_RESTARTS)

    @property
    def url(self) -> str:
        """Where people look."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start it, and return when it answers.

        Raises:
            ServeFailed: the port is taken, or the server does not come up; with the end of its log.
        """
        self._check_port()
        self._process = self._spawn()
        waited_from = time.monotonic()
        while not self._is_healthy():
            if self._process.poll() is not None:
                raise ServeFailed(f"the Prefect server ended as it started; {self._end_of_log()}")
            if time.monotonic() - waited_from > defaults.PREFECT_STARTUP_SECONDS:
                self._stop_process()
                raise ServeFailed(
                    f"the Prefect server does not answer at {self.url} after "
                    f"{defaults.PREFECT_STARTUP_SECONDS} s; {self._end_of_log()}"
                )
            time.sleep(WATCH_SECONDS)

    def watch(self, give_up: Callable[[], None]) -> None:
        """Start it again whenever it dies, until `stop`; `give_up` is called where that fails."""
        while not self._ending.wait(WATCH_SECONDS):
            if self._process is None or self._process.poll() is None:
                continue
            self.say(f"the Prefect server ended (status {self._process.returncode})")
            try:
                self._check_deaths()
                self.start()
            except ServeFailed as error:
                self.failed = error
                give_up()
                return
            self.say("and is up again; runs that went on meanwhile end as the ledger says")

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._ending.set()
        self._stop_process()

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "flows.server_child", str(self.port)],
                stdout=log,
                stderr=subprocess.STDOUT,
                # held open by us, so that the server ends with us however we end
                stdin=subprocess.PIPE,
                env=os.environ | server_environment(),
                # ^C is for us: the runs still need the server to say how they ended
                start_new_session=True,
            )

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, self.port))
            except OSError:
                whose = " by a Prefect server" if self._is_healthy() else ""
                raise ServeFailed(
                    f"port {self.port} is taken{whose}: end what listens there, or pass --port"
                ) from None

    def _check_deaths(self) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        span = defaults.SERVER_RESTARTS_WITHIN.total_seconds()
        if len(self._deaths) == defaults.SERVER_RESTARTS and now - self._deaths[0] < span:
            raise ServeFailed(
                f"the Prefect server died {defaults.SERVER_RESTARTS} times within "
                f"{span / 60:g} minutes; {self._end_of_log()}"
            )

    def _is_healthy(self) -> bool:
        try:
            return requests.get(f"{self.url}/api/health", timeout=defaults.SERVER_ANSWER_SECONDS).ok
        except requests.RequestException:
            return False

    def _stop_process(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(defaults.SERVER_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _end_of_log(self) -> str:
        last = self.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        return "\n".join([f"the end of {self.log}:", *last])


def server_environment() -> dict[str, str]:
    """What our server is told beside what all of Prefect is told."""
    return {
        # a run that waits for the warehouse asks again so soon that its turn is not missed
        "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": str(
            defaults.SLOT_POLL_SECONDS
        ),
        # so does one whose deployment is at work: a second refresh, or a slot that was missed
        "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": str(defaults.RUN_POLL_SECONDS),
        # in memory a lease would be forgotten by a server that dies, and its slot never be free
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }


def serve(
    settings: Settings, *, port: int, console: Console, sandbox_now: datetime | None = None
) -> None:
    """Serve every deployment of the settings' target until ^C or SIGTERM.

    Raises:
        ServeFailed: the port is taken, or the server does not start or stay up.
    """

    def say(text: str) -> None:
        console.print(text, soft_wrap=True)

    with ExitStack() as stack:
        if engine(settings).is_simulated:
            stack.enter_context(_served_league(settings, sandbox_now, say))
        server = Server(settings, port, say)
        configure(settings)
        stack.enter_context(environment({"PREFECT_API_URL": f"{server.url}/api"}))
        say(f"starting the Prefect server; its log is {server.log}")
        stack.callback(server.stop)
        server.start()
        from flows.runner import run_what_is_due

        say(f"[bold]{server.url}[/] shows what runs; ^C ends everything")
        run_what_is_due(settings, server, say)
        if server.failed is not None:
            raise server.failed


@contextmanager
def _served_league(
    settings: Settings, now: datetime | None, say: Callable[[str], None]
) -> Iterator[None]:
    """Serve the simulated league, and let the runs know where."""
    with providers(settings, sandbox_now=now) as (reachable, clock):
        url = reachable.balldontlie_url
        say(f"the simulated league is at {url}, {clock():%Y-%m-%d %H:%M} UTC")
        with environment({"NBA_PROPS_SANDBOX_URL": url}):
            yield
