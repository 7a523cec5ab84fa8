"""Find in the flow, by real keys: typed, listed, marked; F3 goes from one to the next on every tab."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.canvas.found_marks import FoundMark
from flodesk.ui.finding.rows import HIT
from flodesk.ui.window import Window

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [0, -160, 240, 120], text = "It hums." }
# ///
import flodesk
from flodesk.nodes import dsp, maths, source

LIMIT = len("hum")


def flow():
    hum = source.sine(0, frequency=50.0, samples=50)
    size = dsp.rms(hum)


def other():
    humidity = maths.add(1.0, 2.0)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def key(window: Window, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, which, held)
    QApplication.processEvents()


def look_for(window: Window, text: str) -> list[tuple[str, str]]:
    key(window, Key.Key_F, CTRL)
    field = window.finding.panel.field
    assert field.hasFocus()
    QTest.keyClicks(field, text)
    model = window.finding.panel.list.model()
    hits = [model.index(row, 0).data(HIT).place for row in range(model.rowCount())]
    return [(place.function, place.id) for place in hits]


def marked(window: Window) -> int:
    return sum(isinstance(item, FoundMark) for item in window.canvases.current.viewer.scene().items())


def test_what_is_typed_is_listed_and_marked(opened: Window) -> None:
    hits = look_for(opened, "hum")
    assert hits == [("flow", "hum"), ("flow", "size"), ("flow", "note_1"), ("other", "humidity"), ("", "LIMIT")]
    assert marked(opened) == 3
    assert opened.finding.panel.count.text() == "5 found"
    QTest.keyClicks(opened.finding.panel.field, "idity")
    assert marked(opened) == 0
    assert opened.finding.panel.count.text() == "1 found"
    key(opened, Key.Key_Escape)
    assert not opened.finding.panel.isVisible()
    assert opened.canvases.current.viewer.hasFocus()


def test_enter_and_f3_go_from_hit_to_hit_over_all_functions(opened: Window) -> None:
    look_for(opened, "hum")
    canvas = opened.canvases.current
    key(opened, Key.Key_Return)
    assert canvas.selection() == ["hum"]
    assert opened.finding.panel.field.hasFocus()  # one can go on typing
    key(opened, Key.Key_F3)
    assert canvas.selection() == ["size"]
    key(opened, Key.Key_F3)
    assert canvas.pieces.selected()
    key(opened, Key.Key_F3)
    assert opened.canvases.function == "other"
    assert opened.canvases.current.selection() == ["humidity"]
    assert marked(opened) == 1
    assert opened.finding.panel.count.text() == "4 of 5"
    key(opened, Key.Key_F3, SHIFT)
    assert opened.canvases.function == "flow"
    key(opened, Key.Key_Escape)
    key(opened, Key.Key_F3)  # the search goes on without its field
    assert opened.canvases.function == "other"
    assert marked(opened) == 0


def test_what_stands_at_the_top_of_the_file_is_shown_in_the_script(opened: Window) -> None:
    look_for(opened, "LIMIT =")
    key(opened, Key.Key_Return)
    assert opened.script.isVisible()
    assert opened.script.editor.textCursor().block().text() == 'LIMIT = len("hum")'


def test_a_click_on_a_row_goes_there(opened: Window) -> None:
    look_for(opened, "hum")
    view = opened.finding.panel.list
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(1, 0)).center())
    assert opened.canvases.current.selection() == ["size"]


def test_it_follows_an_edit_and_says_what_is_no_pattern(opened: Window, qtbot: QtBot) -> None:
    assert look_for(opened, "50.0") == [("flow", "hum")]
    opened.document.do(SetParameter("flow", "hum", "frequency", Literal("60.0")))
    qtbot.waitUntil(lambda: opened.finding.panel.count.text() == "Nothing found", timeout=60_000)
    opened.document.undo()
    qtbot.waitUntil(lambda: opened.finding.panel.count.text() == "1 found", timeout=60_000)
    opened.finding.panel.field.setText("(")
    QTest.mouseClick(opened.finding.panel.regular, Qt.MouseButton.LeftButton)
    assert "No such pattern" in opened.finding.panel.count.text()
    assert marked(opened) == 0


def test_f3_without_a_search_asks_and_ctrl_alt_f_searches_the_library(opened: Window) -> None:
    key(opened, Key.Key_F3)
    assert opened.finding.panel.field.hasFocus()
    key(opened, Key.Key_Escape)
    key(opened, Key.Key_F, CTRL | Qt.KeyboardModifier.AltModifier)
    assert opened.library.isAncestorOf(QApplication.focusWidget())


def test_it_stays_within_a_small_canvas(opened: Window) -> None:
    opened.resize(720, 480)
    QApplication.processEvents()
    look_for(opened, "hum")
    panel, area = opened.finding.panel, opened.canvases.area
    corner = area.mapTo(opened, area.rect().topLeft())
    assert area.rect().translated(corner).contains(panel.geometry())
    opened.bar.show_message("Something went wrong", "error")
    QApplication.processEvents()
    assert panel.geometry().top() >= opened.bar.geometry().bottom()
