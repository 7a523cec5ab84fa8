"""What a file from elsewhere would import and could do, as a list: read from its text, nothing is run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from flodesk.flow.foreign import Foreign, Imported, Origin
from flodesk.ui.choice import Choice, ChoiceRow
from flodesk.ui.focus import keep_keys

_MOST = 6
"""So many places are named of each thing."""
_HEADINGS: dict[Origin, str] = {
    "beside": "Files beside it, which run when they are imported",
    "package": "Packages that are installed",
    "missing": "Packages that are not installed",
    "python": "Python's own modules",
}


class ForeignDialog(QDialog):
    """Lists what was found; `choices` are buttons beside *Close*."""

    def __init__(self, parent: QWidget, name: str, found: Foreign, choices: Sequence[Choice] = ()) -> None:
        super().__init__(parent)
        self.setObjectName("foreign")
        self.setWindowTitle(f"What {name} would run")
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(16)
        self.tree.setColumnCount(2)
        self.tree.setAccessibleName("What it would run")
        keep_keys(self.tree)
        self._fill(found)
        words = QLabel(
            "Read from the text; nothing has been run. It is a help for the reader and no proof: code can hide what it "
            "does. What runs has your rights on this computer."
        )
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        below = ChoiceRow(self, choices)
        self.buttons = below.buttons
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(words)
        column.addWidget(self.tree, 1)
        column.addLayout(below)
        self.resize(parent.window().size().boundedTo(QSize(640, 520)) - QSize(24, 24))

    @property
    def lines(self) -> list[str]:
        """All that it says, a row a line."""
        rows = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        found = []
        for row in rows:
            if row is not None:
                found.append(row.text(0))
                children = [child for n in range(row.childCount()) if (child := row.child(n)) is not None]
                found += [f"{child.text(0)}  {child.text(1)}" for child in children]
        return found

    def _fill(self, found: Foreign) -> None:
        self._group("What the text does or could do", [(deed.words, deed.where) for deed in found.deeds])
        for origin, heading in _HEADINGS.items():
            self._group(heading, [_row(one) for one in found.imports if one.origin == origin])
        self._group("Could not be read", [(why, ()) for why in found.unread])
        if not self.tree.topLevelItemCount():
            self.tree.addTopLevelItem(QTreeWidgetItem(["It imports nothing, and nothing else was found."]))
        self.tree.expandAll()
        self.tree.resizeColumnToContents(0)

    def _group(self, title: str, rows: list[tuple[str, tuple[str, ...]]]) -> None:
        if not rows:
            return
        heading = QTreeWidgetItem([title])
        font = QFont(self.tree.font())
        font.setWeight(QFont.Weight.DemiBold)
        heading.setFont(0, font)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.addTopLevelItem(heading)
        heading.setFirstColumnSpanned(True)
        for words, where in rows:
            more = f", and {len(where) - _MOST} more" if len(where) > _MOST else ""
            row = QTreeWidgetItem([words, ", ".join(where[:_MOST]) + more])
            row.setToolTip(1, ", ".join(where))
            heading.addChild(row)


def _row(one: Imported) -> tuple[str, tuple[str, ...]]:
    return (f"{one.name}.py" if one.origin == "beside" else one.name), one.lines
