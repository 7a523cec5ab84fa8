"""The dock of the dead letters: turns that failed and were kept; a list, and beside it the one that is chosen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QByteArray, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from flodesk.engine.events import Rejected
from flodesk.engine.letters import Head
from flodesk.ui.focus import keep_keys
from flodesk.ui.letters.deeds import Deeds
from flodesk.ui.letters.desk import LAST, Desk, View
from flodesk.ui.letters.letter_list import LetterList
from flodesk.ui.letters.pieces import Nothing, footing
from flodesk.ui.letters.rows import FLOW
from flodesk.ui.letters.words import number, page
from flodesk.ui.settings import settings
from flodesk.ui.theme import current

LOOK_MS = 250
"""How long after something has happened the store is read anew: many turns may fail at once."""
_FILTERS = ("This flow", "All flows")


class DeadLetters(QWidget):
    """Shows the dead letters. The store is read and written in another thread.

    Signals: `counted` with how many letters there are of the flow that is open; `node_clicked` with ``function.node``,
    `line_clicked` with that and the text of the line; `flow_wanted` with a path; `put_back_wanted` with numbers of
    letters; `reject_wanted` where failed turns of the flow are to be kept from now on; `said` with a sentence and its
    level.
    """

    counted = Signal(int)
    node_clicked = Signal(str)
    line_clicked = Signal(str, str)
    flow_wanted = Signal(str)
    put_back_wanted = Signal(list)
    reject_wanted = Signal()
    said = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.view = View()
        self.desk = Desk()
        self.desk.setParent(self)
        self.list = LetterList()
        self.deeds = Deeds(self.list, self.desk)
        self.paths: tuple[str, ...] = ("",)
        self._mode = "stop"
        self._put: list[int] = []
        self._later = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._later.timeout.connect(self.look)
        self._make_parts()
        self.desk.looked.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self.desk.said.connect(self.said, Qt.ConnectionType.QueuedConnection)
        self.desk.copied.connect(self._to_clipboard, Qt.ConnectionType.QueuedConnection)
        self.deeds.said.connect(self.said)
        self.deeds.changed.connect(self.look)
        self.deeds.put_back_wanted.connect(self._put_back)
        self.deeds.node_wanted.connect(self._go_to)
        self.list.chosen_changed.connect(self._chosen)
        current.changed.connect(self._retint)
        self._arrange()

    def _make_parts(self) -> None:
        self.page = QTextBrowser()
        keep_keys(self.page)
        self.page.setOpenLinks(False)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setAccessibleName("The dead letter that is chosen")
        self.page.setPlaceholderText("Choose a letter to see what failed, and with which values.")
        self.page.anchorClicked.connect(self._follow_link)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.addWidget(self.list)
        self.parts.addWidget(self.page)
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 2)
        self.parts.setChildrenCollapsible(False)
        self.foot = QLabel()
        self.foot.setProperty("role", "muted")
        self.foot.setContentsMargins(4, 2, 4, 0)
        self.nothing = Nothing(self.reject_wanted.emit)
        self.which = QComboBox(self)
        self.which.hide()  # until it stands in the dock's heading
        self.which.addItems(list(_FILTERS))
        self.which.setAccessibleName("Which letters are shown")
        self.which.setToolTip("The letters of the flow that is open, or of all flows")
        self.which.currentIndexChanged.connect(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 6)
        column.setSpacing(4)
        column.addWidget(self.deeds.strip)
        column.addWidget(self.parts, 1)
        column.addWidget(self.foot)
        column.addWidget(self.nothing, 1)

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what stands in the dock's heading."""
        self.which.show()
        return self.which, *self.deeds.buttons()

    # -------------------------------------------------------------- what happens elsewhere
    def of_flow(self, paths: Sequence[str], mode: str) -> None:
        """Take note of the flow that is open: the names of its file, and what its loops do after an error."""
        changed = tuple(paths) != self.paths
        self.paths, self._mode = tuple(paths), mode
        self.deeds.paths = self.paths
        if changed:
            self._later.start(0)
        self._arrange()

    def take(self, event: Rejected) -> None:
        """Show a turn that was rejected just now; what else there is to know of it is read soon."""
        if event.host:
            return  # it is in the store of another machine, which the message about it says
        error = f"{event.failure.type}: {event.failure.message}"
        function = event.loop.partition(".")[0]
        who = (function, event.loop, event.failure.node)
        new = self.list.rows.row_of(event.letter) < 0
        head = Head(event.letter, time.time(), event.run, self.paths[0], *who, event.iteration, 1, error)
        self.list.rows.put(head)
        if new:
            self._count(self.view.here + 1)
        if not self._later.isActive():
            self._later.start(LOOK_MS)
        self._arrange()

    def run_changed(self, active: bool) -> None:
        """Take note of whether a run is on: letters are put back in a run of their own."""
        self.deeds.running = active
        self._arrange()

    def run_ended(self) -> None:
        """Say what became of the letters that were put back, and read what is left."""
        put, self._put = self._put, []
        if put:
            self.desk.left(put, lambda left: _passed(len(put), left))
        if put or self._later.isActive() or self.isVisible():
            self._later.start(0)

    # -------------------------------------------------------------- reading
    def look(self) -> None:
        """Read the store anew."""
        self._later.stop()
        chosen = self.list.chosen
        self.desk.look(self.paths, self.which.currentIndex() == 1, chosen[0].id if len(chosen) == 1 else 0)

    def _show(self, view: View) -> None:
        before = self.view.chosen
        if view.error:
            view = replace(self.view, error=view.error)
        else:
            read = {head.id for head in view.heads}
            late = [head for head in self.list.heads if head.id not in read and head.time > view.read]
            view = replace(view, heads=[*late, *view.heads], here=view.here + len(late))
            self.list.show_heads(view.heads)
        self._take_view(view)
        if view.chosen != before:
            self._show_letter()
        self.counted.emit(view.here)
        self._arrange()
        chosen = self.list.chosen
        if len(chosen) == 1 and (view.chosen is None or view.chosen.id != chosen[0].id) and not view.error:
            self._later.start(0)  # another was chosen meanwhile

    def _take_view(self, view: View) -> None:
        self.view = view
        self.deeds.known = view.chosen

    def _count(self, here: int) -> None:
        self._take_view(replace(self.view, here=here))
        self.counted.emit(here)

    def _show_letter(self) -> None:
        letter = self.view.chosen
        self.page.setHtml(page(letter, self.view.source, letter.path in self.paths) if letter is not None else "")

    def _arrange(self) -> None:
        """Show what there is to show, and what can be done with it."""
        there, every = bool(self.list.heads), self.which.currentIndex() == 1
        self.parts.setVisible(there)
        self.list.setColumnHidden(FLOW, not every)
        self.nothing.setVisible(not there or bool(self.view.error))
        self.nothing.explain(self.view.error, self._mode, every)
        self.foot.setText(footing(self.view, len(self.list.heads)))
        self.foot.setVisible(there and bool(self.foot.text()))
        self.deeds.arrange()

    # -------------------------------------------------------------- what a hand does
    def _chosen(self) -> None:
        if len(self.list.chosen) == 1:
            self.look()
        elif self.view.chosen is not None:
            self._take_view(replace(self.view, chosen=None))
            self._show_letter()
        self._arrange()

    def _put_back(self, ids: list[int]) -> None:
        self._put = ids
        self.put_back_wanted.emit(ids)

    def _go_to(self, head: Head) -> None:
        if head.path in self.paths:
            self.node_clicked.emit(head.node)
        else:
            self.flow_wanted.emit(head.path)

    def _follow_link(self, url: QUrl) -> None:
        kind, _, what = url.toString(QUrl.ComponentFormattingOption.FullyDecoded).partition(":")
        letter = self.view.chosen
        if kind == "node":
            self.node_clicked.emit(what)
        elif kind == "flow":
            self.flow_wanted.emit(what)
        elif kind == "line" and letter is not None:
            self.line_clicked.emit(what, letter.failure.code.strip())

    def _to_clipboard(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    def _retint(self) -> None:
        self.list.viewport().update()
        self._show_letter()

    # -------------------------------------------------------------- Qt's events, and what is remembered
    def showEvent(self, event: QShowEvent) -> None:
        """Read what has happened since it was last in sight."""
        super().showEvent(event)
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the offer away to undo: it is long ago when it is seen again."""
        super().hideEvent(event)
        self.deeds.strip.hide()

    def remember(self) -> None:
        """Remember the sizes, and finish what is being done: the window is being closed."""
        store = settings()
        store.setValue("letters/parts", self.parts.saveState())
        store.setValue("letters/columns", self.list.header().saveState())
        self._later.stop()
        self.desk.close()

    def restore(self) -> None:
        """Take the sizes that were there when the window was closed."""
        store = settings()
        parts, columns = store.value("letters/parts"), store.value("letters/columns")
        if isinstance(parts, QByteArray):
            self.parts.restoreState(parts)
        if isinstance(columns, QByteArray):
            self.list.header().restoreState(columns)
        self._arrange()


def _passed(put: int, left: int) -> str:
    if not left:
        return f"{number(put)} put back: {'it' if put == 1 else 'all of them'} passed."
    if put == 1:
        return "The letter that was put back failed again: it stays in the list."
    return f"{put - left:,} of {number(put)} passed; {left:,} stay{'s' if left == 1 else ''} in the list."


__all__ = ["LAST", "DeadLetters"]
