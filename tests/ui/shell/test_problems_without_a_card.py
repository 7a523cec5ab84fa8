"""Alt+Return reaches what has no card, too; the message above the canvas calls what failed as it is called now."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetView
from flodesk.flow.model import View
from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk.panel.flow]
# gone = [0, 0, 5, 2]
# ///
import flodesk
from flodesk.nodes import control, maths


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    doubled = maths.scale(level, factor=2.0)
    broken = int("no number")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_alt_return_lists_what_can_be_done_about_a_problem_without_a_card(qtbot: QtBot, opened: Window) -> None:
    opened.problems_shown()
    qtbot.waitUntil(lambda: [problem.kind for problem in opened.problems.problems] == ["view"])
    canvas = opened.canvases.current
    canvas.setFocus()
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "gone" in menu.accessibleDescription()
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert "gone" not in write(opened.document.flow)


def test_the_message_goes_along_with_a_new_name(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: opened.bar.text.startswith("flow.broken failed: ValueError"))
    said = opened.bar.text
    canvas.picking.choose([canvas.board.cards["broken"]])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "parsed")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "parsed" in canvas.board.cards
    assert opened.bar.text == said.replace("flow.broken", "flow.parsed", 1)
    assert [button.text() for button in opened.bar.buttons] == ["Show", "Details"]
    opened.commands.trigger("edit.undo")
    assert opened.bar.text == said


def test_a_problem_of_a_view_turns_to_its_page(qtbot: QtBot, opened: Window) -> None:
    view = opened.document.flow.header.panel["flow"]["gone"]
    opened.document.do(SetView("flow", "gone", replace(view, page="Behind")))
    opened.document.do(SetView("flow", "level", View("level", "level", 0, 0, 5, 2)))
    opened.panel.pages.turn("")
    opened.docks.panel.toggle()
    opened.problems_shown()
    qtbot.waitUntil(lambda: [problem.kind for problem in opened.problems.problems] == ["view"])
    opened.mending.go(opened.problems.problems[0])
    assert opened.panel.pages.shown == "Behind"
    assert opened.panel.isVisible()
