"""A run that is refused because a package is missing is told with the button that installs it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window

TEXT = """\
# /// script
# dependencies = ["flodesk", "flo-no-such"]
# ///
import flodesk
import flo_no_such


def flow():
    value = flo_no_such.thing(1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_what_is_said_of_f5_installs_the_package(qtbot: QtBot, opened: Window, tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []
    opened.mending.install_wanted.disconnect()
    opened.reports.install_wanted.disconnect()
    opened.reports.install_wanted.connect(lambda *what: asked.append(what))
    QTest.keyClick(opened, Qt.Key.Key_F5)
    assert opened.bar.text.startswith(
        "The flow cannot run yet. The file imports “flo_no_such”, which is not installed."
    )
    assert "File → Environment…" in opened.bar.text
    assert opened.bar.text.endswith("beside this file. There is one more problem.")
    assert [button.text() for button in opened.bar.buttons] == ["Install…", "Show problems"]
    qtbot.mouseClick(opened.bar.buttons[0], Qt.MouseButton.LeftButton)
    assert [package for package, _ in asked] == ["flo_no_such"]
    (tmp_path / "flo_no_such.py").write_text("def thing(x):\n    return x\n", "utf-8")
    opened.checking.now()
    assert opened.bar.text == "", "it is no longer true"


def test_other_refusals_have_no_such_button(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    file = tmp_path / "other.py"
    file.write_text(TEXT.replace("import flo_no_such\n", "").replace("flo_no_such.thing(1.0)", "nowhere + 1"), "utf-8")
    assert window.files.open(file)
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert [button.text() for button in window.bar.buttons] == ["Show problems"]


def test_what_is_said_of_another_file_does_not_lead_to_the_problems_of_this_one(opened: Window, tmp_path: Path) -> None:
    opened.checking.now()
    assert opened.problems.problems
    broken = tmp_path / "broken.py"
    broken.write_text("import flodesk\n\n\ndef flow(:\n", "utf-8")
    assert not opened.files.open(broken)
    assert opened.bar.text.startswith("broken.py could not be opened:")
    assert "line 4" in opened.bar.text
    assert not opened.bar.buttons
