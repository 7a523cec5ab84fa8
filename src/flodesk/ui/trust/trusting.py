"""Whether the open flow may run, and the question above the canvas where that is not known."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from flodesk.flow.document import Document
from flodesk.ui.canvases import Canvases
from flodesk.ui.trust.bar import TrustBar
from flodesk.ui.trust.judging import Judging


class Trusting(Judging):
    """Asks in a bar above the canvas."""

    def __init__(self, window: QWidget, document: Document, canvases: Canvases) -> None:
        super().__init__(window, document)
        self._canvases = canvases
        self.bar = TrustBar()
        column = canvases.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.bar)
        self.bar.look_wanted.connect(self.look)
        self.bar.trusted.connect(self.trust_file)
        self.bar.folder_trusted.connect(self.trust_folder)
        self.bar.run_wanted.connect(self.run_anyway)
        self.asked.connect(self.bar.ask)
        self.settled.connect(self._hide)

    def consent(self, then: Callable[[], object]) -> bool:
        """Return whether the flow may run now; if not, ask, with the keyboard on the bar."""
        may = super().consent(then)
        if not may:
            self.bar.take_focus()
        return may

    def _hide(self) -> None:
        focus = self._window.focusWidget()
        had_focus = focus is not None and self.bar.isAncestorOf(focus)
        self.bar.hide()
        if had_focus:
            self._canvases.current.setFocus()
