"""A hand that knows every gesture of the canvas and draws one that means something, from what is there."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.flow import wiring
from flodesk.flow.diff import compare
from flodesk.flow.diff.overlay import overlay
from flodesk.flow.edit import EditError
from flodesk.flow.graph import picture
from flodesk.flow.routes import routes
from flodesk.ui.canvas import InputEnd, OutputEnd
from flodesk.ui.script import ScriptPane

_PLAIN = ["wire", "wire", "wire", "detach", "pull", "move", "nudge", "delete", "undo", "undo", "redo"]
_PLAIN += ["add", "add", "loose", "rename", "cancel", "marquee", "slice", "drop", "by_keys"]
_DRAWN = ["frame", "note", "piece", "bend", "point", "labels", "arrange", "pin", "all", "field"]
_WHOLE = ["copy", "cut", "paste", "duplicate", "subflow", "apart", "compare", "type", "zoom"]
_WHOLE += ["replace", "branch", "arm"]
KINDS = [*_PLAIN, *_DRAWN, *_WHOLE]
_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
TYPES = ["maths.add", "dsp.rms", "show.number", "source.sine", "control.slider", "timing.every", "dsp.Lowpass"]


class Monkey:
    """Draws gestures from the canvas as it stands: those drawn blindly would seldom meet anything."""

    def __init__(self, hand: Any, more: Any, seed: int = 0) -> None:
        self.hand = hand
        self.more = more
        self.canvas = hand.canvas
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.pasted = ""
        self.old = self.canvas.document.flow
        self.compares = False
        self.typed = False
        """Whether a wire that is drawn by some way was typed out of the text."""
        self.script = ScriptPane(self.canvas.document, lambda: self.canvas.catalog)
        self.script.resize(400, 600)
        self.script.show()

    def close(self) -> None:
        self.script.in_step.close()
        self.script.close()
        for widget in (*self.script.buttons(), self.script):
            widget.deleteLater()

    def port(self, side: str) -> QPoint | None:
        ports = [(key, name) for key, card in self.canvas.board.cards.items() for s, name in card.ports if s == side]
        return self.canvas.port_position(*self.random.choice(ports), side) if ports else None

    def step(self, kind: str) -> None:
        before = self.hand.undo_steps
        more = self.more.DEEDS.get(kind)
        more(self) if more is not None else getattr(self, kind)()
        self.more.answer(self)
        if self.canvas.viewer.gesture.active:  # where things lie on one another a drag may be a click: the wire hangs
            self.hand.key(Qt.Key.Key_Escape)
        QApplication.processEvents()
        self.script.in_step.pull()
        self.show_difference()
        self.done[kind] += self.hand.undo_steps != before

    def wire(self) -> None:
        a, b = self.port("out"), self.port("in")
        if a and b:
            if self.random.random() < 0.2:
                a, b = b, a
            self.hand.drag(a, b)

    def detach(self) -> None:
        wires = list(self.canvas.board.wires)
        if wires:
            _, target = self.random.choice(wires)
            to = self.port("in") if self.random.random() < 0.5 else self.hand.empty_place()
            self.hand.drag(self.canvas.port_position(*target, "in"), to)

    def pull(self) -> None:
        wires = list(self.canvas.board.wires)
        if wires:
            at = self.canvas.wire_position(*self.random.choice(wires), self.random.choice([0.3, 0.7]))
            self.hand.drag(at, self.random.choice([self.port("in"), self.port("out")]) or at)

    def cancel(self) -> None:
        start = self.port(self.random.choice(["in", "out"]))
        if start:
            self.hand.drag(start, self.port("in") or start, drop=False)
            self.hand.key(Qt.Key.Key_Escape)
            self.hand.release(start)

    def move(self) -> None:
        cards = list(self.canvas.board.cards)
        if cards:
            at = self.canvas.node_center(self.random.choice(cards))
            self.hand.drag(at, at + QPoint(self.random.randint(-40, 40), self.random.randint(-40, 40)))

    def choose(self) -> str | None:
        cards = list(self.canvas.board.cards)
        key = self.random.choice(cards) if cards else None
        if key:
            self.hand.click(self.canvas.node_center(key))
            self.hand.key(Qt.Key.Key_Escape) if self.canvas.viewer.gesture.active else None
        return key

    def nudge(self) -> None:
        self.choose()
        self.hand.key(self.random.choice([Qt.Key.Key_Left, Qt.Key.Key_Down]))

    def delete(self) -> None:
        if len(self.canvas.board.cards) > 5:
            self.choose()
            self.hand.key(Qt.Key.Key_Delete)

    def undo(self) -> None:
        self.canvas.document.undo()

    def redo(self) -> None:
        self.canvas.document.redo()

    def add(self) -> None:
        if len(self.canvas.board.cards) < 16:
            place = QPointF(self.random.randint(-300, 900), self.random.randint(-200, 500))
            self.canvas.add_node(f"flodesk.nodes.{self.random.choice(TYPES)}", place)

    def loose(self) -> None:
        """Let a wire go over nothing and choose a type for it, as the quick add does."""
        asked: list[Any] = []
        keep = lambda _at, place, end: asked.append((place, end))  # noqa: E731 - disconnected below by identity
        self.canvas.quick_add_requested.connect(keep)
        start = self.port(self.random.choice(["in", "out"]))
        if start and len(self.canvas.board.cards) < 16:
            self.hand.drag(start, self.hand.empty_place())
        self.canvas.quick_add_requested.disconnect(keep)
        for place, end in asked:
            assert isinstance(end, OutputEnd | InputEnd)
            self.canvas.add_node(f"flodesk.nodes.{self.random.choice(TYPES)}", place, end)

    def rename(self) -> None:
        key = self.choose()
        if key:
            self.canvas.changes.rename(key, f"{key.rstrip('0123456789_')}_{self.random.randint(1, 99)}")

    # -------------------------------------------------------------- what only the picture has
    def frame(self) -> None:
        if len(self.canvas.board.frames()) < 4:
            self.choose() if self.random.random() < 0.5 else self.marquee()
            self.canvas.pieces.add_frame()
            QTest.keyClicks(self.canvas.pieces.field, "Some")
            QTest.keyClick(self.canvas.pieces.field, Qt.Key.Key_Return)

    def note(self) -> None:
        if len(self.canvas.board.pieces) < 7:
            self.canvas.pieces.add_note(QPointF(self.random.randint(-300, 900), self.random.randint(-200, 500)))
            QTest.keyClicks(self.canvas.pieces.field, "# Some *words*")
            QTest.keyClick(self.canvas.pieces.field, Qt.Key.Key_Escape)

    def piece(self) -> None:
        """Drag a note or a frame, by its title or by an edge."""
        pieces = list(self.canvas.board.pieces.values())
        if pieces:
            box = self.random.choice(pieces).box()
            grips = [(20.0, 14.0), (box.width() - 1, 60.0), (1.0, 40.0), (box.width() - 1, box.height() - 1)]
            at = self.canvas.viewer.mapFromScene(box.topLeft() + QPointF(*self.random.choice(grips)))
            drop = self.random.random() < 0.8
            to = at + QPoint(self.random.randint(-60, 60), self.random.randint(-60, 60))
            self.hand.drag(at, to, drop=drop)
            if not drop:
                self.hand.key(Qt.Key.Key_Escape)
                self.hand.release(to)

    def bend(self) -> None:
        wires = list(self.canvas.board.wires)
        if wires:
            self.hand.double_click(self.canvas.wire_position(*self.random.choice(wires), self.random.random()))
            self.hand.key(Qt.Key.Key_Escape)

    def point(self) -> None:
        points = [point for wire in self.canvas.board.bent() for point in wire.junctions]
        if points:
            at = self.canvas.viewer.mapFromScene(self.random.choice(points).pos())
            self.hand.drag(at, at + QPoint(self.random.randint(-60, 60), self.random.randint(-60, 60)))
            if self.random.random() < 0.3:
                self.hand.key(Qt.Key.Key_Delete)

    def labels(self) -> None:
        self.choose()
        self.canvas.routing.toggle_labels()

    def arrange(self) -> None:
        self.marquee()
        verb = self.random.choice(["left", "centre", "right", "top", "middle", "bottom", "across", "down", "tidy"])
        self.canvas.tidy() if verb == "tidy" else getattr(self.canvas.aligning, verb)()

    def pin(self) -> None:
        cards = list(self.canvas.board.cards)
        key = self.random.choice(cards) if cards else ""
        fields = [part.name for part in self.canvas.board.graph.nodes[key].fields if not part.wired] if key else []
        if fields:
            name = self.random.choice(fields)
            self.canvas.fields.pin(key, name, name not in self.canvas.board.graph.nodes[key].pins)

    def all(self) -> None:
        self.canvas.select_all()
        self.hand.key(Qt.Key.Key_Right)

    def marquee(self) -> None:
        self.hand.drag(self.hand.empty_place(), QPoint(self.random.randint(50, 1100), self.random.randint(50, 700)))

    # -------------------------------------------------------------- keys, strokes, text
    def slice(self) -> None:
        """Cut what a stroke crosses."""
        at = self.canvas.viewer.mapFromScene(self.canvas.scene_center()) + self.somewhere(300)
        self.hand.drag(at, at + self.somewhere(200), _ALT | _SHIFT)

    def somewhere(self, reach: int) -> QPoint:
        return QPoint(self.random.randint(-reach, reach), self.random.randint(-reach, reach))

    def drop(self) -> None:
        """Let a type go over a wire."""
        wires = list(self.canvas.board.wires.values())
        if wires and len(self.canvas.board.cards) < 16:
            self.canvas._dropped(f"flodesk.nodes.{self.random.choice(TYPES)}", self.random.choice(wires).middle())

    def by_keys(self) -> None:
        """Go along ports and wires, and choose what a list offers."""
        self.choose()
        self.hand.key(Qt.Key.Key_W)
        arrows = [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete]
        for _ in range(self.random.randint(1, 4)):
            self.hand.key(self.random.choice(arrows))
        self.hand.key(Qt.Key.Key_Return)
        listed = self.canvas.walk.list
        if listed is not None and listed.isVisible():
            for _ in range(200):
                QApplication.processEvents()
                if listed.list.model().rowCount():
                    break
            for _ in range(self.random.randint(0, 3)):
                QTest.keyClick(listed.field, Qt.Key.Key_Down)
            QTest.keyClick(listed.field, self.random.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
            QApplication.processEvents()
        self.hand.key(Qt.Key.Key_Escape)
        self.hand.key(Qt.Key.Key_Escape)

    def field(self) -> None:
        """Type a value into a field of a card."""
        self.choose()
        self.canvas.fields.edit_selected()
        opened = self.canvas.fields.editor
        line = getattr(getattr(opened, "editor", None), "line", None)
        if line is not None:
            line.selectAll()
            QTest.keyClicks(line, self.random.choice(["7", "0.25", "-3", "no number", "1e6"]))
            QTest.keyClick(line, self.random.choice([Qt.Key.Key_Return, Qt.Key.Key_Tab]))
            QApplication.processEvents()
        opened = self.canvas.fields.editor
        line = getattr(getattr(opened, "editor", None), "line", None)
        if line is not None:
            QTest.keyClick(line, Qt.Key.Key_Escape)
        QApplication.processEvents()

    def type(self) -> None:
        """Change a number in the script, or break its line and take that back."""
        editor = self.script.editor
        text = editor.toPlainText()
        places = [n for n in range(1, len(text)) if text[n].isdigit() and text[n - 1] in "=(" and "def " in text[:n]]
        if places:
            cursor = editor.textCursor()
            cursor.setPosition(self.random.choice(places))
            editor.setTextCursor(cursor)
            QTest.keyClicks(editor, self.random.choice(["1", "2", "("]))
            self.script.in_step.settle()
            if self.script.in_step.unread is not None:
                self.script.in_step.take_back()
            QApplication.processEvents()
            there = {wire.name for wire in self.canvas.board.wires.values()}
            self.typed |= not there.issuperset(routes(self.canvas.document.flow, self.canvas.function))

    def zoom(self) -> None:
        self.canvas.zoom_to(self.random.choice([0.15, 0.3, 0.5, 1.0]))

    # -------------------------------------------------------------- several nodes at once
    def chosen_text(self) -> str:
        self.marquee() if self.random.random() < 0.5 else self.choose()
        nodes, drawn = self.canvas.pieces.along()
        try:
            return wiring.copy(self.canvas.document.flow, self.canvas.board.graph, nodes, drawn)
        except (wiring.Refused, EditError):
            return ""

    def copy(self) -> None:
        self.pasted = self.chosen_text() or self.pasted

    def cut(self) -> None:
        text = self.chosen_text()
        if text and len(self.canvas.board.cards) > 5:
            self.pasted = text
            self.canvas.pieces.select_along()
            self.canvas.delete_selection()

    def paste(self) -> None:
        if self.pasted and len(self.canvas.board.cards) < 16:
            self.canvas.paste(self.pasted)

    def duplicate(self) -> None:
        text = self.chosen_text()
        if text and len(self.canvas.board.cards) < 16:
            self.canvas.paste(text)

    def subflow(self) -> None:
        self.marquee()
        document = self.canvas.document
        nodes, drawn = self.canvas.pieces.along()
        if len(document.flow.functions) < 6:
            try:
                document.do(wiring.make_subflow(document.flow, self.canvas.board.graph, nodes, drawn)[0])
            except (wiring.Refused, EditError):
                return

    def apart(self) -> None:
        functions = self.canvas.document.flow.functions
        calls = [key for key, node in self.canvas.board.graph.nodes.items() if node.type in functions]
        key = self.random.choice(calls) if calls else self.choose()
        if key:
            self.canvas.context.take_apart(key)

    def replace(self) -> None:
        """Put a node of another type in the place of one."""
        cards = list(self.canvas.board.cards)
        if cards:
            self.canvas.replacing.replace(
                self.random.choice(cards), f"flodesk.nodes.{self.random.choice([*TYPES, 'maths.subtract'])}"
            )

    def branch(self) -> None:
        """Put what is selected into an if or a loop."""
        self.marquee() if self.random.random() < 0.5 else self.choose()
        if len(self.canvas.board.cards) < 16:
            self.random.choice([self.canvas.branching.into_if, self.canvas.branching.into_loop])()

    def arm(self) -> None:
        """Give a switch another arm."""
        switches = [card for card in self.canvas.board.cards.values() if card.node.kind == "switch"]
        entries = self.canvas.branching.entries(self.random.choice(switches)) if switches else []
        if entries:
            _, _, add = self.random.choice(entries)
            add()

    def compare(self) -> None:
        """Show what is different from the flow as it was, or no more."""
        self.compares = not self.compares

    def show_difference(self) -> None:
        canvas, flow = self.canvas, self.canvas.document.flow
        if not self.compares:
            canvas.differences.show(None)
            return
        before = picture(self.old, canvas.catalog, canvas.function)
        places = self.old.header.canvas.get(canvas.function, {})
        found = compare(self.old, flow, canvas.catalog)
        canvas.differences.show(overlay(found, before, canvas.board.graph, places), before)
