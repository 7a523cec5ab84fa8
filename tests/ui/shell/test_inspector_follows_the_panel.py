"""The inspector shows the node whose view a hand is at on the panel, and canvas and panel keep their keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# gain = [0, 0]
# far = [6000, 6000]
# note = [260, 0]
#
# [tool.flodesk.panel.flow]
# gain = [0, 0, 6, 1]
# far = [6, 0, 3, 2]
# note = [9, 0, 3, 2]
#
# [tool.flodesk.panel.other]
# speed = [0, 3, 6, 2]
# ///
import flodesk
from flodesk.nodes import control, show


def flow():
    gain = control.slider(1.0)
    far = show.number(gain)
    note = show.text("hello")


def other():
    speed = control.slider(2.0)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ready(opened: Window, qtbot: QtBot) -> Window:
    qtbot.waitUntil(lambda: opened.panel.isVisible() and "other.speed" in opened.panel.board.cards)
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    return opened


def shown(window: Window) -> tuple[str, list[str]]:
    window.inspector.settle()
    return window.inspector.function, window.inspector.ids


def click(qtbot: QtBot, window: Window, view: str, at: QPoint | None = None) -> None:
    """Click on what is seen of a view at a point, by default on its title, as the mouse would."""
    card = window.panel.board.cards[view]
    at = at or QPoint(20, 16)
    under = card.childAt(at) or card
    qtbot.mouseClick(under, LEFT, pos=under.mapFrom(card, at))


def test_a_click_on_a_view_shows_its_node(qtbot: QtBot, ready: Window) -> None:
    seen = ready.canvases.current.viewer.visible_rect()
    click(qtbot, ready, "flow.far", QPoint(60, 60))
    assert shown(ready) == ("flow", ["far"])
    assert ready.canvases.current.selection() == ["far"]
    assert ready.canvases.current.viewer.visible_rect() == seen, "the canvas does not move under the hand"
    control = ready.panel.board.cards["flow.gain"].content
    assert control is not None
    click(qtbot, ready, "flow.gain", control.geometry().center())
    assert shown(ready) == ("flow", ["gain"])
    ready.canvases.current.select(["note"])
    assert shown(ready) == ("flow", ["note"])
    click(qtbot, ready, "flow.gain")
    assert shown(ready) == ("flow", ["gain"]), "also where its control had the keyboard already"


def test_a_view_keeps_its_keys_and_no_node_is_deleted(qtbot: QtBot, ready: Window) -> None:
    before = write(ready.document.flow)
    for view in ("flow.gain", "flow.far", "flow.note"):
        click(qtbot, ready, view)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert ready.panel.board.isAncestorOf(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Delete)
        assert write(ready.document.flow) == before
    click(qtbot, ready, "flow.gain", QPoint(ready.panel.board.cards["flow.gain"].width() // 2, 20))
    focused = QApplication.focusWidget()
    value = ready.document.flow
    qtbot.keyClick(focused, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: ready.document.flow is not value)
    assert shown(ready) == ("flow", ["gain"])
    sheet = ready.inspector.sheet
    assert sheet is not None
    assert QApplication.focusWidget() is focused


def test_tab_goes_from_view_to_view_and_the_inspector_along(qtbot: QtBot, ready: Window) -> None:
    click(qtbot, ready, "flow.far")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert shown(ready)[1] != ["far"]
    assert ready.panel.board.isAncestorOf(QApplication.focusWidget())


def test_a_view_of_another_function_leaves_the_canvas_where_it_is(qtbot: QtBot, ready: Window) -> None:
    page = ready.canvases.current
    page.select(["note"])
    click(qtbot, ready, "other.speed")
    assert shown(ready) == ("other", ["speed"])
    assert ready.canvases.current is page
    assert page.selection() == []
    page.select(["note"])
    assert shown(ready) == ("flow", ["note"])


def test_arranging_shows_what_is_selected(qtbot: QtBot, ready: Window) -> None:
    ready.panel.set_editing(True)
    glass, cards = ready.panel.board.glass, ready.panel.board.cards
    qtbot.mouseClick(glass, LEFT, pos=cards["flow.note"].geometry().center())
    assert shown(ready) == ("flow", ["note"])
    qtbot.mouseClick(glass, LEFT, CTRL, pos=cards["flow.gain"].geometry().center())
    assert shown(ready)[0] == "flow"
    assert set(shown(ready)[1]) == {"note", "gain"}
    assert QApplication.focusWidget() is glass
    before = write(ready.document.flow)
    qtbot.keyClick(glass, Qt.Key.Key_Delete)
    after = write(ready.document.flow)
    assert after != before
    assert "control.slider(1.0)" in after, "the view has gone, its node stays"


def test_coming_back_to_the_window_selects_nothing(qtbot: QtBot, ready: Window) -> None:
    click(qtbot, ready, "flow.far")
    ready.canvases.current.select(["note"])
    dialog = QDialog(ready)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.close()
    ready.activateWindow()
    qtbot.waitUntil(ready.isActiveWindow)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert ready.panel.board.isAncestorOf(focused), "the keyboard is where it was"
    assert shown(ready) == ("flow", ["note"])
