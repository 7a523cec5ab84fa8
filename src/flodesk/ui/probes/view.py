"""The dock of the probes: the bar of time, and a card for each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.probing import Held, Kept
from flodesk.engine.ring import Room
from flodesk.ui.dock import small_button
from flodesk.ui.flow_folder import begin
from flodesk.ui.number_field import NumberField
from flodesk.ui.probes.card import ProbeCard
from flodesk.ui.probes.desk import ProbeDesk
from flodesk.ui.probes.time_bar import TimeBar
from flodesk.ui.theme.style import code_font

_NOTHING = (
    "No probes yet. Select a wire or a node and press P, or press the pin on the card beside the mouse: "
    "the last values are kept, turn by turn."
)
_MEGA = 1_000_000


class ProbesView(QWidget):
    """What the desk holds, as cards in a row.

    `shown_wanted` and `recorder_wanted` give the name of a port; `unit_of` says the unit that a port is declared with.
    """

    shown_wanted = Signal(str)
    panel_wanted = Signal(str)
    recorder_wanted = Signal(str)

    def __init__(self, desk: ProbeDesk) -> None:
        super().__init__()
        self.desk = desk
        self.unit_of: Callable[[str], str] = lambda name: ""
        self.cards: dict[str, ProbeCard] = {}
        self.bar = TimeBar(desk)
        self.nothing = QLabel(_NOTHING)
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(12, 8, 12, 12)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        self._row = QHBoxLayout(inner)
        self._row.setContentsMargins(12, 4, 12, 10)
        self._row.setSpacing(8)
        self._row.addStretch(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.nothing, 1)
        column.addWidget(self._scroll, 1)
        desk.changed.connect(self._renew)
        desk.answered.connect(self._show)
        desk.compared.connect(self._compared)
        self._renew()

    def buttons(self) -> tuple[QWidget, ...]:
        """Return what stands in the heading of the dock."""
        return (
            small_button("dots", "How much each probe keeps", lambda: self.ask_room("")),
            small_button("trash", "Probe nothing any more", self.desk.clear),
        )

    def look(self) -> None:
        """Ask for what is new, if anybody can see it."""
        if self.isVisible() and self.desk.any:
            self.desk.refresh()

    # -------------------------------------------------------------- what is shown
    def _renew(self) -> None:
        names = list(self.desk.rooms)
        for gone in [name for name in self.cards if name not in names]:
            card = self.cards.pop(gone)
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        for name in names:
            if name not in self.cards:
                self._add(name)
        self.nothing.setVisible(not names)
        self._scroll.setVisible(bool(names))
        self.bar.setVisible(bool(names))
        self._show()

    def _add(self, name: str) -> None:
        card = self.cards[name] = ProbeCard(name)
        card.closed.connect(self.desk.remove)
        card.shown_wanted.connect(self.shown_wanted)
        card.panel_wanted.connect(self.panel_wanted)
        card.recorder_wanted.connect(self.recorder_wanted)
        card.text_wanted.connect(self._ask_text)
        card.save_wanted.connect(self.ask_file)
        card.room_wanted.connect(self.ask_room)
        self._row.insertWidget(self._row.count() - 1, card, 1)

    def _show(self) -> None:
        there = self.desk.there()
        for name, card in self.cards.items():
            held, live = self.desk.held.get(name, Held()), self.desk.at is None
            card.show_held(held, self.unit_of(name), gone=name not in there, live=live)

    def _compared(self, name: str, sides: tuple[Kept | None, ...]) -> None:
        if name in self.cards:
            self.cards[name].show_sides(sides, self.unit_of(name))

    def showEvent(self, event: QShowEvent) -> None:
        """Take what has come while nobody looked."""
        super().showEvent(event)
        self.desk.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest: what is kept is kept in the engine."""
        super().hideEvent(event)

    # -------------------------------------------------------------- what is asked for
    def _ask_text(self, name: str) -> None:
        def told(text: str) -> None:
            self.show_text(name, text)

        self.desk.show_text(name, told)

    def show_text(self, name: str, text: str) -> QDialog:
        """Open all of a value, as text."""
        dialog = QDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setObjectName("value")
        dialog.setWindowTitle(name)
        dialog.resize(720, 460)
        page = QPlainTextEdit(text)
        page.setReadOnly(True)
        page.setProperty("role", "code")
        page.setFont(code_font())
        page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        page.setAccessibleName(f"Value of {name}")
        QVBoxLayout(dialog).addWidget(page)
        dialog.open()
        return dialog

    def ask_file(self, name: str) -> None:
        """Ask where to save what a probe holds."""
        dialog = QFileDialog(self.window(), f"Save the values of {name}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Table (*.csv)", "NumPy, values, turns and times (*.npz)", "NumPy, values (*.npy)"])
        dialog.setDefaultSuffix("csv")
        dialog.setDirectory(begin(self.window()))
        dialog.selectFile(f"{name.partition('.')[2].replace('.', '_')}.csv")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")")))
        dialog.fileSelected.connect(lambda path: self.desk.save(name, str(Path(path))))
        dialog.open()

    def ask_room(self, name: str) -> None:
        """Ask how much a probe keeps; without a name all of them."""
        room = self.desk.rooms.get(name, self.desk.room)
        dialog = RoomDialog(self.window(), name, room)
        dialog.accepted.connect(lambda: self.desk.set_room(dialog.room, name))
        dialog.open()


class RoomDialog(QDialog):
    """How many values, and how many megabytes."""

    def __init__(self, parent: QWidget, name: str, room: Room) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"How much {name or 'each probe'} keeps")
        self.values = NumberField("Values kept at most", 1, 1_000_000)
        self.megabytes = NumberField("Megabytes kept at most", 1, 4096)
        self.values.setGroupSeparatorShown(True)
        self.values.setValue(room.values)
        self.values.setSuffix(" values")
        self.megabytes.setValue(max(1, room.bytes // _MEGA))
        self.megabytes.setSuffix(" MB")
        words = QLabel("The oldest values go where either limit is reached.")
        words.setProperty("role", "muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow("At most", self.values)
        form.addRow("and", self.megabytes)
        form.addRow(words)
        form.addRow(buttons)

    @property
    def room(self) -> Room:
        """What was chosen."""
        return Room(self.values.value(), self.megabytes.value() * _MEGA)
