"""What can go wrong in a load. Every message is one line: the thing, and the remedy."""

from __future__ import annotations


class LoadError(Exception):
    """A load that failed; nothing of it is in the raw tables."""


class BadArgument(LoadError):
    """Input that cannot be right; raised before the first request."""


class MissingKey(LoadError):
    """No API key is set for a source that needs one."""


class AccessDenied(LoadError):
    """The provider refuses the key, or its tier lacks the endpoint."""


class TermsNotAccepted(AccessDenied):
    """A source whose terms speak against this use is asked only once a person has accepted them."""


class QuotaExhausted(LoadError):
    """No credits are left, or fewer than the load needs."""


class TransientError(LoadError):
    """The provider or the network failed, and kept failing through all retries."""


class SourceResting(LoadError):
    """A provider that has failed again and again is left alone for a while; nothing was asked."""


class ContractError(LoadError):
    """The provider's answer, or a file, has another shape than the declared one."""


class WarehouseError(Exception):
    """Base of what can be wrong with the warehouse, on any engine."""


class WarehouseNotConfigured(WarehouseError):
    """A setting that the warehouse cannot do without is not there."""


class WarehouseMissing(WarehouseError):
    """The warehouse or the relation that was to be read does not exist yet."""


class WarehouseOutdated(WarehouseError):
    """A table that was to be read has the columns of another version of the project."""


class WarehouseBusy(WarehouseError):
    """Somebody else writes the warehouse, and went on writing for as long as we may wait."""


class WarehouseUnreachable(WarehouseError):
    """The warehouse does not answer."""


class WarehouseRefused(WarehouseError):
    """The warehouse does not let us do this."""


class QueryFailed(WarehouseError):
    """The warehouse did not understand a query, or gave up on it; carries its own words."""


class NotAFile(WarehouseError):
    """The warehouse is no file that could be copied; its engine has copies of its own."""


class PublishFailed(WarehouseError):
    """Nothing was published; what was published before is as it was."""
