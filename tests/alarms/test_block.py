"""A notification block that stands in Prefect takes the alarms: NBA_PROPS_ALERT_BLOCK names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from webhook import Webhook

# In a process of its own: Prefect keeps its server, its home and its settings for a process' life.
SEND = """
import sys
from datetime import UTC, date, datetime

from flows import alarms
from flows.prefect_home import configure
from loaders.settings import get_settings

settings, now = get_settings(), datetime(2026, 1, 15, 22, tzinfo=UTC)
configure(settings)
from prefect.blocks.notifications import CustomWebhookNotificationBlock

CustomWebhookNotificationBlock(name="ops", url=sys.argv[1], json_data=alarms.MESSAGE).save("ops")
alarm = alarms.Alarm(
    "run_failed|daily|2026-01-15", "run_failed", "critical", "daily", date(2026, 1, 15), "no", "run"
)
print([one.alert_id for one in alarms.send(settings, [alarm], now)])
"""


@pytest.mark.slow
def test_a_saved_block_takes_the_alarms(webhook: Webhook, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "NBA_PROPS_HOME": str(tmp_path),
        "NBA_PROPS_ALERT_BLOCK": "custom-webhook/ops",
    }
    environment.pop("PREFECT_API_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", SEND, webhook.url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines() == ["['run_failed|daily|2026-01-15']"]
    [told] = webhook.calls
    assert told["subject"] == "nba-props critical: run_failed (daily, 2026-01-15)"
