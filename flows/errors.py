"""What can go wrong between the parts: each names the thing and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class FlowError(Exception):
    """Base of what a flow raises on purpose; the command line prints it without a trace."""


class ArgumentError(FlowError):
    """What a person asked for cannot be meant."""


class DbtParseFailed(FlowError):
    """The dbt project does not parse."""


class DbtBuildFailed(FlowError):
    """A dbt invocation ended with failing nodes, or could not run at all.

    tests: names of the data tests that failed.
    """

    def __init__(self, message: str, tests: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.tests = tuple(tests)


class PreflightFailed(FlowError):
    """A backfill would not get through; nothing was asked of any source."""


class BackfillIncomplete(FlowError):
    """Not every expected game date of a backfill is there; names them, and what continues it."""


class LeakSuspected(FlowError):
    """An evaluation is better than any honest forecast can be; names the figure."""

    def __init__(self, message: str, evaluation_id: str) -> None:
        super().__init__(message)
        self.evaluation_id = evaluation_id


class SlateIncomplete(FlowError):
    """Games are due, and the feature store has no row for any of them."""


class BackupFailed(FlowError):
    """No backup was made; nothing was changed."""


class RestoreRefused(FlowError):
    """A backup was not put in place; nothing was changed."""


class PruneRefused(FlowError):
    """Nothing was deleted: what may go cannot be told now."""


class FilesFailed(FlowError):
    """The files that other programs read were not written; those that were there still are."""


class AlarmsNotSent(FlowError):
    """A notification block did not take an alarm."""


class PredictionUnknown(FlowError):
    """No prediction, or more than one, is what a person named."""


class PlayerUnknown(FlowError):
    """No player, or more than one, has the name that a person gave."""


class NotForecast(FlowError):
    """The published slate holds no forecast of what a person asked about; it says why."""


class SourceMissing(FlowError):
    """A source that a run cannot do without did not come in time."""


class LimitMissing(FlowError):
    """The Prefect server has no limit that lets one run at a time write the warehouse."""


class ServeFailed(FlowError):
    """The Prefect server could not be started, or would not stay up."""


class PromotionRefused(FlowError):
    """A model was not promoted, or none could be rolled back; what forecasts is as it was."""
