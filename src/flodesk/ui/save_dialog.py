"""The question where to save: a name without an ending gets one before it is asked whether a file shall be replaced."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_where(parent: QWidget, title: str, proposal: str | Path, filters: str, own: Path | None = None) -> Path | None:
    """Ask where to save, and wait for the answer; None if it was given up.

    The system's dialog asks about the name as it was typed, which is not yet the file's: that question is put here.

    Parameters
    ----------
    proposal : path
        The file that it begins with.
    filters : str
        As Qt writes them: ``"Flows (*.py);;All files (*)"``. A name without an ending gets that of the chosen one, or
        of the first; so does one with another ending, where they do not take all files.
    own : path, optional
        The file of that which is saved: nobody is asked before it is written anew. What is proposed is no reason for
        that: after *Cancel* the dialog proposes the very file that was not to be replaced.
    """
    while True:
        path = ask_name(parent, title, proposal, filters)
        if path is None or path == own or not path.exists() or may_replace(parent, path):
            return path
        proposal = path


def ask_name(parent: QWidget, title: str, proposal: str | Path, filters: str) -> Path | None:
    """Ask for a name, whether there is a file of it or not; None if it was given up. See `ask_where` for the rest.

    Where the filters take no other files, a name with another ending gets one behind it: ``level.txt.png``.
    """
    text, chosen = QFileDialog.getSaveFileName(
        parent, title, str(proposal), filters, options=QFileDialog.Option.DontConfirmOverwrite
    )
    if not text:
        return None
    path = Path(text)
    ending = re.search(r"\*(\.\w+)", chosen) or re.search(r"\*(\.\w+)", filters)
    taken = re.findall(r"\*(\.\w+)", filters)
    right = bool(path.suffix) and ("(*)" in filters or path.suffix.lower() in taken)
    return path if right or not ending else path.with_name(f"{path.name}{ending[1]}")


def may_replace(parent: QWidget, path: Path) -> bool:
    """Ask whether a file may be written over, and wait for the answer."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(parent)
    box.setObjectName("replace")
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("Replace a file")
    box.setText(f"<b>Replace {html.escape(path.name)}?</b>")
    box.setInformativeText(f"There is a file of that name in {html.escape(str(path.parent))}. What it holds is lost.")
    replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(buttons.Cancel))
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return clicked is replace


def filters_of(endings: Sequence[str]) -> str:
    """Return what to filter by as Qt writes it, for names with one of these endings."""
    all_files = "All files (*)"
    return f"Files ({' '.join(f'*{ending}' for ending in endings)});;{all_files}" if endings else all_files


__all__ = ["ask_name", "ask_where", "filters_of", "may_replace"]
