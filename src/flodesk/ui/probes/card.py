"""The card of one probe: its value at the moment that is shown, in a view that suits it, and what it holds."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout

from flodesk.engine.probing import Held, Kept, Place
from flodesk.flow.value_names import in_words
from flodesk.ui.canvas.hover_card import Numbers, Sign, bytes_text, value_text
from flodesk.ui.carrying import Carrying
from flodesk.ui.dock import small_button
from flodesk.ui.menu_button import opens
from flodesk.ui.probes.comparison import Comparison
from flodesk.ui.probes.faces import TITLES, Kind, ValueFace, possible, suiting
from flodesk.ui.subject import Subject
from flodesk.ui.theme.icons import wear

WIDTH = 320
_LOW, _TALL = 84, 150
"""Height of a view at least, and of a plot in which curves are compared."""
_SINGLE = ("number", "integer", "truth", "none")


class ProbeCard(QFrame):
    """Shows a `Held`.

    Signals
    -------
    closed, shown_wanted, panel_wanted, text_wanted, save_wanted, recorder_wanted, room_wanted
        What its buttons and menu ask for.
    """

    closed = Signal(str)
    shown_wanted = Signal(str)
    panel_wanted = Signal(str)
    text_wanted = Signal(str)
    save_wanted = Signal(str)
    recorder_wanted = Signal(str)
    room_wanted = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.held = Held()
        self.sides: tuple[Kept | None, ...] = ()
        """What is kept of it under the marks A and B."""
        self._live = True
        self.chosen: Kind | None = None
        """The view that a hand has chosen; None for the one that suits."""
        self.setObjectName("probe_card")
        self.setAccessibleName(f"Probe {name}")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(220)
        self.setMaximumWidth(560)
        self.sign = Sign()
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.type = QLabel()
        self.type.setProperty("role", "small")
        more = self.more = QToolButton()
        wear(more, "dots", "muted")
        more.setAutoRaise(True)
        more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        more.setToolTip("View, room, text, save, record")
        more.setAccessibleName(f"What to do with the probe {name}")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        opens(more, self.menu)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.sign)
        head.addWidget(self.title, 1)
        head.addWidget(self.type)
        head.addWidget(more)
        head.addWidget(small_button("close", f"Probe {name} no more", lambda: self.closed.emit(self.name)))
        self.where = QLabel()
        self.where.setProperty("role", "small")
        self.where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.value = QLabel()
        self.value.setProperty("role", "title")
        self.value.hide()
        self.face = ValueFace(name)
        self.face.setMinimumHeight(_LOW)
        self.numbers = Numbers()
        self.comparison = Comparison()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.where)
        column.addWidget(self.value)
        column.addWidget(self.face, 1)
        column.addStretch(0)
        column.addWidget(self.numbers)
        column.addWidget(self.comparison)
        Carrying(self.title, lambda: (Subject.of_value(self.name),))
        self._title()

    def _title(self) -> None:
        short = in_words(self.name.partition(".")[2])
        room = max(40, self.title.width())
        self.title.setText(self.title.fontMetrics().elidedText(short, Qt.TextElideMode.ElideMiddle, room))
        self.title.setToolTip(self.name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the title to the room that there is."""
        super().resizeEvent(event)
        self._title()

    def sizeHint(self) -> QSize:
        """Return the width of a card that nobody has stretched."""
        return QSize(WIDTH, 200)

    @property
    def kind(self) -> Kind:
        """The view that is shown."""
        if self.chosen is not None and self.chosen in possible(self.held):
            return self.chosen
        return suiting(self.held)

    def show_held(self, held: Held, unit: str, *, gone: bool = False, live: bool = True) -> None:
        """Show what the probe holds now; `live` says that it is the newest."""
        self.held, self._live = held, live
        kept = held.kept if held.number else None
        seen = kept.insight if kept is not None else None
        unit = (seen.unit if seen is not None else "") or unit
        if seen is not None:
            self.sign.show_type(seen.type)
            self.type.setText(f"{seen.type} · {unit}" if unit else seen.type)
        words = self._where(held, kept, gone)
        self.where.setText(words)
        self.where.setToolTip(f"{words}\n{seen.kind}, {seen.shape}" if seen is not None and seen.shape else words)
        single = seen is not None and (self.kind == "course" or (self.kind == "text" and seen.type in _SINGLE))
        self.value.setVisible(single)
        self.face.setVisible(kept is not None and not (single and self.kind == "text"))
        if kept is None or seen is None:
            self.numbers.hide()
            return
        kind = self.kind
        self.value.setText(value_text(seen, unit))
        self.face.show_held(held, kind, unit, "turn" if held.loop else "time")
        place = kept.place
        self.face.setMinimumHeight(_TALL if kind == "plot" and any(self.sides) else _LOW)
        moments = {} if live or place is None else {"": _x(place, held)}
        for mark, side in zip("AB", self.sides, strict=False):
            if side is not None and side.place is not None:
                moments[mark] = _x(side.place, held)
        self.face.show_moments(moments)
        alone = kind != "course" and not self.comparison.rows
        self.numbers.show_statistics(seen.statistics if alone else None, unit)

    def _where(self, held: Held, kept: Kept | None, gone: bool) -> str:
        if gone:
            return "The flow has no such value any more"
        if not held.count:
            return "Waits for a value: it comes with a run"
        if kept is None or kept.place is None:
            return "Nothing is held of that moment"
        now = f"turn {kept.place.turn}" if held.loop else f"value {kept.place.number}"
        came = held.taken - held.before
        full = f" of {came}" if came > held.count else ""
        parts = (now, f"{kept.place.seconds:.3f} s", f"{held.count}{full} held", bytes_text(held.bytes))
        return " · ".join(parts)

    def show_sides(self, sides: tuple[Kept | None, ...], unit: str) -> None:
        """Show the moments A and B."""
        kept = self.held.kept
        self.sides = sides[:2]
        self.face.compare(sides)
        self.comparison.show_sides(sides, (kept.insight.unit if kept is not None else "") or unit)
        self.show_held(self.held, unit, live=self._live)

    def _fill_menu(self) -> None:
        menu = self.menu
        menu.clear()
        now = self.kind
        suits = menu.addAction("View that suits")
        suits.setCheckable(True)
        suits.setChecked(self.chosen is None)
        suits.triggered.connect(lambda: self.choose(None))
        for kind in possible(self.held):
            action = menu.addAction(TITLES[kind])
            action.setCheckable(True)
            action.setChecked(self.chosen is not None and kind == now)
            action.triggered.connect(lambda _=False, kind=kind: self.choose(kind))
        menu.addSeparator()
        for title, signal in (
            ("All of this value…", self.text_wanted),
            ("Save the values…", self.save_wanted),
            ("Keep as a recorder", self.recorder_wanted),
            ("How much is kept…", self.room_wanted),
            ("Show on the canvas", self.shown_wanted),
            ("Show on the panel…", self.panel_wanted),
        ):
            menu.addAction(title).triggered.connect(lambda _=False, signal=signal: signal.emit(self.name))

    def choose(self, kind: Kind | None) -> None:
        """Look at it in another way from now on."""
        self.chosen = kind
        unit = self.type.text().partition(" · ")[2]
        self.show_held(self.held, unit, live=self._live)


def _x(place: Place, held: Held) -> float:
    """Return where a moment stands on a course."""
    return float(place.turn if held.loop else place.seconds)


__all__ = ["ProbeCard"]
