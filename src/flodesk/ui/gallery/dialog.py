"""The dialog: fields on the left, pictures in the middle, and what there is to know of one on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from flodesk.ui.examples import TAGS, Example
from flodesk.ui.gallery.choice import found
from flodesk.ui.gallery.lacks import lacks
from flodesk.ui.gallery.pictures import packed
from flodesk.ui.gallery.tiles import GalleryTiles
from flodesk.ui.theme import current, theme

_LARGE = (300, 188)
"""Width and height in pixels at 100 % of the picture of the one that is looked at."""
_ROOM = (1080, 700)


class GalleryDialog(QDialog):
    """Shows the examples. `wanted` gives the name of one to open, `folder_wanted` of one to be copied to a folder."""

    wanted = Signal(str)
    folder_wanted = Signal(str)
    tour_wanted = Signal()

    def __init__(self, window: QWidget, examples: Sequence[Example]) -> None:
        super().__init__(window)
        self.setObjectName("gallery")
        self.setWindowTitle("Examples")
        self._every = {one.name: one for one in examples}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search examples")
        self.search.setAccessibleName("Search examples")
        self.search.setClearButtonEnabled(True)
        self.fields = QListWidget()
        self.fields.setObjectName("fields")
        self.fields.setAccessibleName("Fields")
        self.fields.setFixedWidth(168)
        self.tiles = GalleryTiles()
        self.nothing = QLabel()
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.tiles)
        self._middle.addWidget(self.nothing)
        self._make_details()
        self._lay_out()
        self._fill_fields()
        self.search.textChanged.connect(self._choose)
        self.fields.currentRowChanged.connect(self._choose)
        self.tiles.currentItemChanged.connect(self._show_details)
        self.tiles.chosen.connect(self.wanted)
        self.tiles.typed.connect(self._type)
        QShortcut(QKeySequence.StandardKey.Find, self, self._to_search)
        current.changed.connect(self._repaint)
        self._choose()
        self.tiles.setFocus()

    @property
    def chosen(self) -> Example | None:
        """The example that is looked at."""
        return self._every.get(self.tiles.name)

    # -------------------------------------------------------------- how it is put together
    def _make_details(self) -> None:
        self.picture = QLabel()
        self.picture.setFixedSize(*_LARGE)
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.sentence = QLabel()
        self.tags = QLabel()
        self.tags.setProperty("role", "muted")
        self.needs = QLabel()
        self.needs.setProperty("role", "muted")
        for label in (self.title, self.sentence, self.tags, self.needs):
            label.setWordWrap(True)
            label.setFixedWidth(_LARGE[0])
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.open_it = QPushButton("Open a copy")
        self.open_it.setToolTip("Open it as a flow without a file; nothing of the example can be spoilt (Enter)")
        self.open_it.setDefault(True)
        self.open_it.clicked.connect(lambda: self.wanted.emit(self.tiles.name))
        self.copy_it = QPushButton("Copy to a folder…")
        self.copy_it.setToolTip("Put a copy, with the data that it reads, into a folder of yours and open it there")
        self.copy_it.setAutoDefault(False)
        self.copy_it.clicked.connect(lambda: self.folder_wanted.emit(self.tiles.name))
        self.take_tour = QPushButton("Take the tour")
        self.take_tour.setToolTip("Six short steps through the window")
        self.take_tour.setAutoDefault(False)
        self.take_tour.clicked.connect(self.tour_wanted)

    def _lay_out(self) -> None:
        heading = QLabel("Flows to open and play with")
        heading.setProperty("role", "title")
        told = QLabel("All of them run offline, within seconds. You get a copy: turn, wire and break what you like.")
        told.setProperty("role", "muted")
        told.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(heading)
        words.addWidget(told)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(words, 1)
        self.search.setFixedWidth(260)
        head.addWidget(self.search, 0, Qt.AlignmentFlag.AlignBottom)
        side = QVBoxLayout()
        side.setSpacing(8)
        for part in (self.picture, self.title, self.sentence, self.tags, self.needs):
            side.addWidget(part)
        side.addStretch(1)
        for button in (self.open_it, self.copy_it, self.take_tour):
            side.addWidget(button)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self.fields)
        body.addWidget(self._middle, 1)
        body.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(14)
        whole.addLayout(head)
        whole.addLayout(body, 1)
        room = self.screen().availableSize()
        self.resize(min(_ROOM[0], room.width() - 40), min(_ROOM[1], room.height() - 60))

    def _fill_fields(self) -> None:
        for tag in ("", *TAGS):
            number = len(found([*self._every.values()], "", tag))
            if number:
                item = QListWidgetItem(f"{tag.capitalize() or 'All'}  ·  {number}")
                item.setData(Qt.ItemDataRole.UserRole, tag)
                self.fields.addItem(item)
        self.fields.setCurrentRow(0)

    # -------------------------------------------------------------- what a hand does
    def _choose(self) -> None:
        """Show what is asked for."""
        field = self.fields.currentItem()
        tag = str(field.data(Qt.ItemDataRole.UserRole)) if field is not None else ""
        shown = found([*self._every.values()], self.search.text(), tag)
        self.tiles.show_examples(shown)
        where = f" among {tag}" if tag else ""
        self.nothing.setText(f"Nothing is called “{self.search.text().strip()}”{where}.\nEsc shows all again.")
        self._middle.setCurrentWidget(self.tiles if shown else self.nothing)
        self._show_details()

    def _show_details(self) -> None:
        one = self.chosen
        for part in (self.picture, self.title, self.sentence, self.tags, self.needs):
            part.setVisible(one is not None)
        self.open_it.setEnabled(one is not None)
        self.copy_it.setEnabled(one is not None)
        if one is None:
            return
        image = packed(one.name, theme(), _LARGE)
        self.picture.setPixmap(QPixmap.fromImage(image) if image is not None else QPixmap())
        self.title.setText(one.title)
        self.sentence.setText(one.sentence)
        self.tags.setText("  ·  ".join(tag.capitalize() for tag in one.tags))
        missing = lacks(one.needs)
        are = "is" if len(missing) == 1 else "are"
        self.needs.setText(f"Needs {' and '.join(missing)}, which {are} not installed" if missing else "")
        self.needs.setVisible(bool(missing))

    def _type(self, text: str) -> None:
        """Go on in the search with what was typed over the pictures."""
        self.search.setFocus()
        self.search.setText(self.search.text() + text)

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _repaint(self) -> None:
        self.tiles.paint_pictures()
        self._show_details()

    # -------------------------------------------------------------- Qt's events
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc shows all again, then closes; Down goes from the search to the pictures."""
        if event.key() == Qt.Key.Key_Escape and (self.search.text() or self.fields.currentRow() > 0):
            self.search.clear()
            self.fields.setCurrentRow(0)
            self.tiles.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.tiles.setFocus()
        else:
            super().keyPressEvent(event)


__all__ = ["GalleryDialog"]
