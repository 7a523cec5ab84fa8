"""How large everything is: chosen in a dialog, worn at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QWidget
from pytestqt.qtbot import QtBot

from flodesk.ui.settings import settings
from flodesk.ui.sizing import size, wear_size
from flodesk.ui.window import Window

STARTED = """
from PySide6.QtCore import QTimer
from flodesk.app import application
from flodesk.engine.client import InProcess
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window
app = application()
window = Window(Looks(app), InProcess())
window.resize(1000, 700)
window.show()
QTimer.singleShot(0, app.quit)
app.exec()
picture = window.grab()
print(picture.width(), picture.height(), window.width())
window.close()
"""


def test_the_size_is_chosen_by_keys_and_said(
    qtbot: QtBot, window: Window, when_asked: Callable[[Callable[[QWidget], None]], None]
) -> None:
    def two_further(dialog: QWidget) -> None:
        assert isinstance(dialog, QInputDialog)
        box = dialog.focusWidget() or dialog
        qtbot.keyClick(box, Qt.Key.Key_Down)
        qtbot.keyClick(box, Qt.Key.Key_Down)
        qtbot.keyClick(box, Qt.Key.Key_Return)

    assert size() == 100
    when_asked(two_further)
    window.commands.trigger("view.size")
    assert size() == 125
    assert "125 %" in window.bar.text
    when_asked(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape))
    window.commands.trigger("view.size")
    assert size() == 125


@pytest.mark.parametrize("stored", ["large", "7", "", "100"])
def test_a_size_that_is_none_is_the_usual_one(stored: str) -> None:
    settings().setValue("size", stored)
    environment: dict[str, str] = {}
    wear_size(environment)
    assert environment == {}


def test_who_has_chosen_outside_is_followed() -> None:
    settings().setValue("size", 150)
    environment = {"QT_SCALE_FACTOR": "3"}
    wear_size(environment)
    assert environment["QT_SCALE_FACTOR"] == "3"


def test_the_next_start_wears_it(own_settings: Path) -> None:
    store = settings()
    store.setValue("size", 150)
    store.sync()
    environment = {k: v for k, v in os.environ.items() if k != "QT_SCALE_FACTOR"}
    ran = subprocess.run(
        [sys.executable, "-c", STARTED], env=environment, capture_output=True, text=True, timeout=100, check=True
    )
    width, height, own = map(int, ran.stdout.split()[-3:])
    assert (width, height) == (1500, 1050)
    assert own == 1000
