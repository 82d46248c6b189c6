"""What is seen while a command works: each step with its seconds, each dbt node at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.status import Status

# A node's line is coloured by how it ended.
STYLES = {
    "success": "green",
    "pass": "green",
    "warn": "yellow",
    "error": "bold red",
    "fail": "bold red",
    "runtime error": "bold red",
    "skipped": "dim",
}
QUIET_ENDINGS = ("success", "pass", "skipped")
BAR_WIDTH = 24
PLAIN_LINE_EVERY_SECONDS = 2
MINUTE = 60


@dataclass
class Reporter:
    """Prints steps and nodes, and keeps the seconds of each step.

    Args:
        console: where to print; standard error by default, so that results can be piped.
        verbose: also print the nodes that ended well or were skipped.
    """

    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))
    verbose: bool = True
    seconds: dict[str, float] = field(default_factory=dict)
    _status: Status | None = None
    _title: str = ""
    _told_at: float = 0
    _bar: Callable[[str], None] | None = None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show that `name` is being done, and afterwards how long it took, also when it failed."""
        started = time.perf_counter()
        outer = (self._status, self._title)
        if outer[0] is not None:
            outer[0].stop()
        self._title = name
        ending = "[bold red]failed[/]"
        shown = nullcontext() if self._bar else self.console.status(f"{name} …")
        with shown as status:
            self._status = status
            try:
                yield
                ending = "[green]done[/]"
            finally:
                self._status, self._title = outer
                if outer[0] is not None:
                    outer[0].start()
                took = time.perf_counter() - started
                self.seconds[name] = self.seconds.get(name, 0) + took
        self.console.print(f"{name:<46} {ending} {took:7.1f} s")

    def node(self, name: str, status: str, seconds: float, done: int, total: int) -> None:
        """A dbt node has finished; `done` of `total`."""
        if self._status is not None:
            self.share(done, total, name)
        if self.verbose or status not in QUIET_ENDINGS:
            style = STYLES.get(status, "default")
            self.console.print(
                f"  [dim]{done:>4}/{total}[/] [{style}]{status:<8}[/] {seconds:6.2f} s  {name}",
                soft_wrap=True,
            )

    def detail(self, text: str) -> None:
        """What the current step is at, replacing what was shown before.

        Where nothing can be replaced (a file, a pipe) it is a line of its own, now and then.
        """
        if self._bar is not None:
            self._bar(f"{self._title}: {text}")
        elif self.console.is_terminal:
            if self._status is not None:
                self._status.update(f"{self._title}: {text}")
        elif not self.verbose and time.perf_counter() - self._told_at > PLAIN_LINE_EVERY_SECONDS:
            self._told_at = time.perf_counter()
            self.console.print(f"  {self._title}: {text}", soft_wrap=True)

    def share(self, done: int, total: int, text: str) -> None:
        """How far the current step is: `done` of `total` parts, and which one is next."""
        filled = BAR_WIDTH * done // max(total, 1)
        self.detail(f"{'━' * filled}{'╌' * (BAR_WIDTH - filled)} {done}/{total}  {text}")

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Callable[[int, str], None]]:
        """A bar of `total` parts, and the time left by what those done here took.

        Yields what is called with the parts done and what was done last; in a file or a pipe each
        call is a line.
        """
        started, first = time.perf_counter(), None
        columns = (
            TextColumn("{task.description}"),
            BarColumn(BAR_WIDTH),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
        )
        is_live = self.console.is_terminal
        with Progress(
            *columns, console=self.console, transient=True, disable=not is_live
        ) as progress:
            task = progress.add_task(title, total=total, left="")

            def advance(done: int, text: str) -> None:
                nonlocal first
                first = done if first is None else first
                seconds = time.perf_counter() - started
                left = time_left(done - first, total - done, seconds)
                progress.update(task, completed=done, left=left, description=f"{title} {text}")
                if not is_live:
                    self.console.print(
                        f"  {title}: {done}/{total}, {text}{left and ', '}{left}", soft_wrap=True
                    )

            if is_live:
                self._bar = lambda text: progress.update(task, description=text)
            try:
                yield advance
            finally:
                self._bar = None

    def say(self, text: str) -> None:
        """A line of its own; rich markup allowed."""
        self.console.print(text, soft_wrap=True)


def time_left(done: int, ahead: int, seconds: float) -> str:
    """How long `ahead` parts take if `done` took `seconds`; empty before the first."""
    if done <= 0 or ahead <= 0:
        return ""
    left = seconds / done * ahead
    return f"about {left:.0f} s left" if left < MINUTE else f"about {left / MINUTE:.0f} min left"


class SilentReporter(Reporter):
    """Keeps the seconds and prints nothing; for tests and for callers with their own display."""

    def __init__(self) -> None:
        super().__init__(console=Console(quiet=True), verbose=False)
