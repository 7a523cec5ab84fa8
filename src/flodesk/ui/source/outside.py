"""Opening a file in the user's own editor, at a line."""

from __future__ import annotations

import shlex
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from flodesk.ui.focus import focus_kept
from flodesk.ui.settings import settings

_SETTING = "editor"


def editor() -> str:
    """Return the command that opens a file (``code -g {file}:{line}``); empty for what the system has for it."""
    return str(settings().value(_SETTING, "") or "").strip()


def open_outside(file: Path, line: int) -> str:
    """Open a file in the user's editor; returns why that cannot be, or an empty text."""
    command = editor()
    if not command:
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
            return ""
        return f"The system has no program for {file.name}: set one by Edit → Source → My editor…"
    try:
        program, *rest = words(command, file, line)
    except ValueError as error:
        return (
            f"The command of your editor, {command}, cannot be read: {error}. Change it by Edit → Source → My editor…"
        )
    started, _ = QProcess.startDetached(program, rest)
    return "" if started else f"{program} could not be started: change the command by Edit → Source → My editor…"


def words(command: str, file: Path, line: int) -> list[str]:
    """Return the words of the command with the file and the line put in; without ``{file}`` the file comes last.

    Raises
    ------
    ValueError
        A quotation mark is not closed, or there is no word.
    """
    parts = shlex.split(command)
    if not parts:
        raise ValueError("it is empty")
    found = [part.replace("{file}", str(file)).replace("{line}", str(line)) for part in parts]
    return found if any("{file}" in part for part in parts) else [*found, str(file)]


def choose_editor(parent: QWidget) -> str:
    """Let the command be written; return what there is to say about it, empty if nothing was changed."""
    before = editor()
    asked = "Command that opens a file at a line, such as\ncode -g {file}:{line}\nEmpty: what the system has for it."
    with focus_kept(lambda: parent):
        text, chosen = QInputDialog.getText(parent, "My editor", asked, QLineEdit.EchoMode.Normal, before)
    if not chosen or text.strip() == before:
        return ""
    settings().setValue(_SETTING, text.strip())
    return f"Sources open with: {text.strip()}" if text.strip() else "Sources open with the program of the system."


__all__ = ["choose_editor", "editor", "open_outside", "words"]
