"""What is dropped on the panel: shows where it would lie and what fits, and asks which form it is to have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QWidget

from flodesk.flow.groups import Member, boxes, joined_at, packed, settled
from flodesk.ui.menus import Entry, pop_up
from flodesk.ui.panel.fits import Choice, Fits, Fitting
from flodesk.ui.panel.ghost import Ghost
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.layout.grid import Cells
from flodesk.ui.panel.showing import Spot
from flodesk.ui.panel.views import Views
from flodesk.ui.soon import soon
from flodesk.ui.subject import Subject, carried

_EDGE, _STEP, _PACE = 28, 16, 40
"""Pixels from an edge within which a drag scrolls the panel, pixels a step, and milliseconds between two steps."""
_RELEASE = 2000
"""Milliseconds after a drop in which the mouse is released at the latest."""
_REFUSAL = (6, 2)
"""Columns and rows that the words take why something cannot be shown."""


class Dropping(QObject):
    """Follows what is dragged over a board, and shows on the panel what is let go there.

    It hears Qt's drags itself; a gesture of the canvas, which is none, tells it by `follow`, `leave` and `drop`.

    Attributes
    ----------
    menu : QMenu, optional
        The one that asks for the form, while it is open.
    """

    asked = Signal()
    """Something was let go, and the menu is open; or it is on the panel already, as there was nothing to ask."""

    def __init__(self, board: Board, views: Views, fitting: Fitting) -> None:
        super().__init__(board)
        self._board = board
        self._program = QApplication.instance() or board
        self._views = views
        self.fitting = fitting
        self.ghost = Ghost(board)
        self.menu: QMenu | None = None
        self._fits: tuple[Subject, Fits] | None = None
        """What fits the subject that is dragged: found once a drag."""
        self._before: Mapping[str, Cells] | None = None
        """Where the cards were before the drag pushed them away."""
        self._at = QPoint()
        self._let_go: Callable[[], None] | None = None
        """Takes what was dropped, as soon as the mouse is free."""
        self._scroll = QTimer(self, interval=_PACE)
        self._scroll.timeout.connect(self._scroll_on)
        board.drops = self
        board.installEventFilter(self)

    # -------------------------------------------------------------- the drag
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow a drag of Qt's."""
        kind = event.type()
        if watched is not self._board:
            if kind == QEvent.Type.MouseButtonRelease and self._let_go is not None:
                soon(self, self._released)
            return False
        if kind == QEvent.Type.DragLeave:
            self.leave()
        elif isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            subjects = carried(event.mimeData())
            if not subjects:
                event.ignore()
                return True
            at = event.position().toPoint()
            if kind == QEvent.Type.Drop:
                event.acceptProposedAction()
                self._let_go = partial(self.drop, subjects, at)
                if event.source() is None:
                    soon(self, self._released)
                else:  # Qt sends the release when the drag is over: an open menu would take it for a click
                    self._program.installEventFilter(self)
                    soon(self, self._released, _RELEASE)
            elif self.follow(subjects, at):
                event.acceptProposedAction()
            else:
                # entered, so that the words why not follow the hand
                event.setAccepted(kind == QEvent.Type.DragEnter)
            return True
        return False

    def _released(self) -> None:
        """Take what was dropped, now that the mouse is free."""
        self._program.removeEventFilter(self)
        let_go, self._let_go = self._let_go, None
        if let_go is not None:
            let_go()

    def follow(self, subjects: Sequence[Subject], at: QPoint) -> bool:
        """Show where the subjects would lie, at a point of the board; return whether they can."""
        self._close_menu()
        if not subjects:
            return False
        self._at = at
        if not self._scroll.isActive():
            self._scroll.start()
        fits = self._fits_of(subjects[0])
        if fits.best is None:
            self._lie(at, _REFUSAL)
            self.ghost.say(fits.name, fits.refusal, refuses=True)
            return False
        self._lie(at, fits.best.size)
        more = f"and {len(subjects) - 1} more" if len(subjects) > 1 else _more(fits)
        self.ghost.say(fits.name, fits.words or fits.best.title, "" if fits.words else more)
        return True

    def leave(self) -> None:
        """Forget the drag, and put back what was pushed away."""
        self._scroll.stop()
        self._fits = None
        self.ghost.hide()
        before, self._before = self._before, None
        if before is not None:
            if before.keys() == self._board.cards.keys():
                self._board.preview(before)
            else:
                self._views.stale.emit()

    def drop(self, subjects: Sequence[Subject], at: QPoint) -> None:
        """Show what was let go at a point of the board: at once where there is one way, else a menu asks."""
        can = self.follow(subjects, at)
        self._scroll.stop()
        fits = self._fits_of(subjects[0]) if subjects else Fits("")
        if not can:
            self.leave()
            self._views.refused.emit(fits.refusal)
            return
        spot = Spot(self._board.metrics().cell_at(at.x(), at.y()), self._views.page, self._board.shown_tabs())
        if len(subjects) > 1:
            found = [self.fitting.of(subject).best for subject in subjects]
            self._take([choice for choice in found if choice is not None], spot)
        elif fits.count == 1 and fits.best is not None and not fits.words:
            self._take([fits.best], spot)
        else:
            self._ask(fits, spot, self._board.mapToGlobal(at))
        self.asked.emit()

    def at(self, on_screen: QPoint) -> QPoint:
        """Return a point of the screen as one of the board."""
        return self._board.mapFromGlobal(on_screen)

    # -------------------------------------------------------------- without a drag
    def entries(self, subject: Subject) -> list[Entry]:
        """Return the entries of a menu that shows a subject in the first place that is free."""
        fits = self.fitting.of(subject)
        return _entries(fits, lambda choice: self._take([choice], Spot(page=self._views.page)))

    def ask(self, subject: Subject, parent: QWidget, on_screen: QPoint) -> None:
        """Ask in which form a subject is to be shown, in the first place that is free."""
        fits = self.fitting.of(subject)
        if fits.best is None:
            self._views.refused.emit(fits.refusal)
            return
        title = fits.words or f"Show {fits.name} on the panel as"
        self.menu = pop_up(parent, on_screen, self.entries(subject), title)
        self.asked.emit()

    # -------------------------------------------------------------- inner
    def _fits_of(self, subject: Subject) -> Fits:
        if self._fits is None or self._fits[0] != subject:
            self._fits = subject, self.fitting.of(subject)
        return self._fits[1]

    def _lie(self, at: QPoint, size: tuple[int, int]) -> None:
        """Put the ghost where a view of some columns and rows would lie, and the cards out of its way."""
        board = self._board
        if self._before is None:
            self._before = board.places()
        known = board.members()
        members = {key: known.get(key, Member()) for key in self._before}  # a card may have gone meanwhile
        cells = packed(Cells(*board.metrics().cell_at(at.x(), at.y()), *size).on_grid(), self._before, members)
        member = joined_at(cells, boxes(self._before, members), board.shown_tabs())
        places = settled({**self._before, "": cells}, {**members, "": member}, [""])
        board.preview(places, {"": member})
        cells = places[""]
        self.ghost.setGeometry(QRect(*board.metrics().rectangle(cells)))
        self.ghost.show()
        self.ghost.raise_()

    def _scroll_on(self) -> None:
        """Scroll on while the hand is at the upper or lower edge of what is seen."""
        area = self._board.parentWidget()
        scroll = area.parentWidget() if area is not None else None
        if area is None or not isinstance(scroll, QScrollArea) or not self.ghost.isVisible():
            self._scroll.stop()
            return
        y = self._board.mapTo(area, self._at).y()
        lowest = max((cells.bottom for cells in (self._before or {}).values()), default=0)
        below = self._board.metrics().cell_at(0, self._at.y())[1] < lowest
        step = -_STEP if y < _EDGE else _STEP if y > area.height() - _EDGE and below else 0
        bar = scroll.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + step)
        if bar.value() != before:
            self._at += QPoint(0, bar.value() - before)
            if self._fits is not None:
                self.follow((self._fits[0],), self._at)

    def _ask(self, fits: Fits, spot: Spot, on_screen: QPoint) -> None:
        taken: list[Choice] = []

        def take(choice: Choice) -> None:
            taken.append(choice)

        menu = self.menu = pop_up(self._board, on_screen, _entries(fits, take), fits.words, under=True)
        by_title = {choice.title: choice for shelf in fits.shelves for choice in shelf.choices}
        menu.hovered.connect(lambda action: self._try_on(by_title.get(action.text()), fits.name))
        menu.aboutToHide.connect(lambda: soon(self, partial(self._answered, menu, taken, spot)))

    def _try_on(self, choice: Choice | None, name: str) -> None:
        """Show how much room a form would take while its entry is lit."""
        if choice is not None and self.menu is not None and self._before is not None:
            self._lie(self._at, choice.size)
            self.ghost.say(name, choice.title)

    def _answered(self, menu: QMenu, taken: list[Choice], spot: Spot) -> None:
        if self.menu is not menu:
            return
        self.menu = None
        if taken:
            self._take(taken, spot)
        else:
            self.leave()

    def _take(self, choices: Sequence[Choice], spot: Spot) -> None:
        self._before = None  # what is shown anew stands where the flow says
        self.leave()
        self._views.show(choices, spot)

    def _close_menu(self) -> None:
        menu, self.menu = self.menu, None
        if menu is not None:
            menu.close()


