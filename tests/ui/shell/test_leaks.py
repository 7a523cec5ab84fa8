"""Flows and windows that are opened and closed leave nothing: no object, widget, thread, process, file or memory."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from flodesk.engine.client import Engine, Host, InProcess
from flodesk.engine.history.settings import History
from flodesk.flow.edit import SetNote
from flodesk.ui.company import Company
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

FLOWS = ("noisy_sine", "sunspots", "thermostat")


pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="what a process holds stands in /proc")


def children() -> int:
    return sum(len(file.read_text().split()) for file in Path("/proc/self/task").glob("*/children"))


@dataclass
class Held:
    """What the process holds."""

    objects: Counter[str]
    top: int
    threads: int
    processes: int
    files: int
    memory: int

    @staticmethod
    def now() -> Held:
        for _ in range(4):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
            gc.collect()
        made = [thing for thing in gc.get_objects() if isinstance(thing, QObject) and isValid(thing)]
        return Held(
            Counter(type(thing).__name__ for thing in made),
            len(QApplication.topLevelWidgets()),
            threading.active_count(),
            children(),
            len(list(Path("/proc/self/fd").iterdir())),
            int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
        )


def check(before: Held, after: Held, count: int, megabytes: float) -> None:
    grown = {name: n - before.objects[name] for name, n in after.objects.items() if n - before.objects[name] >= count}
    assert grown == {}, "objects of Qt that were left, at least one each time"
    assert sum(after.objects.values()) - sum(before.objects.values()) < 40 + 0.5 * count
    assert after.top <= before.top + 1
    assert after.threads <= before.threads
    assert after.processes <= before.processes
    assert after.files <= before.files + 2
    assert (after.memory - before.memory) / 2**20 < megabytes


@pytest.mark.parametrize("count", [4, pytest.param(100, marks=pytest.mark.long)])
def test_flows_that_are_opened_one_after_the_other(qtbot: QtBot, window: Window, count: int) -> None:
    def use(name: str) -> None:
        window.files.open_example(name)
        canvas = window.canvases.current
        for card in list(canvas.board.cards)[:3]:
            canvas.select([card])
            window.document.do(SetNote(canvas.function, card, "a note"))
        window.commands.trigger("view.script")
        window.commands.trigger("view.compare_saved")
        QApplication.processEvents()
        window.document.new()
        QApplication.processEvents()

    for name in FLOWS if count < 100 else FLOWS * 2:
        use(name)
    before = Held.now()
    for number in range(count):
        use(FLOWS[number % len(FLOWS)])
    check(before, Held.now(), count, 20 + 0.8 * count)


@pytest.mark.parametrize(
    ("make", "count"),
    [
        pytest.param(InProcess, 2, id="in this process, 2"),
        pytest.param(InProcess, 100, marks=pytest.mark.long, id="in this process, 100"),
        pytest.param(Host, 20, marks=pytest.mark.long, id="with an engine process, 20"),
    ],
)
def test_windows_that_are_opened_and_closed(qtbot: QtBot, looks: Looks, make: Callable[[], Engine], count: int) -> None:
    company = Company(lambda company: Window(looks, make(), History(on=False), company))
    made: list[weakref.ref[Window]] = []

    def use(name: str) -> None:
        window = company.new_window()
        assert isinstance(window, Window)
        made.append(weakref.ref(window))
        window.files.open_example(name)
        if name == "sunspots":
            window.commands.trigger("run.start")
            qtbot.waitUntil(lambda: window.run.last is not None, timeout=60_000)
        window.leaving = True
        window.close()
        qtbot.waitUntil(lambda: not company.members and not QApplication.topLevelWidgets(), timeout=60_000)

    for name in (*FLOWS, "sunspots") if count > 2 else ("sunspots",):
        use(name)
    before = Held.now()
    for number in range(count):
        use(FLOWS[number % len(FLOWS)])
    qtbot.waitUntil(lambda: children() <= before.processes, timeout=60_000)
    check(before, Held.now(), count, 20 + 1.0 * count)
    assert [window for window in made if window() is not None] == [], "what Python holds of windows that are closed"


def test_a_window_that_goes_before_it_has_done_all_leaves_nothing(looks: Looks) -> None:
    window = Window(looks, InProcess(), History(on=False))
    window.show()
    window.document.new()  # the view is fitted to it once its events are done, which never comes
    left = weakref.ref(window)
    window.close()
    window.deleteLater()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert left() is None
