"""The emulator as a process of its own: `python emulator_server.py PROJECT` prints its address.

Each patch stands for something that BigQuery does and bqemulator 1.4.0 does not.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from bqemulator.config import LogFormat, LogLevel, PersistenceMode, Settings
from bqemulator.observability.logging_ import configure_logging
from bqemulator.server import EmulatorServer
from bqemulator.storage.engine import DuckDBEngine

LISTENING = "listening on "


def patch() -> None:
    """Mend what the emulator lacks."""
    # only GEOGRAPHY needs the spatial extension, which no package registry has
    DuckDBEngine._load_spatial = lambda self: None


async def serve(project: str) -> None:
    configure_logging(level=LogLevel.ERROR, fmt=LogFormat.CONSOLE)
    server = EmulatorServer(
        Settings(
            persistence_mode=PersistenceMode.EPHEMERAL,
            rest_host="127.0.0.1",
            rest_port=0,
            grpc_host="127.0.0.1",
            grpc_port=0,
            default_project_id=project,
            enable_format_extensions=False,
            log_level=LogLevel.ERROR,
        )
    )
    await server.start()
    print(f"{LISTENING}{server.rest_url}", flush=True)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await server.stop()


if __name__ == "__main__":
    patch()
    asyncio.run(serve(sys.argv[1]))
