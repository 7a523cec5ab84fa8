"""The dialog of all keys: searched, and those of commands changed, with a word about whom a key is taken from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from flodesk.ui.commands.gestures import GESTURES
from flodesk.ui.commands.keymap import keymap
from flodesk.ui.commands.one import Command
from flodesk.ui.commands.table import COMMANDS, MENUS
from flodesk.ui.focus import pass_undo_on
from flodesk.ui.shortcuts.recorder import Recorder

_COMMAND = int(Qt.ItemDataRole.UserRole)
_SIZE, _LEAST, _KEYS = (760, 600), (520, 380), 280
"""Width and height at first and at least; width of the keys, in pixels."""
_OTHER = "Other commands"


class ShortcutsDialog(QDialog):
    """Lists every key by its group; Enter or a double click on a command records another one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*_LEAST)
        self.resize(*_SIZE)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search a command or a key")
        self.search.setAccessibleName("Search a command or a key")
        self.search.setClearButtonEnabled(True)
        pass_undo_on(self.search)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Keyboard shortcuts")
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setWordWrap(True)  # what a gesture does is a sentence
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.tree.header().resizeSection(1, _KEYS)
        self.recorder = Recorder()
        self.nothing = QLabel("Nothing matches.")
        self.nothing.setProperty("role", "muted")
        self.reset_all = QPushButton("Reset all")
        self.reset_all.setToolTip("Give every command its own keys back")
        self.reset_all.setAutoDefault(False)
        close = QPushButton("Close")
        close.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.addWidget(self.reset_all)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self.nothing)
        column.addWidget(self.recorder)
        column.addLayout(foot)
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._heads: list[QTreeWidgetItem] = []
        self._fill()
        self._find("")
        self.search.textChanged.connect(self._find)
        self.tree.currentItemChanged.connect(lambda now, _: self._chosen(now))
        self.tree.itemActivated.connect(lambda row, _: self._record(row))
        self.recorder.done.connect(self.tree.setFocus)
        self.reset_all.clicked.connect(keymap.reset_all)
        close.clicked.connect(self.close)
        keymap.changed.connect(self._show_keys)
        self.search.setFocus()

    # -------------------------------------------------------------- the list
    def _fill(self) -> None:
        groups = [*MENUS, _OTHER]
        for title in groups:
            entries = [c for c in COMMANDS if (c.menu.partition("/")[0] or _OTHER) == title]
            if not entries:
                continue
            head = self._heading(title)
            for entry in entries:
                row = QTreeWidgetItem(head, [entry.title.rstrip("…"), ""])
                row.setData(0, _COMMAND, entry)
                row.setToolTip(0, entry.tip)
                self._rows[entry.id] = row
                self._show_keys(entry.id)
        for title, lines in GESTURES.items():
            head = self._heading(title)
            for words, keys in lines:
                row = QTreeWidgetItem(head, [words, keys])
                row.setToolTip(0, words)
                row.setToolTip(1, keys)
        self.tree.expandAll()

    def _heading(self, title: str) -> QTreeWidgetItem:
        head = QTreeWidgetItem(self.tree, [title])
        self._heads.append(head)
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = self.font()
        font.setBold(True)
        head.setFont(0, font)
        head.setFirstColumnSpanned(True)
        return head

    def _show_keys(self, name: str) -> None:
        row = self._rows.get(name)
        if row is None:
            return
        entry: Command = row.data(0, _COMMAND)
        keys = ", ".join(
            QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in keymap.keys_of(entry)
        )
        changed = keymap.is_changed(entry)
        row.setText(1, f"{keys or 'none'} (changed)" if changed else keys)
        self.reset_all.setEnabled(any(keymap.is_changed(c) for c in COMMANDS))

    def _put_first(self, text: str) -> None:
        """Put the groups whose name is looked for above those in which it stands somewhere."""
        named = [head for head in self._heads if text and text in head.text(0).casefold()]
        order = [*named, *(head for head in self._heads if head not in named)]
        for place, head in enumerate(order):
            now = self.tree.indexOfTopLevelItem(head)
            if now != place:
                self.tree.takeTopLevelItem(now)
                self.tree.insertTopLevelItem(place, head)
                head.setExpanded(True)
                head.setFirstColumnSpanned(True)

    def _find(self, text: str) -> None:
        words = text.casefold().split()
        self._put_first(text.strip().casefold())
        shown = 0
        first: QTreeWidgetItem | None = None
        for number in range(self.tree.topLevelItemCount()):
            head = self.tree.topLevelItem(number)
            assert head is not None
            rows = [row for n in range(head.childCount()) if (row := head.child(n)) is not None]
            for row in rows:
                there = f"{head.text(0)} {row.text(0)} {row.toolTip(0)} {row.text(1)}".casefold()
                row.setHidden(not all(word in there for word in words))
            left = [row for row in rows if not row.isHidden()]
            head.setHidden(not left)
            shown += len(left)
            first = first or next(iter(left), None)
        self.nothing.setVisible(not shown)
        self.tree.setCurrentItem(first)  # type: ignore[arg-type]  # PySide's stubs forbid what Qt allows

    # -------------------------------------------------------------- one of them
    def _chosen(self, row: QTreeWidgetItem | None) -> None:
        entry = row.data(0, _COMMAND) if row is not None else None
        self.recorder.show_command(entry if isinstance(entry, Command) else None)

    def _record(self, row: QTreeWidgetItem) -> None:
        if isinstance(row.data(0, _COMMAND), Command):
            self.recorder.begin()
