"""A look at the whole from outside of its runs: what is late, missing or failing, told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import runs, warehouse
from flows.clock import LIVE, Clock, eastern_date, utc_now
from flows.daily import Call, Stepper, call_plainly
from flows.dbt_runner import DbtRunner
from flows.doctor import findings
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings


def run_health(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    reporter: Reporter | None = None,
    call: Call = call_plainly,
    trigger: Trigger = Trigger(),
    writing: warehouse.Writing = warehouse.writing,
    dbt: DbtRunner | None = None,
) -> pa.Table:
    """Ask the audit by the clock of now, and send the alarms that speak.

    Returns what needs a hand (`doctor.findings`).

    Raises:
        DbtBuildFailed: the views could not be made: is anything built yet?
        WarehouseError: the warehouse cannot be read or written.
    """
    reporter = reporter or SilentReporter()
    with runs.recorded(
        settings,
        clock,
        command="health",
        run_mode=LIVE,
        as_of=None,
        trigger=trigger,
        said=reporter.say,
        writing=writing,
    ) as ledger:
        run = ledger.run
        step = Stepper(reporter, call, ledger.audit.stepped)
        dbt = dbt or DbtRunner(settings)
        dbt.run_id, dbt.reporter, dbt.built = run.run_id, reporter, ledger.audit.built
        step("read dbt project", dbt.parse)
        step(
            "ask the audit",
            dbt.build,
            selector="health",
            vars={
                "as_of": run.as_of.isoformat(),
                "slate_date": eastern_date(run.as_of).isoformat(),
                "run_id": run.run_id,
            },
        )
        ledger.complete(clock(), None)
    return findings(settings, clock())
