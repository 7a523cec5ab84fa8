"""Where the system has no program for pages or folders, their address is said and can be copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from flodesk.ui.browsing import browse


@pytest.mark.parametrize("kind", ["page", "folder"])
def test_an_address_that_nothing_opens_is_said_and_can_be_copied(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    url = QUrl("http://127.0.0.1:8787/status") if kind == "page" else QUrl.fromLocalFile(str(tmp_path))
    address = url.toString() if kind == "page" else str(tmp_path)
    over = QWidget()
    qtbot.addWidget(over)
    over.show()
    qtbot.waitExposed(over)
    browse(url)
    (box,) = (w for w in QApplication.topLevelWidgets() if w.objectName() == "nothing_browses")
    assert isinstance(box, QMessageBox)
    assert box.isVisible()
    assert box.informativeText() == address
    copy = next(button for button in box.buttons() if button.text().startswith("Copy"))
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == address
    QApplication.processEvents()
    left = [w for w in QApplication.topLevelWidgets() if w.objectName() == "nothing_browses" and w.isVisible()]
    assert not left, "it goes when it has done what it is for"


def test_what_the_system_opens_asks_nothing(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)
    browse(QUrl("http://127.0.0.1/"))
    assert not [w for w in QApplication.topLevelWidgets() if w.objectName() == "nothing_browses"]
