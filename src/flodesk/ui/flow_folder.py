"""Files that a flow names: where their dialogs begin, and how the flow calls what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from flodesk.engine.folders import untitled_folder
from flodesk.flow.document import Document
from flodesk.flow.incoming.taking import named
from flodesk.ui.save_dialog import ask_name, filters_of
from flodesk.ui.settings import settings


def _document_around(widget: QWidget) -> Document | None:
    """Return the open flow that a widget belongs to: that of the part of the window around it."""
    around: QWidget | None = widget
    while around is not None:
        document = getattr(around, "document", None)
        if isinstance(document, Document):
            return document
        around = around.parentWidget()
    return None


def begin(widget: QWidget, now: str | Path = "") -> str:
    """Return where a dialog of a flow's widget begins: at a file that the flow names, else in the folder of the flow.

    Where the flow has no file yet, in the folder of the last one.
    """
    document = _document_around(widget)
    if document is None:
        return str(now)
    folder = document.folder or Path(str(settings().value("folder", str(Path.home()))))
    place = folder / _of_home(str(now))
    return str(place if place.parent.is_dir() else folder / place.name)


def in_full(widget: QWidget, name: str) -> str:
    """Return the whole path of a file that a flow's widget names, as its run finds it; empty where it names none."""
    document = _document_around(widget)
    if document is None or not name:
        return name
    return str(Path(document.folder or _untitled(), _of_home(name)).absolute())


def _of_home(name: str) -> Path:
    """Return a path with the folder of a user in the place of ``~``; as it is where there is no such user."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


_untitled = cache(untitled_folder)
"""Asked once: to find out about a folder something is written into it."""


class TellsInFull(QObject):
    """Has a field of a path tell it in full when it is pointed at."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        self._field = field
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Bring the tooltip up to date before it is shown: the flow may have been saved elsewhere."""
        if event.type() == QEvent.Type.ToolTip:
            self._field.setToolTip(in_full(self._field, self._field.text()))
        return False


def ask_path(parent: QWidget, title: str, now: str, asks: str, endings: Sequence[str] = ()) -> str:
    """Ask for a path and wait; return it as the flow names it, empty if it was given up.

    What lies in the folder of the flow is named from there, as the run counts: so both can be moved together.

    Parameters
    ----------
    asks : str
        ``open`` or ``save`` for a file, or ``folder``.
    endings : sequence of str
        Endings that a file to be written may have, the usual one first.
    """
    start = begin(parent, now)
    if asks == "folder":
        chosen = QFileDialog.getExistingDirectory(parent, title, start)
    elif asks == "save":
        chosen = str(ask_name(parent, title, start, filters_of(endings)) or "")
    else:
        chosen, _ = QFileDialog.getOpenFileName(parent, title, start)
    document = _document_around(parent)
    return named(Path(chosen), document.folder if document is not None else None) if chosen else ""


__all__ = ["TellsInFull", "ask_path", "begin", "in_full"]
