"""One attempt to load a source: told to whoever listens, also when it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from loaders.http import Usage
from loaders.pipeline import LoadOutcome

FAILED = "failed"


@dataclass(frozen=True)
class LoadReport:
    """How an attempt ended: an outcome a resource, or a single one that says 'failed'.

    calls: requests sent, repeated ones too; 0 for files.
    spent: credits that they cost; used, remaining: the provider's own count, None where it keeps
        none.
    """

    source: str
    outcomes: tuple[LoadOutcome, ...]
    calls: int = 0
    spent: int = 0
    used: int | None = None
    remaining: int | None = None


Heard = Callable[[LoadReport], None]
"""Is told of every attempt at its end. It must not raise."""


@dataclass
class Attempt:
    """A load that goes on.

    usage: what the API's session has called; None for files.
    quota: the headers with the credits used and left, where the provider sends such.
    resource: what is being asked for; None before the first request and while rows are written.
    """

    source: str
    clock: Callable[[], datetime]
    usage: Usage | None = None
    quota: tuple[str, str] | None = None
    resource: str | None = None
    outcomes: tuple[LoadOutcome, ...] = ()
    _asked: dict[str, Counter[int]] = field(default_factory=dict)

    @contextmanager
    def asking(self, resource: str) -> Iterator[None]:
        """Count what the block sends as requests of that resource."""
        before = self._statuses()
        self.resource = resource
        # not undone where the block fails: what was being asked for is then what failed
        yield
        self._asked[resource] = self._statuses() - before
        self.resource = None

    def _statuses(self) -> Counter[int]:
        return Counter() if self.usage is None else Counter(self.usage.statuses)

    def ended(self, outcomes: Sequence[LoadOutcome], started_at: datetime) -> LoadReport:
        """The report of what was loaded; `outcomes` then say what each resource took."""
        finished_at = self.clock()
        self.outcomes = tuple(
            replace(
                one,
                **_requests(self.usage, self._asked.get(one.resource or "", Counter())),
                started_at=started_at,
                finished_at=finished_at,
            )
            for one in outcomes
        )
        return self._report()

    def failed(self, error: BaseException, message: str, started_at: datetime) -> LoadReport:
        """The report of a load of which nothing is in the raw tables."""
        outcome = LoadOutcome(
            source=self.source,
            resource=self.resource,
            status=FAILED,
            rows=0,
            rejected=0,
            load_id=None,
            **_requests(self.usage, self._statuses()),
            started_at=started_at,
            finished_at=self.clock(),
            error_class=type(error).__name__,
            error=message,
        )
        self.outcomes = (outcome,)
        return self._report()

    def _report(self) -> LoadReport:
        if self.usage is None:
            return LoadReport(self.source, self.outcomes)
        used, remaining = (self.usage.number(name) for name in self.quota or ("", ""))
        return LoadReport(
            self.source, self.outcomes, self.usage.calls, self.usage.spent, used, remaining
        )


@contextmanager
def attempt(
    source: str,
    clock: Callable[[], datetime],
    heard: Heard | None,
    scrubbed: Callable[[str], str],
    *,
    usage: Usage | None = None,
    quota: tuple[str, str] | None = None,
) -> Iterator[Attempt]:
    """Tell `heard` how the block ended; the block sets `outcomes`.

    usage: of the API that is asked; the block may set it later.
    """
    one = Attempt(source, clock, usage, quota)
    started_at = clock()
    try:
        yield one
    except BaseException as error:
        if heard is not None:
            heard(one.failed(error, scrubbed(str(error)), started_at))
        raise
    report = one.ended(one.outcomes, started_at)
    if heard is not None:
        heard(report)


def _requests(usage: Usage | None, statuses: Counter[int]) -> dict[str, int | str | None]:
    if usage is None:
        return {"requests": None, "http_statuses": None}
    names = ",".join(str(status) for status in sorted(statuses))
    return {"requests": statuses.total(), "http_statuses": names or None}
