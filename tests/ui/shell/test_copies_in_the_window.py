"""Copy, cut, paste and duplicate by their commands; a run that was to begin again, and another file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths, timing


def ticks(n: int):
    for i in timing.count(n):
        yield i


def flow():
    a = maths.add(1.0, 2.0)
    for n in timing.every(0.01):
        b = maths.add(a, n)


if __name__ == "__main__":
    flodesk.main(flow)
"""
ARMS = """\
import flodesk
from flodesk.nodes import control, maths, show


def flow():
    on = control.switch(True)
    a = maths.add(1.0, 2.0)
    if on:
        more = maths.add(a, 5.0)
        level = more
    else:
        less = maths.add(a, 6.0)
        level = less
    meter = show.number(level)


if __name__ == "__main__":
    flodesk.main(flow)
"""
OTHER = TEXT.replace("1.0, 2.0", "7.0, 8.0")


def opened(window: Window, tmp_path: Path, text: str = TEXT, name: str = "flow.py") -> list[str]:
    """Open a file; return what the Edit menu will say."""
    path = tmp_path / name
    path.write_text(text)
    assert window.files.open(path)
    said: list[str] = []
    window.editing.refused.connect(said.append)
    return said


def test_a_duplicate_reads_what_the_one_before_it_reads(window: Window, tmp_path: Path) -> None:
    said = opened(window, tmp_path)
    window.canvases.current.select(["b"])
    window.commands.trigger("edit.duplicate")
    assert "        b_2 = maths.add(a, n)\n" in write(window.document.flow)
    assert said == []
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == TEXT


def test_all_of_a_generator_is_duplicated_without_its_yield(window: Window, tmp_path: Path) -> None:
    said = opened(window, tmp_path)
    window.canvases.tabs.open("ticks")
    window.commands.trigger("edit.select_all")
    window.commands.trigger("edit.duplicate")
    assert window.document.flow.mains == ("flow",)
    assert write(window.document.flow).count("yield") == 1
    assert not window.checking.now()
    assert said == ["Without code_1: what “ticks” yields, returns or leaves by stays in it."]
    window.commands.trigger("edit.undo")
    window.commands.trigger("edit.select_all")
    window.commands.trigger("edit.cut")
    assert write(window.document.flow) == TEXT
    assert "code_1 cannot be cut" in said[-1]


def test_an_if_with_what_joins_its_arms_is_copied_whole(window: Window, tmp_path: Path) -> None:
    said = opened(window, tmp_path, ARMS)
    window.canvases.current.select(["if_1", "level"])
    window.commands.trigger("edit.duplicate")
    now = write(window.document.flow)
    assert now.count("maths.add(a, 5.0)") == now.count("maths.add(a, 6.0)") == 2
    assert now.count("if on:") == 2
    assert said == []
    assert not window.checking.now()
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == ARMS
    window.canvases.current.select(["if_1", "level"])
    window.commands.trigger("edit.cut")
    assert "if on:" not in write(window.document.flow)
    assert "maths.add(a, 5.0)" not in write(window.document.flow), "it is on the clipboard, as all of the if"
    assert "    level = more\n" in QGuiApplication.clipboard().text()
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == ARMS


def test_an_if_alone_is_copied_without_its_arms_and_says_so(window: Window, tmp_path: Path) -> None:
    said = opened(window, tmp_path, ARMS)
    window.canvases.current.select(["if_1"])
    window.commands.trigger("edit.duplicate")
    assert write(window.document.flow).count("maths.add(a, 5.0)") == 1
    assert said == [
        "“if_1” is copied without what stands in its arms (more, less): select that, or what joins the arms, along "
        "with it to have it too."
    ]
    window.commands.trigger("edit.undo")
    window.canvases.current.select(["if_1", "more", "less"])
    window.commands.trigger("edit.duplicate")
    assert len(said) == 1, "nothing is left out"


def test_what_a_duplicate_lacks_stands_in_the_status_bar(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path, ARMS)
    canvas = window.canvases.current
    canvas.select(["if_1"])
    canvas.viewer.setFocus()
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert write(window.document.flow).count("if ") == ARMS.count("if ") + 1
    assert "“If on” is copied without what stands in its arms (more, less)" in window.statusBar().currentMessage()
    canvas.select(["level", "meter"])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert "meter_2" in write(window.document.flow)
    assert "“level” is not copied: a merge goes with its if. Select “If on”" in window.statusBar().currentMessage()


def test_an_if_and_its_merge_are_not_cut_apart(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(window, tmp_path, ARMS)
    canvas = window.canvases.current
    canvas.viewer.setFocus()
    QGuiApplication.clipboard().setText("before")
    for chosen, words in (
        (["if_1"], "what stands in its arms (more, less) would run always then"),
        (["if_1", "more"], "what stands in its arms (less) would run always then"),
        (["level"], "a merge goes with its if. Select “If on”, too."),
        (["level", "meter"], "“level” cannot be cut"),
    ):
        canvas.select(chosen)
        qtbot.keyClick(canvas.viewer, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
        assert words in window.statusBar().currentMessage()
        assert write(window.document.flow) == ARMS
    canvas.select(["level"])
    for key in (Qt.Key.Key_C, Qt.Key.Key_D):
        window.statusBar().clearMessage()
        qtbot.keyClick(canvas.viewer, key, Qt.KeyboardModifier.ControlModifier)
        assert window.statusBar().currentMessage() == "A merge goes with its if: select “If on”, too."
    assert QGuiApplication.clipboard().text() == "before"
    assert write(window.document.flow) == ARMS


def test_a_copy_comes_where_the_mouse_points_and_a_duplicate_beside_its_original(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    opened(window, tmp_path)
    window.resize(1300, 800)
    canvas = window.canvases.current
    canvas.zoom_to(1.0)
    canvas.select(["a"])
    canvas.viewer.setFocus()
    view = canvas.viewport()
    corner = QPoint(view.width() - 60, view.height() - 60)
    QCursor.setPos(view.mapToGlobal(corner))
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert canvas.selection() == ["a_2"]
    assert (canvas.board.cards["a_2"].box().center() - canvas.to_scene(corner)).manhattanLength() < 120
    window.commands.trigger("edit.undo")
    outside = window.menuBar().mapToGlobal(QPoint(5, 5))
    QCursor.setPos(outside)
    window.commands.trigger("edit.paste")
    assert (canvas.board.cards["a_2"].box().center() - canvas.scene_center()).manhattanLength() < 160
    window.commands.trigger("edit.undo")
    QCursor.setPos(view.mapToGlobal(corner))
    canvas.select(["b"])
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    first, second = canvas.board.cards["b"].box(), canvas.board.cards["b_2"].box()
    assert not first.intersects(second)
    assert (first.center() - second.center()).manhattanLength() < 1.5 * max(first.height(), first.width())


def test_an_empty_clipboard_says_that_there_is_nothing_to_paste(window: Window, tmp_path: Path) -> None:
    said = opened(window, tmp_path)
    QApplication.clipboard().clear()
    window.commands.trigger("edit.paste")
    assert said == ["There is nothing to paste: the clipboard holds no text and no files."]
    assert write(window.document.flow) == TEXT


def test_another_file_does_not_run_because_the_one_before_it_was_to(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    opened(window, tmp_path)
    window.run.start()
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    window.run.start()
    assert window.run.phase == "stopping"
    opened(window, tmp_path, OTHER, "other.py")
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
    begun: list[str] = []
    window.run.changed.connect(lambda: begun.append(window.run.phase))
    window.run.start()
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
    assert begun.count("starting") == 1
    assert not window.run.active
