"""Alarms: what `audit.alarms` holds against a run is sent once a cause and day.

Sent is what a Prefect notification block took. Without one nothing is sent, and Prefect is not
imported: its start costs seconds.
"""

from __future__ import annotations

import csv
import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from flows import defaults, warehouse
from flows.audit.tables import ALERTS
from flows.clock import eastern_date
from flows.errors import AlarmsNotSent
from loaders.errors import LoadError, WarehouseError
from loaders.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from flows.clock import Clock
    from loaders.settings import Settings

log = logging.getLogger(__name__)

RUN_FAILED = "run_failed"
# A chat's webhook reads `text`; whoever wants the parts has them beside it.
MESSAGE = {"text": "{{subject}}\n{{body}}", "subject": "{{subject}}", "body": "{{body}}"}


@dataclass(frozen=True)
class Alarm:
    """One cause of a rule on an Eastern day. `sent_at` is None until it was sent."""

    alert_id: str
    rule: str
    severity: str
    cause: str
    day: date
    message: str
    remedy: str
    sent_at: datetime | None = None


def current(settings: Settings, now: datetime) -> list[Alarm]:
    """The alarms of today and yesterday (Eastern) that speak by `now`, the gravest first.

    Raises:
        WarehouseError: no warehouse, none that can be read, or no build yet.
    """
    rows = warehouse.query(
        settings,
        """
        select
            alarm_id as alert_id, rule, severity, cause, day, message, remedy, sent_at
        from audit.alarms
        where day >= ? and (since is null or since <= ?)
        order by
            case severity when 'critical' then 0 when 'warning' then 1 else 2 end,
            day desc,
            rule,
            cause
        """,
        [eastern_date(now) - defaults.ALARM_DAYS, now],
    )
    return [Alarm(**row) for row in rows.to_pylist()]


def is_configured(settings: Settings) -> bool:
    """Whether there is anywhere to send to."""
    return settings.alert_webhook is not None or settings.alert_block is not None


def send(settings: Settings, alarms: Iterable[Alarm], now: datetime) -> list[Alarm]:
    """Send those that were not sent yet, and enter them in `raw_runs.alerts` in one load.

    Until they are entered a file stands for each, so that none is sent twice.

    Raises:
        AlarmsNotSent: naming those that could not be sent; the others are entered all the same.
        LoadError, WarehouseError: they were sent, and the next call enters them.
    """
    waiting = [one for one in alarms if one.sent_at is None and not _file(settings, one).exists()]
    failed: dict[str, str] = {}
    if waiting:
        blocks = _blocks(settings)
        for alarm in waiting:
            try:
                for block in blocks:
                    block.notify(f"{alarm.message}\n{alarm.remedy}", subject=_subject(alarm))
            # whatever a block raises: the other alarms are to be sent, and this one is named below
            except Exception as error:  # noqa: BLE001
                failed[alarm.alert_id] = settings.scrubbed(f"{type(error).__name__}: {error}")
            else:
                _keep(settings, replace(alarm, sent_at=now))
    _enter(settings)
    if failed:
        first = next(iter(failed.values()))
        raise AlarmsNotSent(f"not sent: {', '.join(failed)} ({first}); the next run tries again")
    return [one for one in waiting if one.alert_id not in failed]


def after_run(
    settings: Settings, *, command: str, now: datetime, error: BaseException | None = None
) -> None:
    """Send what a run leaves behind. Never raises: the run ends as it would have ended.

    error: what ended the run; it is told also where the warehouse cannot be read.
    """
    if not is_configured(settings):
        return
    try:
        send(settings, _due(settings, command, now, error), now)
    # said aloud and tried again by the next run; the run's own end is not an alarm's to change
    except Exception as trouble:  # noqa: BLE001
        log.error("alarms: %s", settings.scrubbed(str(trouble) or type(trouble).__name__))


@contextmanager
def telling(settings: Settings, clock: Clock, command: str) -> Iterator[None]:
    """Send that a run failed before it stood in the ledger."""
    try:
        yield
    except BaseException as error:
        after_run(settings, command=command, now=clock(), error=error)
        raise


