"""What the command line shows of a run while it is on: bars on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from flodesk.cli.output import say_no_more
from flodesk.engine.glance import Pace, duration
from flodesk.engine.glance import Progress as Way

FIRST_SECONDS = 10.0
"""Without a terminal: after this long a line says how far the run is, and then each time that it is twice as long."""


class Shown(Protocol):
    """Shows how far a run is, and lets lines pass.

    Attributes
    ----------
    unread : bool
        Whether nobody reads standard error any more: what is said goes nowhere. No run fails for that.
    """

    unread: bool

    def __enter__(self) -> Shown: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def look(self, ways: Sequence[Way]) -> None:
        """Show how far each function is."""

    def say(self, line: str) -> None:
        """Write a line."""


def shown() -> Shown:
    """Return bars where standard error is a terminal, else plain lines."""
    console = Console(stderr=True)
    return Bars(console) if console.is_terminal and not console.is_dumb_terminal else Lines()


class Bars:
    """A bar for each function; it goes when the run is over."""

    def __init__(self, console: Console) -> None:
        self.unread = False  # a terminal is no pipe
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}", markup=False, justify="right"),
            TextColumn("{task.fields[rate]}", markup=False, justify="right"),
            Left(),
            TextColumn("{task.fields[node]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
        )
        self._tasks: dict[str, tuple[TaskID, Pace]] = {}

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def look(self, ways: Sequence[Way]) -> None:
        """Show how far each function is."""
        for way in ways:
            if way.function not in self._tasks:
                task = self._progress.add_task(way.function, total=None, count="", rate="", node="", left=None)
                self._tasks[way.function] = task, Pace()
            task, pace = self._tasks[way.function]
            rate = pace.look(way.iterations)
            self._progress.update(
                task,
                total=1.0 if way.fraction is not None else None,
                completed=way.fraction or 0.0,
                count=_count(way.iterations),
                rate=_rate(rate) if way.iterations else "",
                node=(way.waits or way.at_work).partition(".")[2],
            )
        self._progress.refresh()

    def say(self, line: str) -> None:
        """Write a line above the bars."""
        self._console.print(Text(line))


class Left(ProgressColumn):
    """The time that is left, where it is known."""

    def render(self, task: Task) -> Text:
        """Say it."""
        if not task.total or not task.completed or task.elapsed is None:
            return Text("")
        left = task.elapsed * (task.total - task.completed) / task.completed
        return Text(f"{duration(left)} left")


class Lines:
    """Plain lines on standard error, so that the log of a night shows that it went on."""

    def __init__(self) -> None:
        self.unread = False
        self._begun = time.monotonic()
        self._next = FIRST_SECONDS
        self._paces: dict[str, Pace] = {}

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def look(self, ways: Sequence[Way]) -> None:
        """Write a line for each function, ever more seldom."""
        passed = time.monotonic() - self._begun
        rates = {way.function: self._paces.setdefault(way.function, Pace()).look(way.iterations) for way in ways}
        if passed < self._next:
            return
        self._next *= 2
        for way in ways:
            known = [
                f"{way.at_work} is running" if way.node else way.waits,
                _count(way.iterations),
                _rate(rates[way.function]) if way.iterations else "",
                f"{way.fraction:.0%}" if way.fraction is not None else "",
            ]
            self.say(f"{duration(passed)}: {way.function}: {', '.join(part for part in known if part) or 'loading'}")

    def say(self, line: str) -> None:
        """Write a line."""
        if self.unread or sys.__stderr__ is None:
            return
        try:
            print(line, file=sys.__stderr__, flush=True)
        except BrokenPipeError:
            self.unread = True
            say_no_more(sys.__stderr__)


def _count(iterations: int) -> str:
    return f"{iterations:,} iteration{'' if iterations == 1 else 's'}" if iterations else ""


def _rate(rate: float) -> str:
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s" if rate >= 0.1 else f"{rate * 60:.1f}/min"
