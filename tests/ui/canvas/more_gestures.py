"""Gestures that do more than draw and wire: ends of functions, switches, menus, drops, pasted Python, fixes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from shiboken6 import isValid

from flodesk.flow import wiring
from flodesk.flow.check import check
from flodesk.flow.diff import compare
from flodesk.flow.diff.back import take_back
from flodesk.flow.edit import EditError
from flodesk.flow.fixes import fixes_of
from flodesk.flow.incoming import Untaken, take_in
from flodesk.flow.problem import Problem

MOST = 16
"""Cards beyond which nothing is added: a crowded canvas has no place for a gesture."""
TEXTS = [
    "level_2 = maths.add(1.0, 2.0)\nthird = maths.multiply(level_2, 3.0)",
    "import math\nhalf = math.tau / 2\nwhole = half * 2",
    "from flodesk.nodes import dsp, source\ntone = source.sine(0, samples=20)\nloud = dsp.rms(tone)",
    "total = 0.0\nfor n in timing.count(3):\n    more = maths.add(total, n)\n    total = more",
    "high = maths.greater(1.0, 2.0)\nif high:\n    a = maths.add(1.0, 2.0)\nelse:\n    a = maths.add(3.0, 4.0)",
    "def doubled(value: float) -> float:\n    return 2 * value\n\n\ntwice = doubled(4.0)",
    "print(size)\nsize = maths.scale(size)",
    "values = [\n    1,\n    2,\n]  # several lines",
    "spread = dsp.spectrum(\n    signal,\n    window='hann',\n)\nheight = maths.add(spread.amplitude, 0)",
    ">>> x = 1\n>>> y = x + 1",
    "this is no Python",
]
FILES = {
    "points.csv": "x;y\n1;2\n3;4\n",
    "names.json": '{"a": [1, 2]}',
    "read.md": "# Words",
    "own.py": '"""Own."""\nimport math\n\n\ndef area(radius: float) -> float:\n    return math.pi * radius**2\n',
    "cells.ipynb": '{"cells": [{"cell_type": "code", "source": ["a = 1\\n", "b = a + 1"], "metadata": {},'
    ' "outputs": [], "execution_count": 1}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "odd.bin": "?",
}
NODES = ["maths.add", "dsp.spectrum", "show.number", "timing.every", "queue.Queue", "collect.List", "dsp.rms"]
_PLAIN, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


# ------------------------------------------------------------------ menus
def leaves(menu: QMenu) -> list[QAction]:
    """Return all entries of a menu and of those below it."""
    found: list[QAction] = []
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            found += leaves(below)
        elif action.isEnabled() and not action.isSeparator() and action.text():
            found.append(action)
    return found


def opened(monkey: Any) -> QMenu | None:
    """Return the menu that is open."""
    menu = monkey.canvas.context.menu
    return menu if menu is not None and isValid(menu) and menu.isVisible() else None


def answer(monkey: Any) -> None:
    """Choose from a menu that asks something, a converter or a field, or leave it."""
    menu = opened(monkey)
    if menu is None:
        return
    entries = leaves(menu)
    if entries and monkey.random.random() < 0.7:
        monkey.random.choice(entries).trigger()
    if isValid(menu):
        menu.close()
    QApplication.processEvents()


def menu(monkey: Any) -> None:
    """Take any entry of the menu of a card, a wire, a note or the ground."""
    canvas, board = monkey.canvas, monkey.canvas.board
    places = [canvas.node_center(key) for key in board.cards]
    places += [canvas.wire_position(*ends, 0.5) for ends in board.wires]
    places += [canvas.viewer.mapFromScene(item.box().topLeft() + QPointF(20, 14)) for item in board.pieces.values()]
    at = monkey.random.choice([*places, monkey.hand.empty_place()])
    _choose(monkey, at, lambda title: True)


def signature(monkey: Any) -> None:
    """Name, move, add or remove what a function takes and gives."""
    board = monkey.canvas.board
    ends = [key for key, card in board.cards.items() if card.node.kind in ("inputs", "return")]
    words = ("Add an input", "no more", "Rename", "Move", "Remove")
    if ends:
        at = body(monkey, monkey.random.choice(ends))
        _choose(monkey, at, lambda title: any(word in title for word in words))


def _choose(monkey: Any, at: QPoint, fits: Callable[[str], bool]) -> None:
    viewport = monkey.canvas.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
    QApplication.sendEvent(viewport, event)
    shown = opened(monkey)
    if shown is None:
        return
    entries = [action for action in leaves(shown) if fits(action.text())]
    if len(monkey.canvas.board.cards) <= 5:
        entries = [action for action in entries if not action.text().startswith("Delete")]
    if entries:
        monkey.random.choice(entries).trigger()
    if isValid(shown):
        shown.close()
    QApplication.processEvents()
    _type(monkey)


def _type(monkey: Any) -> None:
    """Type into the field that an entry may have opened."""
    for part in (monkey.canvas.picking.naming, monkey.canvas.pieces):
        if part.field is not None:
            QTest.keyClicks(part.field, monkey.random.choice(["other", "some_name", "value", "for", "a b"]))
            for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
                if part.field is not None:
                    QTest.keyClick(part.field, key)
            QApplication.processEvents()


# ------------------------------------------------------------------ ends of functions, cards as a whole
def body(monkey: Any, card: str) -> QPoint:
    """Return a point of a card with no port near."""
    box = monkey.canvas.board.cards[card].box()
    return monkey.canvas.viewer.mapFromScene(QPointF(box.center().x(), box.top() + 10))


def end_port(monkey: Any) -> None:
    """Drag a port of a card onto what the function takes or returns: it becomes one of the function's."""
    kind, side = monkey.random.choice([("inputs", "in"), ("return", "out")])
    ends = [key for key, card in monkey.canvas.board.cards.items() if card.node.kind == kind]
    start = monkey.port(side)
    if ends and start and len(monkey.canvas.board.cards) < MOST:
        monkey.hand.drag(start, body(monkey, monkey.random.choice(ends)))


