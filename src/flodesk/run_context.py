"""What a node may ask of the run it is part of, and what stands in for it where the node is called as a function."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class About:
    """What a run is, for those who keep what comes out of it.

    Attributes
    ----------
    path : str
        The flow's file; empty if it has none.
    hash : str
        SHA-256 of the text that runs, 64 hexadecimal digits; empty outside a run.
    run : str
        Names the run in the history.
    parameters : mapping
        The literals that the flow has now, as Python texts, by ``function.node.parameter``.
    connections : mapping
        Addresses of instruments by the names that the flow gives them.
    version : str
        Of flodesk.
    """

    path: str = ""
    hash: str = ""
    run: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    connections: Mapping[str, str] = field(default_factory=dict)
    version: str = field(default_factory=lambda: str(getattr(sys.modules.get("flodesk"), "__version__", "")))


@dataclass(frozen=True, slots=True)
class Change:
    """A literal, or the flow, that was changed while it runs.

    Attributes
    ----------
    at : float
        When, by `time.monotonic`, in s.
    what : str
        ``function.node.parameter``; ``flow`` for its text.
    text : str
        Its value now, as a Python text; of the flow the hash; empty for a literal that is gone.
    """

    at: float
    what: str
    text: str


class Context(Protocol):
    """What a node may ask of the run it is part of. Outside a run it is a plain stand-in (`PlainContext`)."""

    def sleep(self, seconds: float) -> None:
        """Wait, but return at once (by raising) when the run is stopped."""

    def check(self) -> None:
        """Raise if the run was stopped: long loops inside a node call it now and then."""

    def waits(self, wake: Callable[[], None], lock: Any = None) -> AbstractContextManager[None]:
        """While in it, `wake` is called by another thread when the run wants something: then call `check`.

        `lock` is one that the caller has, and that others need to go on: `check` gives it up while the run is paused.
        """

    def progress(self, fraction: float, text: str = "") -> None:
        """Say how far the call is, from 0 to 1."""

    def log(self, text: str, level: str = "info") -> None:
        """Write a line to the run's log."""

    def connection(self, name: str) -> str:
        """Give the address of a named connection (``[tool.flodesk.connections]``); the name itself if unknown."""

    def path(self, name: str | Path) -> Path:
        """Give the place of a file: a relative name counts from the folder of the flow's file."""

    def renewed(self) -> bool:
        """Say whether the producer that asks was begun anew because a parameter of it was changed meanwhile."""

    def held(self) -> float:
        """Say for how long the loop was paused until now, in s: that time is nobody's fault."""

    def about(self, told: Callable[[Change], None] | None = None) -> About:
        """Say what this run is: its flow, and the parameters that it has now.

        `told`, a method of an object, gets each change from now on, in the thread that makes it, for as long as that
        object is there.
        """


class PlainContext:
    """The context of a node that is called as a plain function."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def check(self) -> None:
        """Do nothing: nobody can stop a plain call."""

    def waits(self, wake: Callable[[], None], lock: Any = None) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()

    def progress(self, fraction: float, text: str = "") -> None:
        """Do nothing."""

    def log(self, text: str, level: str = "info") -> None:
        """Print the line."""
        print(text)

    def connection(self, name: str) -> str:
        """Give the name itself."""
        return name

    def path(self, name: str | Path) -> Path:
        """Give the name as it is: relative to the working folder."""
        return Path(name).expanduser()

    def renewed(self) -> bool:
        """Say no: nobody changes a plain call."""
        return False

    def held(self) -> float:
        """Say 0: nobody pauses a plain call."""
        return 0.0

    def about(self, told: Callable[[Change], None] | None = None) -> About:
        """Say the version of flodesk: a plain call belongs to no flow."""
        return About()


_PLAIN: Context = PlainContext()
_context: ContextVar[Context] = ContextVar("flodesk_context", default=_PLAIN)


def context() -> Context:
    """Return the context of the run that calls this node, or a plain stand-in."""
    return _context.get()


def enter_context(value: Context) -> None:
    """Make `value` the context of the calling thread; the engine does it at the start of each loop."""
    _context.set(value)
