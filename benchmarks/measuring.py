"""How things are measured: beside the plain script, in turns in one process, the least of many runs of each.

A busy neighbour hits all of them so, and the least is the time of a run that nobody has disturbed.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A number, and what it should be.

    Attributes
    ----------
    value : float or None
        None where it could not be had; `note` says why.
    goal : float or None
        None where there is none: a peer, or what is told for its own sake.
    """

    value: float | None
    goal: float | None = None
    unit: str = ""
    better: str = "lower"
    note: str = ""

    @property
    def met(self) -> bool:
        """True if it is what it should be, or should be nothing."""
        if self.goal is None or self.value is None:
            return True
        return self.value <= self.goal if self.better == "lower" else self.value >= self.goal

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        value = None if self.value is None else float(f"{self.value:.4g}")
        made: dict[str, Any] = {"value": value, "goal": self.goal, "unit": self.unit, "better": self.better}
        return made | ({"note": self.note} if self.note else {})


Rows = dict[str, Row]


def least(
    functions: Mapping[str, Callable[[], Any]], rounds: int, *, seconds: float = 1e9, burst: float = 0.0
) -> dict[str, float]:
    """Return the least time in s of each function, run in turns: so many rounds, or so long.

    Each turn takes at least `burst` s: a fast function is called more often beside slow ones.
    """
    for function in functions.values():
        function()
    found = dict.fromkeys(functions, 1e9)
    end = time.perf_counter() + seconds
    gc.collect()
    gc.disable()  # as timeit does: a collection is nobody's in particular
    try:
        for number in range(rounds):
            for name, function in functions.items():
                begun = now = time.perf_counter()
                while True:
                    start = now
                    function()
                    now = time.perf_counter()
                    found[name] = min(found[name], now - start)
                    if now - begun >= burst:
                        break
            if number % 20 == 19:
                gc.collect()
            if time.perf_counter() > end:
                break
    finally:
        gc.enable()
    return found


def show(rows: Rows, *, as_json: bool = False) -> None:
    """Print a table and, if that is wanted, one JSON object as the last line."""
    width = max(map(len, rows))
    for name, row in rows.items():
        value = "–" if row.value is None else f"{row.value:.4g}"
        goal = ""
        if row.goal is not None:
            goal = f"{'≤' if row.better == 'lower' else '≥'} {row.goal:<8g} {'' if row.met else 'MISSED'}"
        print(f"{name:{width}} {value:>10} {row.unit:12} {goal:18} {row.note}".rstrip())
    if as_json:
        print(json.dumps({name: row.to_json() for name, row in rows.items()}, ensure_ascii=False))
