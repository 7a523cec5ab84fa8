"""The editor of a value that is chosen from entries which the engine computes when the list is opened."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox

from flodesk.engine.client import Offer
from flodesk.flow.model import Literal
from flodesk.flow.spec import Parameter
from flodesk.ui.inspector.editors import Editor


class OpeningBox(QComboBox):
    """A drop-down that says when it opens."""

    opening = Signal()

    def showPopup(self) -> None:
        """Open the list, as far as it is known."""
        self.opening.emit()
        super().showPopup()


class OfferedEditor(Editor):
    """One of the values that the engine offers. `wanted` asks for them; `offer` brings them, however late."""

    wanted = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self.box = OpeningBox()
        self.box.setAccessibleName(parameter.name)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setMinimumContentsLength(4)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.opening.connect(self._open)
        self.box.activated.connect(self._activated)
        self.box.installEventFilter(self)
        self.row.addWidget(self.box, 1)
        self.setFocusProxy(self.box)
        self.known: tuple[str, ...] | None = None
        self.asking = False

    def show_text(self, text: str) -> None:
        """Select the value; one that is not among the entries is shown as such."""
        super().show_text(text)
        self._select()

    def offer(self, offer: Offer) -> None:
        """Fill the list."""
        self.asking = False
        self.known = None if offer.error else offer.entries
        opened = self.box.view().isVisible()
        self._fill(offer.entries, "" if offer.error else "there is nothing to choose from")
        if offer.error:
            self.refused.emit(f"The choices are not known: {offer.error}")
            self.box.hidePopup()
        elif opened:
            self.box.hidePopup()
            QComboBox.showPopup(self.box)  # with the room that the entries need

    def forget(self) -> None:
        """Ask anew: what the entries follow from has changed."""
        if self.known is not None or self.asking:
            self.known = None
            self._ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the wheel from changing a value that one only scrolls past."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return False

    def _open(self) -> None:
        # files change: each opening asks, and shows what is known until the answer is there
        if not self.asking:
            self._ask()

    def _ask(self) -> None:
        self.asking = True
        if self.known is None:
            self._fill((), "asking the engine …")
        self.wanted.emit()

    def _fill(self, entries: tuple[str, ...], otherwise: str) -> None:
        self.box.clear()
        for text in entries:
            self.box.addItem(str(Literal(text).value), text)
        if not entries and otherwise:
            self.box.addItem(otherwise)
            self.box.setItemData(0, 0, Qt.ItemDataRole.UserRole - 1)  # which disables it
        self._select()

    def _select(self) -> None:
        number = self.box.findData(self.shown)
        self.box.setCurrentIndex(number)
        words = str(Literal(self.shown).value) if self.shown else ""
        if number < 0:
            self.box.setPlaceholderText(words or "not chosen")
            if self.known is not None and self.shown not in ("", "''"):
                self.refused.emit(f"“{words}” is not among the choices (any more).")

    def _activated(self, number: int) -> None:
        text = self.box.itemData(number)
        if isinstance(text, str):
            self.give(text)
            self._select()
            self.settled.emit()
