"""A whole window over an engine in this process, closed without questions when the test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Engine, InProcess
from flodesk.engine.history.settings import History
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.ui.inspector import Inspector
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
        QCursor.setPos(0, 0)  # where the mouse of the test before was left nothing is pointed at
        window.resize(1300, 850)
        window.show()
        window.activateWindow()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in windows:
        window.leaving = True  # as after a yes: where a test has failed, nobody is there to say it
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Callable[..., Window]) -> Window:
    return open_window()


@pytest.fixture
def opened(window: Window, tmp_path: Path, request: pytest.FixtureRequest) -> Window:
    """Give the window with the flow of the test's own file, its ``TEXT``, and the keyboard on the canvas."""
    path = tmp_path / "opened.py"
    path.write_text(request.module.TEXT, encoding="utf-8")
    assert window.files.open(path)
    QApplication.processEvents()
    window.canvases.current.setFocus()
    return window


@pytest.fixture
def inspector(qtbot: QtBot, qapp: object, tmp_path: Path, request: pytest.FixtureRequest) -> Inspector:
    """Give an inspector alone, over the flow of the test's own file, its ``SCRIPT``."""
    path = tmp_path / "flow.py"
    path.write_text(request.module.SCRIPT)
    document = Document()
    document.open(path)
    made = Inspector(document, Catalog.builtin())
    qtbot.addWidget(made)
    made.resize(250, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


WhenAsked = Callable[[Callable[[QWidget], object]], None]


@pytest.fixture
def when_asked(qapp: QApplication) -> Iterator[WhenAsked]:
    """Do something with the next dialog, once it is there; where that fails it is closed, or the test would hang."""
    timers: list[QTimer] = []

    def wait(do: Callable[[QWidget], object]) -> None:
        timer = QTimer(qapp, interval=20)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None or not dialog.isVisible():
                return
            timer.stop()
            try:
                do(dialog)
            except BaseException:
                dialog.close()
                raise

        timer.timeout.connect(look)
        timer.start()
        timers.append(timer)

    yield wait
    for timer in timers:
        timer.stop()
        timer.deleteLater()


@pytest.fixture
def press(qtbot: QtBot, when_asked: WhenAsked) -> Callable[[str], None]:
    """Press a button of the next message box, by its text, once the box is there."""

    def choose(box: QWidget, title: str) -> None:
        assert isinstance(box, QMessageBox)
        button = next(b for b in box.buttons() if b.text().replace("&", "") == title)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    return lambda title: when_asked(lambda box: choose(box, title))


@pytest.fixture
def answer_path(qtbot: QtBot) -> Callable[[QWidget, Path], None]:
    """Answer a dialog for files with a path."""

    def answer(dialog: QWidget, path: Path) -> None:
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(path))  # keys would open a list, which takes the Return
        qtbot.keyClick(field, Qt.Key.Key_Return)

    return answer
