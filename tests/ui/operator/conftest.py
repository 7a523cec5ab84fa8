"""The window of operators over an engine, closed without questions when the test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from flodesk.engine.client import Engine, InProcess
from flodesk.engine.history.settings import History
from flodesk.ui.operator import Operator, Wishes
from flodesk.ui.station import Station
from flodesk.ui.theme.looks import Looks

Open = Callable[..., Operator]


@pytest.fixture(scope="session")
def looks(qapp: QApplication) -> Looks:
    return Looks(qapp)


@pytest.fixture
def open_app(qtbot: QtBot, looks: Looks) -> Iterator[Open]:
    opened: list[Operator] = []

    def make(
        path: Path, engine: Callable[[], Engine] = InProcess, wishes: Wishes | None = None, **more: Any
    ) -> Operator:
        operator = Operator(looks, Station(engine(), History(on=False)), wishes, path=path, **more)
        opened.append(operator)
        QCursor.setPos(0, 0)
        operator.resize(1000, 700)
        operator.begin()
        operator.activateWindow()
        qtbot.waitExposed(operator)
        return operator

    yield make
    for operator in opened:
        if isValid(operator):
            operator.leaving = True
            operator.close()
            operator.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


FLOW = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.app]
# title = "Oven 3"
#
# [tool.flodesk.panel.flow]
# gain = [0, 0, 6, 2]
# on = [6, 0, 3, 2]
# meter = [0, 2, 6, 2]
# ///
import flodesk
from flodesk.nodes import control, maths, show, timing


def guarded(x: float, limit: float = 1e9) -> float:
    if x > limit:
        raise TimeoutError("no answer from the oven within 2 s")
    return x


def flow():
    gain = control.slider(2.0, minimum=0.0, maximum=10.0, label="Gain")
    on = control.switch(True, label="Heater")
    for tick in timing.every(0.01):
        level = maths.multiply(tick, gain)
        safe = guarded(level)
        meter = show.number(safe, title="Level")


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def oven(tmp_path: Path) -> Path:
    path = tmp_path / "oven.py"
    path.write_text(FLOW, encoding="utf-8")
    return path
