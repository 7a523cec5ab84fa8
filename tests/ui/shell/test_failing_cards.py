"""Why a node failed stands on its card, on that of a function opened later too; a new run begins anew."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.flow import wiring
from flodesk.flow.edit import Rename
from flodesk.ui.theme import current
from flodesk.ui.window import Window

TEXT = """\
import flodesk


def checked(level):
    if level > 3:
        raise ValueError("too high")
    return level


def clean(level):
    high = checked(level)
    return high


def flow():
    level = 5
    cleaned = clean(level)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def trouble(window: Window, node: str) -> str:
    return " ".join(window.canvases.current.board.cards[node].card.trouble)


def ran(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.start()


def test_a_card_says_why_its_node_failed(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "levels.py"
    file.write_text(TEXT)
    window.files.open(file)
    ran(window, qtbot)
    qtbot.waitUntil(lambda: trouble(window, "cleaned") == "ValueError: too high")
    window.canvases.tabs.open("clean")
    qtbot.waitUntil(lambda: trouble(window, "high") == "ValueError: too high")
    window.canvases.tabs.open("flow")
    file.write_text(TEXT.replace("level = 5", "level = 2"))
    window.document.read_again()
    ran(window, qtbot)
    qtbot.waitUntil(lambda: window.canvases.current.board.cards["cleaned"].live.state == "done")
    assert trouble(window, "cleaned") == ""
    assert window.failures.words == {}


def test_problems_name_the_failure_of_the_last_run_and_lead_there(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "levels.py"
    file.write_text(TEXT)
    window.files.open(file)
    ran(window, qtbot)
    window.commands.trigger("view.problems")
    failed = window.problems.failed
    qtbot.waitUntil(failed.isVisible)
    assert "The last run failed at clean.high: " in failed.text()
    assert "ValueError: too high" in failed.text()
    assert "can run" not in window.problems.empty.text()
    count = window.reports.problem_count
    assert count.text() == "The run failed", "no green tick beside a run that has failed"
    failed.setFocus()
    qtbot.keyClick(failed, Qt.Key.Key_Tab)  # to the link, which Enter follows
    qtbot.keyClick(failed, Qt.Key.Key_Return)
    assert window.canvases.function == "clean"
    file.write_text(TEXT.replace("level = 5", "level = 2"))
    window.document.read_again()
    ran(window, qtbot)
    assert not failed.isVisible()
    assert "can run" in window.problems.empty.text()
    assert count.text() == "No problems"


PARTS = """\
import flodesk
from flodesk.nodes import maths


def checked(level):
    if level > 3:
        raise ValueError("too high")
    return level


def flow():
    other = maths.add(1.0, 2.0)
    level = maths.scale(2.5, factor=2.0)
    result = checked(level)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def run_part(window: Window, qtbot: QtBot, node: str) -> None:
    window.canvases.current.select([node])
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.parts.node()


def test_a_failure_goes_along_with_a_new_name_of_its_node(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "parts.py"
    file.write_text(PARTS)
    window.files.open(file)
    ran(window, qtbot)
    window.commands.trigger("view.problems")
    failed = window.problems.failed
    qtbot.waitUntil(failed.isVisible)
    accent = current.theme.accent
    assert accent in failed.text()
    window.looks.toggle()
    assert accent not in failed.text()
    assert current.theme.accent in failed.text()
    window.looks.toggle()
    window.document.do(Rename("flow", "result", "verdict"))
    assert "failed at flow.verdict: " in failed.text()
    window.commands.trigger("edit.undo")
    assert "failed at flow.result: " in failed.text()
    window.commands.trigger("edit.redo")
    window.canvases.current.select([])
    failed.setFocus()
    qtbot.keyClick(failed, Qt.Key.Key_Tab)
    qtbot.keyClick(failed, Qt.Key.Key_Return)
    assert window.canvases.current.selection() == ["verdict"]
    window.canvases.current.select([])
    show = next(button for button in window.bar.buttons if button.text() == "Show")
    qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    assert window.canvases.current.selection() == ["verdict"]


def test_a_part_without_the_node_that_failed_leaves_it_said(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "parts.py"
    file.write_text(PARTS)
    window.files.open(file)
    ran(window, qtbot)
    said = window.bar.text
    assert "result failed: ValueError: too high" in said
    run_part(window, qtbot, "other")
    assert window.run.last is not None
    assert window.run.last.reason == "succeeded"
    assert window.bar.text == said
    assert window.reports.problem_count.text() == "The run failed"
    assert "ValueError: too high" in window.problems.failed.text()
    graph = window.canvases.current.board.graph
    window.document.do(wiring.set_field(window.document.flow, graph, "level", "factor", "0.5"))
    run_part(window, qtbot, "level")
    assert window.reports.problem_count.text() == "The run failed"
    run_part(window, qtbot, "result")
    assert window.bar.text == ""
    assert window.reports.problem_count.text() == "No problems"
    assert window.problems.failed.text() == ""
    assert window.failures.words == {}
