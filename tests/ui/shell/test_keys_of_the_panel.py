"""In the window the panel that is arranged has its own keys, those too that are the canvas's elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# gain = [0, 0]
# level = [260, 0]
#
# [tool.flodesk.panel.flow]
# gain = [0, 0, 4, 1]
# level = [4, 0, 4, 2]
# ///
import flodesk
from flodesk.nodes import control, show


def flow():
    gain = control.slider(2.0)
    level = show.number(gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("opened", [TEXT], indirect=True)
def test_the_keys_go_to_the_panel_and_touch_no_node(opened: Window, qtbot: QtBot) -> None:
    window = opened
    qtbot.waitUntil(lambda: window.panel.isVisible() and set(window.panel.board.cards) == {"flow.gain", "flow.level"})
    window.canvases.current.select(["gain", "level"])
    script = write(window.document.flow).partition("# ///\nimport")[2]
    window.commands["panel.arrange"].trigger()
    assert window.panel.editing
    glass = window.panel.board.glass
    glass.setFocus()
    log = window.docks.log.is_open
    qtbot.keyClick(glass, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(glass, Qt.Key.Key_G, CTRL)
    field = window.panel.arranging.naming.field
    assert field is not None
    qtbot.keyClicks(field, "Pump")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert {view.group for view in window.document.flow.header.panel["flow"].values()} == {"Pump"}
    qtbot.keyClick(glass, Qt.Key.Key_D, CTRL)
    assert len(window.document.flow.header.panel["flow"]) == 4
    qtbot.keyClick(glass, Qt.Key.Key_X, CTRL)
    assert QApplication.clipboard().text().startswith("# [tool.flodesk.panel.flow]")
    qtbot.keyClick(glass, Qt.Key.Key_V, CTRL)
    qtbot.keyClick(glass, Qt.Key.Key_G, CTRL | SHIFT)
    qtbot.keyClick(glass, Qt.Key.Key_Delete)
    assert len(window.document.flow.header.panel["flow"]) == 2
    assert window.docks.log.is_open == log
    assert write(window.document.flow).partition("# ///\nimport")[2] == script
    for _ in range(7):
        window.commands["edit.undo"].trigger()
    assert write(window.document.flow) == TEXT


@pytest.mark.parametrize("opened", [TEXT], indirect=True)
def test_the_palette_offers_what_the_selection_allows(opened: Window, qtbot: QtBot) -> None:
    window = opened
    qtbot.waitUntil(lambda: set(window.panel.board.cards) == {"flow.gain", "flow.level"})
    arranging = window.panel.arranging
    assert (arranging.chosen, arranging.several, arranging.selected.grouped) == (False, False, False)
    window.commands["panel.arrange"].trigger()
    arranging.verbs["select_all"]()
    assert arranging.several
    assert not arranging.three
    window.commands.trigger("panel.align_left")
    window.commands.trigger("panel.align_wide")
    places = window.panel.board.places()
    assert {cells.column for cells in places.values()} == {0}
    assert len({cells.width for cells in places.values()}) == 1
    window.commands.trigger("panel.as_tabs")
    assert window.panel.board.shown_tabs() == {"Group": "gain"}
