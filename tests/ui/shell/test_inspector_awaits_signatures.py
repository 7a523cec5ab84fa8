"""A node of a package that is still being read is shown in the inspector once, with all its rows: none moves away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from flodesk.engine.described import Describer, Told
from flodesk.ui.inspector.awaited import Awaited
from flodesk.ui.window import Window

TEXT = """import flodesk
from scipy import signal
from flodesk.nodes import maths


def flow():
    noisy = [1.0, 5.0, 1.0, 5.0, 1.0, 5.0, 1.0]
    smooth = signal.savgol_filter(noisy, window_length=5, polyorder=2)
    odd = signal.there_is_no_such_thing(noisy)
    twice = maths.scale(noisy)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Hold the reading of packages up until the event is set."""
    go, describe = Event(), Describer.describe

    def late(self: Describer, *args: object, **more: object) -> Told:
        go.wait(60)
        return describe(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Describer, "describe", late)
    return go


def select(window: Window, node: str) -> None:
    window.canvases.current.select([node])
    window.inspector.settle()


def words(window: Window) -> str:
    return " ".join(label.text() for label in window.inspector.pages.findChildren(QLabel))


def test_the_page_comes_once_the_package_is_read(
    held: Event, qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_window()
    window.inspector.awaited._patience.setInterval(600_000)  # of a slow machine
    path = tmp_path / "calls.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    select(window, "smooth")
    assert window.inspector.sheet is None
    assert "Reading what it takes and gives" in words(window)
    select(window, "twice")
    assert window.inspector.sheet is not None, "what is known is shown at once"
    select(window, "smooth")
    held.set()
    qtbot.waitUntil(lambda: window.inspector.sheet is not None)
    sheet = window.inspector.sheet
    assert sheet is not None
    assert {"window_length", "polyorder", "mode"} <= sheet.rows.keys(), "all rows are there when the first one is"
    select(window, "odd")
    qtbot.waitUntil(lambda: window.inspector.sheet is not None)
    assert "does not know this node type" in words(window), "what nobody knows is shown, too"


def test_who_has_waited_long_enough_sees_what_is_known(
    held: Event, qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_window()
    path = tmp_path / "calls.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    select(window, "smooth")
    assert window.inspector.sheet is None
    awaited = window.inspector.awaited
    assert isinstance(awaited, Awaited)
    awaited._patience.setInterval(0)
    qtbot.waitUntil(lambda: window.inspector.sheet is not None)
    sheet = window.inspector.sheet
    assert sheet is not None
    assert "window_length" in sheet.rows
    held.set()
    qtbot.waitUntil(lambda: not window.station.foreign.busy)
