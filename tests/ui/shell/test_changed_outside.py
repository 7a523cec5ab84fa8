"""The open file is changed by others: read again, asked about, never overwritten unasked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import SetNote
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
        qtbot.waitUntil(partial(has_factor, window, told), timeout=3000)
        assert "mine.py was changed outside and read again." in window.bar.text
    qtbot.wait(50)
    assert window.canvases.current.zoom() == pytest.approx(zoom)
    assert not window.isWindowModified()


def test_unsaved_changes_are_asked_about(qtbot: QtBot, window: Window, mine: Path) -> None:
    edit(window)
    replace_file(mine, OTHER)
    qtbot.waitUntil(lambda: "unsaved changes" in window.bar.text, timeout=3000)
    button(qtbot, window, "Keep mine")
    assert not window.bar.isVisible()
    assert window.document.edited
    mine.write_text(OTHER + "\n# more\n")
    qtbot.waitUntil(lambda: "unsaved changes" in window.bar.text, timeout=3000)
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
    QTimer.singleShot(100, lambda: press(answer))
    window.commands.trigger("file.save")
    assert ("a note of mine" in mine.read_text()) is saved
    assert ("factor=7.0" in mine.read_text()) is not saved
    assert window.document.dirty is (answer == "Cancel")
    assert factor(window) == ("7.0" if answer == "Read again" else "2.0")


def test_the_window_looks_when_it_is_entered(qtbot: QtBot, window: Window, mine: Path) -> None:
    qtbot.wait(400)  # it was entered just now, when it was opened
    window.outside._watcher.removePaths(window.outside._watcher.files())  # a disk that does not tell of changes
    mine.write_text(OTHER)
    qtbot.wait(400)
    assert factor(window) == "2.0"
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=3000)


def test_a_removed_file_is_written_anew(qtbot: QtBot, window: Window, mine: Path) -> None:
    mine.unlink()
    qtbot.waitUntil(lambda: "removed or renamed" in window.bar.text, timeout=3000)
    assert window.isWindowModified()
    window.commands.trigger("file.save")
    assert mine.read_text() == TEXT
    assert not window.bar.isVisible()
    assert not window.isWindowModified()


def test_a_file_that_comes_back_is_seen(qtbot: QtBot, window: Window, mine: Path) -> None:
    mine.unlink()
    qtbot.waitUntil(lambda: window.isWindowModified(), timeout=3000)
    mine.write_text(OTHER)
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=3000)
    assert not window.isWindowModified()


def test_unreadable_content_leaves_the_flow_until_it_is_mended(qtbot: QtBot, window: Window, mine: Path) -> None:
    mine.write_text("def flow(:\n")
    qtbot.waitUntil(lambda: "cannot be read" in window.bar.text, timeout=3000)
    assert factor(window) == "2.0"
    assert window.isWindowModified()
    mine.write_text(OTHER)
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=3000)


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
    qtbot.waitUntil(lambda: "timing" in str(window.document.flow), timeout=3000)
    window.run.start()
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=5000)
    mine.write_text(mine.read_text().replace("factor=2.0", "factor=7.0"))
    qtbot.waitUntil(lambda: factor(window) == "7.0", timeout=3000)
    qtbot.wait(300)
    assert window.run.phase == "running"
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=5000)
