"""A card of the panel: a title, and below or beside it the control or the indicator of one view."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from flodesk.engine.client import Sample
from flodesk.flow import forms
from flodesk.flow.forms import Form
from flodesk.flow.model import View
from flodesk.public import Indicator, Note
from flodesk.ui.earlier import Mark
from flodesk.ui.focus import OF_NODES, keep_keys
from flodesk.ui.panel import looks, recast
from flodesk.ui.panel.asking import Asking
from flodesk.ui.panel.content import Content
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.faces.face import Face, as_indicator
from flodesk.ui.panel.faces.small_faces import TextFace, WaitingFace
from flodesk.ui.panel.failing import Failing
from flodesk.ui.panel.farewell import COMPACT, Farewell
from flodesk.ui.panel.freezing import FROZEN, Freezing, offer_freezing
from flodesk.ui.panel.giving import Giving
from flodesk.ui.panel.kinds import control_class, face_class
from flodesk.ui.panel.layout.arrange_keys import verb_of
from flodesk.ui.panel.paint import card, color, elided, small
from flodesk.ui.panel.setting import Gone, Reading, Setting, Shown, variable_of
from flodesk.ui.panel.veil import Veil, paint_hint
from flodesk.ui.theme import theme

log = logging.getLogger(__name__)

_PAD = 12


def form_for(value: Indicator, reading: Reading) -> Form:
    """Return the form that shows an indicator: the one that the view asks for if it can, else the value's own."""
    asked = forms.indicator(reading.form) if reading.chosen else None
    return asked if asked is not None and asked.shows(type(value)) else forms.of_value(type(value))


