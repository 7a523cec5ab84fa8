"""The tabs above the canvas: the flow's functions, and those that were opened from a node that calls them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTabBar

from flodesk.flow import wiring
from flodesk.flow.document import Document
from flodesk.flow.edit import EditError
from flodesk.flow.model import Block
from flodesk.flow.own_start import started
from flodesk.ui.dock import small_button
from flodesk.ui.soon import soon
from flodesk.ui.tab_name import TabName


class FunctionTabs(QTabBar):
    """Shows one tab a function; hidden where there is only one.

    Signals
    -------
    changed : there are other tabs now
    turned : another one is the current one
    refused : why a function cannot have a name, in words
    left : the keyboard was in a tab that is hidden again
    """

    changed = Signal()
    turned = Signal()
    refused = Signal(str)
    left = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._known: tuple[str, ...] = ()
        self._naming = False
        self._opened: list[str] = []
        """Functions that are no flows of their own, opened from the nodes that call them."""
        self._started: tuple[Block | None, tuple[str, ...]] = None, ()
        """The functions that run first, and the statements of which that was found."""
        self._counts: Mapping[str, int] = {}
        self.setExpanding(False)
        self.setAccessibleName("Functions of the flow")
        self.currentChanged.connect(lambda _: self.turned.emit())
        self.tabBarDoubleClicked.connect(self.rename)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that have a tab."""
        return tuple(self.tabData(number) for number in range(self.count()))

    @property
    def function(self) -> str:
        """The one that is shown."""
        return str(self.tabData(self.currentIndex()) or "flow")

    def refresh(self) -> None:
        """Have a tab for each function that the document has now; of one that was renamed it stays where it is."""
        known, self._known = self._known, tuple(self._document.flow.functions)
        new = dict(zip(known, self._known, strict=True)) if len(known) == len(self._known) else {}
        renamed = {old: name for old, name in new.items() if old != name}
        if len(renamed) != 1 or set(renamed.values()) & set(known):
            renamed = {}
        self._opened = [renamed.get(name, name) for name in self._opened]
        wanted = self._wanted()
        if wanted != self.functions:
            self._make(wanted, renamed.get(self.function, self.function))

    def rename(self, number: int) -> None:
        """Edit the name of a function on its tab."""
        if 0 <= number < self.count() and self.tabData(number) in self._document.flow.functions:
            self._naming = True
            TabName(self, number, partial(self._rename, self.tabData(number)), self._named)

    def rename_shown(self) -> None:
        """Edit the name of the function that is shown; a tab that is alone is to be seen as long as that takes."""
        if self.function not in self._document.flow.functions:
            self.refused.emit("This file has no function yet that could have another name.")
            return
        self.show()
        soon(self, lambda: self.rename(self.currentIndex()))  # once the tab has its place

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write on the tabs how many differences each function has from what it is compared with."""
        self._counts = dict(counts)
        for number, function in enumerate(self.functions):
            self._label(number, function)

    def _label(self, number: int, function: str) -> None:
        count = self._counts.get(function, 0)
        self.setTabText(number, f"{function} ({count})" if count else function)
        told = f"{count} difference{'s' if count > 1 else ''} from what it is compared with. " if count else ""
        self.setTabToolTip(number, f"{told}F2 or a double click renames the function, wherever it is called")

    def _named(self) -> None:
        self._naming = False
        if self.count() < 2:
            self.hide()
            soon(self, self.left.emit)  # once Qt has handed the keyboard to whoever is next

    def _rename(self, old: str, new: str) -> bool:
        try:
            self._document.do(wiring.rename_everywhere(self._document.flow, old, new))
        except (wiring.Refused, EditError) as problem:
            self.refused.emit(str(problem))
            return False
        if self.count() > 1:
            soon(self, self.setFocus)  # else the next in the row gets the keyboard: what closes the tab
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames the function that is shown."""
        if event.key() == Qt.Key.Key_F2:
            self.rename(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def open(self, function: str) -> bool:
        """Turn to a function of the file, one that is only called as a node too; return False if there is none."""
        if function not in self._wanted() and function in self._document.flow.functions:
            self._opened.append(function)
        self.refresh()
        if function not in self.functions:
            return False
        self.setCurrentIndex(self.functions.index(function))
        return True

    @property
    def several(self) -> bool:
        """Whether there is another function to turn to."""
        return self.count() > 1

    def next(self) -> None:
        """Turn to the next function; from the last one to the first."""
        self.setCurrentIndex((self.currentIndex() + 1) % self.count())

    def previous(self) -> None:
        """Turn to the function before; from the first one to the last."""
        self.setCurrentIndex((self.currentIndex() - 1) % self.count())

    def close_function(self, function: str) -> None:
        """Take the tab of a function away that is no flow of its own."""
        self._opened = [other for other in self._opened if other != function]
        self.refresh()

    def _wanted(self) -> tuple[str, ...]:
        flow = self._document.flow
        if flow.module is not self._started[0]:
            self._started = flow.module, started(flow) or ("flow",)
        first = self._started[1]
        self._opened = [name for name in self._opened if name in flow.functions and name not in first]
        return (*first, *self._opened)

    def _make(self, functions: tuple[str, ...], before: str) -> None:
        self.blockSignals(True)
        while self.count():
            self.removeTab(0)
        for function in functions:
            number = self.addTab(function)
            self.setTabData(number, function)
            self._label(number, function)
            if function in self._opened:
                button = small_button("close", f"Close {function}", partial(self.close_function, function))
                self.setTabButton(number, QTabBar.ButtonPosition.RightSide, button)
        self.setCurrentIndex(functions.index(before) if before in functions else 0)
        self.blockSignals(False)
        self.setVisible(len(functions) > 1 or self._naming)
        self.changed.emit()
