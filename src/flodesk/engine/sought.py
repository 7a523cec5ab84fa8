"""Which values of a flow somebody outside wants: to see them as they are now, to probe them, to look back at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter_ns
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.held_past import HeldPast
from flodesk.engine.newest import newest
from flodesk.engine.probes import Probes
from flodesk.engine.run import Run
from flodesk.engine.sampler import Sampler
from flodesk.engine.seeding import seed
from flodesk.engine.states import USUAL_RATE
from flodesk.engine.tapping import NOTHING, Taps


class Sought:
    """Sees to it that a run keeps what is wanted of it, whoever wants it, and also where the wishes came before it.

    Parameters
    ----------
    run : callable
        Returns the run that is on, or was last; None where there was none.
    """

    def __init__(self, run: Callable[[], Run | None], sampler: Sampler, probes: Probes, past: HeldPast) -> None:
        self._run = run
        self._sampler = sampler
        self._probes = probes
        self._past = past
        self._full: frozenset[str] = frozenset()
        self._brief: frozenset[str] = frozenset()

    def begin(self, run: Run) -> None:
        """Let a run that is about to start keep what is wanted; the time of what is held begins anew."""
        run.watch(self._names)
        now = perf_counter_ns()
        self._probes.begin(now)
        self._past.begin(now)
        run.probe(self._taps())

    def watch(self, full: Sequence[str], brief: Sequence[str], rate: float = USUAL_RATE) -> None:
        """Show these values, in full and in brief, so many times a second."""
        self._full, self._brief = frozenset(full), frozenset(brief)
        if (run := self._run()) is not None:
            run.watch(self._names)
        self._sampler.watch(self._full, self._brief, rate)

    def probe(self, probes: Mapping[str, Sequence[int]]) -> None:
        """Probe these ports, each with its room."""
        if self._probes.set(probes):
            self._fill()

    def hold(self, names: Sequence[str], most: int) -> None:
        """Hold the past of these values, in so many bytes together."""
        if self._past.hold(names, most):
            self._fill()

    def still(self, mark: str, name: str, of: Mapping[str, Any], on: bool) -> None:
        """Let a value that is shown stand still, or go on."""
        run = self._run()
        value, stamp = newest(run.runners, name) if run is not None else (UNBOUND, (0, 0))
        self._past.still(mark, name, of, on, value if stamp[1] == of.get("made") else UNBOUND)

    @property
    def _names(self) -> frozenset[str]:
        return self._full | self._brief | self._probes.names | self._past.names

    def _taps(self) -> Taps:
        rings = [*self._probes.rings.items(), *self._past.rings.items()]
        return Taps(rings) if rings else NOTHING  # every other one has the steps made once more

    def _fill(self) -> None:
        """Let the run that is there fill rings that are new, at first with what it has by now."""
        run = self._run()
        if run is None:
            return
        taps = self._taps()
        run.watch(self._names)
        run.probe(taps)
        seed(taps, run)
