"""The open file is changed by others: read again, asked about, never overwritten unasked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetNote
from flodesk.flow.script import write
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0)
    twice = maths.scale(cutoff, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
OTHER = TEXT.replace("factor=2.0", "factor=7.0")


@pytest.fixture
def mine(qtbot: QtBot, window: Window, tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    qtbot.wait(20)
    return path


def factor(window: Window) -> str:
    return "7.0" if "factor=7.0" in str(window.document.flow.functions["flow"]) else "2.0"


def has_factor(window: Window, told: str) -> bool:
    return factor(window) == told


def edit(window: Window) -> None:
    window.document.do(SetNote("flow", "twice", "a note of mine"))


def replace_file(path: Path, text: str) -> None:
    """Write as most editors and git do: a new file takes the name."""
    new = path.with_name("new.tmp")
    new.write_text(text)
    new.replace(path)


def button(qtbot: QtBot, window: Window, title: str) -> None:
    qtbot.mouseClick(next(b for b in window.bar.buttons if b.text() == title), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("write", [Path.write_text, replace_file])
def test_a_clean_flow_is_read_again_and_the_view_stays(
    qtbot: QtBot, window: Window, mine: Path, write: Callable[[Path, str], object]
) -> None:
    window.commands.trigger("view.zoom_in")
    zoom = window.canvases.current.zoom()
    for text, told in ((OTHER, "7.0"), (TEXT, "2.0"), (OTHER, "7.0")):  # again: the new file is watched, too
        write(mine, text)
        qtbot.waitUntil(partial(has_factor, window, told), timeout=60000)
        assert "mine.py was changed outside and read again." in window.bar.text
    qtbot.wait(50)
    assert window.canvases.current.zoom() == pytest.approx(zoom)
    assert not window.isWindowModified()


def test_unsaved_changes_are_asked_about(qtbot: QtBot, window: Window, mine: Path) -> None:
    edit(window)
    replace_file(mine, OTHER)
    qtbot.waitUntil(lambda: "unsaved changes" in window.bar.text, timeout=60000)
    button(qtbot, window, "Keep mine")
    assert not window.bar.isVisible()
    assert window.document.edited
    mine.write_text(OTHER + "\n# more\n")
    qtbot.waitUntil(lambda: "unsaved changes" in window.bar.text, timeout=60000)
    button(qtbot, window, "Read again")
    assert factor(window) == "7.0"
    assert "given up" in window.bar.text
    assert not window.document.dirty


@pytest.mark.parametrize(("answer", "saved"), [("Overwrite", True), ("Read again", False), ("Cancel", False)])
def test_save_asks_before_it_overwrites(
    qtbot: QtBot, window: Window, mine: Path, press: Callable[[str], None], answer: str, saved: bool
) -> None:
    edit(window)
    mine.write_text(OTHER)  # and Save at once, before anybody looked
    press(answer)
    window.commands.trigger("file.save")
    assert ("a note of mine" in mine.read_text()) is saved
    assert ("factor=7.0" in mine.read_text()) is not saved
    assert window.document.dirty is (answer == "Cancel")
    assert factor(window) == ("7.0" if answer == "Read again" else "2.0")


def test_the_window_looks_when_it_is_entered(qtbot: QtBot, window: Window, mine: Path) -> None:
    qtbot.wait(400)  # it was entered just now, when it was opened
    watcher = window.outside._watch._watcher
    watcher.removePaths(watcher.files())  # a disk that does not tell of changes
    mine.write_text(OTHER)
    qtbot.wait(400)
    assert factor(window) == "2.0"
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=60000)


def test_a_removed_file_is_written_anew(qtbot: QtBot, window: Window, mine: Path) -> None:
    mine.unlink()
    qtbot.waitUntil(lambda: "removed or renamed" in window.bar.text, timeout=60000)
    assert window.isWindowModified()
    window.commands.trigger("file.save")
    assert mine.read_text() == TEXT
    assert not window.bar.isVisible()
    assert not window.isWindowModified()


def test_a_file_that_comes_back_is_seen(qtbot: QtBot, window: Window, mine: Path) -> None:
    mine.unlink()
    qtbot.waitUntil(lambda: window.isWindowModified(), timeout=60000)
    mine.write_text(OTHER)
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=60000)
    assert not window.isWindowModified()


def test_unreadable_content_leaves_the_flow_until_it_is_mended(qtbot: QtBot, window: Window, mine: Path) -> None:
    mine.write_text("def flow(:\n")
    qtbot.waitUntil(lambda: "cannot be read" in window.bar.text, timeout=60000)
    assert factor(window) == "2.0"
    assert window.isWindowModified()
    mine.write_text(OTHER)
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=60000)


def test_its_own_save_is_no_change_outside(qtbot: QtBot, window: Window, mine: Path) -> None:
    edit(window)
    window.commands.trigger("file.save")
    steps = window.document.steps
    qtbot.wait(500)
    assert window.document.steps == steps
    assert window.bar.text == ""


def test_a_run_goes_on_with_what_was_read_again(qtbot: QtBot, window: Window, mine: Path) -> None:
    loop = TEXT.replace("    cutoff =", "    for tick in timing.every(0.05):\n        cutoff =").replace(
        "    twice", "        twice"
    )
    mine.write_text(loop.replace("control, maths", "control, maths, timing"))
    qtbot.waitUntil(lambda: "timing" in str(window.document.flow), timeout=60000)
    window.run.start()
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60000)
    mine.write_text(mine.read_text().replace("factor=2.0", "factor=7.0"))
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=60000)
    qtbot.wait(300)
    assert window.run.phase == "running"
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60000)


def test_reading_again_is_a_step_that_undo_takes_back(qtbot: QtBot, window: Window, mine: Path) -> None:
    edit(window)
    steps = window.document.steps
    replace_file(mine, OTHER)
    qtbot.waitUntil(lambda: "unsaved changes" in window.bar.text, timeout=60000)
    button(qtbot, window, "Read again")
    assert window.document.undo_title == "Read mine.py again"
    window.commands.trigger("edit.undo")
    assert factor(window) == "2.0"
    assert "a note of mine" in write(window.document.flow)
    assert window.document.dirty
    assert window.document.steps == steps
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == TEXT
    window.commands.trigger("edit.redo")
    window.commands.trigger("edit.redo")
    assert factor(window) == "7.0"
    assert not window.document.dirty


def test_the_question_is_shown_whole_and_takes_no_keyboard(qtbot: QtBot, window: Window, mine: Path) -> None:
    window.canvases.current.setFocus()
    for width in (1300, 900, 720):
        window.resize(width, 600)
        edit(window)
        window.document.do(SetNote("flow", "twice", f"{width}"))
        replace_file(mine, OTHER.replace("7.0", f"{width}.0"))
        qtbot.waitUntil(lambda: "“Keep mine”" in window.bar.text, timeout=60000)
        qtbot.wait(30)
        words = window.bar.words
        assert words.height() >= words.heightForWidth(words.width()), width
        assert all(window.bar.rect().contains(b.geometry()) for b in window.bar.buttons)
        button(qtbot, window, "Read again")
        qtbot.wait(20)
        assert QApplication.focusWidget() is window.canvases.current.viewer


def test_a_field_that_goes_with_the_old_text_hands_the_keyboard_to_the_canvas(
    qtbot: QtBot, window: Window, mine: Path
) -> None:
    window.inspector.flow_page.description.setFocus()  # type: ignore[union-attr]
    mine.write_text('"""New words."""\n' + OTHER)
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=60000)
    assert QApplication.focusWidget() is window.canvases.current.viewer


def test_what_is_selected_stays_selected_everywhere(qtbot: QtBot, window: Window, mine: Path) -> None:
    window.canvases.current.select(["twice"])
    mine.write_text(OTHER)
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=60000)
    assert window.canvases.current.selection() == ["twice"]
    assert window.inspector.ids == ["twice"]
    assert window.inspector.sheet is not None
    mine.write_text(TEXT.replace("twice", "double"))
    qtbot.waitUntil(lambda: "double" in window.canvases.current.board.cards, timeout=60000)
    assert window.canvases.current.selection() == []
    assert window.inspector.ids == []
    assert window.inspector.sheet is None


def test_another_file_with_the_same_names_starts_with_nothing_selected(
    qtbot: QtBot, window: Window, mine: Path, tmp_path: Path
) -> None:
    window.canvases.current.select(["twice"])
    other = tmp_path / "other.py"
    other.write_text(OTHER)
    window.files.open(other)
    assert window.canvases.current.selection() == []
    assert window.editing.selection == []


def test_the_keyboard_comes_back_after_the_file_dialog(
    window: Window,
    mine: Path,
    tmp_path: Path,
    when_asked: Callable[..., None],
    answer_path: Callable[[QWidget, Path], None],
) -> None:
    edit(window)
    canvas, search = window.canvases.current, window.library.search
    for before, after, path in (
        (canvas, canvas.viewer, tmp_path / "first.py"),
        (search, search, tmp_path / "second.py"),
    ):
        before.setFocus()
        when_asked(partial(answer_path, path=path))
        window.commands.trigger("file.save_as")
        assert path.exists()
        assert window.focusWidget() is after, "when the window is entered again it has the keyboard"


def test_news_goes_when_the_work_goes_on_and_trouble_stays(window: Window, mine: Path) -> None:
    edit(window)
    window.reports.message("3 changes of mine.py are back. Save keeps them.")
    assert window.bar.isVisible()
    window.commands.trigger("file.save")
    assert not window.bar.isVisible()
    window.reports.message("mine.py was changed outside and read again.")
    window.document.do(SetNote("flow", "twice", "another note"))
    assert not window.bar.isVisible()
    window.reports.message("flow.twice failed.", "error")
    window.document.do(SetNote("flow", "twice", "a third note"))
    window.commands.trigger("file.save")
    assert window.bar.isVisible()
