"""New, open, save, and what happens when a file is missing, broken, or cannot be written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetNote
from flodesk.resource import resource
from flodesk.ui.settings import settings
from flodesk.ui.window import Window

EXAMPLE = resource("examples/noisy_sine.py")


def change(window: Window) -> None:
    """Make an edit that is seen in the file."""
    window.document.do(SetNote("flow", "signal", "a note"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "sine.py"
    path.write_bytes(EXAMPLE.read_bytes())
    return path


def test_the_title_follows_file_and_changes(window: Window, copy: Path) -> None:
    assert window.windowTitle().startswith("Untitled[*]")
    window.files.open(copy)
    assert window.windowTitle().startswith("sine.py[*]")
    assert not window.isWindowModified()
    change(window)
    assert window.isWindowModified()
    window.commands.trigger("file.save")
    assert not window.isWindowModified()
    assert "hum = " in copy.read_text()
    assert "# a note" in copy.read_text()


def test_the_example_is_a_copy_without_a_file(window: Window) -> None:
    before = EXAMPLE.read_bytes()
    window.commands.trigger("file.example")
    assert window.document.path is None
    assert "example" in window.windowTitle()
    assert EXAMPLE.read_bytes() == before


def test_a_missing_file_leaves_the_open_flow(window: Window, copy: Path, tmp_path: Path) -> None:
    window.files.open(copy)
    flow = window.document.flow
    assert not window.files.open(tmp_path / "gone.py")
    assert window.document.flow is flow
    assert window.document.path == copy
    assert "gone.py could not be opened" in window.bar.text
    assert "no such file" in window.bar.text
    assert window.bar.isVisible()


def test_a_broken_file_is_named_with_its_line(window: Window, copy: Path, tmp_path: Path) -> None:
    window.files.open(copy)
    flow = window.document.flow
    broken = tmp_path / "broken.py"
    broken.write_text("def flow():\n    x = (\n")
    assert not window.files.open(broken)
    assert window.document.flow is flow
    assert "broken.py" in window.bar.text
    assert "line" in window.bar.text.lower()
    assert "stays" in window.bar.text


def test_bytes_that_are_no_text(window: Window, tmp_path: Path) -> None:
    noise = tmp_path / "noise.py"
    noise.write_bytes(bytes(range(128, 256)))
    assert not window.files.open(noise)
    assert "could not be opened" in window.bar.text


def test_a_failed_save_loses_nothing(window: Window, copy: Path) -> None:
    window.files.open(copy)
    before = copy.read_bytes()
    change(window)
    assert not window.files.write(copy.parent / "no" / "such" / "folder" / "x.py")
    assert "could not be saved" in window.bar.text
    assert window.document.path == copy
    assert window.document.dirty
    assert copy.read_bytes() == before
    window.commands.trigger("file.save")
    assert copy.read_bytes() != before
    assert window.bar.text == "", "it is saved now"


def test_save_as_asks_for_a_name(
    window: Window, tmp_path: Path, when_asked: Callable[..., None], answer_path: Callable[[QWidget, Path], None]
) -> None:
    window.files.open_example()
    target = tmp_path / "mine.py"
    when_asked(lambda dialog: answer_path(dialog, target.with_suffix("")))
    window.commands.trigger("file.save")
    assert target.read_text() == EXAMPLE.read_text()
    assert window.document.path == target
    assert window.windowTitle().startswith("mine.py")


def test_save_as_asks_before_it_replaces_a_file_whose_ending_was_not_typed(
    window: Window,
    tmp_path: Path,
    when_asked: Callable[..., None],
    press: Callable[[str], None],
    answer_path: Callable[[QWidget, Path], None],
) -> None:
    window.files.open_example()
    precious = tmp_path / "precious.py"
    precious.write_text("a = 1\n")

    def answer(dialog: QWidget) -> None:
        press("Cancel")
        when_asked(lambda again: again.close())  # the dialog for the place comes again
        answer_path(dialog, precious.with_suffix(""))

    when_asked(answer)
    window.commands.trigger("file.save_as")
    assert precious.read_text() == "a = 1\n"
    assert window.document.path is None


def test_a_file_that_was_not_to_be_replaced_is_asked_about_again(
    qtbot: QtBot,
    window: Window,
    tmp_path: Path,
    when_asked: Callable[..., None],
    answer_path: Callable[[QWidget, Path], None],
) -> None:
    """After Cancel the dialog comes with that very file as its proposal: Enter alone must not replace it."""
    window.files.open_example()
    precious = tmp_path / "precious.py"
    precious.write_text("a = 1\n")
    asked: list[str] = []

    def not_that(then: Callable[[QWidget], None]) -> Callable[[QWidget], None]:
        def refuse(box: QWidget) -> None:
            assert isinstance(box, QMessageBox)
            asked.append(box.text())
            when_asked(then)
            qtbot.keyClick(box, Qt.Key.Key_Escape)

        return refuse

    def enter(dialog: QWidget) -> None:
        field = dialog.findChild(QLineEdit)
        assert field is not None
        assert Path(field.text()).name == precious.name
        when_asked(not_that(lambda third: third.close()))
        qtbot.keyClick(field, Qt.Key.Key_Return)

    def first(dialog: QWidget) -> None:
        when_asked(not_that(enter))
        answer_path(dialog, precious)

    when_asked(first)
    window.commands.trigger("file.save_as")
    assert asked == ["<b>Replace precious.py?</b>"] * 2
    assert precious.read_text() == "a = 1\n"
    assert window.document.path is None


def test_save_as_to_the_own_file_asks_nothing(
    window: Window, copy: Path, when_asked: Callable[..., None], answer_path: Callable[[QWidget, Path], None]
) -> None:
    window.files.open(copy)
    change(window)
    when_asked(lambda dialog: answer_path(dialog, copy))
    window.commands.trigger("file.save_as")
    assert "# a note" in copy.read_text()
    assert not window.document.dirty


@pytest.mark.parametrize(("button", "closed"), [("Cancel", False), ("Discard", True), ("Save", True)])
def test_closing_asks_about_changes(
    qtbot: QtBot, window: Window, copy: Path, when_asked: Callable[..., None], button: str, closed: bool
) -> None:
    window.files.open(copy)
    change(window)
    titles: list[str] = []

    def answer(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        titles.append(box.text())
        qtbot.mouseClick(next(b for b in box.buttons() if button in b.text()), Qt.MouseButton.LeftButton)

    when_asked(answer)
    window.close()
    assert window.isVisible() is not closed
    assert "sine.py" in titles[0]
    assert ("# a note" in copy.read_text()) is (button == "Save")


def test_no_question_without_changes(window: Window, copy: Path) -> None:
    window.files.open(copy)
    assert window.close()


def test_recent_files(window: Window, copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text("def flow():\n    pass\n")
    for path in (copy, other, copy):
        window.files.open(path)
    assert window.files.recent() == [copy, other]
    other.unlink()
    menu = QMenu()
    window.files.fill_recent(menu)
    assert [a.text() for a in menu.actions()] == ["sine.py"]
    menu.actions()[0].trigger()
    assert window.document.path == copy
    menu.deleteLater()


def test_a_flow_can_be_dropped_on_the_window(window: Window, copy: Path) -> None:
    def drop(path: Path, target: QWidget) -> bool:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(20, 20), action, data, left, none)
        QApplication.sendEvent(target, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(target, QDropEvent(QPointF(20, 20), action, data, left, none))
        return True

    assert drop(copy, window)
    assert window.document.path == copy
    window.files.new()
    assert drop(copy, window.canvases.current.viewport())
    assert window.document.path == copy


def test_layout_and_theme_are_remembered(open_window: Callable[..., Window]) -> None:
    first = open_window()
    first.commands.trigger("view.library")
    first.commands.trigger("view.layout")
    first.commands.trigger("view.light")
    first.close()
    second = open_window()
    assert not second.docks.library.is_open
    assert second.docks.panel.beside
    assert settings().value("theme") == "light"
    second.commands.trigger("view.reset")
    assert second.docks.library.is_open
    assert not second.docks.panel.beside
    second.commands.trigger("view.dark")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_neither_opened_nor_written(window: Window, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    said: list[str] = []
    window.files.said.connect(lambda words, level: said.append(words))
    assert not window.files.open(pipe), "reading it would wait for whoever writes"
    assert "pipe.py could not be opened: it is no file but a pipe or a device." in said[-1]
    with pytest.raises(OSError, match="pipe or a device"):
        window.document.save(pipe)
    assert pipe.is_fifo()