def _due(
    settings: Settings, command: str, now: datetime, error: BaseException | None
) -> list[Alarm]:
    try:
        found = current(settings, now)
    except WarehouseError as unreadable:
        log.warning("alarms: %s", settings.scrubbed(str(unreadable)))
        found = []
    if error is not None:
        failed = _failed_run(settings, command, now, error)
        known = {one.alert_id for one in found} | _entered(settings, failed.day)
        if failed.alert_id not in known:
            found.append(failed)
    return found


def _entered(settings: Settings, day: date) -> set[str]:
    """The alarms of a day that were entered as sent; none where the warehouse cannot be read."""
    try:
        found = warehouse.query(
            settings, "select alert_id from raw_runs.alerts where day = ?", [day]
        )
    except WarehouseError as unreadable:
        # what was sent and could not be entered has a file, which `send` looks at
        log.warning("alarms: %s", settings.scrubbed(str(unreadable)))
        return set()
    return set(found["alert_id"].to_pylist())


def _failed_run(settings: Settings, command: str, now: datetime, error: BaseException) -> Alarm:
    """What `audit.alarms` says of a failed run, for where it cannot say it itself."""
    rule, day = _rule(RUN_FAILED), eastern_date(now)
    cause = f"{command} {type(error).__name__}"
    return Alarm(
        alert_id=f"{RUN_FAILED}|{cause}|{day}",
        rule=RUN_FAILED,
        severity=rule["severity"],
        cause=cause,
        day=day,
        message=settings.scrubbed(f"{command}: {error}")[: defaults.ALARM_MESSAGE_LENGTH],
        remedy=rule["remedy"],
    )


def _rule(name: str) -> dict[str, str]:
    with (PROJECT_ROOT / "seeds" / "alarm_rules.csv").open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["rule"] == name)


def _subject(alarm: Alarm) -> str:
    return f"nba-props {alarm.severity}: {alarm.rule} ({alarm.cause}, {alarm.day})"


def _blocks(settings: Settings) -> list[Any]:
    """The notification blocks of the settings."""
    from flows.prefect_home import configure

    configure(settings)
    from prefect.blocks.core import Block
    from prefect.blocks.notifications import CustomWebhookNotificationBlock

    blocks: list[Any] = []
    if settings.alert_webhook is not None:
        blocks.append(
            CustomWebhookNotificationBlock(
                name="nba-props",
                url="{{url}}",
                secrets={"url": settings.alert_webhook.get_secret_value()},
                json_data=MESSAGE,
                timeout=settings.alert_timeout_seconds,
            )
        )
    if settings.alert_block is not None:
        blocks.append(Block.load(settings.alert_block))
    return blocks


def _file(settings: Settings, alarm: Alarm) -> Path:
    name = hashlib.md5(alarm.alert_id.encode()).hexdigest()
    return settings.alarms_dir / f"{name}.json"


def _keep(settings: Settings, alarm: Alarm) -> None:
    path = _file(settings, alarm)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(alarm), default=str))


def _enter(settings: Settings) -> None:
    """Load what was sent and is not entered yet; its files go once it stands in the warehouse."""
    from loaders.pipeline import Batch, write

    paths = sorted(settings.alarms_dir.glob("*.json")) if settings.alarms_dir.is_dir() else []
    if not paths:
        return
    rows = [_read(path) for path in paths]
    table = pa.Table.from_pylist(rows, schema=ALERTS.arrow_schema())
    try:
        write(settings, "runs", [Batch(ALERTS, table)])
    except (LoadError, WarehouseError) as error:
        log.warning("alarms were sent, the next run enters them: %s", settings.scrubbed(str(error)))
        return
    for path in paths:
        path.unlink()


def _read(path: Path) -> dict[str, Any]:
    row = json.loads(path.read_text())
    sent_at = datetime.fromisoformat(row["sent_at"]).astimezone(UTC)
    return {**row, "day": date.fromisoformat(row["day"]), "sent_at": sent_at}
