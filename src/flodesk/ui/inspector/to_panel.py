"""What the inspector shows, on its way to the control panel: names are dragged there, and have a menu for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from flodesk.ui.carrying import Carrying
from flodesk.ui.inspector.rows import FieldRow
from flodesk.ui.inspector.sheet import Sheet
from flodesk.ui.menus import Entry, pop_up
from flodesk.ui.subject import Subject


def to_panel(sheet: Sheet, entries: Callable[[Subject], list[Entry]]) -> None:
    """Let the names of a sheet be dragged to the panel, and give them a menu.

    Parameters
    ----------
    entries : callable
        Gives what the menu offers for a subject.
    """
    for name, label in sheet.labels.items():
        _reach(sheet, name, label, entries)


def subject_at(sheet: Sheet, widget: QWidget) -> Subject:
    """Return what a widget of a sheet belongs to: a field, else the node."""
    row: QWidget | None = widget
    while row is not None and not isinstance(row, FieldRow):
        row = row.parentWidget()
    return _subject(sheet, next((name for name, one in sheet.rows.items() if one is row), ""))


def _subject(sheet: Sheet, name: str) -> Subject:
    return Subject("field" if name else "node", sheet.function, sheet.node, name)


def _reach(sheet: Sheet, name: str, label: QWidget, entries: Callable[[Subject], list[Entry]]) -> None:
    Carrying(label, lambda: (_subject(sheet, name),))
    label.setCursor(Qt.CursorShape.OpenHandCursor)
    label.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def ask(at: QPoint) -> None:
        if offered := entries(_subject(sheet, name)):
            pop_up(label, label.mapToGlobal(at), offered)

    label.customContextMenuRequested.connect(ask)