class Card(QWidget):
    """Shows one view. What it shows may change under it: `show_shown` keeps the content wherever it still fits."""

    turned = Signal(object)
    released = Signal()
    pulsed = Signal(bool)
    set_on_face = Signal(object, object)
    """A hand has set a literal on an indicator: its `Setting`, and the value."""
    pressed_on_face = Signal(object, bool)
    arranging_wanted = Signal(str)
    """A key that nothing in it has a use for asks for this verb of arranging."""
    removal_wanted = Signal()
    another_wanted = Signal()
    """The hand asks for a second view of the same."""
    instead_wanted = Signal(QWidget)
    """The hand asks what else the view could show; the menu opens below the widget."""
    clicked = Signal()
    """It was clicked on where nothing in it takes the mouse: on its title, or beside its content."""
    node_wanted = Signal()
    """The hand asks to see the node on the canvas."""
    freeze_all_wanted = Signal(bool)
    """All views are to stand still, or to go on."""
    dressed = Signal(object)
    """The hand has chosen another form or other looks: the view's options."""

    def __init__(self, function: str, view: View, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.function = function
        self.view = view
        self.shown: Shown = Gone("")
        self.content: Content | None = None
        self.seen: Sample | None = None
        """The newest sample that was shown."""
        self.locked = False
        """Whether a hand may use what it shows, and change nothing of the panel."""
        self.failing = Failing()
        self._asking: Asking | None = None
        self._form: Form | None = None
        self._title = ""
        self._mark: Mark | None = None
        self._veil = Veil(self)
        self.freezing = Freezing(self)
        """Lets it stand still while the run goes on."""
        self.giving = Giving(self)
        """Saves and copies what is shown."""
        self.offers: list[Callable[[QMenu], None]] = []
        """Asked for what else the menu can do."""
        keep_keys(self, *OF_NODES)
        self.show_shown(view, shown)

    # -------------------------------------------------------------- what it shows
    def show_shown(self, view: View, shown: Shown) -> None:
        """Show what the flow says now."""
        if view.options != self.view.options and self.failing.forget():
            self.seen = None  # what could not be shown is tried again
        before, self.shown, self.view = self.shown, shown, view
        match shown:
            case Setting():
                self._show_setting(shown)
            case Reading():
                if isinstance(before, Reading) and isinstance(self.content, Face) and _alike(before, shown):
                    self.content.show_reading(_dressed(shown, self._form))
                else:
                    self.seen, self._mark = None, None
                    self.freezing.set(on=False)
                    self._put_face(forms.indicator(shown.form), shown)
                if shown.written is not None:
                    self._show_indicator(as_indicator(shown.written.value, shown), shown)
            case Gone():
                self._put(Farewell(shown.message, self))
        self._title = _called(shown, self.giving.value if self.seen is not None else None)
        self.giving.title = self._title
        self._tell()
        self._lay_out()
        self.update()

    def show_mark(self, mark: Mark | None) -> None:
        """Show that the value is not of the newest run; None: it is."""
        if mark != self._mark:
            self._mark = mark
            self._tell()
            self.update()

    @property
    def mark(self) -> Mark | None:
        """What is said of a value that the newest run has not made."""
        return self._mark if self.seen is not None else None

    def _tell(self) -> None:
        """Say in the tooltip what there is to say, and draw the veil over a value of before."""
        words = self.mark.words if self.mark is not None else ""
        still = FROZEN.words if self.freezing.on else ""
        said = self.content.tip() if self.content is not None else ""
        self.setToolTip("\n".join(filter(None, (said, words, still))))
        self._veil.setVisible(self.mark is not None)

    def _show_setting(self, setting: Setting) -> None:
        wanted = control_class(setting.widget)
        if self.failing.stays(_tried(self)):
            return
        if type(self.content) is wanted and isinstance(self.content, Control):
            self.content.show_setting(setting)
        else:
            control = wanted(setting, self)
            control.turned.connect(self.turned)
            control.released.connect(self.released)
            control.pulsed.connect(self.pulsed)
            self._put(control)

    def ask(self, asking: Asking) -> None:
        """Let the indicator ask for what does not come along with a value."""
        asking = self._asking = self.giving.asking = self.freezing.asking = asking.own(self)
        if isinstance(self.content, Face):
            self.content.asking = asking

    def _put_face(self, form: Form | None, reading: Reading) -> Face:
        """Put the face of a form into the card; of None, what waits for the first value."""
        self._form = form
        face = face_class(form.name) if form is not None else WaitingFace
        made = face(_dressed(reading, form), self)
        made.asking = self._asking
        made.turned.connect(self.set_on_face)
        made.pressed.connect(self.pressed_on_face)
        made.freeze_wanted.connect(self.freeze)
        made.said.connect(self.giving.said)
        self._put(made)
        return made

    def _put(self, content: Content) -> None:
        """Put another content in place of the present one."""
        old, self.content = self.content, content
        if old is not None:
            old.hide()
            old.deleteLater()
        if isinstance(content, Farewell):
            if self.locked:
                content.lock()
            content.button.clicked.connect(self.removal_wanted)
            content.other.clicked.connect(lambda: self.instead_wanted.emit(content.other))
        content.show()
        # what no key reaches is reached as a whole: its picture can be copied, its menu opened
        reached = not isinstance(content, Face) or any(
            one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in (content, *content.findChildren(QWidget))
        )
        how = Qt.FocusPolicy
        # a click on the title brings the keyboard, too: F lets a face stand still, and Del must not mean a node
        self.setFocusPolicy(how.ClickFocus if reached else how.StrongFocus)
        self.giving.show(self._title, "", None)
        self._veil.raise_()

    def lock(self) -> None:
        """Offer no change of the panel from now on."""
        self.locked = True
        if isinstance(self.content, Farewell):
            self.content.lock()

    @property
    def variable(self) -> str:
        """``function.variable`` of the value that it wants; empty if none."""
        return variable_of(self.shown)

    def show_sample(self, sample: Sample) -> bool:
        """Show a sample unless it is the one that is shown; return whether it was."""
        if self.seen is not None and sample.sequence == self.seen.sequence and sample.value is self.seen.value:
            return False
        if not self.freezing.show(sample, self.variable):
            return False
        self.seen = sample
        if isinstance(self.content, Control):
            self.content.show_value(sample.value)
        elif isinstance(self.shown, Reading):
            self._show_indicator(as_indicator(sample.value, self.shown), self.shown)
        return True

    def freeze(self, on: bool) -> None:
        """Stand still while the run goes on, or go on with it."""
        if on and (self.seen is None or not isinstance(self.content, Face)):
            return
        newest = self.freezing.set(on)
        if isinstance(self.content, Face):
            self.content.show_frozen(on)
        if newest is not None:
            self.show_sample(newest)
        self._tell()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Stand still, or go on, by F; end by Esc what a hand has begun on the face."""
        if event.key() == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.freeze(not self.freezing.on)
        elif event.key() != Qt.Key.Key_Escape or not isinstance(self.content, Face) or not self.content.let_off():
            super().keyPressEvent(event)
            self.arranging_wanted.emit(verb_of(event))

    def show_failure(self, error: Exception) -> None:
        """Say instead of the value why it cannot be shown. The next value is tried, unless it failed so before."""
        if self.failing.note(error, _tried(self)):
            log.error("The view “%s” cannot show its value.", self.view.id, exc_info=error)
        face = TextFace(self.shown if isinstance(self.shown, Reading) else Reading(self.variable, self._title), self)
        words = f"This value cannot be shown: {error}"
        if self.failing.stays(_tried(self)):
            words += "\nIt is tried again with another form or other looks, and in the next run."
        face.show_value(Note(text=words))
        self._form = None
        self._put(face)
        self._lay_out()

    def _show_indicator(self, value: Indicator, reading: Reading) -> None:
        form, face = form_for(value, reading), self.content
        if self.failing.stays((form, self.view.options)):
            return
        if form is not self._form or not isinstance(face, Face):
            face = self._put_face(form, reading)
            self._lay_out()
        else:
            self.failing.went_well()
        title = reading.called or value.title or reading.title
        if title != self._title:
            self._title = title
            self.update()
        face.show_value(value)
        self.giving.show(title, reading.variable, value)

    # -------------------------------------------------------------- looks
    @property
    def compact(self) -> bool:
        """Whether title and content stand side by side."""
        return self.height() < COMPACT

    @property
    def title(self) -> str:
        """What is written on the card."""
        return self._title

    def _lay_out(self) -> None:
        if self.content is None:
            return
        if not self.content.titled:
            edge = 5 if self.compact else _PAD
            self.content.setGeometry(self.rect().adjusted(edge, edge, -edge, -edge))
        elif self.compact:
            left = _title_area(self).right() + 12
            self.content.setGeometry(left, 4, max(self.width() - left - 8, 0), self.height() - 8)
        else:
            top = 30
            self.content.setGeometry(_PAD, top, self.width() - 2 * _PAD, self.height() - top - self.content.below)
        self._veil.setGeometry(self.content.geometry())

    def event(self, event: QEvent) -> bool:
        """Bring the tooltip up to the value when it is asked for."""
        if event.type() == QEvent.Type.ToolTip:
            self._tell()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the content."""
        self._lay_out()

    def wear_theme(self) -> None:
        """Take the colours of the theme in force."""
        if self.content is not None:
            self.content.wear_theme()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the title, and where the value comes from if a wire sets it."""
        colors = theme()
        with QPainter(self) as painter:
            edge = colors.warning if isinstance(self.shown, Gone) else colors.accent if self.hasFocus() else ""
            card(painter, QRectF(self.rect()), border=edge)
            if self.content is not None and self.content.titled:
                area = QRectF(_title_area(self))
                if (mark := self.mark or (FROZEN if self.freezing.on else None)) is not None:
                    wide = _title_measure(self).horizontalAdvance(self._title)
                    hint = paint_hint(painter, self, area, mark.hint, title=wide, bare=self.compact)
                    area.setRight(area.right() - hint)
                painter.setFont(small(self, 12, bold=True))
                painter.setPen(color(colors.text))
                wired = self.shown.wired if isinstance(self.shown, Setting) and not self.compact else ""
                if wired:
                    at = min(_title_measure(self).horizontalAdvance(self._title) + 10, int(area.width()))
                    elided(painter, area.adjusted(0, 0, at - area.width(), 0), self._title, Qt.AlignmentFlag.AlignLeft)
                    painter.setFont(small(self, 11))
                    painter.setPen(color(colors.muted))
                    elided(painter, area.adjusted(at, 0, 0, 0), f"from {wired}", Qt.AlignmentFlag.AlignLeft)
                else:
                    elided(painter, area, self._title, Qt.AlignmentFlag.AlignLeft)

    # -------------------------------------------------------------- menu
    def menu(self) -> QMenu:
        """Return the context menu: what the indicator offers, then what every card does."""
        menu = QMenu(self)
        if isinstance(self.content, Face):
            if self.seen is not None:
                offer_freezing(menu, self.freezing, self.freeze, self.freeze_all_wanted.emit)
            for action in self.content.actions_of_face():
                menu.addAction(action)
            if menu.actions():
                menu.addSeparator()
        if self.locked:
            if not isinstance(self.shown, Gone):
                menu.addMenu(self.giving.menu(menu))
            return menu

        def dress(options: dict[str, Any]) -> None:
            if options != dict(self.view.options):
                self.dressed.emit(options)

        recast.offer(menu, self.view, self.shown, self.seen, self.dressed.emit)
        form = looks.form_of(self.shown, self._form or recast.current(self.shown))
        looks.offer(menu, self, self._title, form, self.view, dress)
        if not isinstance(self.shown, Gone):
            menu.addAction("Add another view", self.another_wanted.emit)
            menu.addMenu(self.giving.menu(menu))
            menu.addAction("Show node on the canvas", self.node_wanted.emit)
        for offer in self.offers:
            offer(menu)
        menu.addAction("Show something else…", lambda: self.instead_wanted.emit(self))
        menu.addAction("Remove from panel", self.removal_wanted.emit)
        return menu

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell that it was clicked on."""
        super().mousePressEvent(event)
        self.clicked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu."""
        menu = self.menu()
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def _tried(card: Card) -> tuple[object, ...]:
    """Return in which form, and with which looks, a card tries to show what it shows."""
    form = card.shown.widget if isinstance(card.shown, Setting) else card._form
    return form, card.view.options


def _title_measure(card: Card) -> QFontMetrics:
    return QFontMetrics(small(card, 12, bold=True))


def _title_area(card: Card) -> QRect:
    if not card.compact:
        return QRect(_PAD, 8, card.width() - 2 * _PAD, 18)
    wide = _title_measure(card).horizontalAdvance(card.title) + 4
    needed = card.content.narrowest if card.content is not None else 0
    return QRect(_PAD, 0, max(min(wide, card.width() - _PAD - needed - 20), 0), card.height())


def _called(shown: Shown, value: Indicator | None) -> str:
    """Return what is written on a card: what its view says, else the value that it shows, else the flow."""
    if not isinstance(shown, Reading) or value is None:
        return shown.title
    return shown.called or value.title or shown.title


def _alike(before: Reading, now: Reading) -> bool:
    """Say whether two readings are of one value in one form."""
    return (before.variable, before.form, before.chosen) == (now.variable, now.form, now.chosen)


def _dressed(reading: Reading, form: Form | None) -> Reading:
    """Return a reading with those options that its form knows; the title is the card's own."""
    known = looks.form_of(reading, form)
    options = known.settled(reading.options) if known is not None else {}
    return replace(reading, options={name: value for name, value in options.items() if name != forms.TITLE.name})
