"""Runs of the window stand in the history, each once, in the state in which it ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from flodesk.engine.history import store
from flodesk.engine.history.past import history
from flodesk.engine.history.records import RunRecord
from flodesk.engine.history.settings import History
from flodesk.ui.window import Window

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
    qtbot.waitUntil(lambda: window.run.engine.states().get("flow.value", None) is not None, timeout=15000)
    qtbot.waitUntil(lambda: window.run.engine.states()["flow.value"].count > 3, timeout=15000)
    with qtbot.waitSignal(window.run.finished, timeout=15000):
        window.run.stop()
    (tmp_path / "measure.py").write_text(FLOW.replace("maths.scale(tick, factor=2.0)", "worse(tick)"))
    window.files.open(str(tmp_path / "measure.py"))
    with qtbot.waitSignal(window.run.finished, timeout=15000):
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
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=15000)
    window.close()
    assert [run.state for run in past()] == ["stopped"]


def test_without_a_folder_the_log_says_so_and_the_flow_runs(
    open_window: Callable[..., Window], qtbot: QtBot, tmp_path: Path, monkeypatch
) -> None:
    window = opened(open_window, tmp_path, FLOW)
    monkeypatch.setenv("FLODESK_DATA", str(tmp_path / "measure.py" / "data"))
    window.run.start()
    qtbot.waitUntil(lambda: any("cannot be written" in line.text for line in window.log.lines), timeout=15000)
    assert window.run.active
