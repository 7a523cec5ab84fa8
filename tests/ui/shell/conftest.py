"""A whole window over an engine in this process, closed without questions when the test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Engine, InProcess
from flodesk.engine.history.settings import History
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

NO_HISTORY = History(on=False)


def discard(window: Window) -> None:
    """Let the window be closed with unsaved changes, as a hand would by pressing Discard."""
    window.document.new()


@pytest.fixture(scope="session")
def looks(qapp: QApplication) -> Looks:
    return Looks(qapp)


@pytest.fixture
def open_window(qtbot: QtBot, looks: Looks) -> Iterator[Callable[..., Window]]:
    windows: list[Window] = []

    def make(engine: Callable[[], Engine] = InProcess, history: History | None = NO_HISTORY) -> Window:
        window = Window(looks, engine(), history)
        windows.append(window)
        window.resize(1300, 850)
        window.show()
        window.activateWindow()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        discard(window)
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Callable[..., Window]) -> Window:
    return open_window()


@pytest.fixture
def press(qtbot: QtBot) -> Callable[[str], None]:
    """Press a button of the next message box, by its text, once the box is there."""

    def soon(title: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next(b for b in box.buttons() if b.text().replace("&", "") == title)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    return soon
