"""The page that is read: rich text in the colours and fonts of the theme; its pictures come when they are there."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QColor, QImage, QPixmap, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from flodesk.ui.focus import keep_keys
from flodesk.ui.guide.finding import marks
from flodesk.ui.theme import Theme, theme
from flodesk.ui.theme.style import code_font, mix, tokens

MARGIN = 28
"""Pixels around the text."""
_MOST_MARKS = 200


class Page(QTextBrowser):
    """Shows one page. `followed` gives the target of a link that was clicked, or chosen by Tab and Enter."""

    followed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("guide_page")
        self.setAccessibleName("Page of the guide")
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setOpenLinks(False)
        keep_keys(self)
        self._pictures: dict[str, QImage] = {}
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString()))
        self.document().setDocumentMargin(MARGIN)

    @property
    def room(self) -> int:
        """Width in pixels that a picture may have."""
        return max(320, self.viewport().width() - 2 * MARGIN)

    def show_page(self, html: str, pictures: dict[str, QImage], words: str = "") -> None:
        """Show a page from its beginning, with the places of some words marked."""
        self._pictures = dict(pictures)
        self.document().setDefaultStyleSheet(style(theme()))
        self.setHtml(html)
        self.document().setDocumentMargin(MARGIN)
        self._mark(words)

    def put_picture(self, name: str, image: QImage) -> None:
        """Show a picture in the place that was kept for it."""
        self._pictures[name] = image
        self.document().addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
        self.viewport().update()

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        """Give the picture, or nothing to be seen while it is being read: nothing is ever looked for on a disk here."""
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return self._pictures.get(QUrl(url).toString()) or QPixmap(1, 1)
        return None

    def _mark(self, words: str) -> None:
        """Mark where words stand, and go to the first place that is no heading above all."""
        shade = QTextCharFormat()
        shade.setBackground(QColor(mix(theme().surface, theme().warning, 0.35)))
        selections = []
        places = marks(self.document().toPlainText(), words)[:_MOST_MARKS]
        for start, length in places:
            one = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            one.cursor, one.format = cursor, shade
            selections.append(one)
        self.setExtraSelections(selections)
        if places:
            first = QTextCursor(self.document())
            first.setPosition(places[0][0])
            self.setTextCursor(first)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3)


def style(look: Theme) -> str:
    """Return the style sheet of a page in the colours of a theme."""
    colors = tokens(look)
    code = ", ".join(f"'{family}'" for family in code_font().families())
    return f"""
        body {{ color: {look.text}; font-size: 14px; }}
        p, li {{ line-height: 135%; }}
        p.picture {{ line-height: 100%; }}
        h1 code, h2 code, h3 code {{ font-size: 100%; background-color: transparent; }}
        h1 {{ font-size: 24px; font-weight: 600; margin-top: 4px; margin-bottom: 12px; }}
        h2 {{ font-size: 19px; font-weight: 600; margin-top: 20px; margin-bottom: 8px; }}
        h3 {{ font-size: 16px; font-weight: 600; margin-top: 16px; margin-bottom: 6px; }}
        a {{ color: {look.accent}; text-decoration: none; }}
        code {{ font-family: {code}; font-size: 13px; background-color: {colors["hover"]}; }}
        pre {{ font-family: {code}; font-size: 12px; margin: 0px; white-space: pre-wrap; }}
        th {{ text-align: left; color: {look.muted}; font-weight: 600; }}
        table.grid {{ border-color: {look.line_strong}; border-style: solid; border-collapse: collapse; }}
        table.grid {{ margin-top: 8px; margin-bottom: 8px; }}
        table.code {{ background-color: {look.sunken}; }}
        .way {{ color: {look.muted}; font-size: 12px; }}
    """


__all__ = ["MARGIN", "Page", "style"]