def onto_card(monkey: Any) -> None:
    """Let a wire go over a card, where a menu may ask for the field."""
    start, cards = monkey.port(monkey.random.choice(["in", "out", "out"])), list(monkey.canvas.board.cards)
    if start and cards:
        monkey.hand.drag(start, monkey.canvas.node_center(monkey.random.choice(cards)))


def switch(monkey: Any) -> None:
    """Switch cards off, bypass them, or let them run again."""
    monkey.marquee() if monkey.random.random() < 0.3 else monkey.choose()
    monkey.random.choice([monkey.canvas.switching.toggle_off, monkey.canvas.switching.toggle_bypass])()


def everywhere(monkey: Any) -> None:
    """Give a function or a queue another name."""
    canvas = monkey.canvas
    shared = {canvas.changes.shared_by(node) for node in canvas.board.graph.nodes.values()} - {""}
    if shared:
        canvas.changes.rename_everywhere(monkey.random.choice(sorted(shared)), f"shared_{monkey.random.randint(1, 9)}")


def place(monkey: Any) -> None:
    """Let a node run in a worker process, or here again."""
    cards = list(monkey.canvas.board.cards)
    if cards:
        key, where = monkey.random.choice(cards), monkey.random.choice(["process", "local"])
        monkey.canvas.changes.do(lambda: wiring.set_place(monkey.canvas.board.graph, key, where))


# ------------------------------------------------------------------ what comes from elsewhere
def python(monkey: Any) -> None:
    """Paste a piece of Python."""
    if len(monkey.canvas.board.cards) < MOST:
        monkey.canvas.paste(monkey.random.choice(TEXTS))


def _drop(monkey: Any, data: QMimeData, at: QPoint, keys: Qt.KeyboardModifier) -> None:
    buttons, viewport = Qt.MouseButton.LeftButton, monkey.canvas.viewport()
    QApplication.sendEvent(viewport, QDragEnterEvent(at, Qt.DropAction.CopyAction, data, buttons, keys))
    QApplication.sendEvent(viewport, QDragMoveEvent(at, Qt.DropAction.CopyAction, data, buttons, keys))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, buttons, keys))
    QApplication.processEvents()


def file(monkey: Any) -> None:
    """Drop a file on the canvas; what it becomes is pasted, as the window does it."""
    canvas = monkey.canvas
    if len(canvas.board.cards) >= MOST:
        return
    name = monkey.random.choice(list(FILES))
    path = Path(os.environ["FLODESK_DATA"]) / name
    path.write_text(FILES[name])

    def take(paths: list[str], at: QPointF) -> None:
        for given in paths:
            try:
                found = take_in(Path(given), None)
            except Untaken:
                continue
            canvas.paste(next(iter(found.functions.values()), found.text), at, name)

    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    canvas.files_dropped.connect(take)
    _drop(monkey, data, monkey.hand.empty_place(), _PLAIN)
    canvas.files_dropped.disconnect(take)


def drag_type(monkey: Any) -> None:
    """Drag a type from the library onto the ground, a wire, or with Shift onto a card."""
    canvas = monkey.canvas
    if len(canvas.board.cards) >= MOST:
        return
    data = QMimeData()
    data.setData("application/x-flodesk-node", f"flodesk.nodes.{monkey.random.choice(NODES)}".encode())
    places = [monkey.hand.empty_place(), *map(canvas.node_center, canvas.board.cards)]
    places += [canvas.wire_position(*ends, 0.5) for ends in canvas.board.wires]
    _drop(monkey, data, monkey.random.choice(places), monkey.random.choice([_PLAIN, _SHIFT]))


# ------------------------------------------------------------------ what the window offers for the flow as a whole
def problems(monkey: Any) -> list[Problem]:
    """Return what the checker finds in the flow as it is."""
    return list(check(monkey.canvas.document.flow, monkey.canvas.catalog))


def fix(monkey: Any) -> None:
    """Do what is offered for a problem."""
    canvas, document = monkey.canvas, monkey.canvas.document
    found = [fix for problem in problems(monkey) for fix in fixes_of(document.flow, canvas.catalog, problem)]
    useful = [fix for fix in found if fix.edit is not None]
    if not useful:
        return
    chosen = monkey.random.choice(useful)
    here = all(end[0] in canvas.board.cards for end in chosen.between)
    if chosen.kind == "convert" and chosen.between and here:
        canvas.adding.put_between(chosen.path, *chosen.between, chosen.title)
    else:
        canvas.changes.do(lambda: chosen.edit)


def back(monkey: Any) -> None:
    """Take one difference from the flow as it was back."""
    canvas, document = monkey.canvas, monkey.canvas.document
    found = compare(monkey.old, document.flow, canvas.catalog)
    if not found.differences:
        return
    chosen = monkey.random.choice(found.differences)
    try:
        edit = take_back(chosen, monkey.old, document.flow, found, canvas.catalog)
        document.do(wiring.without_lost_routes(document.flow, canvas.catalog, edit))
    except (wiring.Refused, EditError):
        return
    # what is written again may be another thing now: a line that reads what is gone is code
    assert chosen.kind == "removed" or chosen not in compare(monkey.old, document.flow, canvas.catalog).differences


DEEDS: dict[str, Callable[[Any], None]] = {
    "menu": menu, "signature": signature, "end_port": end_port, "onto_card": onto_card, "switch": switch,
    "everywhere": everywhere, "place": place, "python": python, "file": file, "drag_type": drag_type, "fix": fix,
    "back": back,
}  # fmt: skip
