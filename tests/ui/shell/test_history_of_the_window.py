"""Runs of the window stand in the history, each once, in the state in which it ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.records import RunRecord
from flodesk.engine.history.settings import History
from flodesk.ui.window import Window

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

FLOW = """import flodesk
from flodesk.nodes import maths, timing


def worse(x: float) -> float:
    return 1.0 / (x - 3.0)


def flow():
    for tick in timing.every(0.01):
        value = maths.scale(tick, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def past() -> list[RunRecord]:
    with history() as connection:
        return store.listed(connection)


def opened(open_window: Callable[..., Window], folder: Path, text: str) -> Window:
    window = open_window(history=History())
    file = folder / "measure.py"
    file.write_text(text)
    window.files.open(str(file))
    return window


def test_runs_that_were_stopped_and_that_failed_are_told_apart(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(open_window, tmp_path, FLOW)
    window.run.start()
    qtbot.waitUntil(lambda: window.run.engine.states().get("flow.value", None) is not None, timeout=60000)
    qtbot.waitUntil(lambda: window.run.engine.states()["flow.value"].count > 3, timeout=60000)
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.stop()
    (tmp_path / "measure.py").write_text(FLOW.replace("maths.scale(tick, factor=2.0)", "worse(tick)"))
    window.files.open(str(tmp_path / "measure.py"))
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.start()
    assert window.run.recorder.flush()
    failed, stopped = past()
    assert (failed.state, stopped.state) == ("failed", "stopped")
    assert (failed.name, failed.place) == ("measure", "local")
    assert "ZeroDivisionError" in failed.message
    with history() as connection:
        nodes = {n.node: n for n in store.nodes_of(connection, stopped.id)}
        assert nodes["flow.value"].count > 3
        assert store.text_of(connection, stopped.flow) == FLOW


def test_a_run_that_is_on_when_the_window_is_closed_was_stopped(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(open_window, tmp_path, FLOW)
    window.run.start()
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60000)
    window.close()
    assert [run.state for run in past()] == ["stopped"]


def test_without_a_folder_the_log_says_so_and_the_flow_runs(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(open_window, tmp_path, FLOW)
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "measure.py" / "data"))
    window.run.start()
    qtbot.waitUntil(lambda: any("cannot be written" in line.text for line in window.log.lines), timeout=60000)
    assert window.run.active


def rows(window: Window) -> list[list[str]]:
    found = window.past.list
    items = [found.topLevelItem(n) for n in range(found.topLevelItemCount())]
    return [[item.text(column) for column in (1, 2, 5)] for item in items]


def test_the_dock_lists_runs_and_shows_the_one_that_is_clicked(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path
) -> None:
    text = FLOW.replace("timing.every(0.01)", "range(3)")
    window = opened(open_window, tmp_path, text)
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_H, CTRL | SHIFT)
    qtbot.waitUntil(window.past.empty.isVisible, timeout=60000)
    assert window.past.empty.text() == "No flow has run yet."
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.start()
    qtbot.waitUntil(lambda: rows(window) == [["measure", "succeeded", ""]], timeout=60000)
    assert window.past.empty.isHidden()
    (tmp_path / "measure.py").write_text(
        text.replace("range(3)", "range(5)").replace("maths.scale(tick, factor=2.0)", "worse(tick)")
    )
    window.files.open(str(tmp_path / "measure.py"))
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.start()
    qtbot.waitUntil(lambda: [row[1] for row in rows(window)] == ["failed", "succeeded"], timeout=60000)
    first = window.past.list.topLevelItem(0)
    qtbot.mouseClick(
        window.past.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=window.past.list.visualItemRect(first).center(),
    )
    page = window.past.page
    qtbot.waitUntil(lambda: "return 1.0 / (x - 3.0)" in page.toPlainText(), timeout=60000)
    assert "flow.value failed: ZeroDivisionError" in page.toPlainText()
    assert "x was 3" in page.toPlainText()
    assert "numpy" in page.toPlainText()
    window.past.state.setCurrentText("Succeeded")
    qtbot.waitUntil(lambda: rows(window) == [["measure", "succeeded", ""]], timeout=60000)
    window.past.state.setCurrentText("Interrupted")
    qtbot.waitUntil(lambda: window.past.empty.isVisible(), timeout=60000)
    assert window.past.empty.text() == "No run of the past is like that."


def test_a_dock_that_is_hidden_reads_nothing(open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(open_window, tmp_path, FLOW.replace("timing.every(0.01)", "range(3)"))
    with qtbot.waitSignal(window.run.finished, timeout=60000):
        window.run.start()
    assert window.past.runs == []
    window.docks.runs.toggle()
    qtbot.waitUntil(lambda: [row[1] for row in rows(window)] == ["succeeded"], timeout=60000)


def test_a_history_that_cannot_be_read_is_said_in_the_dock(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(open_window, tmp_path, FLOW)
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "measure.py" / "data"))
    window.docks.runs.toggle()
    qtbot.waitUntil(lambda: "cannot be written" in window.past.empty.text(), timeout=60000)
    assert window.past.empty.isVisible()
