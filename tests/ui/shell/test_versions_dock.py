"""The versions of a file in the window: kept by Save, listed with pictures, compared, gone back to, forgotten."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from flodesk.engine.versions import Versions
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import SetNote
from flodesk.flow.script import load, write
from flodesk.resource import resource
from flodesk.ui.theme import DARK, LIGHT
from flodesk.ui.versions.picture import SCALE, SIZE, small_picture
from flodesk.ui.window import Window


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sine.py"
    path.write_bytes(resource("examples/noisy_sine.py").read_bytes())
    return path


def note(window: Window, text: str) -> None:
    window.document.do(SetNote("flow", "signal", text))


def saved(window: Window, text: str) -> None:
    note(window, text)
    window.files.save()


def kept(window: Window, file: Path) -> list[str]:
    window.versions.keeper.wait()
    return [version.why for version in Versions().of(file)]


@pytest.fixture
def listed(qtbot: QtBot, window: Window, file: Path) -> Window:
    """A window with two saves behind it and the dock open."""
    window.files.open(file)
    saved(window, "one")
    saved(window, "two")
    window.commands.trigger("file.versions")
    qtbot.waitUntil(lambda: window.versions.list.list.count() == 3, timeout=60_000)
    return window


def choose(window: Window, row: int) -> None:
    window.versions.list.list.clearSelection()
    window.versions.list.list.item(row).setSelected(True)


def test_each_save_keeps_a_version_and_looking_keeps_none(window: Window, file: Path) -> None:
    window.files.open(file)
    first = file.read_bytes()
    assert kept(window, file) == []
    saved(window, "one")
    assert kept(window, file) == ["saved", "opened"]
    window.files.save()
    assert kept(window, file) == ["saved", "opened"]
    assert Versions().text(Versions().of(file)[1]) == first
    assert Versions().text(Versions().of(file)[0]) == file.read_bytes()
    file.write_bytes(file.read_bytes().replace(b"# one", b"# by another"))
    window.outside.look()
    assert kept(window, file) == ["outside", "saved", "opened"]


def test_the_list_has_pictures_and_words(listed: Window) -> None:
    rows = [listed.versions.list.list.item(n) for n in range(3)]
    assert [row.text().splitlines()[1] for row in rows] == ["saved", "saved", "as it was opened"]
    assert "Today" in rows[0].text()
    assert "1 changed" in rows[0].text()
    assert "two" in rows[0].toolTip()
    assert not any(row.icon().isNull() for row in rows)


def test_go_back_is_one_edit_that_undo_takes_back(qtbot: QtBot, listed: Window) -> None:
    now = write(listed.document.flow)
    choose(listed, 2)
    qtbot.mouseClick(listed.versions.list.restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "# two" not in write(listed.document.flow), timeout=60_000)
    assert "# one" not in write(listed.document.flow)
    assert listed.document.dirty
    assert "Go back" in listed.document.undo_title
    listed.editing.undo()
    assert write(listed.document.flow) == now
    assert not listed.document.dirty


def test_what_was_not_saved_is_kept_before_going_back(qtbot: QtBot, listed: Window, file: Path) -> None:
    note(listed, "not saved")
    choose(listed, 2)
    qtbot.mouseClick(listed.versions.list.restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: listed.versions.list.list.count() == 4, timeout=60_000)
    assert kept(listed, file)[0] == "before"
    assert b"# not saved" in Versions().text(Versions().of(file)[0])


def test_enter_compares_on_the_canvas(qtbot: QtBot, listed: Window) -> None:
    choose(listed, 2)
    listed.versions.list.list.setCurrentRow(2)
    qtbot.keyClick(listed.versions.list.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: listed.comparing.on, timeout=60_000)
    assert len(listed.comparing.differences) == 1
    assert "sine.py of Today" in listed.comparing.bar.words.toolTip()


def test_a_version_opens_as_a_copy(qtbot: QtBot, listed: Window, file: Path) -> None:
    opened: list[tuple[bytes, Path]] = []
    listed.versions.open_copy = lambda data, path: opened.append((data, path))
    choose(listed, 1)
    qtbot.mouseClick(listed.versions.list.copy, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened), timeout=60_000)
    assert b"# one" in opened[0][0]
    listed.files.open_copy(*opened[0])
    assert listed.document.path is None
    assert listed.document.folder == file.parent
    assert "# one" in write(listed.document.flow)


@pytest.mark.parametrize(("answer", "left"), [("Forget", 2), ("Cancel", 3)])
def test_versions_are_forgotten_after_a_question(
    qtbot: QtBot, listed: Window, file: Path, press: Callable[[str], None], answer: str, left: int
) -> None:
    choose(listed, 2)
    listed.versions.list.list.setFocus()
    QTimer.singleShot(100, lambda: press(answer))
    qtbot.keyClick(listed.versions.list.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: listed.versions.list.list.count() == left, timeout=60_000)
    assert len(kept(listed, file)) == left
    assert QApplication.activeModalWidget() is None or not isinstance(QApplication.activeModalWidget(), QMessageBox)


def test_without_a_file_it_says_what_to_do(window: Window) -> None:
    window.commands.trigger("file.versions")
    assert "has no file yet" in window.versions.list.hint.text()
    assert not window.versions.list.restore.isEnabled()


def test_what_is_restored_after_a_crash_is_kept(open_window: Callable[..., Window], file: Path) -> None:
    first = open_window()
    first.restoring.begin()
    first.files.open(file)
    note(first, "lost")
    first.restoring.end(keep=True)
    second = open_window()
    second.restoring.begin()
    second.restoring.offer()
    second.restoring.restore()
    assert kept(second, file)[0] == "recovered"
    second.restoring.end()


def test_a_full_disk_is_said_once_and_the_save_stands(
    qtbot: QtBot, window: Window, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    window.files.open(file)
    monkeypatch.setattr(Path, "write_bytes", full)
    with qtbot.waitSignal(window.versions.said, timeout=60_000):
        saved(window, "one")
    assert "No space left" in window.bar.text
    window.bar.clear()
    saved(window, "two")
    window.versions.keeper.wait()
    QApplication.processEvents()
    assert window.bar.text == ""
    assert "# two" in file.read_text()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_versions_are_switched_off_by_the_settings(window: Window, file: Path, data_of_its_own: Path) -> None:
    (data_of_its_own / "settings.toml").write_text("[versions]\non = false\n")
    window.files.open(file)
    saved(window, "one")
    assert kept(window, file) == []


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_the_picture_shows_cards_in_the_theme(qapp: QApplication, look: object) -> None:
    flow = load(resource("examples/noisy_sine.py"))
    image = small_picture(flow, Catalog.builtin(), look)  # type: ignore[arg-type]
    assert (image.width(), image.height()) == (SIZE[0] * SCALE, SIZE[1] * SCALE)
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert QColor(look.canvas).name() in colors  # type: ignore[attr-defined]
    assert QColor(look.raised).name() in colors  # type: ignore[attr-defined]
    assert len(colors) > 6
