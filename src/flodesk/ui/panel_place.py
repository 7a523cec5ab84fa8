"""Where the control panel is: below the canvas or beside it, with a share of the room; an empty one is a slim strip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter

from flodesk.ui.panel import ControlPanel

CANVAS = 0.42
"""Least share of the room that the canvas gets at first beside a panel that shows something."""
LOW = 260
"""Height in pixels that the canvas gets at first before it shares a low window evenly with the panel."""
SHORT = 500
"""Height in pixels of a room in which a share that a hand has given still leaves the uppermost views whole."""
SLIM, NARROW = 84, 248
"""Height and width in pixels of a panel that shows nothing yet but what to do about that."""
_NAMES = {False: "below", True: "beside"}


class PanelPlace(QObject):
    """Shares the room of `split` between what is in it: the canvas, and then the panel.

    `drawn` tells that a hand has moved the edge between them, once it lets go.

    Attributes
    ----------
    split : QSplitter
        What holds them.
    """

    drawn = Signal()

    def __init__(self, split: QSplitter, panel: ControlPanel) -> None:
        super().__init__(split)
        self.split, self._panel = split, panel
        self._drawn: dict[bool, float] = {}
        """The share of the canvas that a hand has given it, beside the panel and above it."""
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.lay)
        self._told = QTimer(self, singleShot=True, interval=200)
        self._told.timeout.connect(self.drawn)
        panel.board.hint_changed.connect(self.lay)
        panel.board.rows_changed.connect(self._later.start)
        panel.editing_changed.connect(lambda _: self._later.start())
        panel.pages.changed.connect(self._later.start)
        split.splitterMoved.connect(lambda *_: self._note())
        self._empty = True
        split.installEventFilter(self)

    # -------------------------------------------------------------- verbs and what they have done
    def toggle(self) -> None:
        """Show or hide the panel."""
        self._panel.setVisible(self._panel.isHidden())

    def show_view(self, function: str, view: str) -> None:
        """Show the panel, and of its pages the one that a view stands on."""
        self._panel.setVisible(True)
        self._panel.pages.turn_to_view(function, view)

    def toggle_side(self) -> None:
        """Put the panel beside the canvas, or below it."""
        self.put(beside=not self.beside)

    @property
    def shown(self) -> bool:
        """Whether the panel is shown."""
        return not self._panel.isHidden()

    @property
    def beside(self) -> bool:
        """Whether the panel is beside the canvas."""
        return self.split.orientation() == Qt.Orientation.Horizontal

    def put(self, *, beside: bool) -> None:
        """Put the panel beside the canvas, or below it."""
        self.split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        self.lay()

    def reset(self) -> None:
        """Show the panel below the canvas, with its first share."""
        self._drawn.clear()
        self._panel.show()
        self.put(beside=False)

    def lay(self) -> None:
        """Share the room."""
        self._later.stop()
        beside = self.beside
        whole = max(self.split.width() if beside else self.split.height(), 100)
        self._empty = self._panel.board.empty and not self._panel.editing and not self._panel.pages.tabbed
        if self._empty:
            canvas = whole - min(NARROW if beside else SLIM, whole // 2)
        elif beside in self._drawn:
            canvas = round(whole * self._drawn[beside])
            if not beside and whole < SHORT:  # it was drawn in a higher window: no view is to be nothing but a title
                canvas = min(canvas, whole - min(self._needed(self._panel.board.first_row()), whole // 2))
        else:
            canvas = round(whole * CANVAS)
            if not beside:
                needed = self._needed(self._longest())
                canvas = max(canvas, min(LOW, whole // 2), whole - needed)
        self.split.setSizes([canvas, whole - canvas])

    def _longest(self) -> int:
        """Return the height that the views need on the longest page: a turn of the page moves nothing."""
        board = self._panel.board
        return max(board.sizeHint().height(), board.metrics().size(self._panel.pages.rows())[1])

    def _needed(self, views: int) -> int:
        """Return the height of a panel whose views need so much."""
        tabs = self._panel.page_row.sizeHint().height() if self._panel.pages.tabbed else 0
        return max(views + self._panel.bar.sizeHint().height() + tabs + self.split.handleWidth(), SLIM)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the room anew when there is more or less of it: Qt would let a slim strip shrink in proportion."""
        if event.type() == QEvent.Type.Resize:
            self._later.start()
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        sizes = self.split.sizes()
        if not self._empty and all(size > 0 for size in sizes):
            self._drawn[self.beside] = sizes[0] / sum(sizes)
            self._told.start()

    def close(self) -> None:
        """Share nothing more: a timer that is still to fire would keep the window from going."""
        self._later.stop()
        self._told.stop()

    # -------------------------------------------------------------- what is stored
    def stored(self) -> dict[str, object]:
        """Return what is to be remembered."""
        shares = {_NAMES[beside]: share for beside, share in self._drawn.items()}
        return {"beside": self.beside, "shown": self.shown, "shares": shares}

    def restore(self, stored: object) -> None:
        """Put the panel where it was; what is not stored stays as it is."""
        if not isinstance(stored, dict):
            return
        shares = stored.get("shares")
        for beside, name in _NAMES.items():
            share = shares.get(name) if isinstance(shares, dict) else None
            if isinstance(share, float) and 0 < share < 1:
                self._drawn[beside] = share
        self._panel.setVisible(stored.get("shown", self.shown) is not False)
        self.put(beside=stored.get("beside", self.beside) is True)


__all__ = ["PanelPlace"]
