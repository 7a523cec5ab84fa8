"""How a run without a window went, and what it has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.causes import Causes
from flodesk.engine.events import Event, NodeFailed, Reason, Rejected
from flodesk.engine.run import Run
from flodesk.public import Indicator


@dataclass(frozen=True, slots=True)
class Result:
    """How a run went, and what it left.

    Attributes
    ----------
    reason : str
        ``succeeded``, ``failed`` (also: a node did not return when the time was over), ``stopped`` (by the time limit
        or by hand) or ``killed`` (it did not stop when it was asked to by hand).
    message : str
        What and where in a sentence, if it did not succeed.
    limited : bool
        It was stopped by the time limit.
    interrupted : bool
        It was stopped by hand (Ctrl+C).
    failures : tuple of NodeFailed or Rejected
        What failed, each cause once: the first event of it.
    causes : Causes
        How often each of them was told.
    indicators : dict
        Newest result of each indicator by ``function.node``.
    values : dict
        Last value of each variable by ``function.variable``, of those that were not dropped after their last reader.
    shared : dict
        What went through each queue, in words, by its name.
    lossy : frozenset of str
        The names of those in which something was dropped, or not read.
    why : tuple of str
        Why each node ran, or did not: a line each.
    unreached : str
        Why the node that a part was asked for has not run, though nothing failed; empty if it has.
    """

    run: str
    reason: Reason
    message: str = ""
    seconds: float = 0.0
    limited: bool = False
    interrupted: bool = False
    events: tuple[Event, ...] = ()
    failures: tuple[NodeFailed | Rejected, ...] = ()
    causes: Causes = field(default_factory=Causes)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    lossy: frozenset[str] = frozenset()
    unreached: str = ""

    def summary(self, *, lost: bool = True) -> list[str]:
        """Say in words what each indicator shows and what went through each queue: a line each.

        Parameters
        ----------
        lost : bool
            Say it of queues that have lost something, too; the log has told that as a warning.
        """
        lines = [f"{name}: {text}" for name, text in self.shared.items() if lost or name not in self.lossy]
        return [*lines, *(line_of(name, shown) for name, shown in self.indicators.items())]


def line_of(name: str, indicator: Indicator) -> str:
    """Say in a line what an indicator shows."""
    title = f" ({indicator.title})" if indicator.title else ""
    try:
        return f"{name}{title}: {indicator.summary()}"
    except Exception as error:  # noqa: BLE001 - an indicator may be of any pack
        return f"{name}{title}: its summary failed: {error}"


def left(this: Run) -> tuple[dict[str, Indicator], dict[str, Any]]:
    """Return the newest result of each indicator of a run, and the last value of each variable."""
    indicators: dict[str, Indicator] = {}
    values: dict[str, Any] = {}
    seen = [found for r in this.runners.values() for f in (r.plan.function, *r.plan.inner) if (found := r.seen(f))]
    for plan, slots in seen:
        function = plan.function
        shown = sorted(plan.items.values(), key=lambda item: item.cell)
        names = dict.fromkeys([name for item in shown for name in sorted(item.binds)])
        for name in names:
            value = slots[plan.names[name]]
            if value is UNBOUND:
                continue
            values[f"{function}.{name}"] = value
            if isinstance(value, Indicator):
                indicators[f"{function}.{name}"] = value
    return indicators, values
