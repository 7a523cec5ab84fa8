"""The source of a node in a window of its own: edited, completed, saved; read and copied; opened outside."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QProcess, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.settings import settings
from flodesk.ui.source.asking import Asking
from flodesk.ui.source.outside import words
from flodesk.ui.source.view import SourceView
from flodesk.ui.window import Window

FLOW = """import flodesk
from flodesk.nodes import dsp, source
from nodes import mine


def grown(x: float) -> float:
    return x + 1.0


def flow():
    signal = source.sine(0)
    clean = dsp.butterworth(signal, cutoff=12.0)
    a = grown(1.0)
    b = mine.shrunk(a)


if __name__ == "__main__":
    flodesk.main(flow)
"""
MINE = '"""Mine."""\n\n\ndef shrunk(x: float) -> float:\n    return x / 2\n'
SECONDS = 60_000


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "mine.py").write_text(MINE)
    (tmp_path / "flow.py").write_text(FLOW)
    yield tmp_path
    for name in [name for name in sys.modules if name == "nodes" or name.startswith("nodes.")]:
        del sys.modules[name]


@pytest.fixture
def source_of(qtbot: QtBot, window: Window, project: Path) -> Iterator[Callable[[str], SourceView]]:
    """Open the source of a node by its card and the key, as a hand does."""
    assert window.files.open(project / "flow.py")

    def open_source(node: str) -> SourceView:
        before = set(window.sources.views)
        canvas = window.canvases.current
        canvas.select([node])
        canvas.setFocus()
        qtbot.keyClick(canvas, Qt.Key.Key_F12)
        qtbot.waitUntil(lambda: set(window.sources.views) > before, timeout=SECONDS)
        view = next(view for key, view in window.sources.views.items() if key not in before)
        qtbot.waitExposed(view)
        return view

    yield open_source
    for view in window.sources.views.values():
        view.show_text(view.base, again=True)  # else the window would ask about it as it closes


def replace(qtbot: QtBot, view: SourceView, old: str, new: str) -> None:
    """Select a piece of the text, and type another in its place."""
    cursor = view.editor.document().find(old)
    assert not cursor.isNull()
    view.editor.setTextCursor(cursor)
    qtbot.keyClicks(view.editor, new)


def test_a_function_of_the_file_is_edited_and_applied_as_one_edit(
    qtbot: QtBot, window: Window, source_of: Callable[[str], SourceView]
) -> None:
    view = source_of("a")
    assert view.editor.toPlainText() == "def grown(x: float) -> float:\n    return x + 1.0"
    assert not view.apply.isEnabled()
    replace(qtbot, view, "1.0", "2.5")
    assert view.isWindowModified()
    qtbot.keyClick(view.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "return x + 2.5" in write(window.document.flow)
    assert not view.isWindowModified()
    window.document.undo()
    assert view.editor.toPlainText().endswith("x + 1.0"), "it follows the flow"


def test_an_error_is_said_at_its_line_and_keeps_the_flow(
    qtbot: QtBot, window: Window, source_of: Callable[[str], SourceView]
) -> None:
    view = source_of("a")
    replace(qtbot, view, "x + 1.0", "x +")
    qtbot.waitUntil(lambda: view.error.text().startswith("Line 2:"), timeout=SECONDS)
    assert view.editor.marks[1].sign == "error"
    qtbot.mouseClick(view.apply, Qt.MouseButton.LeftButton)
    assert "line 2" in view.error.text().lower()
    assert "return x + 1.0" in write(window.document.flow)
    qtbot.mouseClick(view.revert, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.editor.marks, timeout=SECONDS)


def test_a_file_of_own_nodes_is_saved_and_its_nodes_follow(
    qtbot: QtBot, window: Window, project: Path, source_of: Callable[[str], SourceView]
) -> None:
    view = source_of("b")
    assert view.editor.toPlainText() == MINE
    assert view.editor.textCursor().blockNumber() == 3, "the definition"
    replace(qtbot, view, "x: float", "x: float, by: float")
    qtbot.keyClick(view.editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "x: float, by: float" in (project / "nodes" / "mine.py").read_text()
    spec = window.checking.catalog.find("nodes.mine.shrunk")
    assert spec is not None
    assert [parameter.name for parameter in spec.parameters] == ["x", "by"]
    assert not window.document.dirty


def test_a_file_that_was_changed_outside_is_not_written_over_unasked(
    qtbot: QtBot, window: Window, project: Path, source_of: Callable[[str], SourceView]
) -> None:
    view = source_of("b")
    replace(qtbot, view, "x / 2", "x / 4")
    (project / "nodes" / "mine.py").write_text(MINE.replace("x / 2", "x / 8"))
    assert not view.save()
    assert "changed outside" in view.error.text()
    assert "x / 8" in (project / "nodes" / "mine.py").read_text()
    assert view.save()
    assert "x / 4" in (project / "nodes" / "mine.py").read_text()


def test_a_file_that_is_no_text_by_now_is_not_written_over_unasked(
    qtbot: QtBot, project: Path, source_of: Callable[[str], SourceView]
) -> None:
    view, file = source_of("b"), project / "nodes" / "mine.py"
    replace(qtbot, view, "x / 2", "x / 3")
    outside = file.read_text().replace("x / 2", "x / 9  # zur\u00fcck").encode("latin-1")
    file.write_bytes(outside)
    assert not view.save()
    assert "changed outside" in view.error.text()
    assert file.read_bytes() == outside
    file.write_bytes(outside + b"\n")
    assert not view.save()
    assert file.read_bytes() == outside + b"\n", "that, too, was not there when it was asked"
    assert view.save()
    assert "x / 3" in file.read_text()
    file.unlink()
    replace(qtbot, view, "x / 3", "x / 4")
    assert view.save()
    assert "x / 4" in file.read_text()


def test_a_node_of_ours_is_read_only_and_copied_into_the_flow(
    qtbot: QtBot, window: Window, source_of: Callable[[str], SourceView]
) -> None:
    view = source_of("clean")
    assert "def butterworth" in view.editor.textCursor().block().text() + view.editor.textCursor().block().next().text()
    before = view.editor.toPlainText()
    qtbot.keyClicks(view.editor, "x")
    assert view.editor.toPlainText() == before
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    text = write(window.document.flow)
    assert "def butterworth(" in text
    assert "clean = butterworth(signal, cutoff=12.0)" in text
    assert not window.checking.now(), window.checking.problems
    assert [key for key in window.sources.views if key == ("flow", "clean")], "its copy is open, to be edited"
    window.document.undo()
    assert "clean = dsp.butterworth(signal, cutoff=12.0)" in write(window.document.flow)


def test_what_can_be_typed_next_is_offered_and_taken(
    qtbot: QtBot, window: Window, source_of: Callable[[str], SourceView]
) -> None:
    view = source_of("b")
    view.editor.moveCursor(QTextCursor.MoveOperation.End)
    view.editor.insertPlainText("import math\n")
    qtbot.keyClicks(view.editor, "math.flo")
    qtbot.keyClick(view.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(view.editor.fitting.isVisible, timeout=SECONDS)
    qtbot.keyClick(view.editor.fitting, Qt.Key.Key_Return)
    assert view.editor.toPlainText().endswith("math.floor")
    view.show_text(view.base, again=True)


def test_what_is_asked_after_the_end_starts_no_process(qtbot: QtBot) -> None:
    owner = QObject()
    asking = Asking(owner, lambda: "")
    asking.close()
    asking.ask("imp", 1, 3, "", "", lambda found: None)
    assert not owner.findChildren(QProcess)


def test_leaving_asks_about_what_was_typed(
    qtbot: QtBot, window: Window, source_of: Callable[[str], SourceView], when_asked: Callable[..., None]
) -> None:
    view = source_of("a")
    replace(qtbot, view, "1.0", "7.0")

    def press(box: QWidget, button: QMessageBox.StandardButton) -> None:
        assert isinstance(box, QMessageBox)
        qtbot.mouseClick(box.button(button), Qt.MouseButton.LeftButton)

    when_asked(lambda box: press(box, QMessageBox.StandardButton.Cancel))
    assert not window.may_close()
    when_asked(lambda box: press(box, QMessageBox.StandardButton.Save))
    qtbot.keyClick(view.editor, Qt.Key.Key_Escape)
    assert "return x + 7.0" in write(window.document.flow)
    assert not window.sources.views


def test_a_broken_file_is_opened_from_the_library_at_its_line(qtbot: QtBot, window: Window, project: Path) -> None:
    (project / "nodes" / "bad.py").write_text("x = 1\ndef a(:\n")
    assert window.files.open(project / "flow.py")
    library = window.library
    library.tree.expand(library.model.index(0, 0))
    library.tree.setCurrentIndex(library.model.index(0, 0, library.model.index(0, 0)))
    library.tree.setFocus()
    qtbot.keyClick(library.tree, Qt.Key.Key_Return)
    (view,) = window.sources.views.values()
    assert view.editor.textCursor().blockNumber() == 1
    assert view.editor.marks[1].sign == "error"
    view.editor.setPlainText("def a(x):\n    return x\n")
    assert view.save()
    qtbot.waitUntil(lambda: window.checking.catalog.find("nodes.bad.a") is not None, timeout=SECONDS)


def test_the_users_own_editor_is_started_with_file_and_line(
    qtbot: QtBot, window: Window, project: Path, tmp_path: Path
) -> None:
    assert window.files.open(project / "flow.py")
    said = tmp_path / "said.txt"
    script = tmp_path / "editor.py"
    script.write_text("import sys\nopen(sys.argv[1], 'w').write(' '.join(sys.argv[2:]))\n")
    settings().setValue("editor", f"'{sys.executable}' '{script}' '{said}' {{file}}:{{line}}")
    window.canvases.current.select(["b"])
    window.sources.open_outside()
    qtbot.waitUntil(lambda: said.exists() and said.read_text() != "", timeout=SECONDS)
    assert said.read_text() == f"{project / 'nodes' / 'mine.py'}:4"
    settings().setValue("editor", "flo-no-such-editor")
    told: list[str] = []
    window.sources.said.connect(told.append)
    window.sources.open_outside()
    assert "could not be started" in told[-1]
    settings().remove("editor")


def test_words_of_the_command_of_an_editor() -> None:
    assert words("code -g {file}:{line}", Path("/a b/c.py"), 7) == ["code", "-g", "/a b/c.py:7"]
    assert words("gedit", Path("/a/c.py"), 7) == ["gedit", "/a/c.py"]
    with pytest.raises(ValueError, match="quotation"):
        words('code "', Path("c.py"), 1)
