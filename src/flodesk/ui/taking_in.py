"""Files that are dropped on the window, pasted or chosen: they become nodes, or are opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFileDialog, QWidget

from flodesk.flow.document import Document
from flodesk.flow.incoming import Incoming, Untaken, take_in
from flodesk.ui.canvases import Canvases
from flodesk.ui.chooser import Chooser
from flodesk.ui.files import Files
from flodesk.ui.flow_folder import begin
from flodesk.ui.focus import focus_kept

_MOST = 6
"""Functions of one file that are all placed where several files come at once."""


class TakingIn(QObject):
    """Makes nodes of files, all in one step.

    Signals
    -------
    said : a message and its level
    """

    said = Signal(str, str)

    def __init__(self, window: QWidget, document: Document, files: Files, canvases: Canvases) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._files = files
        self._canvases = canvases
        canvases.files_dropped.connect(self.take)

    def ask(self) -> None:
        """Let files be chosen, and add them."""
        with focus_kept(lambda: self._canvases.current):
            paths, _ = QFileDialog.getOpenFileNames(self._window, "Add files as nodes", begin(self._window))
        if paths:
            self.take(paths)

    def take(self, paths: Sequence[str], place: QPointF | None = None) -> None:
        """Make nodes of files near a place of the canvas, by default in its middle; a flow that comes alone is opened.

        What cannot be taken is said, and the others are taken.
        """
        found: list[Incoming] = []
        problems: list[str] = []
        for path in map(Path, paths):
            try:
                found.append(take_in(path, self._document.folder))
            except Untaken as problem:
                problems.append(str(problem))
        if len(paths) == 1 and found:
            self._one(found[0], place)
            return
        texts: list[tuple[Incoming, str]] = []
        for incoming in found:
            if incoming.opens:
                problems.append(f"{incoming.path.name} is a flow: drop it alone, and it is opened.")
            elif len(incoming.functions) > _MOST:
                many = len(incoming.functions)
                problems.append(f"{incoming.path.name} has {many} functions: drop it alone, and choose.")
            else:
                texts += [(incoming, text) for text in (incoming.functions.values() or [incoming.text])]
        if texts:
            self._add(texts, place)
        if problems:
            self.said.emit(" ".join(problems), "warning")

    def _one(self, incoming: Incoming, place: QPointF | None) -> None:
        if incoming.opens:
            self._files.open(incoming.path)
        elif incoming.ways:
            self._choose_way(incoming, place)
        elif len(incoming.functions) > 1:
            self._choose(incoming, place)
        else:
            text = next(iter(incoming.functions.values()), incoming.text)
            self._add([(incoming, text)], place)

    def _choose(self, incoming: Incoming, place: QPointF | None) -> None:
        """Let a hand choose of which functions nodes are made."""
        names, name = list(incoming.functions), incoming.path.name
        choices = [(function, incoming.about.get(function, "")) for function in names]
        choices += [(f"All {len(names)} functions", f"of {name}"), (f"Open {name}", "as a flow, instead of this one")]
        popup = Chooser(self._window, f"A function of {name}", choices)

        def picked(number: int) -> None:
            if number < len(names):
                self._add([(incoming, incoming.functions[names[number]])], place)
            elif number == len(names):
                self._add([(incoming, text) for text in incoming.functions.values()], place)
            else:
                self._files.open(incoming.path)

        popup.picked.connect(picked)
        popup.open_at(self._on_screen(place))

    def _choose_way(self, incoming: Incoming, place: QPointF | None) -> None:
        """Let a hand choose what a file becomes."""
        ways = list(incoming.ways)
        choices = [(way, incoming.about.get(way, "")) for way in ways]
        popup = Chooser(self._window, f"{incoming.path.name} as", choices)
        popup.picked.connect(lambda number: self._add([(incoming, incoming.ways[ways[number]])], place))
        popup.open_at(self._on_screen(place))

    def _on_screen(self, place: QPointF | None) -> QPoint:
        view = self._canvases.current.viewer
        if place is None:
            return QCursor.pos()
        return view.viewport().mapToGlobal(view.mapFromScene(place))

    def _add(self, texts: Sequence[tuple[Incoming, str]], place: QPointF | None) -> None:
        """Paste what the files became, as one text."""
        canvas = self._canvases.current
        names = list(dict.fromkeys(incoming.path.name for incoming, _ in texts))
        origin = names[0] if len(names) == 1 else f"{len(names)} files"
        before = self._document.flow
        added = canvas.paste("\n\n".join(text for _, text in texts), place, origin)
        if self._document.flow is before:
            return
        canvas.viewer.setFocus()
        remarks = dict.fromkeys(incoming.remark for incoming, _ in texts if incoming.remark)
        if not added:
            remarks[f"What {origin} defines is in the library, on the shelf “This file”."] = None
        if remarks:
            self.said.emit(" ".join(remarks), "info")
