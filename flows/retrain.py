"""Training outside of a day's run, so that no run of a day has to wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows import modelling, runs, warehouse
from flows.clock import LIVE, Clock, utc_now
from flows.daily import Call, Stepper, call_plainly
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger

if TYPE_CHECKING:
    from loaders.settings import Settings

INFORMATION_SETS = ("BASE", "TIP")
"""The sets that runs of a day forecast with."""


@dataclass(frozen=True)
class Retrained:
    """The models of a training run: which there are now, and how many of them are new."""

    run_id: str
    model_versions: tuple[str, ...]
    trained: int


def run_retraining(
    settings: Settings,
    *,
    train: str = modelling.ALWAYS,
    information_sets: Sequence[str] = INFORMATION_SETS,
    clock: Clock = utc_now,
    reporter: Reporter | None = None,
    call: Call = call_plainly,
    trigger: Trigger = Trigger(),
    writing: warehouse.Writing = warehouse.writing,
) -> Retrained:
    """Train the models of all markets on all that is built by now, and enter them.

    train: as of `modelling.train_models`.

    Raises:
        ArgumentError: another `train`.
        TrainingError: too few examples.
        WarehouseError: nothing is built yet, or the warehouse cannot be read or written.
    """
    from flows.forecasting.writeback import write_forecasts

    modelling.check_training(train)
    reporter = reporter or SilentReporter()
    with runs.recorded(
        settings,
        clock,
        command="retrain",
        run_mode=LIVE,
        as_of=None,
        trigger=trigger,
        said=reporter.say,
        writing=writing,
    ) as ledger:
        step = Stepper(reporter, call, ledger.audit.stepped)
        models = [
            model
            for information_set in information_sets
            for model in step(
                f"train models of {information_set}",
                modelling.train_models,
                settings,
                run=ledger.run,
                information_set=information_set,
                clock=clock,
                training=train,
            )
        ]
        cards = [one.card for one in models]
        step("enter models", write_forecasts, settings, cards, [])
        new = sum(one.is_new for one in models)
        ledger.complete(clock(), f"{new} of {len(models)} models trained")
    return Retrained(ledger.run.run_id, tuple(card.model_version for card in cards), new)
