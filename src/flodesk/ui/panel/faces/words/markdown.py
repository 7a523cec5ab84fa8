"""A text with headings, lists, emphasis and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from flodesk.public import Indicator, Note
from flodesk.ui.browsing import browse
from flodesk.ui.focus import keep_keys
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme


class _Page(QTextBrowser):
    """Shows Markdown and fetches nothing: what a flow writes must not reach into files or the net by being seen."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return None


class MarkdownFace(Face):
    """Formatted text that can be selected and copied; a click on a link of the web opens it there."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.text = ""
        self.page = _Page(self)
        keep_keys(self.page)
        self.page.setAccessibleName("Text")
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.setPlaceholderText("No text yet")
        self.page.setOpenLinks(False)
        self.page.document().setDocumentMargin(2)
        self.page.anchorClicked.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.wear_theme()

    def show_value(self, value: Indicator) -> None:
        """Show a text; the place that was scrolled to is kept."""
        self.shown += 1
        text = value.text if isinstance(value, Note) else value.summary()
        if text != self.text:
            self.text = text
            self._write()

    def _write(self) -> None:
        bar = self.page.verticalScrollBar()
        at = bar.value()
        # without HTML: what stands in it could set colours that nobody can read
        self.page.document().setMarkdown(
            self.text,
            QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML,
        )
        bar.setValue(at)

    @staticmethod
    def _follow(link: QUrl) -> None:
        if link.scheme() in ("http", "https"):
            browse(link)

    def actions_of_face(self) -> Iterator[QAction]:
        """Copy the text as it was written."""
        copy = QAction("Copy as Markdown", self, enabled=bool(self.text))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        yield copy

    def wear_theme(self) -> None:
        """Text without a frame, on the card."""
        colors = theme()
        self.page.setStyleSheet(
            f"QTextBrowser {{ background: transparent; border: none; padding: 0; color: {colors.text}; }}"
        )
        self.page.document().setDefaultStyleSheet(f"a {{ color: {colors.accent}; }}")
        if self.text:
            self._write()
