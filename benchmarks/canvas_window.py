"""What single gestures cost in the whole window, and around the canvas: part of `canvas.py`, which runs it.

CPU time of the window's process from the gesture to its frame, so waiting is left out; the engine has a process of its
own. `what follows` is what is done after that frame, until all is at rest: the check, the script, what was put off.
"""

from __future__ import annotations

import difflib
import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from canvas_stages import Ours, script
from frames import Frames, application
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from flodesk.engine.client import Host, NodeState
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import SetParameter
from flodesk.flow.model import Literal
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvas.port_item import Side
from flodesk.ui.library import Library
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

EDIT_MS, KEY_MS, PALETTE_MS, PANE_MS, HOVER_MS = 16.0, 16.0, 50.0, 200.0, 150.0
TYPES = 3000
Found = dict[str, tuple[float, float | None, str]]
"""By what it is: how much, the aim, the unit."""


def whole_window(nodes: int, times: int) -> Found:
    """Measure edits and keys in a window that shows a flow without problems."""
    app = application()
    looks: Looks = app.property("looks")
    window = Window(looks, Host())
    window.resize(1500, 950)
    window.show()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.py"
        path.write_text(script(nodes, whole=True))
        window.files.open(path)
        canvas, document = window.canvases.current, window.document
        frames = Frames(canvas.viewer)
        frames.settle(400)
        head = f"window of {nodes} nodes"
        found: Found = {}

        def edit(
            name: str, gesture: Callable[[int], object], after: Callable[[], object] = lambda: None, seen: bool = False
        ) -> None:
            costs, follows = [], []
            for number in range(times):
                frames.rest()
                costs.append(frames.cost(lambda number=number: gesture(number), whole=False, seen=seen))  # type: ignore[misc]
                follows.append(frames.rest())
                after()
            found[f"{head}: {name}"] = statistics.median(costs), EDIT_MS, "ms"
            found[f"{head}: {name}, what follows"] = statistics.median(follows), None, "ms"

        middle = f"n{nodes // 2}"
        canvas.select([middle])
        canvas.zoom_to(1.0)
        canvas.viewer.center_on(canvas.board.cards[middle].box().center())
        canvas.viewer.setFocus()
        edit("move one by a key", lambda _: QTest.keyClick(canvas.viewer, Qt.Key.Key_Right))
        edit("select another", lambda number: canvas.select([f"n{nodes // 2 + number + 1}"]), seen=True)
        edit("change a number", lambda number: document.do(_number(document, nodes, number)))
        wire = next(wire for ends, wire in canvas.board.wires.items() if ends[0][0] == middle)
        edit("take out a wire", lambda _: canvas.changes.disconnect([wire.wire]), document.undo)
        edit("undo that", lambda _: document.undo(), document.redo)
        place = canvas.board.cards[middle].pos() + QPointF(30, 120)
        edit("add one", lambda _: canvas.add_node("flodesk.nodes.maths.clip", place), document.undo)
        port = canvas.port_position(middle, *_output(canvas, middle))

        def draw(_: int) -> None:
            QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, port)
            QTest.mouseMove(canvas.viewport(), port + QPoint(20, 30))

        edit("begin a wire", draw, canvas.viewer.cancel, seen=True)
        found |= _keys(window, head, times)
        frames.rest()
        document._saved = document.steps
        window.close()
        frames.settle()
    return found


def values_under_the_cursor(times: int) -> Found:
    """Measure how long it takes until the card of a value is there, in a window that runs a flow: not CPU time."""
    app = application()
    looks: Looks = app.property("looks")
    window = Window(looks, Host())
    window.resize(1500, 950)
    window.show()
    window.files.open_example()
    canvas = window.canvases.current
    frames = Frames(canvas.viewer)
    frames.rest()
    window.commands.trigger("run.start")
    hovering, cards = canvas.hovering, canvas.board.cards

    def known() -> list[str]:
        return [key for key, card in cards.items() if card.live.previews]

    _wait(lambda: len(known()) > times, 20)
    frames.settle(200)
    took = []
    for key in known()[: times + 1]:
        begun = time.perf_counter()
        QTest.mouseMove(canvas.viewport(), canvas.port_position(key, *_output(canvas, key)))
        _wait(lambda: hovering.card.isVisible() and hovering._answered is not None, 5)
        took.append(1000 * (time.perf_counter() - begun))
        hovering.leave()
        QTest.mouseMove(canvas.viewport(), QPoint(2, 2))
        frames.settle()
    window.run.stop()
    _wait(lambda: not window.run.active, 10)
    window.document._saved = window.document.steps
    window.close()
    frames.settle()
    return {"from pointing at a port to the card with its value": (statistics.median(took), HOVER_MS, "ms")}


