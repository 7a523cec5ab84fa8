"""What can be done with the dead letters that are chosen: put back, drop and undo that, copy, export; its buttons."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from flodesk.engine.letters import Head, Letter
from flodesk.ui.dock import small_button
from flodesk.ui.flow_folder import begin
from flodesk.ui.letters.desk import Desk
from flodesk.ui.letters.letter_list import LetterList
from flodesk.ui.letters.pieces import Strip
from flodesk.ui.letters.words import number
from flodesk.ui.save_dialog import ask_where


class Deeds(QObject):
    """The verbs of the dock.

    `changed` tells that the store was written to, `put_back_wanted` gives numbers of letters, `said` a sentence and its
    level, `node_wanted` a letter whose node is to be shown.
    """

    changed = Signal()
    put_back_wanted = Signal(list)
    node_wanted = Signal(object)
    said = Signal(str, str)

    def __init__(self, list: LetterList, desk: Desk) -> None:
        super().__init__(list)
        self._list = list
        self._desk = desk
        self._dropped: deque[Sequence[int]] = deque()
        """What was dropped and can come back, the newest last."""
        self.paths: Sequence[str] = ("",)
        self.running = False
        self.known: Letter | None = None
        """The letter that is chosen, where all is known of it."""
        self.strip = Strip(self.undo)
        self.put_back_button = small_button("put_back", "Put back", self.put_back)
        self.drop_button = small_button("trash", "Drop", self.drop)
        self.copy_button = small_button("copy", "Copy", self.copy)
        self.more_button = small_button("more", "All letters, and a file of them", self._open_menu)
        list.dropped.connect(self.drop)
        list.copied.connect(self.copy)
        list.undone.connect(self.undo)
        list.entered_on.connect(self.show_node)
        list.doubleClicked.connect(self.show_node)
        list.customContextMenuRequested.connect(lambda at: self.menu().popup(list.viewport().mapToGlobal(at)))

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what stands in the dock's heading."""
        return self.put_back_button, self.drop_button, self.copy_button, self.more_button

    def menu(self) -> QMenu:
        """Return all of it as a menu."""
        menu = QMenu(self._list)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        some, every = self._list.chosen, self._list.heads
        for words, do, possible, why_not in (
            ("Put back", self.put_back, bool(some), self.why_not(some)),
            ("Put all back", self.put_all_back, bool(every), self.why_not(every)),
            ("", None, True, ""),
            ("Show the node", self.show_node, len(some) == 1, ""),
            ("Copy as text", self.copy, bool(some), ""),
            ("Export…", self.export, bool(every), ""),
            ("", None, True, ""),
            ("Drop", self.drop, bool(some), ""),
            ("Drop all", self.drop_all, bool(every), ""),
        ):
            if do is None:
                menu.addSeparator()
                continue
            action = menu.addAction(words)
            action.triggered.connect(_without_arguments(do))
            action.setEnabled(possible and not why_not)
            action.setToolTip(why_not)
        return menu

    def arrange(self) -> None:
        """Let the buttons say what can be done."""
        some = self._list.chosen
        why_not = self.why_not(some)
        self.put_back_button.setEnabled(bool(some) and not why_not)
        self.put_back_button.setToolTip(
            why_not or "Run the flow with what the chosen letters hold: what passes vanishes from the list"
        )
        self.drop_button.setEnabled(bool(some))
        self.drop_button.setToolTip("Drop the chosen letters (Del)")
        self.copy_button.setEnabled(bool(some))
        self.copy_button.setToolTip("Copy the chosen letters as text (Ctrl+C)")
        self.more_button.setEnabled(bool(self._list.heads))

    def why_not(self, heads: Sequence[Head]) -> str:
        """Say why these letters cannot be put back now; empty if they can."""
        if self.running:
            return "A run is on: letters are put back in a run of their own. Stop it first."
        if any(head.path not in self.paths for head in heads):
            return "They are of another flow: open that one to put them back."
        known = self.known
        if known is not None and [head.id for head in heads] == [known.id] and known.why_not:
            return f"It cannot be put back: {known.why_not}"
        return ""

    # -------------------------------------------------------------- the verbs
    def put_back(self) -> None:
        """Run the flow with the letters that are chosen."""
        self._put(self._list.chosen)

    def put_all_back(self) -> None:
        """Run the flow with all letters that are listed."""
        self._put(self._list.heads)

    def _put(self, heads: Sequence[Head]) -> None:
        if not heads:
            return
        if why := self.why_not(heads):
            self.said.emit(why, "warning")
            return
        self.strip.hide()
        self.put_back_wanted.emit(sorted(head.id for head in heads))

    def drop(self) -> None:
        """Drop the letters that are chosen; that can be undone."""
        self._drop(self._list.chosen)

    def drop_all(self) -> None:
        """Drop all letters that are listed; that can be undone."""
        self._drop(list(self._list.heads))

    def _drop(self, heads: Sequence[Head]) -> None:
        if not heads:
            return
        ids = {head.id for head in heads}
        self._dropped.append(sorted(ids))
        self._desk.hide(self._dropped[-1], hidden=True)
        self._say_dropped()
        row = self._list.rows.row_of(heads[0].id)
        left = [head for head in self._list.heads if head.id not in ids]
        self._list.show_heads(left)
        if left:
            self._list.choose(min(row, len(left) - 1))
        self._list.setFocus()
        self.changed.emit()

    def undo(self) -> None:
        """Let come back what was dropped last."""
        if not self._dropped:
            return
        self._desk.hide(self._dropped.pop(), hidden=False)
        self._say_dropped()
        self._list.setFocus()
        self.changed.emit()

    def _say_dropped(self) -> None:
        if self._dropped:
            self.strip.say(f"{number(len(self._dropped[-1]))} dropped.")
        else:
            self.strip.hide()

    def copy(self) -> None:
        """Copy the letters that are chosen as text."""
        if ids := [head.id for head in self._list.chosen]:
            self._desk.copy(ids)

    def export(self) -> None:
        """Write the letters that are chosen, if they are several, or else all that are listed, into a file."""
        chosen = self._list.chosen
        ids = [head.id for head in (chosen if len(chosen) > 1 else self._list.heads)]
        window = self._list.window()
        proposal = begin(window, "dead letters.json")
        file = ask_where(window, "Export dead letters", proposal, "JSON (*.json);;Text (*.txt)")
        if file is not None and ids:
            self._desk.export(ids, file)

    def show_node(self) -> None:
        """Show the node that failed."""
        if (head := self._list.current) is not None:
            self.node_wanted.emit(head)

    def _open_menu(self) -> None:
        self.menu().popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))


def _without_arguments(do: Callable[[], None]) -> Callable[..., None]:
    return lambda *_: do()
