"""The open file, changed by others (an editor, git): noticed, and read again or asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow.document import Change, Document
from flodesk.flow.script import ScriptError, content, decode, write
from flodesk.ui.choice import Choice
from flodesk.ui.file_watch import FileWatch, stamp
from flodesk.ui.files import Files, reason
from flodesk.ui.message_bar import Level, MessageBar
from flodesk.ui.script import TextDiff

SHOW = "Compare the texts"


class Outside(QObject):
    """Looks at the open file when the system tells of a change, and when the window is entered.

    A flow without edits of its own is read again; of one with edits the user is asked. `changed` tells that the flow
    may have become dirty or clean by that.

    Parameters
    ----------
    say : callable
        Is told a message and its level.
    """

    changed = Signal()

    def __init__(
        self, window: QWidget, document: Document, files: Files, bar: MessageBar, say: Callable[[str, Level], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document, self._files, self._bar, self._say = document, files, bar, say
        self._told: tuple[object, ...] = ()
        """What was last said about: the same is not said twice."""
        self._asked = ""
        """What the bar says until it is settled."""
        self.compare: Callable[[], object] = lambda: None
        """Shows what is different between the flow and its file."""
        self._watch = FileWatch(window)
        self._watch.stirred.connect(self.look)
        document.listeners.append(self._follow)

    def look(self) -> None:
        """Look at the file now, and do or ask what is to be done."""
        path = self._document.path
        if path is None:
            return
        before = self._document.dirty
        state = self._document.look()
        self._watch.watch(path, gone=state == "gone")
        now = (state, path, stamp(path))
        if state == "same":
            self._told = ()
            self._take_question_back()
        elif now != self._told:
            self._told = now
            if state == "gone":
                self._asked = (
                    f"{path.name} was removed or renamed outside. The flow is still here; Save writes it anew."
                )
                self._say(self._asked, "warning")
            elif self._document.edited:
                self._ask(path)
            elif not self._files.read_again():
                self._offer_difference()
        if self._document.dirty != before:
            self.changed.emit()

    def _ask(self, path: Path) -> None:
        self._asked = (
            f"{path.name} was changed outside, and you have unsaved changes. “Read again” gives yours up "
            "(Undo brings them back); “Keep mine” goes on with them, and Save asks before it overwrites the file."
        )
        actions = (
            ("Compare", self.compare),
            (SHOW, self.show_difference),
            ("Read again", self._files.read_again),
            ("Keep mine", self._take_question_back),
        )
        self._bar.show_message(self._asked, "warning", actions, stays=True)

    def _offer_difference(self) -> None:
        """Let what was just said about an unreadable file be looked into."""
        if self._bar.text:
            self._bar.show_message(self._bar.text, self._bar.level, ((SHOW, self.show_difference),))

    def show_difference(self) -> TextDiff | None:
        """Show how the file on the disk differs from the flow; None if it cannot be read."""
        path = self._document.path
        if path is None:
            return None
        try:
            there, _ = decode(content(path))
        except (ScriptError, OSError) as problem:
            self._say(f"{path.name} cannot be shown: {reason(problem, path)}", "warning")
            return None
        here = write(self._document.flow)
        ends = ends_of_lines(here) != ends_of_lines(there)
        titles = ("Here, not saved", f"{path.name} on the disk" + (" (with other ends of lines)" if ends else ""))
        choices = (
            Choice("Read again", "Take the file's text; undo brings yours back", self._files.read_again),
            Choice("Keep mine", "Go on with what is here; Save asks before it overwrites", self._take_question_back),
        )
        dialog = TextDiff(self._window, f"What differs: {path.name}", titles, plain(here), plain(there), choices)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _take_question_back(self) -> None:
        if self._asked and self._bar.text == self._asked:
            self._bar.clear()
        self._asked = ""

    def _follow(self, change: Change) -> None:
        if change.kind not in ("open", "save"):
            return
        self._told = ()
        self._take_question_back()
        self._watch.watch(self._document.path, gone=False)


def plain(text: str) -> str:
    """Return a text with line feeds alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def ends_of_lines(text: str) -> tuple[bool, bool]:
    """Say which ends of lines a text has: those with a carriage return, and those without."""
    return "\r" in text, "\n" in text.replace("\r\n", "")


__all__ = ["Outside"]