def _wait(until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("what is to be measured does not come")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def _output(canvas: FlowCanvas, node: str) -> tuple[str, Side]:
    """Return name and side of the first output of a node."""
    return next(name for side, name in canvas.board.cards[node].ports if side == "out"), "out"


def _number(document: Document, nodes: int, number: int) -> SetParameter:
    """Return an edit of a number that no wire sets."""
    for statement in document.flow.functions["flow"].body.statements[nodes // 2 :]:
        for position, argument in enumerate(getattr(statement, "arguments", ())):
            if isinstance(argument.value, Literal):
                name = argument.keyword or "ab"[position]
                at = None if argument.keyword else position
                return SetParameter("flow", statement.id, name, Literal(f"{number + 3}.5"), at)
    raise LookupError("all inputs are wired")


def _keys(window: Window, head: str, times: int) -> Found:
    """Measure keys in the script's pane, each until its letter is on the screen, and what comes after."""
    window.commands.trigger("view.script")
    editor = window.script.editor
    frames = Frames(editor)
    frames.rest(400)
    cursor = editor.textCursor()
    lines = editor.toPlainText().split("\n")
    row = next(n for n, line in enumerate(lines) if line.startswith(f"    n{len(lines) // 4} = "))
    cursor.setPosition(len("\n".join(lines[: row + 1])))
    editor.setTextCursor(cursor)
    editor.setFocus()
    found: Found = {}
    for name, key in (("a letter", Qt.Key.Key_X), ("Enter", Qt.Key.Key_Return)):
        QTest.keyClicks(editor, "  # x")
        frames.settle(700)  # a text is read some time after the last key
        frames.rest(200)
        costs = [frames.cost(lambda key=key: QTest.keyClick(editor, key), whole=False) for _ in range(4 * times)]  # type: ignore[misc]
        found[f"{head}: {name} in the script"] = statistics.median(costs), KEY_MS, "ms"
        found[f"{head}: {name} in the script, the longest"] = max(costs), None, "ms"
        frames.settle(300)
        frames.rest(200)
    return found


def flashing(nodes: int, times: int) -> Found:
    """Return the share of the CPU that changing states of all nodes take, ten times a second."""
    application()
    stage = Ours()
    stage.widget.resize(1400, 900)
    stage.widget.show()
    frames = Frames(stage.view)
    stage.prepare(nodes)
    stage.open()
    frames.settle()
    found: Found = {}
    for where, ready in (("all in view", stage.fit), ("at 100 %", lambda: stage.near(nodes // 2))):
        ready()
        frames.settle()
        costs = []
        for number in range(2 * times):
            state = "running" if number % 2 else "done"
            states = {f"flow.n{n}": NodeState(state, count=number) for n in range(nodes)}  # type: ignore[arg-type]
            costs.append(frames.cost(lambda states=states: stage.canvas.show_states(states), whole=False))  # type: ignore[misc]
        found[f"{nodes} running states at 10 Hz, {where}"] = statistics.median(costs) * 10 / 1000 * 100, 25.0, "% CPU"
    stage.widget.close()
    return found


def searches(times: int) -> Found:
    """Measure a key in quick add and in the library, among 3,000 node types."""
    application()
    specs = list(Catalog.builtin().specs.values())
    many = {
        f"{spec.path}{n}": replace(spec, path=f"{spec.path}{n}", title=f"{spec.title} {chr(97 + n % 26)}{n}")
        for n in range(TYPES // len(specs) + 1)
        for spec in specs
    }
    catalog = Catalog(many)
    home = QWidget()
    home.resize(900, 700)
    home.show()

    def keys(name: str, field: QLineEdit, view: QWidget) -> None:
        frames = Frames(view)
        frames.settle()
        costs = []
        for _ in range(times):
            field.clear()
            frames.settle(60)
            costs += [frames.cost(lambda k=k: QTest.keyClick(field, k), whole=False) for k in "butter"]  # type: ignore[misc]
        found[f"{len(many)} node types: a key in {name}"] = max(costs), PALETTE_MS, "ms"

    found: Found = {}
    quick = QuickAdd(home, catalog, QPointF())
    quick.open_at(home.mapToGlobal(home.rect().topLeft()))
    keys("quick add", quick.field, quick.list)
    quick.close()
    QApplication.processEvents()
    library = Library(catalog)
    library.resize(300, 700)
    library.show()
    keys("the library", library.search, library.tree)
    library.close()
    home.close()
    return found


def lines_changed() -> Found:
    """Return how many lines of the examples are others once they were opened and saved."""
    from flodesk.ui.examples import example, examples

    changed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in examples():
            before = Path(example(name)).read_text(encoding="utf-8")
            document, path = Document(), Path(folder) / f"{name}.py"
            path.write_text(before, encoding="utf-8")
            document.open(path)
            document.save()
            after = path.read_text(encoding="utf-8")
            changed += sum(line[0] in "+-" for line in difflib.ndiff(before.splitlines(), after.splitlines()))
    return {"lines that open and save change in the examples": (float(changed), 0.0, "lines")}


def pane(times: int) -> Found:
    """Measure the pane of the script of 50 nodes."""
    from script_pane import measure

    application()
    return {"script pane of 50 nodes": (measure(50, times)["open"][0], PANE_MS, "ms")}


def around(quick: bool) -> Found:
    """Measure all that is small, in one process."""
    found: Found = {}
    parts: tuple[Callable[[], Found], ...] = (
        lambda: searches(1 if quick else 4),
        lambda: flashing(500, 2 if quick else 8),
        lines_changed,
        lambda: pane(2 if quick else 6),
        lambda: values_under_the_cursor(2 if quick else 6),
    )
    for part in parts:
        found |= part()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()  # what a part leaves behind is nothing of the next one's
    return found


PARTS: dict[str, Callable[[bool], Found]] = {
    "window": lambda quick: whole_window(2000, 2 if quick else 5),
    "around": around,
}
