"""The question before a window closes on a recording that is being made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from flodesk.flow import forms
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.ui.focus import focus_kept

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


def may_stop_recording(window: QWidget, home: Callable[[], QWidget]) -> bool:
    """Ask whether a run that records may be stopped."""
    box = QMessageBox(window)
    box.setObjectName("still_recording")
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("The flow runs")
    box.setText("<b>A recording is being made. Stop it and quit?</b>")
    box.setInformativeText("What was recorded stays in its file, which is closed as after Stop.")
    stop = box.addButton("Stop and quit", QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton("Go on", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    with focus_kept(home):
        box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return clicked is stop
