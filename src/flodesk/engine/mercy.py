"""How a run deals with errors: what its flow's ``on_error`` means for each of its functions."""

from __future__ import annotations

import threading

from flodesk.engine.control import Control
from flodesk.engine.events import Failure, Reason
from flodesk.engine.letters import Letters
from flodesk.engine.loop import Runner
from flodesk.engine.losses import Losses, letter_of
from flodesk.engine.plan import Plan
from flodesk.engine.report import Report
from flodesk.engine.tolerance import Lost, Rules, Tolerance


class Mercy:
    """What a run has lost and gone on from, and the store for its dead letters: opened when the first one comes.

    Parameters
    ----------
    path : str
        The flow's file.
    """

    def __init__(self, report: Report, path: str) -> None:
        self._report = report
        self._path = path
        self._losses: dict[str, Losses] = {}
        self._store: Letters | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Forget what was lost: the run starts, or starts anew."""
        self._losses.clear()

    def tolerance(self, function: str, plan: Plan, control: Control) -> Tolerance | None:
        """Return what lets the loops of a function go on; None where they stop."""
        rules = Rules.of(plan.loaded.flow)
        if rules.mode == "stop":
            return None
        keep = (lambda lost, failure: self._keep(plan, lost, failure)) if rules.mode == "reject" else None
        losses = self._losses.setdefault(function, Losses(self._report, keep))
        losses.keep = keep
        return Tolerance(rules, control, losses)

    def settle(self, runner: Runner, reason: Reason) -> Reason:
        """After the end of a function: tell what it has lost; returns its reason now."""
        losses = self._losses.get(runner.plan.function)
        lost = losses.sentences(runner.plan, runner.cells) if losses is not None else []
        if not lost:
            return reason
        self._report.lose(lost)
        return "failed"

    def close(self) -> None:
        """Let go of the store."""
        with self._lock:
            store, self._store = self._store, None
        if store is not None:
            store.close()

    def _keep(self, plan: Plan, lost: Lost, failure: Failure) -> int:
        letter = letter_of(lost, failure, self._report.run, self._path, hash_of(plan.loaded.text))
        with self._lock:
            if self._store is None:
                self._store = Letters()
        return self._store.write(letter).id


def hash_of(text: str) -> str:
    """Return a hash of a flow's text."""
    import xxhash

    return xxhash.xxh3_128_hexdigest(text.encode())
