"""The dialog that asks where to save: the ending is given before it asks whether a file shall be overwritten."""

from __future__ import annotations

import re
from pathlib import Path

import shiboken6
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget


def save_dialog(parent: QWidget, title: str, proposal: str | Path, filters: str) -> QFileDialog:
    """Make the dialog. A name without an ending gets that of the chosen filter, or of the last one that had any.

    Parameters
    ----------
    proposal : path
        The file that it begins with.
    filters : str
        As Qt writes them: ``"Flows (*.py);;All files (*)"``.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilter(filters)

    def follow(chosen: str) -> None:
        if ending := re.search(r"\*\.(\w+)", chosen):
            dialog.setDefaultSuffix(ending[1])

    dialog.filterSelected.connect(follow)
    follow(filters)
    path = Path(proposal)
    if path.is_absolute():
        dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    return dialog


def ask_where(parent: QWidget, title: str, proposal: str | Path, filters: str) -> Path | None:
    """Ask where to save, and wait for the answer; None if it was given up."""
    dialog = save_dialog(parent, title, proposal, filters)
    try:
        chosen = dialog.selectedFiles() if dialog.exec() == QDialog.DialogCode.Accepted else []
    finally:
        shiboken6.delete(dialog)
    return Path(chosen[0]) if chosen else None


__all__ = ["ask_where", "save_dialog"]
