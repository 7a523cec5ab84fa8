"""A window that goes, closed or not, is asked for nothing any more by what it was made of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from flodesk.app import _windows
from flodesk.engine.client import InProcess
from flodesk.engine.history.settings import History
from flodesk.ui.company import Company
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window


@pytest.mark.parametrize("docks", [("file.versions",), ("file.versions", "view.script", "view.problems", "view.log")])
@pytest.mark.parametrize("closed", [True, False])
def test_no_dock_is_asked_that_has_gone(qtbot: QtBot, looks: Looks, docks: tuple[str, ...], closed: bool) -> None:
    company = Company(lambda own: Window(looks, InProcess(), History(on=False), company=own))
    window = company.new_window()
    assert isinstance(window, Window)
    qtbot.waitExposed(window)
    for name in docks:
        window.commands.trigger(name)
    QApplication.processEvents()
    with capture_exceptions() as failed:
        if closed:
            window.close()
        else:  # as at the end of a session: the program goes without a question
            window.restoring.end()
            window.run.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        assert _windows(company) == []
    assert not failed