def board_at(on_screen: QPoint, home: QWidget) -> Dropping | None:
    """Return what takes a drop at a point of the screen, in whichever window; None where there is no panel.

    Where the system does not tell what is there (beyond the edge of a screen), the window `home` is asked.
    """
    widget = QApplication.widgetAt(on_screen) or home.childAt(home.mapFromGlobal(on_screen))
    while widget is not None:
        if isinstance(widget, Board):
            return widget.drops if isinstance(widget.drops, Dropping) else None
        if isinstance(widget, QScrollArea) and isinstance(board := widget.widget(), Board):
            return board.drops if isinstance(board.drops, Dropping) else None
        widget = widget.parentWidget()
    return None


def _entries(fits: Fits, take: Callable[[Choice], object]) -> list[Entry]:
    """Return the choices as a menu: those that stand in it, below their heading, then a menu for each other heading."""
    entries: list[Entry] = []
    for shelf in fits.shelves:
        listed: list[Entry] = [(choice.title, "", partial(take, choice)) for choice in shelf.choices]
        if shelf.title and shelf.open:
            entries.append((shelf.title, "", ()))
        entries += [(shelf.title, "", listed)] if shelf.title and not shelf.open else listed
    return entries


def _more(fits: Fits) -> str:
    others = [choice.title for shelf in fits.shelves for choice in shelf.choices][1:]
    return f"or {', '.join(others[:3])}{' …' if len(others) > 3 else ''}" if others else ""


__all__ = ["Dropping", "board_at"]
