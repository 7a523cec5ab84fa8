"""The way into subflows and out of them: shown above the canvas, by click and by key, through files too."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from flodesk.flow.callers import is_way, way_to
from flodesk.flow.script import read
from flodesk.ui.window import Window

BESIDE = """\
from flodesk.nodes import maths


def halved(value: float) -> float:
    half = maths.scale(value, factor=0.5)
    return half


def trimmed(value: float) -> float:
    less = halved(value)
    done = maths.add(less, 1.0)
    return done
"""
TEXT = """\
import flodesk
from filters import trimmed
from flodesk.nodes import maths, show


def inner(value: float) -> float:
    doubled = maths.scale(value, factor=2.0)
    return doubled


def outer(value: float) -> float:
    step = inner(value)
    more = maths.add(step, 1.0)
    return more


def flow():
    start = maths.add(1.0, 2.0)
    first = outer(start)
    second = outer(first)
    cut = trimmed(second)
    shown = show.number(cut)


if __name__ == "__main__":
    flodesk.main(flow)
"""
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(autouse=True)
def beside(tmp_path: Path) -> None:
    (tmp_path / "filters.py").write_text(BESIDE)


def key(window: Window, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.canvases.current.viewer, which, held)
    QApplication.processEvents()


def double_click(window: Window, node: str) -> None:
    canvas = window.canvases.current
    canvas.fit()
    QApplication.processEvents()
    box = canvas.board.cards[node].box()
    at = canvas.viewer.mapFromScene(QPointF(box.center().x(), box.bottom() - 6))
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QApplication.processEvents()


def test_the_way_is_found_in_the_text() -> None:
    flow = read(TEXT)
    assert way_to(flow, "inner") == (("flow", ""), ("outer", "first"), ("inner", "step"))
    assert is_way(flow, (("flow", ""), ("outer", "second")))
    assert not is_way(flow, (("flow", ""), ("inner", "second")))


def test_in_by_double_click_and_out_by_a_click(opened: Window) -> None:
    crumbs = opened.trail.crumbs
    assert not crumbs.isVisible()
    double_click(opened, "second")
    assert crumbs.isVisible()
    assert crumbs.text == "flow › second (outer)"
    double_click(opened, "step")
    assert crumbs.text == "flow › second (outer) › step (inner)"
    assert opened.canvases.function == "inner"
    QTest.mouseClick(crumbs.buttons[0], Qt.MouseButton.LeftButton)
    assert opened.canvases.function == "flow"
    assert opened.canvases.current.selection() == ["second"]
    assert not crumbs.isVisible()


def test_in_and_out_by_keys(opened: Window) -> None:
    opened.canvases.current.select(["first"])
    key(opened, Qt.Key.Key_Down, ALT)
    assert opened.canvases.function == "outer"
    opened.canvases.current.select(["step"])
    key(opened, Qt.Key.Key_Return)
    assert opened.canvases.function == "inner"
    key(opened, Qt.Key.Key_Up, ALT)
    assert (opened.canvases.function, opened.canvases.current.selection()) == ("outer", ["step"])
    key(opened, Qt.Key.Key_Up, ALT)
    assert (opened.canvases.function, opened.canvases.current.selection()) == ("flow", ["first"])
    assert not opened.trail.can_leave
    key(opened, Qt.Key.Key_Up, ALT)
    assert opened.canvases.function == "flow"


def test_it_follows_a_rename_a_tab_and_the_loss_of_a_step(opened: Window) -> None:
    opened.trail.enter("flow.second")
    opened.canvases.tabs._rename("outer", "around")
    assert opened.trail.crumbs.text in ("flow › second (around)", "flow › first (around)")
    opened.canvases.tabs.setCurrentIndex(0)
    assert not opened.trail.crumbs.isVisible()
    opened.canvases.tabs.open("inner")  # from a list, or a search: the shortest way
    assert opened.trail.crumbs.text == "flow › first (around) › step (inner)"
    opened.canvases.tabs.open("around")
    assert opened.trail.crumbs.text == "flow › first (around)"
    opened.canvases.tabs.setCurrentIndex(0)
    opened.canvases.current.select(["first", "second"])
    opened.commands.trigger("edit.delete")
    opened.canvases.tabs.open("around")
    assert not opened.trail.crumbs.isVisible()


def test_a_subflow_of_another_file_is_opened_there_and_one_comes_back(opened: Window) -> None:
    double_click(opened, "cut")
    assert opened.document.path is not None
    assert opened.document.path.name == "opened.py"
    assert "filters.py" in opened.bar.text
    button = next(b for b in opened.bar.findChildren(QPushButton) if b.text() == "Open filters.py")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert opened.document.path.name == "filters.py"
    assert opened.canvases.function == "trimmed"
    assert opened.trail.crumbs.text == "flow › cut (trimmed)"
    double_click(opened, "less")
    assert opened.trail.crumbs.text == "flow › cut (trimmed) › less (halved)"
    key(opened, Qt.Key.Key_Up, ALT)
    key(opened, Qt.Key.Key_Up, ALT)
    assert opened.document.path.name == "opened.py"
    assert (opened.canvases.function, opened.canvases.current.selection()) == ("flow", ["cut"])
    assert not opened.trail.can_leave


def test_another_file_has_no_way_back(opened: Window, tmp_path: Path) -> None:
    opened.trail.enter("flow.first")
    opened.files.open(tmp_path / "filters.py")
    assert not opened.trail.can_leave
    assert not opened.trail.crumbs.isVisible()


def test_steps_in_the_middle_give_way_in_a_narrow_window(opened: Window) -> None:
    crumbs = opened.trail.crumbs
    crumbs.show_way([(f"a long step number {n}", "") for n in range(9)])
    opened.resize(720, 480)
    QApplication.processEvents()
    shown = [part for part in crumbs._parts if part.isVisible()]
    assert crumbs._parts[0] in shown
    assert crumbs._parts[-1] in shown
    assert len(shown) < len(crumbs._parts)
    opened.trail._show()
