"""Drives the program on an X display with real mouse and key events, and prints what it saw as JSON.

Run by test_main_job.py as a process of its own. The program runs in the main thread as a user starts it; a second
thread is the hand: it asks the window where things are, and moves the mouse and presses keys with xdotool.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QApplication, QTreeView, QWidget

from flodesk.app import application, run_app
from flodesk.flow.graph import picture
from flodesk.ui.panel.controls.slider import Track
from flodesk.ui.window import Window

FLOW = Path(sys.argv[1])
PICTURES = Path(sys.argv[2])
SECONDS = 60.0


class Eye(QObject):
    """Runs questions in the window's thread."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(lambda work: work())

    def ask(self, question: Callable[[], Any]) -> Any:
        answer: list[Any] = []
        done = threading.Event()

        def work() -> None:
            try:
                answer.append(question())
            except Exception as error:  # noqa: BLE001 - it is raised where it was asked
                answer.append(error)
            done.set()

        self.asked.emit(work)
        if not done.wait(SECONDS):
            raise TimeoutError("the window does not answer")
        if isinstance(answer[0], Exception):
            raise answer[0]
        return answer[0]


def xdo(*arguments: object) -> None:
    subprocess.run(["xdotool", *map(str, arguments)], check=True)


class Hand:
    """What a user does, in the order in which they do it."""

    def __init__(self, eye: Eye) -> None:
        self.eye = eye
        self.seen: dict[str, Any] = {}

    @property
    def window(self) -> Window:
        return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))

    def until(self, true: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            found = self.eye.ask(true)
            if found:
                return found
            time.sleep(0.05)
        raise TimeoutError(f"waited {SECONDS} s in vain until {what}")

    def place(self, find: Callable[[], tuple[QWidget, QPoint]]) -> QPoint:
        def where() -> QPoint:
            widget, point = find()
            return widget.mapToGlobal(point)

        return self.eye.ask(where)  # type: ignore[no-any-return]

    def drag(self, start: QPoint, end: QPoint) -> None:
        xdo("mousemove", start.x(), start.y())
        time.sleep(0.1)
        xdo("mousedown", 1)
        for step in range(1, 11):
            at = start + (end - start) * (step / 10)
            xdo("mousemove", at.x(), at.y())
            time.sleep(0.03)
        time.sleep(0.15)
        xdo("mouseup", 1)
        time.sleep(0.2)

    def click(self, at: QPoint) -> None:
        xdo("mousemove", at.x(), at.y(), "click", 1)
        time.sleep(0.15)

    def key(self, *keys: str) -> None:
        xdo("key", *keys)
        time.sleep(0.2)

    def picture_of_screen(self, name: str) -> None:
        path = str(PICTURES / f"{name}.png")
        self.eye.ask(lambda: self.window.grab().save(path))

    # -------------------------------------------------------------- what is looked at
    def canvas(self) -> Any:
        return self.window.canvases.current

    def nodes(self) -> set[str]:
        return self.eye.ask(lambda: set(self.graph().nodes))  # type: ignore[no-any-return]

    def graph(self) -> Any:
        document = self.window.document
        return picture(document.flow, self.window.catalog.with_flow(document.flow), "flow")

    def wired(self, source: str, target: str) -> bool:
        wires = self.eye.ask(lambda: [(w.source[0], w.target[0]) for w in self.graph().wires])
        return (source, target) in wires

    def cutoff(self) -> float:
        return self.eye.ask(  # type: ignore[no-any-return]
            lambda: float(next(f.text for f in self.graph().nodes["cutoff"].fields if f.name == "value"))
        )

    # -------------------------------------------------------------- the main job
    def work(self) -> None:
        self.until(lambda: self.window.isVisible(), "the window is there")
        xdo("search", "--sync", "--onlyvisible", "--name", "flodesk", "windowfocus")
        self.until(lambda: "flow.chart" in self.window.run.engine.values(), "values arrive")
        first = self.eye.ask(lambda: self.window.run.engine.values()["flow.chart"].sequence)
        self.until(lambda: self.window.run.engine.values()["flow.chart"].sequence > first + 3, "they move")
        self.seen["runs"] = True
        time.sleep(1.0)
        self.picture_of_screen("1-running")
        self.drag_a_node_in()
        self.wire_it()
        self.undo_and_redo()
        self.turn_the_slider()
        self.save()
        self.picture_of_screen("2-edited")
        self.reopen()

    def drag_a_node_in(self) -> None:
        before = self.nodes()

        def entry() -> tuple[QWidget, QPoint]:
            tree = self.window.library.findChild(QTreeView)
            model = tree.model()
            for shelf in range(model.rowCount()):
                parent = model.index(shelf, 0)
                for row in range(model.rowCount(parent)):
                    index = model.index(row, 0, parent)
                    if "Absolute" in str(index.data()):
                        tree.scrollTo(index)
                        return tree.viewport(), tree.visualRect(index).center()
            raise LookupError("the library lists no “Absolute”")

        start = self.place(entry)
        start = self.place(entry)  # it may have scrolled
        self.drag(start, self.place(self.free_spot))
        self.until(lambda: set(self.graph().nodes) - before, "the node is there")
        (self.new,) = self.nodes() - before
        self.seen["added"] = self.new

    def free_spot(self) -> tuple[QWidget, QPoint]:
        """Find a place on the canvas where a card has room."""
        canvas = self.canvas()
        view = canvas.viewport()
        centers = [canvas.node_center(node) for node in self.graph().nodes]
        spots = [QPoint(x, y) for x in range(60, view.width() - 60, 20) for y in range(40, view.height() - 40, 20)]
        return view, max(spots, key=lambda s: min((s - c).manhattanLength() for c in centers))

    def wire_it(self) -> None:
        out = self.place(lambda: (self.canvas().viewport(), self.canvas().port_position("noisy", "", "out")))
        port = self.eye.ask(lambda: self.graph().nodes[self.new].inputs[0].name)
        into = self.place(lambda: (self.canvas().viewport(), self.canvas().port_position(self.new, port, "in")))
        self.drag(out, into)
        self.until(
            lambda: ("noisy", self.new) in [(w.source[0], w.target[0]) for w in self.graph().wires], "it is wired"
        )
        self.until(lambda: self.window.run.engine.states().get(f"flow.{self.new}", None), "the new node runs")
        self.until(lambda: self.window.run.engine.states()[f"flow.{self.new}"].count > 3, "the new node runs on")
        self.seen["wired"] = True

    def undo_and_redo(self) -> None:
        self.key("ctrl+z")
        self.until(
            lambda: ("noisy", self.new) not in [(w.source[0], w.target[0]) for w in self.graph().wires], "undone"
        )
        self.key("ctrl+z")
        self.until(lambda: self.new not in self.graph().nodes, "the node is gone")
        self.seen["undone"] = True
        self.key("ctrl+y")
        self.key("ctrl+y")
        self.until(lambda: ("noisy", self.new) in [(w.source[0], w.target[0]) for w in self.graph().wires], "redone")
        self.seen["redone"] = True

    def turn_the_slider(self) -> None:
        before = self.cutoff()

        def handle(share: float | None) -> tuple[QWidget, QPoint]:
            tracks = self.window.panel.findChildren(Track)
            track = min(tracks, key=lambda t: t.mapToGlobal(QPoint()).x())
            x = track.x_of(before) if share is None else share * track.width()
            return track, QPoint(round(x), round(track.middle))

        self.drag(self.place(lambda: handle(None)), self.place(lambda: handle(0.6)))
        after = self.cutoff()
        self.seen["cutoff"] = [before, after]
        self.key("ctrl+z")
        self.seen["undone slider"] = self.cutoff()
        self.key("ctrl+y")
        self.seen["redone slider"] = self.cutoff()

    def save(self) -> None:
        self.key("ctrl+s")
        dialog = self.until(lambda: QApplication.activeModalWidget(), "a file name is asked for")
        del dialog
        time.sleep(0.4)
        xdo("key", "ctrl+a")
        xdo("type", "--delay", "12", str(FLOW))
        self.key("Return")
        self.until(lambda: FLOW.exists() and not self.window.document.dirty, "it is saved")
        self.seen["places"] = self.eye.ask(self.places)

    def places(self) -> dict[str, Any]:
        return {k: list(v) for k, v in self.window.document.flow.header.canvas["flow"].items()}

    def reopen(self) -> None:
        def drawn() -> dict[str, Any]:
            graph = self.graph()
            return {"nodes": sorted(graph.nodes), "wires": sorted([*w.source, *w.target] for w in graph.wires)}

        before = self.eye.ask(drawn)
        self.eye.ask(lambda: self.window.files.new())
        self.until(lambda: not self.graph().nodes, "an empty flow is there")
        self.eye.ask(lambda: self.window.files.open(FLOW))
        self.seen["same picture"] = self.eye.ask(drawn) == before and self.eye.ask(self.places) == self.seen["places"]


def drive(job: Callable[[Hand], None], path: str | None = None) -> None:
    """Start the program with a file, or with the live example, let the hand do its job, and print what it saw."""
    application()
    eye = Eye()
    hand = Hand(eye)

    def work() -> None:
        try:
            job(hand)
        except Exception:  # noqa: BLE001 - it is part of what is printed
            hand.seen["error"] = traceback.format_exc()
            hand.picture_of_screen("error")
        print(json.dumps(hand.seen), flush=True)
        eye.asked.emit(leave)

    def leave() -> None:
        hand.window.run.close()
        os._exit(0)

    thread = threading.Thread(target=work, daemon=True)
    QTimer.singleShot(0, thread.start)
    run_app(path)


if __name__ == "__main__":
    drive(Hand.work)
