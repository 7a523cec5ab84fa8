"""The control panel: the views that the flow's header lists, bound to the literals and values of the flow.

A hand turns a control → `Hand` → the engine, and `SetParameter` → document → the controls show what the flow says.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from flodesk.engine.client import NodeState, Sample
from flodesk.engine.ids import whole
from flodesk.engine.preview import Preview
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import SetParameter, panel_functions
from flodesk.flow.graph import Graph, picture
from flodesk.flow.groups import Member
from flodesk.flow.model import Flow, View
from flodesk.ui.earlier import Earlier
from flodesk.ui.panel.arrange_menu import ArrangeMenu
from flodesk.ui.panel.arranging import Arranging
from flodesk.ui.panel.aside import Aside, dropped
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.bar import Bar
from flodesk.ui.panel.card import Card
from flodesk.ui.panel.coming import Coming
from flodesk.ui.panel.dropping import Dropping
from flodesk.ui.panel.fits import Fitting
from flodesk.ui.panel.frozen import freeze_all
from flodesk.ui.panel.hand import Hand
from flodesk.ui.panel.hint import say_hint
from flodesk.ui.panel.instead import Instead
from flodesk.ui.panel.last_tabs import LastTabs
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.layout.grid import Cells
from flodesk.ui.panel.new_view import offer_parts
from flodesk.ui.panel.page_row import PageRow
from flodesk.ui.panel.pages import Pages
from flodesk.ui.panel.past import Past
from flodesk.ui.panel.presets import Presets
from flodesk.ui.panel.pulse import Pulses
from flodesk.ui.panel.setting import Reading, Setting, after, shown
from flodesk.ui.panel.touch import TOUCH
from flodesk.ui.panel.touched import Touched
from flodesk.ui.panel.views import Views
from flodesk.ui.soon import soon
from flodesk.ui.theme import current


class ControlPanel(QWidget):
    """Controls and indicators of all main functions of the open flow, on one grid.

    Parameters
    ----------
    document : Document
        The open flow: the panel follows it, and its controls edit it.
    catalog : Catalog
        The node types, which say what is a control and within which limits.
    page : str, optional
        The one page to be shown; by default the panel has tabs for all of them.
    pulses : Pulses, optional
        Those of another panel of the same flow: a button that is down on one of them is down on both.
    """

    watched_changed = Signal()
    """`watched` may give another set."""
    editing_changed = Signal(bool)
    refused = Signal(str)
    """Something could not be done, or was done out of sight; a sentence for the status bar."""
    node_wanted = Signal(str)
    """The hand asks to see a node (``function.node``) on the canvas."""

    def __init__(
        self,
        document: Document,
        catalog: Catalog,
        parent: QWidget | None = None,
        page: str | None = None,
        pulses: Pulses | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("control_panel")
        self.document = document
        self.catalog = catalog
        self.board = Board()
        self.views = Views(self, document, self.board, catalog)
        self.instead = Instead(self, self.views, self.board)
        self.dropping = Dropping(self.board, self.views, Fitting(self.views))
        self.pages = Pages(self, document, self.views, page)
        self.last_tabs = LastTabs(document, self.pages, self.board.boxes)
        self.page_row = PageRow(self.pages, self)
        self._aside = Aside()
        self._coming = Coming(self, self.board)
        self._scrolled: dict[str, int] = {}
        """How far down each page was left, in pixels."""
        self._turned = False
        """Whether another page has come on the screen, whose cards may come one after the other."""
        self.hand = Hand(self, document, self.views)
        self.presets = Presets(self, document, self.views, catalog)
        self.arranging = Arranging(self, document, self.views, self.board)
        self.bar = Bar(self)
        self._samples: Mapping[str, Sample] = {}
        self.ages = Earlier()
        """Which of the values that the views show are of before."""
        self._reveals = False
        """Whether a view that comes next was asked for by a hand, and is scrolled to."""
        self.asking = Asking(self)
        self.touched = Touched(self, self.views, self.board)
        self.past = Past(self.board, self.bar, self._show_newest)
        self.pulses = pulses or Pulses(self)
        self.pulses.changed.connect(self._paint_pulses)
        self.pulses.ended.connect(partial(_end_run, self.board))
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self.board)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setMinimumSize(1, 1)  # in a low window the canvas comes first
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.page_row)
        layout.addWidget(self._scroll, 1)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.refresh)
        self._wire_up()
        self.refresh()

    def _wire_up(self) -> None:
        glass = self.board.glass
        glass.arranged.connect(self.views.arrange)
        self.board.turned.connect(self._turned_tab)
        self.arranging.said.connect(self.refused)
        self.arranging.toggled.connect(self.set_editing)
        ArrangeMenu(self.arranging, self.views, self.board, self.pages.offer)
        self.views.refused.connect(self.refused)
        self.views.stale.connect(self.refresh)
        self.pages.changed.connect(self._later.start)
        self.pages.turned.connect(self._turn_page)
        self._coming.there.connect(self._all_there)
        self.pages.said.connect(self.refused)
        self.bar.arrange_wanted.connect(self.set_editing)
        self.bar.menu_wanted.connect(self.views.offer)
        self.bar.menu_wanted.connect(lambda menu: offer_parts(menu, self.views.graphs, self.dropping.entries))
        self.bar.presets_wanted.connect(self.presets.fill)
        self.bar.more_wanted.connect(self.page_row.fill)
        self.presets.said.connect(self.refused)
        self._scroll.verticalScrollBar().valueChanged.connect(self._show_newest)
        current.changed.connect(self._wear_theme)
        listener = self._changed
        self.document.listeners.append(listener)
        self.destroyed.connect(partial(_forget, self.document.listeners, listener))

    # -------------------------------------------------------------- follow the flow
    def _changed(self, change: Change) -> None:
        """Follow a change of the document: a turned control at once, all else in the next turn of the event loop."""
        edit = change.edit
        self._coming.finish()
        self.pages.follow(change)
        self.last_tabs.follow(change)
        if change.kind == "save" or (isinstance(edit, SetParameter) and self._followed(edit)):
            return
        if change.kind == "open":
            self._samples = {}
            self.ages.forget()
            # another flow's card of the same name shows none of this one's values
            self._aside.clear()
            for key in [*self.board.cards]:
                dropped(self.board.cards.pop(key))
        self._reveals = self._reveals or change.kind in ("edit", "redo")
        self._later.start()

    def _followed(self, edit: SetParameter) -> bool:
        """Show a changed literal where only that changes; False if the picture has to be derived anew."""
        cards, where = list(self.board.cards.values()), (edit.function, edit.id, edit.parameter)
        told = [card.shown.written if isinstance(card.shown, Reading) else card.shown for card in cards]
        if any(isinstance(s, Setting) and s.where != where and s.where[:2] == where[:2] for s in told):
            return False  # it may be its limit, or its unit
        others = [(card, what) for card in cards if (what := after(card.shown, edit)) is not card.shown]
        if not others:
            return False
        for card, what in others:
            card.show_shown(card.view, what)
        flow = self.document.flow
        self.ages.follow(partial(_pictures, flow, self.catalog, self.document.folder, tuple(self.views.graphs)), flow)
        return True

    def refresh(self) -> None:
        """Bring the cards up to the document."""
        self._later.stop()
        flow = self.document.flow
        names = tuple(dict.fromkeys((*flow.mains, *panel_functions(flow))))
        drawn = _pictures(flow, self.catalog, self.document.folder, names)
        self.views.graphs = {graph.function: graph for graph in drawn}
        graphs = tuple(self.views.graphs.values())
        self.ages.follow(lambda: graphs, flow)
        everywhere = {f"{f}.{view.id}": (f, view) for f in names for view in flow.header.panel.get(f, {}).values()}
        views = {key: (f, view) for key, (f, view) in everywhere.items() if view.page == self.pages.shown}
        # a moment of the past is shown on cards that are there: the others are made anew
        self._aside.part(self.board.cards, views, {} if self.past.on else everywhere)
        new = [key for key in views if key not in self.board.cards]
        turned, self._turned = self._turned, False
        jobs = {key: partial(self._show_view, key, function, view) for key, (function, view) in views.items()}
        coming = [key for key in new if key not in self._aside] if turned else []
        for key in views:
            if key not in coming:
                jobs[key]()
        places = {key: Cells.of(view) for key, (_, view) in views.items()}
        self.board.settle(places, {key: Member.of(view) for key, (_, view) in views.items()})
        self.board.glass.keep()
        self._coming.begin([jobs[key] for key in coming])
        if turned:
            down = self._scrolled.get(self.pages.shown, 0)
            soon(self, partial(self._scroll.verticalScrollBar().setValue, down))
        if self._reveals and new:
            soon(self, partial(self._reveal, new[0]))
        self._reveals = False
        say_hint(self.board, self.views, self.pages)
        self._all_there()

    def _all_there(self) -> None:
        """Show on the cards what is known, and ask for the rest."""
        self._paint_pulses()
        self._show_newest()
        self.watched_changed.emit()

    def _turn_page(self, before: str) -> None:
        """Remember how far down a page was left, to begin there when it comes back."""
        self._scrolled[before] = self._scroll.verticalScrollBar().value()
        self._turned = True

    def _reveal(self, key: str) -> None:
        """Scroll to a view that was just added: it may be below what is seen."""
        card = self.board.cards.get(key)
        if card is not None:
            self.board.boxes.turn(card.view.group, card.view.tab)
            self._scroll.ensureWidgetVisible(card, 8, 8)

    def _show_view(self, key: str, function: str, view: View) -> None:
        what = shown(view, self.views.graphs[function])
        card = self.board.cards.get(key) or self._aside.take(key)
        if card is not None:
            self.board.cards[key] = card
            card.show_shown(view, what)
            return
        card = self.board.cards[key] = Card(function, view, what, self.board)
        if self.views.locked:
            card.lock()
        card.ask(self.asking)
        card.offers.append(partial(self.pages.offer, (key,)))
        card.giving.said.connect(self.refused)
        card.arranging_wanted.connect(self.arranging.say_first)
        card.freeze_all_wanted.connect(partial(freeze_all, self.board))
        card.freezing.changed.connect(self.past.freeze)
        card.clicked.connect(partial(self.touched.tell, key))
        card.turned.connect(partial(self._turn, key))
        card.released.connect(self.hand.release)
        card.pulsed.connect(partial(self._pulse, key))
        card.set_on_face.connect(partial(self.hand.set_once, key))
        card.pressed_on_face.connect(self.pulses.press)
        card.removal_wanted.connect(partial(self.views.remove, key))
        card.another_wanted.connect(partial(self.views.show_again, key))
        card.instead_wanted.connect(partial(self.instead.ask, key))
        card.dressed.connect(partial(self.views.dress, key))
        card.node_wanted.connect(lambda: self.node_wanted.emit(self.views.node_of(key)))

    # -------------------------------------------------------------- values
    def watched(self) -> set[str]:
        """Return the values (``function.variable``) that views show; none while the panel is hidden."""
        seen = [card for card in self.board.cards.values() if card.variable and not card.isHidden()]
        return {card.variable for card in seen} if self.isVisible() else set()

    def show_values(self, samples: Mapping[str, Sample]) -> int:
        """Show the newest samples on the cards that are on the screen, and return how many were new."""
        return sum(self.showing(samples))

    def showing(self, samples: Mapping[str, Sample]) -> Iterator[bool]:
        """Look at one card a step, show the newest sample on it if it is on the screen, and give whether it was new."""
        self._samples = samples
        for variable in list(self.board.cards):
            if not self.isVisible() or self.past.on:
                return
            card = self.board.cards.get(variable)
            yield card is not None and _show_newest_on(card, self._samples, self.ages)

    def show_states(self, states: Mapping[str, NodeState]) -> None:
        """Take note of which nodes have run: the values of the others are of before."""
        self.ages.show_states(states)

    def look_back(self, run: str) -> None:
        """Mark the values that the newest run has not made, and no others; what is shown from now on is of it."""
        if whole(run) != whole(self.ages.run):
            self._samples = {}
            for card in self.board.cards.values():
                card.failing.forget()  # what failed may have been mended for this run
                if card.content is not None:
                    card.content.begin_run()
        _show_marks(self.board, self.ages, self.ages.look_back(run))

    def _show_newest(self) -> int:
        return sum(self.showing(self._samples))

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came in while the panel was hidden, as soon as it is laid out."""
        super().showEvent(event)
        self.watched_changed.emit()
        soon(self, self._show_newest)

    def hideEvent(self, event: QEvent) -> None:
        """Watch nothing any more."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self.watched_changed.emit()

    def _turned_tab(self) -> None:
        self.watched_changed.emit()
        self._show_newest()

    # -------------------------------------------------------------- controls
    def _turn(self, key: str, value: Any) -> None:
        setting = self.board.cards[key].shown
        if isinstance(setting, Setting):
            self.hand.turn(key, setting, value)

    def _pulse(self, key: str, pressed: bool) -> None:
        setting = self.board.cards[key].shown
        if isinstance(setting, Setting):
            self.pulses.press(setting, pressed)

    def _paint_pulses(self) -> None:
        """Paint latches as down, or as up: all of them, as some may have been made anew."""
        for card in self.board.cards.values():
            if card.content is not None:
                card.content.show_down(self.pulses.down)

    # -------------------------------------------------------------- arrange
    @property
    def editing(self) -> bool:
        """Whether the panel is being arranged rather than used."""
        return not self.board.glass.isHidden()

    def set_editing(self, on: bool) -> None:
        """Change between arranging the views and using them."""
        if on == self.editing or self.views.locked:
            return
        self.board.glass.setVisible(on)
        self.board.glass.select("")
        self.board.preview(self.board.places())
        self.bar.show_editing(on)
        if on:
            self.board.glass.setFocus()
        self.editing_changed.emit(on)

    def lock(self, *, touch: bool) -> None:
        """Let nothing but values be changed from now on, with targets for fingers if that is asked for."""
        self.set_editing(False)
        self.views.locked = True
        self.setProperty(TOUCH, touch)
        self.bar.hide()
        self.page_row.lock()
        self.board.setAcceptDrops(False)
        for key in [*self.board.cards]:
            dropped(self.board.cards.pop(key))
        self.refresh()

    def _wear_theme(self) -> None:
        for card in (*self.board.cards.values(), *self._aside):
            card.wear_theme()
        self.board.boxes.wear_theme()
        self.board.update()


def _show_newest_on(card: Card, samples: Mapping[str, Sample], ages: Earlier) -> bool:
    """Show the newest sample on a card that is on the screen; return whether it was new."""
    sample = samples.get(card.variable) if card.variable else None
    if sample is None or isinstance(sample.value, Preview) or card.visibleRegion().isEmpty():
        return False  # the whole value, which is wanted only since the card is shown, is on its way
    try:
        if not card.show_sample(sample):
            return False
        ages.show(card.variable, sample.made, sample.before)
        card.show_mark(ages.marks.get(card.variable))
    except Exception as error:  # noqa: BLE001 - one view that fails must not stop the others
        card.show_failure(error)
        return False
    return True


def _show_marks(board: Board, ages: Earlier, names: Container[str]) -> None:
    for card in board.cards.values():
        if card.variable in names:
            card.show_mark(ages.marks.get(card.variable))


def _end_run(board: Board, why: str, forced: bool) -> None:
    for card in board.cards.values():
        if card.content is not None:
            card.content.end_run(why, forced)


def _pictures(flow: Flow, catalog: Catalog, folder: Path | None, names: Iterable[str]) -> list[Graph]:
    known = catalog.with_flow(flow, folder)
    return [picture(flow, known, name) if name in flow.functions else Graph(name, {}, ()) for name in names]


_Listener = Callable[[Change], None]


def _forget(listeners: list[_Listener], listener: _Listener, _: QObject | None = None) -> None:
    """End to listen: a document outlives the panels that show it."""
    if listener in listeners:
        listeners.remove(listener)
