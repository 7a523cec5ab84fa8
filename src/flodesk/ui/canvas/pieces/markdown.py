"""Markdown as a document in the colours of the theme. It shows no pictures and no HTML: a file may be anyone's."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from flodesk.ui.canvas.painting import fonts, mixed, tint
from flodesk.ui.theme import Theme

_MARKS = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_HEADINGS = {1: 2, 2: 1}
"""Sizes of headings by their level, in Qt's steps: 2 is half as large again as the text, 1 a fifth, 0 as the text."""
_INDENT = 1.5
"""How far a list is moved in, as a share of the text's height."""


def link_color(look: Theme) -> QColor:
    """Return the colour of links: the accent alone is too dark on the sheets of the dark theme."""
    return mixed(look.accent, look.text, 0.6)


class Words(QTextDocument):
    """The document of a note.

    Parameters
    ----------
    text : str
        Markdown.
    size : int
        Height of the text in pixels.
    """

    def __init__(self, text: str, size: int, look: Theme, ground: str) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        font = QFont(fonts().label.font)
        font.setPixelSize(size)
        self.setDefaultFont(font)
        self.setDocumentMargin(0)
        self.setIndentWidth(size * _INDENT)
        self.setMarkdown(text, _MARKS)
        self._dress(size, look, ground)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Load nothing: a text that somebody sent must not read files."""
        return None

    def _dress(self, size: int, look: Theme, ground: str) -> None:
        """Give headings their size, code and links their colours; Qt's own are those of a white page."""
        cursor = QTextCursor(self)
        block = self.begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            self._space(cursor, block, level, size)
            for start, length, looks in _fragments(block):
                changed = QTextCharFormat()
                changed.setForeground(tint(look.text))
                if level:
                    changed.setFontWeight(QFont.Weight.DemiBold.value)
                    changed.setProperty(QTextCharFormat.Property.FontSizeAdjustment.value, _HEADINGS.get(level, 0))
                if looks.fontFixedPitch():
                    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
                    fixed.setPixelSize(size - 1)
                    changed.setFont(fixed)
                    changed.setBackground(mixed(look.text, ground, 0.10))
                if looks.isAnchor():
                    changed.setForeground(link_color(look))
                    changed.setFontUnderline(True)
                cursor.setPosition(start)
                cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(changed)
            block = block.next()

    @staticmethod
    def _space(cursor: QTextCursor, block: QTextBlock, level: int, size: int) -> None:
        spaced = QTextBlockFormat()
        listed = block.textList() is not None
        spaced.setTopMargin(0 if block.blockNumber() == 0 else size * (0.2 if listed else 0.55))
        spaced.setBottomMargin(0)
        spaced.setLineHeight(120, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setPosition(block.position())
        cursor.mergeBlockFormat(spaced)


def _fragments(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """Return the runs of a block as (start, length, format): they are read before any of them changes."""
    found: list[tuple[int, int, QTextCharFormat]] = []
    run = block.begin()
    while not run.atEnd():
        piece = run.fragment()
        found.append((piece.position(), piece.length(), piece.charFormat()))
        run += 1
    return found
