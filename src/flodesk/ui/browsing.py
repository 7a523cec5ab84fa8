"""Pages and folders that are opened outside flodesk, by the programs that the system has for them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox


def browse(url: QUrl) -> None:
    """Open a page, or show a folder; where the system has nothing that does, its address is said, to be copied."""
    if QDesktopServices.openUrl(url):
        return
    folder = url.isLocalFile()
    address = url.toLocalFile() if folder else url.toString()
    shown = [window for window in QApplication.topLevelWidgets() if window.isWindow() and window.isVisible()]
    box = QMessageBox(QApplication.activeWindow() or next(iter(shown), None))
    box.setObjectName("nothing_browses")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Show the folder" if folder else "Open the page")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"This system has no program that {'shows folders' if folder else 'opens pages'}.")
    box.setInformativeText(address)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    copy = box.addButton("Copy the path" if folder else "Copy the address", QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Close)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(address))
    box.open()
