"""Where the lines of one text stand in an editor that holds a changed one."""

from __future__ import annotations

from flodesk.flow.text_diff import Hunk, hunks, line_in, lines_of, turned
from flodesk.ui.script.code_view import CodeView


class LineMap:
    """The text of the flow as it was last seen, and its lines in the editor. Lines count from 0."""

    def __init__(self, view: CodeView) -> None:
        self._view = view
        self.text = ""
        self.lines: list[str] = [""]
        self._version = 0
        self._found: list[Hunk] = []
        self._of = (-1, -1)
        """Which revision of the editor's text, and which version of the other, it was found for."""

    def put(self, text: str) -> None:
        """Take another text of the flow."""
        self.text, self.lines = text, lines_of(text)
        self._version += 1

    def line(self, there: int) -> str:
        """Return a line of the flow's text; empty if it has none."""
        return self.lines[there] if 0 <= there < len(self.lines) else ""

    def here(self, there: int) -> int | None:
        """Return where a line of the flow's text stands in the editor; None if it was typed over."""
        return line_in(self._hunks(), there)

    def there(self, here: int) -> int | None:
        """Return which line of the flow's text a line of the editor is; None if it is none."""
        return line_in(turned(self._hunks()), here)

    def _hunks(self) -> list[Hunk]:
        now = (self._view.document().revision(), self._version)
        if now != self._of:
            self._of = now
            self._found = hunks(self.lines, lines_of(self._view.raw_text()))
        return self._found
