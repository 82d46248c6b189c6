"""The scheduled flows over stand-ins for what they call: a run in the ledger that lasts as long,
and says what, the file `stand_ins.json` of the home tells. Entrypoints of the deployments of
`served.py`; Prefect, its processes, the limit, the lock and the ledger are the real ones.
"""

from __future__ import annotations

import json
import time
from datetime import date
from types import SimpleNamespace
from typing import Any

from flows import daily, polls, retrain, runs
from flows import refresh as refreshing
from flows.polls import Poll
from flows.scheduled import injuries, lines, morning, refresh
from loaders.pipeline import LoadOutcome

__all__ = ["injuries", "lines", "morning", "refresh"]


def _run(command: str, settings: Any, *, game_date: date, clock: Any, **given: Any) -> Any:
    path = settings.home / "stand_ins.json"
    told = json.loads(path.read_text()).get(command, {}) if path.exists() else {}
    with runs.recorded(
        settings,
        clock,
        command=command,
        run_mode="live",
        as_of=None,
        game_dates=(game_date, game_date),
        trigger=given["trigger"],
        said=given["reporter"].say,
        writing=given["writing"],
    ) as ledger:
        given["reporter"].say(f"at work: {command}")
        time.sleep(told.get("seconds", 0))
        if "error" in told:
            raise RuntimeError(told["error"]) from ValueError(told["error"])
        run_id = ledger.run.run_id
    said = {"run_id": run_id, "reason": told.get("reason"), "published_place": None}
    return SimpleNamespace(told=told, **said)


LOADED = LoadOutcome("odds_api", "player_props", "loaded", 1, 0, "load-1")


def _run_poll(settings: Any, *, what: str, game_date: date, **given: Any) -> Poll:
    done = _run(what, settings, game_date=game_date, **given)
    changed = done.told.get("changed", [])
    return Poll(done.run_id, game_date, (LOADED,) if changed else (), tuple(changed))


def _run_daily(settings: Any, **given: Any) -> Any:
    return _run("daily", settings, **given)


def _run_refresh(settings: Any, **given: Any) -> Any:
    return _run("refresh", settings, **given)


polls.run_poll = _run_poll
daily.run_daily = _run_daily
refreshing.run_refresh = _run_refresh
retrain.run_retraining = lambda *_, **__: None
