"""Finds the fixes of problems in a thread: among 200 nodes a problem takes 100 ms, which no hand shall wait for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from flodesk.flow.catalog import Catalog
from flodesk.flow.fixes import Fix, fixes_of
from flodesk.flow.model import Flow
from flodesk.flow.problem import Problem
from flodesk.ui.side_thread import SideThread

MOST = 100
"""Problems whose fixes are looked for: who has more begins with these, and the next check takes the others."""


class Found(NamedTuple):
    """The fixes of one problem, and the flow that their edits are for."""

    flow: Flow
    problem: Problem
    fixes: tuple[Fix, ...]


class Finder(QObject):
    """Looks for fixes, one problem after the other; `found` tells of each. Newer questions end older ones."""

    found = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = SideThread(self, low=True)
        self._asked = 0
        self._left = 0

    @property
    def busy(self) -> bool:
        """Whether fixes are still being looked for."""
        return self._left > 0

    def look(self, flow: Flow, catalog: Catalog, problems: Sequence[Problem]) -> None:
        """Look for the fixes of these problems of a flow."""
        self._asked += 1
        number, wanted = self._asked, list(problems[:MOST])
        self._left = len(wanted)

        def work() -> None:
            for problem in wanted:
                if number != self._asked:
                    return
                self._thread.tell(self._take, number, Found(flow, problem, fixes_of(flow, catalog, problem)))

        if wanted:
            self._thread.do(work)

    def close(self) -> None:
        """End, and wait for what is being looked at."""
        self._asked += 1
        self._left = 0
        self._thread.close()

    def _take(self, number: int, found: Found) -> None:
        if number == self._asked:
            self._left -= 1
            self.found.emit(found)
