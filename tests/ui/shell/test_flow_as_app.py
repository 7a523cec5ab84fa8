"""In the main window: how operators see the flow is chosen in one dialog, and tried over the same run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.flow.app import App, app_of
from flodesk.flow.password import matches
from flodesk.flow.script import write
from flodesk.ui.as_app import AppDialog
from flodesk.ui.operator import Operator
from flodesk.ui.panel.controls.switches import Switch
from flodesk.ui.window import Window

LEFT = Qt.MouseButton.LeftButton
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# on = [0, 0, 6, 2]
# meter = [0, 2, 6, 2]
# ///
import flodesk
from flodesk.nodes import control, show, timing


def flow():
    on = control.switch(True, label="Heater")
    for tick in timing.every(0.01):
        meter = show.number(tick, title="Time")


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def mine(open_window: Callable[..., Window], tmp_path: Path) -> Window:
    window = open_window(Host)
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    return window


def dialog_of(window: Window) -> AppDialog:
    window.commands.trigger("file.app")
    return next(d for d in window.findChildren(AppDialog) if d.isVisible())


def test_settings_and_password_are_one_edit_and_one_undo(qtbot: QtBot, mine: Window) -> None:
    before = write(mine.document.flow)
    dialog = dialog_of(mine)
    QTest.keyClicks(dialog.name, "Oven 3")
    for box in (dialog.touch, dialog.keep, dialog.locked):
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Space)
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    QTest.keyClicks(dialog.password, "bake")
    rows = (dialog.name, dialog.full, dialog.touch, dialog.locked, dialog.password, dialog.again)
    places, height = [row.geometry() for row in rows], dialog.height()
    QTest.mouseClick(ok, LEFT)
    assert "differ" in dialog.said.text()
    assert dialog.isVisible()
    QApplication.processEvents()
    assert [row.geometry() for row in rows] == places, "it grows with its words, and squeezes nothing"
    assert dialog.height() >= height + dialog.said.heightForWidth(dialog.said.width())
    QTest.keyClicks(dialog.again, "bake")
    QTest.mouseClick(ok, LEFT)
    qtbot.waitUntil(lambda: write(mine.document.flow) != before)
    app = app_of(mine.document.flow)
    assert (app.title, app.full_screen, app.touch, app.start, app.keep) == ("Oven 3", False, True, False, False)
    assert matches("bake", app.password)
    assert mine.document.undo_title == "Change the app"
    assert "bake" not in write(mine.document.flow)
    dialog = dialog_of(mine)
    assert dialog.password.placeholderText() == "As it is"
    QTest.mouseClick(dialog.buttons.button(dialog.buttons.StandardButton.Ok), LEFT)
    assert app_of(mine.document.flow) == app
    dialog = dialog_of(mine)
    dialog.locked.setFocus()
    QTest.keyClick(dialog.locked, Qt.Key.Key_Space)
    QTest.mouseClick(dialog.buttons.button(dialog.buttons.StandardButton.Ok), LEFT)
    assert app_of(mine.document.flow).password == ""
    mine.editing.undo()
    assert app_of(mine.document.flow) == app
    mine.editing.undo()
    assert write(mine.document.flow) == before
    assert app_of(mine.document.flow) == App()


def test_it_is_tried_over_the_run_that_is_on_and_leaves_that_alone(qtbot: QtBot, mine: Window) -> None:
    mine.run.start()
    qtbot.waitUntil(lambda: mine.run.phase == "running")
    run, engine = mine.run.id, mine.run.engine
    mine.commands.trigger("view.app")
    operator = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Operator))
    qtbot.waitExposed(operator)
    assert operator.run.engine is engine
    meter = operator.panel.board.cards["flow.meter"]
    qtbot.waitUntil(lambda: meter.seen is not None and meter.seen.value.value > 0)
    content = operator.panel.board.cards["flow.on"].content
    assert isinstance(content, Switch)
    QTest.mouseClick(content.toggle, LEFT)
    qtbot.waitUntil(lambda: "switch(False" in write(mine.document.flow))  # on trial it is the flow that is edited
    operator.close()
    qtbot.waitUntil(lambda: not mine.as_app.is_open)
    assert (mine.run.id, mine.run.phase) == (run, "running")
    assert not mine.commands["view.app"].isChecked()
    mine.commands.trigger("view.app")
    second = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Operator) and w.isVisible())
    QTest.mouseClick(second.bar.stop, LEFT)
    qtbot.waitUntil(lambda: mine.run.phase == "idle")
    assert mine.run_bar.words()[0].startswith("Stopped after")
    mine.document.new()
    mine.close()
    assert not mine.as_app.is_open
