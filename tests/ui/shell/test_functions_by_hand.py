"""Functions by hand: renamed on their tab or at a node that calls them, taken apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.tab_name import TabName
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths


def cleanup(signal, factor: float = 20.0):
    louder = maths.scale(signal, factor=factor)
    clean = maths.add(louder, 1.0)
    return clean


def flow():
    signal = maths.add(1.0, 2.0)
    cleaned = cleanup(signal, factor=30.0)
    chart = maths.add(cleaned, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def opened(opened: Window) -> Window:
    opened.canvases.tabs.open("cleanup")
    QApplication.processEvents()
    return opened


def text(window: Window) -> str:
    return write(window.document.flow).partition("# ///\n")[2] or write(window.document.flow)


def tabs(window: Window) -> list[str]:
    return [window.canvases.tabs.tabText(n) for n in range(window.canvases.tabs.count())]


def field(window: Window) -> TabName:
    found = [f for f in window.canvases.tabs.findChildren(TabName) if f.isVisible()]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("how", ["F2", "double click"])
def test_a_tab_renames_its_function_everywhere(qtbot: QtBot, opened: Window, how: str) -> None:
    bar = opened.canvases.tabs
    assert tabs(opened) == ["flow", "cleanup"]
    if how == "F2":
        bar.setFocus()
        QTest.keyClick(bar, Qt.Key.Key_F2)
    else:
        QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, bar.tabRect(1).center())
    QTest.keyClicks(field(opened), "flow")
    QTest.keyClick(field(opened), Qt.Key.Key_Return)
    assert "def cleanup(" in text(opened), "that name is taken: the field stays open"
    field(opened).selectAll()
    QTest.keyClicks(field(opened), "polish")
    QTest.keyClick(field(opened), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "def polish(" in text(opened)
    assert "cleaned = polish(signal, factor=30.0)" in text(opened)
    assert tabs(opened) == ["flow", "polish"]
    qtbot.waitUntil(bar.hasFocus, timeout=60000)  # and not the cross that closes the tab
    assert opened.canvases.function == "polish", "and it stays open"
    opened.document.undo()
    QApplication.processEvents()
    assert tabs(opened) == ["flow", "cleanup"]
    assert opened.canvases.function == "cleanup"


def test_escape_leaves_the_name(opened: Window) -> None:
    QTest.keyClick(opened.canvases.tabs, Qt.Key.Key_F2)
    QTest.keyClicks(field(opened), "polish")
    QTest.keyClick(field(opened), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert "def cleanup(" in text(opened)


def test_a_node_is_taken_apart_and_one_undo_takes_it_back(opened: Window) -> None:
    opened.canvases.tabs.open("flow")
    canvas = opened.canvases.current
    canvas.select(["cleaned"])
    canvas.setFocus()
    QApplication.processEvents()
    before = text(opened)
    opened.commands["edit.apart"].trigger()
    QApplication.processEvents()
    lines = "    factor = 30.0\n    louder = maths.scale(signal, factor=factor)\n    cleaned = maths.add(louder, 1.0)\n"
    assert lines in text(opened)
    assert "def cleanup" not in text(opened)
    assert set(canvas.selection()) >= {"louder", "cleaned"}
    assert tabs(opened) == ["flow"]
    opened.document.undo()
    QApplication.processEvents()
    assert text(opened) == before


def test_what_cannot_be_taken_apart_is_said(opened: Window) -> None:
    opened.canvases.tabs.open("flow")
    opened.canvases.current.select(["signal"])
    before = text(opened)
    opened.commands["edit.apart"].trigger()
    assert text(opened) == before
    assert "calls no function of this file" in opened.statusBar().currentMessage()


def test_a_new_function_runs_beside_the_others_and_can_be_undone(opened: Window) -> None:
    opened.canvases.tabs.open("flow")
    before = text(opened)
    opened.commands.trigger("edit.function")
    name = opened.canvases.function
    assert name not in ("flow", "cleanup")
    assert f"def {name}():\n    pass\n" in text(opened)
    assert f"flodesk.main(flow, {name})" in text(opened)
    opened.document.undo()
    assert text(opened) == before
    opened.document.redo()
    assert name in tabs(opened)


@pytest.mark.parametrize("how", ["command", "menu"])
def test_a_function_that_is_alone_has_a_tab_while_it_is_renamed(
    qtbot: QtBot, window: Window, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "alone.py"
    file.write_text(TEXT.replace("cleaned = cleanup(signal, factor=30.0)", "cleaned = maths.add(signal, 1.0)"))
    window.files.open(file)
    QApplication.processEvents()
    bar, canvas = window.canvases.tabs, window.canvases.current

    def begin() -> TabName:
        if how == "command":
            window.commands.trigger("edit.rename_function")
        else:
            entries = {entry[0]: entry[2] for entry in canvas.context._of_ground(QPointF()) if entry is not None}
            entries["Rename the function…"]()
        qtbot.waitUntil(lambda: any(f.isVisible() for f in bar.findChildren(TabName)))
        return field(window)

    assert bar.isHidden()
    name = begin()
    assert bar.rect().contains(name.geometry())
    assert name.selectedText() == "flow"
    QTest.keyClick(name, Qt.Key.Key_Escape)
    qtbot.waitUntil(bar.isHidden)
    assert "def flow(" in text(window)
    QTest.keyClicks(begin(), "measure")
    QTest.keyClick(field(window), Qt.Key.Key_Return)
    qtbot.waitUntil(bar.isHidden)
    assert "def measure(" in text(window)
    assert "flodesk.main(measure)" in text(window)
    assert window.canvases.function == "measure"
    qtbot.waitUntil(lambda: window.canvases.current.isAncestorOf(QApplication.focusWidget() or window))
    window.editing.undo()
    assert "def flow(" in text(window)


def test_a_file_without_a_function_says_so(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    file = tmp_path / "none.py"
    file.write_text("x = 1\n")
    window.files.open(file)
    with qtbot.waitSignal(window.canvases.refused) as said:
        window.commands.trigger("edit.rename_function")
    assert "no function" in said.args[0]
