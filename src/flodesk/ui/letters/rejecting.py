"""Lets the dock of the dead letters hear of the flow and its run, and does in the window what is asked for there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextCursor

from flodesk.flow.document import Change, Document
from flodesk.flow.edit import EditError, SetOption
from flodesk.ui.files import Files
from flodesk.ui.inspector import Inspector
from flodesk.ui.letters.dead_letters import DeadLetters
from flodesk.ui.reports import Reports
from flodesk.ui.run import Run


class Rejecting(QObject):
    """Stands between the dock and the rest of the window. `show_node` selects ``function.node``."""

    def __init__(
        self,
        letters: DeadLetters,
        document: Document,
        run: Run,
        files: Files,
        inspector: Inspector,
        reports: Reports,
        show_node: Callable[[str], None],
    ) -> None:
        super().__init__(letters)
        self._letters = letters
        self._document = document
        self._run = run
        self._files = files
        self._inspector = inspector
        self._reports = reports
        self._show_node = show_node
        self._before: list[str] = []
        """The names that the open flow has had since it was opened, the newest first."""
        run.rejected.connect(reports.rejected)
        run.rejected.connect(letters.take)
        run.changed.connect(self._phase)
        run.finished.connect(letters.run_ended)
        letters.counted.connect(reports.count_letters)
        letters.said.connect(self._say)
        letters.node_clicked.connect(show_node)
        letters.line_clicked.connect(self._show_line)
        letters.flow_wanted.connect(self._open)
        letters.reject_wanted.connect(self._reject)
        letters.put_back_wanted.connect(run.put_back)
        self.follow()

    def follow(self, change: Change | None = None) -> None:
        """Take note of the flow that is open: its file may have two names, one of them through a link.

        One that was saved under another name keeps the letters that it had under the one before.
        """
        file = self._document.path or self._document.origin
        names = [str(file), str(Path(file).resolve())] if file else [""]
        if change is not None and change.kind == "open" and not change.again:
            self._before = []
        self._before = list(dict.fromkeys([*names, *self._before]))
        self._letters.of_flow(tuple(self._before), str(self._document.flow.header.settings.get("on_error", "stop")))

    def _phase(self) -> None:
        self._letters.run_changed(self._run.active)

    def _say(self, text: str, level: str) -> None:
        if level == "info":
            self._reports.sentence(text)
        else:
            self._reports.message(text, "error" if level == "error" else "warning")

    def _show_line(self, node: str, code: str) -> None:
        """Show a node, and in the source of a code node the line."""
        self._show_node(node)
        sheet = self._inspector.sheet
        if sheet is None or sheet.code is None:
            return
        box = sheet.code.box
        for number, line in enumerate(box.toPlainText().splitlines()):
            if line.strip() == code:
                cursor = QTextCursor(box.document().findBlockByNumber(number))
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                box.setTextCursor(cursor)
                box.setFocus()
                return

    def _open(self, path: str) -> None:
        if path:
            self._files.open(path)
        else:
            self._say("That flow was never saved, so it cannot be opened.", "info")

    def _reject(self) -> None:
        try:
            self._document.do(SetOption("on_error", "reject"))
        except EditError as problem:
            self._say(str(problem), "warning")
            return
        self._say("A turn that fails is kept from now on, and its loop goes on. Undo takes that back.", "info")
