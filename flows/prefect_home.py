"""Where Prefect keeps its files. To be called before Prefect is imported: it reads this then."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flows import defaults

if TYPE_CHECKING:
    from loaders.settings import Settings


def configure(settings: Settings) -> None:
    """Keep Prefect's files in our home, and its telemetry off."""
    if "PREFECT_HOME" not in os.environ:
        settings.prefect_dir.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(settings.prefect_dir)
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault(
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", str(defaults.PREFECT_STARTUP_SECONDS)
    )
