"""Which canvas has how many of the differences: on the tabs, and in the bar those that are not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from flodesk.flow.diff import Comparison, Difference
from flodesk.flow.diff.words import Line
from flodesk.ui.comparing.bar import ComparisonBar
from flodesk.ui.function_tabs import FunctionTabs


def function_of(difference: Difference, comparison: Comparison) -> str:
    """Return the function on whose canvas a difference is; empty if it is at the top of the file."""
    at = difference.at
    if difference.now is not None:
        return at.function
    return next((new for new, before in comparison.became.items() if before.function == at.function), at.function)


class Elsewhere(QObject):
    """Counts the differences of each function; `wanted` gives the number of the line to go to."""

    wanted = Signal(int)

    def __init__(self, bar: ComparisonBar, tabs: FunctionTabs) -> None:
        super().__init__(bar)
        self._bar, self._tabs = bar, tabs
        self._of_lines: list[str] = []
        self._counts: Counter[str] = Counter()
        tabs.turned.connect(self._say)
        bar.elsewhere.clicked.connect(self._go)

    def show(self, lines: Sequence[Line], comparison: Comparison, there: Sequence[str]) -> None:
        """Count the differences of the functions that are `there`."""
        of_each = [[function_of(d, comparison) for d in line.differences] for line in lines]
        self._of_lines = [next((name for name in names if name in there), "") for names in of_each]
        self._counts = Counter(name for names in of_each for name in names if name in there)
        self._tabs.show_counts(self._counts)
        self._say()

    def _say(self) -> None:
        others = {name: n for name, n in self._counts.items() if name != self._tabs.function}
        number = sum(others.values())
        where = ", ".join(f"{name} ({n})" for name, n in others.items())
        self._bar.say_elsewhere(
            f"{number} elsewhere" if number else "", f"Go to the next one in another function: {where}"
        )

    def _go(self) -> None:
        order = [*range(self._bar.current + 1, len(self._of_lines)), *range(len(self._of_lines))]
        found = next((n for n in order if self._of_lines[n] not in ("", self._tabs.function)), None)
        if found is not None:
            self.wanted.emit(found)


__all__ = ["Elsewhere", "function_of"]
