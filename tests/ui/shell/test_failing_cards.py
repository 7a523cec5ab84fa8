"""Why a node failed stands on its card, on that of a function opened later too; a new run begins anew."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

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
