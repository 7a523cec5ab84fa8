"""A page of the panel in a window of its own, on a second monitor for example."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMoveEvent,
    QResizeEvent,
    QShowEvent,
    Qt,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from flodesk.ui.commands import command
from flodesk.ui.commands.keymap import keymap
from flodesk.ui.let_go import LetGo
from flodesk.ui.on_screen import beside, fitted
from flodesk.ui.panel import ControlPanel
from flodesk.ui.screens.own_places import OwnPlace

FIRST = (820, 600)
"""Width and height in pixels of a window that is opened for the first time."""
LEAST = (320, 200)
_TOLD = 8000
"""Milliseconds for which a sentence is shown."""


class OwnWindow(QMainWindow):
    """Shows a panel of one page. It belongs to the window `owner`, whose flow it shows, and goes with it.

    Parameters
    ----------
    actions : sequence of QAction
        Commands of the owner whose keys are wanted here, too.
    full : sequence of str
        Keys for the whole screen, beside those of the command.
    """

    left = Signal()
    """A hand has closed it."""
    placed = Signal()
    """It is somewhere else now, or larger, or fills the screen."""

    def __init__(
        self, owner: QWidget, panel: ControlPanel, actions: Sequence[QAction], full: Sequence[str] = ()
    ) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.panel = panel
        self._owner = owner
        self.setObjectName("page_window")
        self.setMinimumSize(*LEAST)
        self.setCentralWidget(panel)
        LetGo(self)
        self.addActions(actions)
        self._full = QAction("The whole screen", self)
        keys = dict.fromkeys((*keymap.keys_of(command("panel.full_screen")), *full))
        self._full.setShortcuts([QKeySequence(key) for key in keys])
        self._full.triggered.connect(self.toggle_full)
        self.addAction(self._full)
        self.statusBar().hide()
        self._told = QTimer(self, singleShot=True, interval=_TOLD)
        self._told.timeout.connect(self.statusBar().hide)
        self._moved = QTimer(self, singleShot=True, interval=300)
        self._moved.timeout.connect(self.placed)
        self._box = self.geometry()
        """Where it is, or was before it filled the screen."""
        self._fills = False
        self._large = False
        """Whether it is maximised, or was before it filled the screen."""
        panel.refused.connect(self.say)
        panel.page_row.tabs.offers.append(lambda menu, _: menu.addAction(self._full))
        panel.bar.leave_wanted.connect(self.leave_full)

    @property
    def page(self) -> str:
        """The page that it shows."""
        return self.panel.pages.shown

    def call(self, file: str) -> None:
        """Have a title that says what is shown, and of which flow."""
        self.setWindowTitle(f"{self.panel.pages.title(self.page)} — {file} — flodesk")
        self.panel.bar.call(self.panel.pages.title(self.page))

    def say(self, sentence: str) -> None:
        """Show a sentence for a while: the hand is here, and not at the window of the flow."""
        self.statusBar().showMessage(sentence)
        self.statusBar().show()
        self._told.start()

    # -------------------------------------------------------------- where it is
    def place(self) -> OwnPlace:
        """Return where it is."""
        box = self._box
        return OwnPlace((box.x(), box.y(), box.width(), box.height()), True, self.isFullScreen(), self._large)

    def put(self, place: OwnPlace | None) -> None:
        """Show it where it was, or where there is room: on another screen than its owner, if there is one."""
        box = self._room(place)
        self.setGeometry(box)
        self._box = box
        self._large = place is not None and place.large
        if place is not None and place.full:
            self.toggle_full()
        elif self._large:
            self.showMaximized()
        else:
            self.show()
        self.setFocus()  # and no button has it

    def _room(self, place: OwnPlace | None) -> QRect:
        owner = self._owner
        if place is not None:
            screen = QGuiApplication.screenAt(place.box.center()) or owner.screen()
            return fitted(place.box.topLeft(), place.box.size(), screen.availableGeometry(), self.minimumSize())
        self.resize(*FIRST)
        others = [screen for screen in QGuiApplication.screens() if screen is not owner.screen()]
        if not others:
            room = owner.screen().availableGeometry()
            return beside(owner.geometry().topLeft(), self.size(), room, self.minimumSize())
        room = others[0].availableGeometry()
        box = QRect(room.topLeft(), self.size().boundedTo(room.size()))
        box.moveCenter(room.center())
        return box

    def toggle_full(self) -> None:
        """Fill the screen, or be a window again."""
        if self.isFullScreen():
            self.leave_full()
        else:
            self._fills = True
            self.setGeometry(self.screen().geometry())  # no window manager may do so; once it is full, Qt takes it back
            self.showFullScreen()
            self.panel.bar.show_full(True)
            self.placed.emit()

    def leave_full(self) -> None:
        """Be a window again."""
        if self.isFullScreen():
            box = self._box
            large = self._large
            self.showNormal()
            self.setGeometry(box)  # also where it is maximised: there it goes when it is not any more
            if large:
                self.showMaximized()
            self.panel.bar.show_full(False)
            self.placed.emit()

    # -------------------------------------------------------------- Qt's events
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the whole screen."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.leave_full()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Be free to stand behind the window of the flow, and on another screen when that is minimised."""
        super().showEvent(event)
        if (handle := self.windowHandle()) is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type]  # no parent is what is meant

    def moveEvent(self, event: QMoveEvent) -> None:
        """Remember the place, a moment later."""
        super().moveEvent(event)
        self._note()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Remember the size, a moment later."""
        super().resizeEvent(event)
        self._note()

    def _note(self) -> None:
        plain = not (self._fills or self.isFullScreen() or self.isMaximized() or self.isMinimized())
        if self.isVisible() and plain and self.geometry() != self._box:
            self._box = self.geometry()
            self._moved.start()

    def changeEvent(self, event: QEvent) -> None:
        """Follow what a window manager does about the whole screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._fills = self.isFullScreen()
            self.panel.bar.show_full(self._fills)
            if not (self._fills or self.isMinimized()) and self._large != self.isMaximized():
                self._large = self.isMaximized()
                self._moved.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that a hand wants it no more."""
        super().closeEvent(event)
        self._moved.stop()
        self.left.emit()
