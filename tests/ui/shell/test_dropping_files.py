"""Files dropped on the window become nodes where they were dropped, or are opened; in one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.nodes import record
from flodesk.ui.chooser import Chooser
from flodesk.ui.window import Window

HERE = """\
import flodesk
from flodesk.nodes import source


def flow():
    left = source.constant(2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
MANY = "\n\n".join(f"def make_{n}(x: float) -> float:\n    return x + {n}\n" for n in range(8))


@pytest.fixture
def folder(window: Window, tmp_path: Path) -> Path:
    path = tmp_path / "flow.py"
    path.write_text(HERE)
    (tmp_path / "a.csv").write_text("t;v\n1;2\n")
    (tmp_path / "b.png").write_bytes(b"\x89PNG")
    (tmp_path / "one.py").write_text("def half(x: float) -> float:\n    return x / 2\n")
    (tmp_path / "many.py").write_text(MANY)
    (tmp_path / "bad.bin").write_text("x")
    assert window.files.open(path)
    return tmp_path


def carried(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(window: Window, at: QPoint, *paths: Path, target: QWidget | None = None) -> None:
    data = carried(*paths)
    view = target or window.canvases.current.viewport()
    for make in (QDragEnterEvent, QDragMoveEvent):
        event = make(at, COPY, data, LEFT, NONE)
        event.ignore()
        QApplication.sendEvent(view, event)
        assert event.isAccepted() or make is QDragMoveEvent
    QApplication.sendEvent(view, QDropEvent(QPointF(at), COPY, data, LEFT, NONE))
    QApplication.processEvents()


def text(window: Window) -> str:
    return write(window.document.flow)


def free_point(window: Window) -> QPoint:
    view = window.canvases.current.viewport().rect()
    return QPoint(view.right() - 120, view.center().y())


def test_a_table_becomes_a_node_under_the_hand(window: Window, folder: Path) -> None:
    at = free_point(window)
    drop(window, at, folder / "a.csv")
    assert '    a = file.read_csv("a.csv", separator=";")\n' in text(window)
    canvas = window.canvases.current
    assert canvas.selection() == ["a"]
    box = canvas.board.cards["a"].box()
    assert (box.center() - canvas.to_scene(at)).manhattanLength() < 60
    window.commands.trigger("edit.undo")
    assert text(window) == HERE


def test_a_recording_becomes_a_player_whose_outputs_are_its_columns(window: Window, folder: Path) -> None:
    log = record.Arrow(folder / "log.arrows", columns=["volt", "ok"])
    log(1.0, True)
    log.close()
    drop(window, free_point(window), folder / "log.arrows")
    assert '    for volt, ok in record.play("log.arrows"):\n        pass\n' in text(window)
    canvas = window.canvases.current
    card = canvas.board.cards[canvas.selection()[0]]
    assert card.node.spec is not None
    assert card.node.spec.title == "Player"
    assert [port.label for port in card.node.outputs] == ["volt", "ok"]
    window.commands.trigger("edit.undo")
    assert text(window) == HERE


def test_a_csv_recording_is_a_table_or_a_player_as_the_hand_chooses(qtbot: QtBot, window: Window, folder: Path) -> None:
    (folder / "log.csv").write_text("time,volt\n2026-01-01T00:00:00Z,1.5\n")
    for typed, line in (("play", 'for volt in record.play("log.csv"):'), ("table", 'log = file.read_csv("log.csv")')):
        drop(window, free_point(window), folder / "log.csv")
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, Chooser)
        assert popup.list.model().rowCount() == 2
        qtbot.keyClicks(popup.field, typed)
        qtbot.keyClick(popup.field, Qt.Key.Key_Return)
        assert line in text(window)
        window.commands.trigger("edit.undo")
        assert text(window) == HERE


def test_several_files_are_one_step_and_the_bad_one_is_named(window: Window, folder: Path) -> None:
    steps = window.document.steps
    drop(window, free_point(window), folder / "a.csv", folder / "bad.bin", folder / "b.png", folder / "one.py")
    assert window.document.steps == steps + 1
    assert set(window.canvases.current.selection()) == {"a", "b", "half_1"}
    assert "from one import half\n" in text(window)
    assert "No node reads bad.bin" in window.bar.text
    window.commands.trigger("edit.undo")
    assert text(window) == HERE


def test_one_function_is_placed_and_many_are_to_be_chosen_from(qtbot: QtBot, window: Window, folder: Path) -> None:
    drop(window, free_point(window), folder / "one.py")
    assert "    half_1 = half()\n" in text(window)
    drop(window, free_point(window), folder / "many.py")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Chooser)
    assert popup.list.model().rowCount() == 10
    qtbot.keyClicks(popup.field, "make_7")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert "from many import make_7\n" in text(window)
    assert window.canvases.current.selection() == ["make_7_1"]
    drop(window, free_point(window), folder / "many.py")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Chooser)
    qtbot.keyClicks(popup.field, "open")
    qtbot.keyClick(popup.field, Qt.Key.Key_Escape)
    assert window.document.path == folder / "flow.py"


def test_what_a_drop_would_do_is_said_under_the_hand(window: Window, folder: Path) -> None:
    view, dropping = window.canvases.current.viewport(), window.canvases.current.viewer.dropping
    for name, words, refuses in (("a.csv", "a.csv: a table", False), ("bad.bin", "No node reads bad.bin", True)):
        data = carried(folder / name)
        for make in (QDragEnterEvent, QDragMoveEvent):
            event = make(QPoint(50, 50), COPY, data, LEFT, NONE)
            QApplication.sendEvent(view, event)
        assert (dropping.message, dropping.refuses) == (words, refuses)
    QApplication.sendEvent(view, QDragLeaveEvent())
    assert dropping.message == ""


def test_beside_the_canvas_a_file_comes_to_its_middle(window: Window, folder: Path) -> None:
    drop(window, QPoint(20, 20), folder / "a.csv", target=window)
    assert "file.read_csv" in text(window)


def test_files_are_pasted_and_chosen_by_the_keyboard(
    qtbot: QtBot, window: Window, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    QApplication.clipboard().setMimeData(carried(folder / "b.png"))
    window.canvases.current.viewer.setFocus()
    qtbot.keyClick(window.canvases.current.viewer, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert '    b = file.read_image("b.png")\n' in text(window)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(folder / "a.csv")], ""))
    window.commands.trigger("edit.add_files")
    assert window.canvases.current.selection() == ["a"]
