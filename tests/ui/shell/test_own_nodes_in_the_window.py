"""The folder ``nodes`` beside a flow, in the window: a shelf of the library, and what of it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.library.broken import BROKEN
from flodesk.ui.window import Window

FLOW = """import flodesk
from flodesk.nodes import source


def flow():
    a = source.constant(4.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
MINE = 'def shrunk(x: float, by: float = 2.0) -> float:\n    """Make a number smaller."""\n    return x / by\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "mine.py").write_text(MINE)
    (tmp_path / "nodes" / "broken.py").write_text("def a(x):\n    return x +\n")
    (tmp_path / "flow.py").write_text(FLOW)
    return tmp_path


def rows(window: Window) -> dict[str, list[str]]:
    model = window.library.model
    shelves = [model.index(row, 0) for row in range(model.rowCount())]
    return {at.data(): [model.index(row, 0, at).data() for row in range(model.rowCount(at))] for at in shelves}


def test_own_nodes_are_found_and_added_and_a_broken_file_says_why(qtbot: QtBot, window: Window, project: Path) -> None:
    assert window.files.open(project / "flow.py")
    library = window.library
    assert rows(window)["Own nodes"] == ["Shrunk"]
    assert rows(window)["Could not be loaded"] == ["nodes/broken.py"]
    shelf = library.model.index(0, 0)
    row = library.model.index(0, 0, shelf)
    library.tree.expand(shelf)
    QTest.mouseClick(library.tree.viewport(), Qt.MouseButton.LeftButton, pos=library.tree.visualRect(row).center())
    assert "line 2" in library.help.toPlainText()
    library.focus_search()
    qtbot.keyClicks(library.search, "shrunk")
    qtbot.keyClick(library.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "shrunk = mine.shrunk(" in write(window.document.flow), timeout=10000)
    assert "from nodes import mine\n" in write(window.document.flow)


def test_a_search_finds_what_is_broken_by_its_name(qtbot: QtBot, window: Window, project: Path) -> None:
    assert window.files.open(project / "flow.py")
    library = window.library
    qtbot.keyClicks(library.search, "broken")
    model = library.model
    qtbot.waitUntil(lambda: any(model.index(n, 0).data(BROKEN) for n in range(model.rowCount())), timeout=10000)


def test_a_flow_elsewhere_has_none_of_them(window: Window, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "flow.py").write_text(FLOW)
    assert window.files.open(project / "flow.py")
    assert window.files.open(other / "flow.py")
    assert "Own nodes" not in rows(window)
    assert "Could not be loaded" not in rows(window)


def test_one_that_fails_is_told_with_its_file_and_line(qtbot: QtBot, window: Window, project: Path) -> None:
    flow = FLOW.replace("source\n", "source\nfrom nodes import mine\n").replace(
        "(4.0)\n", "(4.0)\n    b = mine.shrunk(a, by=0)\n"
    )
    (project / "flow.py").write_text(flow)
    assert window.files.open(project / "flow.py")
    window.run.start()
    qtbot.waitUntil(lambda: "failed" in window.bar.text and not window.run.active)
    assert "(nodes/mine.py, line 3: return x / by)" in window.bar.text
    (project / "nodes" / "mine.py").write_text(MINE.replace("x / by", "x / by * later"))
    (project / "flow.py").write_text(flow.replace("by=0", "by=1").replace("(4.0)", '(int("four"))'))
    assert window.files.open(project / "flow.py")
    window.run.start()
    qtbot.waitUntil(lambda: "four" in window.bar.text)
    assert '(line 7: a = source.constant(int("four")))' in window.bar.text, "the file of the flow needs no name"
