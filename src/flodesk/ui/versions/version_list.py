"""The list of versions: a picture, when and why, and what is different from the one before."""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.versions import Version
from flodesk.ui.dock import small_button
from flodesk.ui.focus import keep_keys
from flodesk.ui.theme.icons import untinted
from flodesk.ui.versions.keeper import Listing
from flodesk.ui.versions.picture import SCALE, SIZE

WHY = {
    "opened": "as it was opened",
    "saved": "saved",
    "outside": "changed outside",
    "recovered": "recovered after a crash",
    "before": "before going back",
}
_EMPTY = "Each time the flow is saved, its version is kept here, with a picture and what has changed."
_VERSION = Qt.ItemDataRole.UserRole


class VersionList(QWidget):
    """Shows a listing. Its signals ask for something to be done with a version, or with several."""

    compare_wanted = Signal(object)
    restore_wanted = Signal(object)
    copy_wanted = Signal(object)
    drop_wanted = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setAccessibleName("Versions")
        self.list.setIconSize(QSize(*SIZE))
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.list.itemSelectionChanged.connect(self._chosen)
        self.list.itemActivated.connect(self._activated)
        keep_keys(self.list)
        self.hint = QLabel(_EMPTY)
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hint.setContentsMargins(12, 8, 12, 8)
        self.compare = _button("Compare", "Show on the canvas what is different from this version (Enter)")
        self.restore = _button("Go back", "Make the flow what it was then; undo brings the flow of now back")
        tip = "Open as copy: in a window of its own, as a flow without a file"
        self.copy = small_button("copy", tip, lambda: self._ask(self.copy_wanted))
        self.drop = small_button("trash", "Forget the selected versions (Del)", self._drop)
        for button, wanted in ((self.compare, self.compare_wanted), (self.restore, self.restore_wanted)):
            button.clicked.connect(lambda _=False, ask=wanted: self._ask(ask))
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 6, 6)
        row.setSpacing(4)
        row.addWidget(self.compare)
        row.addWidget(self.restore)
        row.addStretch(1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.hint)
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._stack, 1)
        column.addLayout(row)
        self.setFocusProxy(self.list)
        self._chosen()

    def buttons(self) -> tuple[QToolButton, ...]:
        """Return what stands in the heading of the dock."""
        return (self.copy, self.drop)

    @property
    def chosen(self) -> list[Version]:
        """The versions that are selected."""
        return [item.data(_VERSION) for item in self.list.selectedItems()]

    def show_listing(self, listing: Listing | None, why: str = "") -> None:
        """Show versions; what is selected stays so. Without a listing say `why` there is none."""
        selected = {version.id for version in self.chosen}
        at = self.list.verticalScrollBar().value()
        self.list.clear()
        for version in listing.versions if listing is not None else ():
            image = listing.pictures.get(version.text) if listing is not None else None
            item = self._item(version, image)
            self.list.addItem(item)
            item.setSelected(version.id in selected)
        self.list.verticalScrollBar().setValue(at)
        self.hint.setText(why or _EMPTY)
        self._stack.setCurrentIndex(1 if self.list.count() else 0)
        self._chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del forgets what is selected."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen:
            self._drop()
        else:
            super().keyPressEvent(event)

    def _item(self, version: Version, image: QImage | None) -> QListWidgetItem:
        first = version.words[0] if version.words else ""
        item = QListWidgetItem(
            f"{when(version.time)}\n{WHY.get(version.why, version.why)}" + (f"\n{first}" if first else "")
        )
        if image is not None:
            image.setDevicePixelRatio(SCALE)
            item.setIcon(untinted(QPixmap.fromImage(image)))
        item.setToolTip("\n".join([time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(version.time)), *version.words]))
        item.setData(_VERSION, version)
        return item

    def _chosen(self) -> None:
        many = len(self.list.selectedItems())
        for button in (self.compare, self.restore, self.copy):
            button.setEnabled(many == 1)
        self.drop.setEnabled(many > 0)

    def _ask(self, wanted: SignalInstance) -> None:
        if len(self.chosen) == 1:
            wanted.emit(self.chosen[0])

    def _activated(self, item: QListWidgetItem) -> None:
        self.compare_wanted.emit(item.data(_VERSION))

    def _drop(self) -> None:
        self.drop_wanted.emit(self.chosen)

    def _menu(self, at: QPoint) -> None:
        if not self.chosen:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, button in (("Compare", self.compare), ("Go back", self.restore), ("Open as copy", self.copy)):
            action = menu.addAction(title, button.click)
            action.setEnabled(button.isEnabled())
        menu.addSeparator()
        menu.addAction("Forget", self._drop)
        menu.popup(self.list.viewport().mapToGlobal(at))


def when(seconds: float) -> str:
    """Say when: the time of today, the weekday within a week, else the date."""
    then, now = time.localtime(seconds), time.localtime()
    clock = time.strftime("%H:%M:%S", then)
    if then[:3] == now[:3]:
        return f"Today {clock}"
    if 0 <= time.time() - seconds < 6 * 86400:
        return f"{time.strftime('%A', then)} {clock}"
    return time.strftime("%Y-%m-%d %H:%M", then)


def _button(title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setProperty("flat", True)
    button.setProperty("small", True)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
