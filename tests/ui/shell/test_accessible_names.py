"""Whoever cannot see the window is told what each thing in it is; a symbol alone has a tooltip."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from flodesk.ui.window import Window

ACTIVE = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QGraphicsView, QLineEdit,
    QPlainTextEdit, QTextEdit,
)  # fmt: skip
DOCKS = ("view.log", "view.problems", "view.runs", "view.letters", "view.script", "view.probes", "file.versions")


def name_of(widget: QWidget) -> str:
    told = QAccessible.queryAccessibleInterface(widget)
    return told.text(QAccessible.Text.Name) if told is not None else ""


def is_qts_own(widget: QWidget) -> bool:
    """What Qt puts together itself: lists that combo boxes open, buttons within fields, arrows of rows of tabs."""
    parent = widget.parentWidget()
    if widget.objectName().startswith("qt_") or isinstance(widget, QHeaderView | QScrollBar):
        return True
    if isinstance(parent, QTabBar | QLineEdit | QAbstractSpinBox):
        return True
    box = parent.parentWidget() if parent is not None else None
    return isinstance(box, QComboBox) or type(widget).__module__.startswith("NodeGraphQt")


def where(widget: QWidget | None) -> str:
    names: list[str] = []
    while widget is not None and len(names) < 5:
        names.append(f"{type(widget).__name__} {widget.objectName()}".strip())
        widget = widget.parentWidget()
    return " in ".join(names)


def test_everything_that_can_be_used_says_what_it_is(window: Window) -> None:
    window.files.open_example("thermostat")
    window.start.show()
    window.start.hide()
    for dock in DOCKS:
        window.commands.trigger(dock)
    window.canvases.current.select(["wanted"])
    QApplication.processEvents()
    found = [w for w in window.findChildren(QWidget) if isinstance(w, ACTIVE) and not is_qts_own(w)]
    assert len(found) > 60
    assert [where(w) for w in found if not name_of(w) and not w.toolTip() and w.isVisible()] == []
    symbols = [w for w in found if isinstance(w, QAbstractButton) and not w.text() and w.isVisible()]
    assert len(symbols) > 10
    assert [where(w) for w in symbols if not w.toolTip()] == []
