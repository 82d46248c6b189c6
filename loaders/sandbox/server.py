"""The HTTP server on the loopback: all APIs under one address, with a clock and faults."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from .api_balldontlie import PREFIX, Balldontlie
from .api_espn import PREFIX as ESPN_PREFIX
from .api_espn import Espn
from .api_nba import PREFIX as NBA_COM_PREFIX
from .api_nba import NbaCom
from .api_odds import OddsApi
from .clock import Clock
from .faults import Faults, real_cursor, replacement, spoil
from .league import DEFAULT_SEED
from .reply import Reply
from .world import build_world

BALLDONTLIE_KEY = "sandbox-balldontlie-key"
ODDS_API_KEY = "sandbox-odds-api-key"
USUAL_CREDITS = 20_000
HOST = "127.0.0.1"
# Of no API: what time it is in the league, for whoever loads from it in another process.
CLOCK_PATH = "/clock"


class Sandbox:
    """A simulated league behind its APIs, known up to the instant of its clock.

    Use as a context manager, or `start()` and `stop()`. `now` needs a time zone. `credits` is the
    budget of The Odds API; `historical=False` is its free plan; `tier` is balldontlie's tier
    ("free" refuses stats, active players and injuries). `requests` counts (path, status).
    """

    def __init__(
        self,
        now: datetime,
        seed: int = DEFAULT_SEED,
        faults: Faults | None = None,
        *,
        ticking: bool = True,
        port: int = 0,
        credits: int = USUAL_CREDITS,
        historical: bool = True,
        tier: str = "all-star",
    ) -> None:
        self.clock = Clock(now, ticking)
        self.faults = faults if faults is not None else Faults()
        self.world = build_world(seed)
        self.balldontlie = Balldontlie(self.world, BALLDONTLIE_KEY, tier)
        self.odds_api = OddsApi(self.world, ODDS_API_KEY, credits, historical)
        self.nba_com = NbaCom(self.world, self.balldontlie)
        self.espn = Espn(self.world, self.balldontlie)
        self.requests: Counter[tuple[str, int]] = Counter()
        self._port = port
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Base address, without a slash at the end. Raises RuntimeError before `start()`."""
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        return f"http://{HOST}:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Listen on the loopback, in a thread of its own."""
        server = _Server((HOST, self._port), _Handler)
        server.sandbox = self
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def request_count(self, path: str | None = None) -> int:
        """Requests answered so far, in all or for one path."""
        with self._lock:
            return sum(n for (one, _), n in self.requests.items() if path in (None, one))

    def answer(self, target: str, headers: Mapping[str, str]) -> tuple[Reply, bool]:
        """Reply to one GET, and whether its body is to be cut off on the wire."""
        parts = urlsplit(target)
        if parts.path == CLOCK_PATH:
            return Reply(200, {"now": self.clock().isoformat()}), False
        query = parse_qs(parts.query, keep_blank_values=True)
        faults = self.faults.take(parts.path, query)
        time.sleep(sum(fault.seconds for fault in faults if fault.kind == "slow"))
        instead = [made for fault in faults if (made := replacement(fault, parts.path))]
        if instead:
            reply = instead[0]
        else:
            query = real_cursor(query)
            epoch = self.clock().timestamp()
            if parts.path.startswith(PREFIX):
                key = headers.get("Authorization")
                reply = self.balldontlie.respond(parts.path, query, key, epoch)
            elif parts.path.startswith("/v4/"):
                reply = self.odds_api.respond(parts.path, query, epoch)
            elif parts.path.startswith(NBA_COM_PREFIX):
                reply = self.nba_com.respond(parts.path, headers, epoch)
            elif parts.path.startswith(ESPN_PREFIX):
                agent = headers.get("User-Agent")
                reply = self.espn.respond(parts.path, query, agent, epoch)
            else:
                reply = Reply(404, {"error": "Not found"})
        cut = False
        if reply.status == 200:
            for fault in faults:
                reply.body = spoil(fault, reply.body, query)
            if any(fault.kind == "truncated_json" for fault in faults):
                text = json.dumps(reply.body, ensure_ascii=False)
                reply.body = text[: len(text) // 2]
            cut = any(fault.kind == "truncated_body" for fault in faults)
        with self._lock:
            self.requests[parts.path, reply.status] += 1
        return reply, cut


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Waiting for kept-alive connections would hold up the end of the program.
    block_on_close = False
    sandbox: Sandbox


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one packet, or the client's delayed acknowledgement costs 40 ms.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer a request of any API."""
        reply, cut = self.server.sandbox.answer(self.path, self.headers)
        self._send(reply, cut)

    def _refuse(self) -> None:
        self._send(Reply(405, {"error": "Method not allowed"}), False)

    do_POST = do_PUT = do_PATCH = do_DELETE = _refuse

    def _send(self, reply: Reply, cut: bool) -> None:
        text = reply.body if isinstance(reply.body, str) else _dump(reply.body)
        raw = text.encode()
        self.send_response(reply.status)
        json_like = not isinstance(reply.body, str) or reply.status == 200
        self.send_header("Content-Type", "application/json" if json_like else "text/plain")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if cut:
            self.send_header("Connection", "close")
            raw = raw[: len(raw) // 2]
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: a log line would hold the key, which is part of the address."""


def _dump(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
