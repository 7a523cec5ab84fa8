"""The program as a user starts it, off screen, with a hand that presses keys and buttons. Run by test_recovery.py.

``drive_recovery.py edit [FILE]`` makes unsaved changes and waits to be killed, ``running`` does so once the example
runs; ``answer TITLE`` presses that button of
the message that the next start shows, and quits. What is seen is printed as JSON, a line each.
"""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.app import application, run_app
from flodesk.flow.script import write
from flodesk.ui.window import Window

VERB, *REST = sys.argv[1:]


def the_window() -> Window:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))


def begin() -> None:
    """Act as soon as there is what is acted upon: a flow, a run, the message that is to be answered."""
    window = the_window()
    ready = {"edit": True, "running": window.run.iterations > 3, "answer": bool(window.bar.buttons)}
    if ready[VERB] and (VERB == "answer" or window.canvases.current.board.cards):
        ticks.stop()
        answer() if VERB == "answer" else edit()


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


def edit() -> None:
    window = the_window()
    canvas = window.canvases.current
    names = list(canvas.board.cards)
    canvas.select([names[-1]])
    QTest.keyClick(canvas.viewer, Qt.Key.Key_Delete)
    canvas.select([names[0]])
    slowest = 0.0
    for _ in range(5):
        begun = time.perf_counter()
        QTest.keyClick(canvas.viewer, Qt.Key.Key_Right)
        slowest = max(slowest, time.perf_counter() - begun)
    tell(text=write(window.document.flow), dirty=window.document.dirty, slowest=slowest, run=window.run.id)


def answer() -> None:
    window = the_window()
    said = window.bar.text
    button = next((b for b in window.bar.buttons if b.text() == REST[0]), None)
    if button is not None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    tell(
        said=said,
        then=window.bar.text,
        text=write(window.document.flow),
        path=str(window.document.path or ""),
        title=window.windowTitle(),
        undo=window.document.undo_title,
        dirty=window.document.dirty,
    )
    if window.document.dirty and REST[-1] == "save":
        window.files.save()
    if not window.document.dirty:
        window.close()
    else:
        tell(waiting=True)


application()  # a timer needs it
ticks = QTimer(interval=100)
ticks.timeout.connect(begin)
ticks.start()
raise SystemExit(run_app(REST[0] if VERB == "edit" and REST else None))
