"""Tests of the window run off screen, with settings of their own, and leave no top-level widget and no timer behind."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed):
    _wait.__kwdefaults__["timeout"] = 60_000  # what comes is waited for on a machine, too, that has much else to do


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the user's settings out of the tests."""
    path = tmp_path / "settings.ini"
    monkeypatch.setenv("FLODESK_SETTINGS", str(path))
    return path


@pytest.fixture(autouse=True, scope="session")
def libraries_are_no_garbage(qapp: QApplication) -> None:
    """Leave the thousands of objects of imported libraries out of every collection: it takes a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def the_clipboard_is_empty_at_the_end(qapp: QApplication) -> Iterator[None]:
    """Leave nothing of Python's there: Qt destroys its clipboard after the interpreter has ended, which crashes."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True)
def buttons_are_released(qapp: QApplication) -> Iterator[None]:
    """Release the mouse after each test: a double click by QTest leaves it pressed, as if a hand were dragging."""
    yield
    left = QGuiApplication.mouseButtons()
    if left != Qt.MouseButton.NoButton:
        somewhere = QWidget()
        for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            if button in left:
                QTest.mouseRelease(somewhere, button)
        somewhere.deleteLater()


_GOES = 20.0
"""Seconds that a window may take to go once it was closed."""


@pytest.fixture(autouse=True)
def no_widget_outlives_its_test(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a top-level widget, or a running timer of one, behind."""
    before = set(map(id, QApplication.topLevelWidgets()))
    yield
    left: list[QWidget] = []
    deadline = time.monotonic() + _GOES
    while True:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
        gc.collect()  # what hangs in circles goes now, and not in the middle of the next test
        left = [w for w in QApplication.topLevelWidgets() if id(w) not in before and isValid(w) and not _harmless(w)]
        if not left or time.monotonic() > deadline:
            break
    ticking = [t for w in left for t in w.findChildren(QTimer) if t.isActive()]
    names = [f"{type(w).__name__} {w.objectName() or w.windowTitle() or getattr(w, 'title', str)()!r}" for w in left]
    for widget in left:
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if left:
        pytest.fail(f"top-level widgets left after the test: {names}, timers of theirs: {len(ticking)}")


def _harmless(widget: QWidget) -> bool:
    """Whether Qt itself keeps it: the label of tooltips, the popup of a combo box that is being closed."""
    return widget.metaObject().className() in ("QTipLabel", "QComboBoxPrivateContainer")
