"""The question before a window closes, or opens another flow, while a recording is being made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from flodesk.flow import forms
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.problem import quoted
from flodesk.ui.files import Files
from flodesk.ui.focus import focus_kept
from flodesk.ui.left_running import LeftRunning
from flodesk.ui.run import Run

_FORM = "recorder"


def recorders(flow: Flow, catalog: Catalog) -> list[str]:
    """Return the recorders of a flow that are not switched off, as ``function.node``."""
    known = catalog.with_flow(flow)
    return [
        f"{name}.{node.id}"
        for name in flow.functions
        for node in picture(flow, known, name).nodes.values()
        if node.spec is not None and not node.switched and _records(forms.of_node(node.spec))
    ]


def _records(form: forms.Form | None) -> bool:
    return form is not None and form.name == _FORM


class StillRecording(QObject):
    """Asks whether a run that records may be stopped; where none does there is nothing to ask.

    Of a run that would go on without the window it is asked whether it is to be left (`LeftRunning`).

    Parameters
    ----------
    others_stay : callable
        Whether flodesk goes on with other windows when this one closes.
    """

    def __init__(
        self, window: QWidget, run: Run, catalog: Catalog, files: Files, others_stay: Callable[[], bool]
    ) -> None:
        super().__init__(window)
        self._window, self._run, self._catalog, self._files = window, run, catalog, files
        self._left = LeftRunning(window, run, files)
        self._others_stay = others_stay

    def may_quit(self) -> bool:
        """Ask before the window closes."""
        if self._left.can or (self._left.ends_with_us and self._others_stay()):
            return self._left.may("when this window is closed")
        if self._left.ends_with_us:
            return self._left.may_stop()
        return self._may("Stop it and quit?", "Stop and quit", "Go on")

    def may_open(self) -> bool:
        """Ask before another flow takes the place of the one that runs."""
        if self._left.can or self._left.ends_with_us:
            return self._left.may("when another flow is opened here")
        return self._may("Stop it and open another flow?", "Stop and open", "Cancel")

    def _may(self, question: str, do: str, leave: str) -> bool:
        found = recorders(self._run.document.flow, self._catalog) if self._run.active else []
        if not found:
            return True
        name = quoted(found[0].partition(".")[2])
        said = f"{name} is being recorded." if len(found) == 1 else f"{len(found)} recordings are being made."
        box = QMessageBox(self._window)
        box.setObjectName("still_recording")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("The flow runs")
        box.setText(f"<b>{said} {question}</b>")
        box.setInformativeText("What was recorded stays in its file, which is closed as after Stop.")
        stop = box.addButton(do, QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(leave, QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        with focus_kept(self._files.home):
            box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        return clicked is stop
