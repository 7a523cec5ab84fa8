"""A view that stands still while the run goes on: what comes meanwhile is kept back, and what is shown is held."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from flodesk.engine.client import Sample
from flodesk.ui.earlier import Mark
from flodesk.ui.panel.asking import Asking

FROZEN = Mark("frozen", "It stands still while the run goes on; press F to let it go on, too.")
KEY = "F"
Set = Callable[[bool], object]


class Freezing(QObject):
    """Whether one view stands still.

    Attributes
    ----------
    on : bool
        It does.
    asking : Asking or None
        Whom to tell which value has to be held meanwhile.
    """

    changed = Signal(bool)
    """It stands still now, or goes on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.on = False
        self.asking: Asking | None = None
        self._variable = ""
        self._newest: Sample | None = None

    def show(self, sample: Sample, variable: str) -> bool:
        """Take note of a sample that is to be shown; returns False where it is kept back instead."""
        if self.on:
            self._newest = sample
            return False
        self._variable = variable
        if self.asking is not None:
            self.asking.of = {"number": -sample.sequence} if sample.sequence < 0 else {"made": sample.made}
        return True

    def set(self, on: bool) -> Sample | None:
        """Stand still, or go on: then with the sample that is returned, if one has come meanwhile."""
        if on == self.on:
            return None
        newest, self._newest = self._newest, None
        self.on = on
        if self.asking is not None:
            mark = str(id(self))
            self.asking.still(mark, self._variable, on=on)
            self.asking.of = {"mark": mark} if on else {}
        self.changed.emit(on)
        return newest


def offer_freezing(menu: QMenu, freezing: Freezing, one: Set, every: Set) -> None:
    """Add what lets one view, or all of them, stand still."""
    freeze = menu.addAction("Freeze", partial(one, not freezing.on))
    freeze.setCheckable(True)
    freeze.setChecked(freezing.on)
    freeze.setShortcut(QKeySequence(KEY))
    freeze.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the card takes the key itself
    menu.addAction("Let all views go on" if freezing.on else "Freeze all views", partial(every, not freezing.on))
    menu.addSeparator()


__all__ = ["FROZEN", "KEY", "Freezing", "offer_freezing"]
