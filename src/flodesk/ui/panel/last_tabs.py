"""Which tab of each group was shown last, page by page: remembered on this computer by the file, not in the flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from flodesk.flow.document import Change, Document
from flodesk.ui.by_file import remember, remembered
from flodesk.ui.panel.layout.boxes import Boxes
from flodesk.ui.panel.pages import Pages

_KIND = "group_tabs"


class LastTabs(QObject):
    """Shows the tabs of a board's groups that were shown last.

    Parameters
    ----------
    pages : Pages
        Which page the board shows.
    """

    def __init__(self, document: Document, pages: Pages, boxes: Boxes) -> None:
        super().__init__(boxes)
        self._document = document
        self._path: Path | None = None
        self._pages = pages
        self._boxes = boxes
        self._shown: dict[str, dict[str, str]] = {}
        """The tabs that a hand has gone to: page, group, tab."""
        self._read()
        pages.changed.connect(self._show)
        pages.renamed.connect(self._renamed)
        boxes.gone_to.connect(self._keep)

    def follow(self, change: Change) -> None:
        """Take in which tabs of another flow were shown, or that the flow has a new file."""
        if change.kind == "open" and not change.again:
            self._read()
        elif change.kind == "save" and self._document.path != self._path:
            self._keep()

    def _read(self) -> None:
        self._path = self._document.path
        self._shown = {page: _texts(tabs) for page, tabs in remembered(_KIND, self._path).items()}
        self._show()

    def _renamed(self, old: str, new: str) -> None:
        self._shown[new] = self._shown.pop(old, {})
        self._show()

    def _show(self) -> None:
        self._boxes.shown = self._shown.setdefault(self._pages.shown, {})

    def _keep(self) -> None:
        self._path = self._document.path
        stored = remembered(_KIND, self._path)
        now = {**stored, **{page: tabs for page, tabs in self._shown.items() if tabs}}
        if now != stored:
            remember(_KIND, self._path, now)


def _texts(tabs: Any) -> dict[str, str]:
    return {key: tab for key, tab in tabs.items() if isinstance(tab, str)} if isinstance(tabs, dict) else {}
