"""A run that ended well is saved as a test: by the menu, with a real engine, real files and a real second run."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.engine.expected.trial import try_flow
from flodesk.engine.part import Part
from flodesk.flow.edit import Move, RemoveNode, SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.as_test import AsTestDialog
from flodesk.ui.commands.palette import Palette
from flodesk.ui.window import Window

TOO_LONG = os.strerror(errno.ENAMETOOLONG)
LEFT = Qt.MouseButton.LeftButton
TEXT = '''"""A flow."""
import random
import time
from pathlib import Path

import flodesk
from flodesk.nodes import maths, show, source, timing


def dice():
    return random.randint(1, 10**9)


def slow_again():
    if Path("stop_here").exists():
        time.sleep(600)
    return 1


def flow():
    half = maths.multiply(3.0, 0.5)
    signal = source.sine(1, samples=1000, rate=1000.0, frequency=5.0)
    shown = show.number(half, title="Half")
    now = timing.timestamp()
    later = maths.add(now, 1.0)
    chance = dice()
    waited = slow_again()


if __name__ == "__main__":
    flodesk.main(flow)
'''


@pytest.fixture
def bench(open_window: Callable[..., Window], tmp_path: Path) -> Window:
    """A window with the flow open, in a project of its own; its engine is a process."""
    window = open_window(Host)
    path = tmp_path / "project" / "bench.py"
    path.parent.mkdir()
    path.write_text(TEXT)
    assert window.files.open(path)
    return window


def run(qtbot: QtBot, window: Window) -> None:
    window.commands.trigger("run.start")
    assert window.run.active, window.bar.text
    qtbot.waitUntil(lambda: window.run.last is not None and not window.run.active)
    assert window.run.last is not None
    assert window.run.last.reason == "succeeded", window.run.last


def asked(qtbot: QtBot, window: Window) -> AsTestDialog:
    window.commands.trigger("run.as_test")
    dialog = next(d for d in window.findChildren(AsTestDialog) if d.isVisible())
    qtbot.waitUntil(dialog.save.isEnabled)
    return dialog


def rows(dialog: AsTestDialog) -> dict[str, str]:
    items = [dialog.left_out.topLevelItem(row) for row in range(dialog.left_out.topLevelItemCount())]
    return {item.text(0): item.text(1) for item in items if item is not None}


def test_what_a_run_gave_is_a_test_that_passes_until_a_node_differs(qtbot: QtBot, bench: Window) -> None:
    run(qtbot, bench)
    dialog = asked(qtbot, bench)
    assert rows(dialog) == {"flow.now": "It depends on the clock", "flow.later": "It hangs on “now”"}
    assert dialog.what.text() == "5 values are compared, 2 left out:"
    project = bench.document.folder
    assert dialog.target == project / "tests" / "bench.py"
    QTest.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: bench.bar.text.startswith("Saved as a test: "))
    how = f"bench.py. 4 values are compared, 3 left out. Run it by: flodesk test {project / 'tests'}"
    assert bench.bar.text == f"Saved as a test: {how}"
    assert (project / "tests" / "bench.py").read_text() == TEXT
    expected = json.loads((project / "tests" / "bench.expected.json").read_text())
    assert expected["folder"] == ".."
    assert expected["nodes"]["flow.half"] == {"type": "number", "value": 1.5}
    assert expected["left_out"]["flow.chance"] == "it came out differently in a second run"
    copy = project / "tests" / "bench.py"
    copy.write_text(TEXT.replace("multiply(3.0, 0.5)", "multiply(3.0, 0.75)"))
    differs = try_flow(copy)
    assert (differs.passed, differs.node) == (False, "flow.half")


def test_it_can_be_done_after_a_whole_run_of_the_flow_as_it_is_and_else_it_says_why_not(
    qtbot: QtBot, opened: Window, tmp_path: Path
) -> None:
    action = opened.commands["run.as_test"]

    def why() -> str:
        opened.commands.refresh()
        assert not action.isEnabled()
        assert action.toolTip() == action.statusTip()
        return action.toolTip()

    assert why() == "Not now: run the whole flow first (F5)."
    palette = Palette(opened, opened.commands)
    said: list[str] = []
    palette.told.connect(said.append)
    palette.open_at(opened.mapToGlobal(opened.rect().center()))
    QTest.keyClicks(palette.field, "save run as test")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert said == ["Save run as test: Not now: run the whole flow first (F5)."]
    run(qtbot, opened)
    opened.commands.refresh()
    assert action.isEnabled()
    opened.document.do(Move("flow", {"half": (40.0, 40.0)}))
    opened.commands.refresh()
    assert action.isEnabled(), "where a card lies changes no value"
    opened.document.do(SetParameter("flow", "signal", "frequency", Literal("6.0")))
    qtbot.waitUntil(lambda: opened.as_test.possible)  # what hangs on it was computed anew
    opened.document.do(RemoveNode("flow", "later"))
    assert why() == "Not now: the flow was changed since it ran. Run it again (F5)."
    opened.document.undo()
    opened.commands.refresh()
    assert action.isEnabled(), "it is the flow again that ran"
    opened.run.start_part(Part("to", "flow.half"))
    qtbot.waitUntil(lambda: not opened.run.active and opened.run.part is not None)
    assert why() == "Not now: run the whole flow first (F5)."


def test_a_second_run_that_does_not_end_is_given_up_and_the_files_are_as_they_were(
    qtbot: QtBot, bench: Window, press: Callable[[str], None]
) -> None:
    run(qtbot, bench)
    tests = bench.document.folder / "tests"
    tests.mkdir()
    (tests / "bench.py").write_text("print('older')\n")
    (tests / "bench.expected.json").write_text("{}")
    (bench.document.folder / "stop_here").write_text("")
    dialog = asked(qtbot, bench)
    assert dialog.news.text().startswith("There is a test of this name, and you are asked")
    press("Cancel")
    QTest.mouseClick(dialog.save, LEFT)
    assert dialog.save.isEnabled(), "nothing has begun"
    press("Replace")
    QTest.mouseClick(dialog.save, LEFT)
    assert not dialog.save.isEnabled()
    qtbot.waitUntil(lambda: (tests / "bench.py").read_text() == TEXT)
    cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    gone = []
    dialog.finished.connect(gone.append)
    QTest.mouseClick(cancel, LEFT)
    qtbot.waitUntil(lambda: bool(gone))
    assert (tests / "bench.py").read_text() == "print('older')\n"
    assert (tests / "bench.expected.json").read_text() == "{}"
    assert "Saved" not in bench.bar.text


def test_names_and_folders_that_cannot_be_are_said_before_anything_is_written(
    qtbot: QtBot, bench: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(qtbot, bench)
    project = bench.document.folder
    (project / "mine.py").write_text("x = 1\n")
    (project / "file").write_text("")
    dialog = asked(qtbot, bench)
    dialog.name.clear()
    assert (dialog.save.isEnabled(), dialog.news.text()) == (False, "A test needs a name and a folder.")
    QTest.keyClicks(dialog.name, "a/b")
    assert not dialog.save.isEnabled()
    assert dialog.news.text().startswith("A name has no slash")
    dialog.name.setText("mine")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(project))
    QTest.mouseClick(dialog.choose, LEFT)
    assert dialog.news.text() == "There is a file mine.py that is no test: choose another name or folder."
    dialog.name.setText("bench")
    assert dialog.save.isEnabled(), "a flow can be its own test"
    for name in ("a" * 300, "a" * 245):  # of the second only the file beside it is too long
        dialog.name.setText(name)
        assert not dialog.save.isEnabled()
        assert dialog.news.text() == f"This name or folder cannot be used: {TOO_LONG}. Choose another one."
    dialog.name.setText("bench")
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("USERPROFILE", str(project))
    dialog.folder.setText("~/tests")
    assert dialog.target == project / "tests" / "bench.py"
    dialog.folder.setText(str(project / "file" / "tests"))
    QTest.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: dialog.news.text().startswith("The test cannot be saved in "))
    assert dialog.save.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert sorted(file.name for file in project.iterdir()) == ["bench.py", "file", "mine.py"]
