"""Files that are large, no text, no script, or no files at all: said in words, and the window lives on."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from flodesk.ui.big_files import LARGE
from flodesk.ui.window import Window

LINE = "    # a comment that is long enough to fill a line of a file that takes a while to be read\n"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.py"
    before = "import flodesk\nfrom flodesk.nodes import maths\n\n\ndef flow():\n    a = maths.scale(1.0)\n"
    path.write_text(
        before + LINE * (LARGE // len(LINE) + 2) + "\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n"
    )
    return path


def test_a_large_file_is_read_beside_the_window_which_says_so(qtbot: QtBot, window: Window, large: Path) -> None:
    seen: list[str] = []

    def look() -> None:
        dialog = window.findChild(QProgressDialog, "big_file")
        if dialog is not None:
            seen.append(dialog.labelText())

    ticks = QTimer(interval=1)
    ticks.timeout.connect(look)
    ticks.start()
    prepare, threads = window.files.prepare, list[int]()
    window.files.prepare = lambda flow, folder: (threads.append(threading.get_ident()), prepare(flow, folder))
    assert window.files.open(large)
    ticks.stop()
    assert len(threads) == 1
    assert threads[0] != threading.get_ident(), "what is asked of it is found out beside the window, too"
    assert "Reading large.py (0.4 MB)" in seen[0]
    assert set(window.canvases.current.board.cards) == {"a"}
    QApplication.processEvents()
    assert not [d for d in window.findChildren(QProgressDialog) if d.isVisible()]


def test_who_gives_up_keeps_the_flow_that_is_open(qtbot: QtBot, window: Window, large: Path) -> None:
    window.files.open_example("sunspots")
    large.write_text(large.read_text() + "".join(f"def f{n}(x):\n    y = x\n    return y\n\n\n" for n in range(4000)))
    flow = window.document.flow

    def cancel() -> None:
        dialog = window.findChild(QProgressDialog, "big_file")
        button = dialog.findChild(QPushButton) if dialog is not None else None
        if button is not None and button.isVisible():
            ticks.stop()
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    ticks = QTimer(interval=1)
    ticks.timeout.connect(cancel)
    ticks.start()
    assert not window.files.open(large)
    ticks.stop()
    assert window.document.flow is flow
    assert "large.py was not opened" in window.bar.text


def test_a_large_file_that_is_no_script_says_where(window: Window, large: Path) -> None:
    large.write_text(large.read_text() + "def (\n")
    assert not window.files.open(large)
    assert "could not be opened" in window.bar.text
    assert "line" in window.bar.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x = '\xe4\xf6'\n", "0xe4 is not utf-8"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00", "could not be opened"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "could not be opened"),
        (b"\xff\xfex\x00=\x001\x00", "UTF-16"),
        (b"# -*- coding: nowhere -*-\n", "encoding"),
        (b"x = 1\x00\n", "could not be opened"),
    ],
)
def test_what_is_no_text(window: Window, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes(content)
    assert not window.files.open(path)
    assert words in window.bar.text
    assert "odd.py could not be opened" in window.bar.text
    assert path.read_bytes() == content


def test_what_is_too_large_is_not_read(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "huge.py"
    with path.open("wb") as file:
        file.truncate(40 * 2**20)
    assert not window.files.open(path)
    assert "larger than 32 MB" in window.bar.text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name")
def test_a_folder_a_pipe_and_a_device(window: Window, tmp_path: Path) -> None:
    assert not window.files.open(tmp_path)
    assert "is a folder" in window.bar.text
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    assert not window.files.open(pipe)
    assert "a pipe or a device" in window.bar.text
    assert not window.files.open("/dev/zero")
    assert "a pipe or a device" in window.bar.text
    assert not window.files.write(pipe)
    assert "a pipe or a device" in window.bar.text


def test_an_empty_file_opens(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "empty.py"
    path.touch()
    assert window.files.open(path)
    assert window.bar.text  # there is nothing to see, and it says why
