"""What can go wrong between the parts: each names the thing and the remedy."""

from __future__ import annotations


class FlowError(Exception):
    """Base of what a flow raises on purpose; the command line prints it without a trace."""


class ArgumentError(FlowError):
    """What a person asked for cannot be meant."""


class WarehouseMissing(FlowError):
    """The file or the relation that was to be read does not exist yet."""


class WarehouseBusy(FlowError):
    """Another process holds the warehouse for longer than we wait."""


class QueryFailed(FlowError):
    """The warehouse refused a query; carries the engine's own words."""


class DbtParseFailed(FlowError):
    """The dbt project does not parse."""


class DbtBuildFailed(FlowError):
    """A dbt invocation ended with failing nodes, or could not run at all."""


class SlateIncomplete(FlowError):
    """Games are due, and the feature store has no row for any of them."""


class PublishFailed(FlowError):
    """The published copy was not switched; the old one is as it was."""


class NotOnThisTarget(FlowError):
    """The target cannot do this yet."""
