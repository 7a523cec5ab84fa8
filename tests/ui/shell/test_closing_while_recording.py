"""Closing a window while a recording is being made: it is asked once, and nothing is lost by a slip."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.script import read
from flodesk.ui.still_recording import recorders
from flodesk.ui.window import Window

TEXT = """import flodesk
from flodesk.nodes import record, timing


def flow():
    log = record.Csv("log.csv", columns=["tick"])
    for tick in timing.every(0.005):
        log(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("quit_by", ["app.quit", "close"])
def test_a_recording_that_is_made_is_asked_about_and_goes_on_or_is_stopped(
    qtbot: QtBot, opened: Window, press: Callable[[str], None], quit_by: str
) -> None:
    def leave() -> None:
        if quit_by == "close":
            opened.close()
        else:
            opened.company.quit()

    opened.run.start()
    qtbot.waitUntil(lambda: opened.run.phase == "running", timeout=60_000)
    press("Go on")
    leave()
    assert opened.isVisible()
    assert opened.run.active
    press("Stop and quit")
    leave()
    assert not opened.isVisible()


def test_without_a_recorder_that_is_on_nothing_is_asked() -> None:
    known = Catalog.builtin()
    assert recorders(read(TEXT), known) == ["flow.log"]
    assert recorders(read(TEXT.replace('log = record.Csv("log.csv", columns=["tick"])', "log = print")), known) == []


def test_a_window_whose_run_is_over_closes_at_once(opened: Window) -> None:
    assert opened.close()
